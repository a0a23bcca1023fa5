// SPDX-License-Identifier: GPL-3.0-or-later
// The forms that only token lengths have: what is measured of them is seldom one lognormal.

import Uncertainty
import YAMLDocument

extension DistributionForms {
  /// `{mixture}` and `{quantiles}`.
  static let lengthForms: [Key] = [
    .optional(
      "mixture", .sequence(.mapping(component), count: 1...64),
      "lognormal distributions, each with its weight"),
    .optional(
      "quantiles",
      .anyOf([
        .sequence(.number(.notNegative), count: 2...100_001),
        .mapping(
          KeyTable(
            "quantiles", named: .number(.notNegative), nameMeaning: "probabilities from 0 to 1",
            namedMinimum: 2)),
      ]), "quantiles at evenly spaced probabilities from 0 to 1, or by probability; straight lines between"),
  ]

  private static let component = KeyTable(
    "a component of a mixture",
    keys: [
      .required("weight", .number(.positive), "its share beside the others' weights"),
      .required("mu", .number(.from(-20, to: 20)), "mean of the natural logarithm"),
      .required("sigma", .number(.above(0, to: 6)), "standard deviation of the natural logarithm"),
    ])
}

extension DecodingContext {
  /// A mixture of lognormals.
  func mixture(_ view: MappingView, _ name: String) -> Distribution? {
    guard case .sequence(.mapping(let table), _)? = view.table.key("mixture")?.shape,
      let elements = view.elements("mixture")
    else { return nil }
    let components = elements.enumerated().compactMap { index, element -> LognormalComponent? in
      guard let part = mapping(element, table, path: "\(view.path(of: "mixture"))[\(index)]") else {
        return nil
      }
      let (weight, mu, sigma) = (part.number("weight"), part.number("mu"), part.number("sigma"))
      guard let weight, let mu, let sigma else { return nil }
      return LognormalComponent(weight: weight, mu: mu, sigma: sigma)
    }
    return components.count == elements.count ? .mixture(components) : nil
  }

  /// Quantiles, evenly spaced or by probability.
  func quantiles(_ view: MappingView, _ name: String) -> Distribution? {
    guard let node = view["quantiles"] else { return nil }
    guard let entries = node.entries else {
      guard let values = numbers(node, "quantiles", count: 2...100_001, in: .notNegative) else { return nil }
      for (index, pair) in zip(values, values.dropFirst()).enumerated() where pair.0 > pair.1 {
        report(
          node.elements?[index + 1].position ?? node.position,
          "the quantile \(plain(pair.1)) of `\(name)` comes after \(plain(pair.0))",
          remedy: "give them in ascending order")
        return nil
      }
      return .empirical(values)
    }
    var points: [QuantilePoint] = []
    for entry in entries {
      let key = YAMLNode(.scalar(entry.key, isPlain: true), at: entry.keyPosition)
      guard let probability = number(key, "probability", in: .from(0, to: 1)),
        let value = number(entry.value, "quantile", in: .notNegative)
      else { return nil }
      if let last = points.last, last.probability >= probability || last.value > value {
        report(
          entry.keyPosition,
          "the quantile \(plain(value)) at \(plain(probability)) of `\(name)` comes after \(plain(last.value)) at "
            + plain(last.probability), remedy: "give probabilities and values in ascending order")
        return nil
      }
      points.append(QuantilePoint(probability: probability, value: value))
    }
    guard points.count > 1, points.first?.probability == 0, points.last?.probability == 1 else {
      report(
        node.position, "the quantiles of `\(name)` do not reach from probability 0 to 1",
        remedy: "add the least value at 0 and the greatest at 1")
      return nil
    }
    return .quantiles(points)
  }
}
