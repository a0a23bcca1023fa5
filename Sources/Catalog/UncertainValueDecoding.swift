// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the distributions that may stand wherever a scenario or a price book has a number.

public import Uncertainty
public import YAMLDocument

/// The forms of a distribution, and of token lengths, as key tables.
public enum DistributionForms {
  /// `{p10, p90}`, `{pert}`, `{triangular}`, `{uniform}`, `{normal}` or `{empirical}`.
  public static let table = KeyTable("a distribution", keys: forms, oneOf: alternatives)

  /// The same forms or `{fixed}`, with the bounds `min` and `max`.
  public static let tokenLengths = KeyTable(
    "token lengths",
    keys: [.optional("fixed", .number(.positive), "the one length, tokens")] + forms + lengthForms + [
      .optional("min", .integer(1...longest), absent: "1", "fewest tokens; shorter ones are raised to it"),
      .optional(
        "max", .integer(1...longest), absent: "\(defaultMaximum)", "most tokens; longer ones are cut to it"),
    ], oneOf: [["fixed"]] + alternatives + [["mixture"], ["quantiles"]])

  /// Most tokens where no maximum is given: the context of the Llama 3.1 family.
  public static let defaultMaximum = 131_072
  /// The greatest length that may be written.
  public static let longest = 16_777_216

  private static let three = Shape.sequence(.number(.any), count: 3...3)
  private static let two = Shape.sequence(.number(.any), count: 2...2)
  private static let alternatives = [
    ["p10", "p90"], ["pert"], ["triangular"], ["uniform"], ["normal"], ["empirical"],
  ]
  private static let forms: [Key] = [
    .optional("p10", .number(.positive), "the 10th percentile of a lognormal distribution"),
    .optional("p90", .number(.positive), "the 90th percentile of a lognormal distribution"),
    .optional("pert", three, "lowest, most likely and highest value of a beta-PERT distribution"),
    .optional("triangular", three, "lowest, most likely and highest value of a triangular distribution"),
    .optional("uniform", two, "lowest and highest value, all between equally likely"),
    .optional("normal", two, "mean and standard deviation"),
    .optional("empirical", .text, "a file with one number per line, or numbers in its first column"),
  ]
}

extension MappingView {
  /// The number or distribution under a key, within the range of the key's table, named by its dotted path.
  public func uncertain(_ key: String) -> UncertainValue? {
    guard let value = self[key], case .uncertain(let range)? = (table.key(key)?.shape ?? table.named) else {
      return nil
    }
    return context.uncertain(value, key, path: path(of: key), in: range)
  }
}

extension DecodingContext {
  /// A number or a distribution over `range`, named by its path.
  public func uncertain(
    _ node: YAMLNode, _ name: String, path: String, in range: NumberRange
  ) -> UncertainValue? {
    distribution(node, name, path: path, in: range).map { UncertainValue(name: path, distribution: $0) }
  }

  /// A number or a distribution whose values lie in `range`.
  ///
  /// A normal distribution has no bounds: it is refused where the range ends less than four standard
  /// deviations from its mean, because some of a few thousand draws would fall outside.
  public func distribution(
    _ node: YAMLNode, _ name: String, path: String, in range: NumberRange
  ) -> Distribution? {
    if node.entries == nil {
      if node.elements != nil {
        report(
          node.position, "`\(name)` is a list",
          remedy: "write a number or a distribution such as {p10: 1.9, p90: 3.4} or {pert: [1.5, 3, 4]}")
        return nil
      }
      return number(node, name, in: range).map(Distribution.constant)
    }
    guard let view = mapping(node, DistributionForms.table, path: path) else { return nil }
    return distribution(view, name, in: range, isClipped: false)
  }

  /// Token lengths: a number, or a mapping with one of the forms and bounds.
  public func tokenLengths(
    _ node: YAMLNode, _ name: String, path: String
  ) -> (distribution: Distribution, minimum: Int, maximum: Int)? {
    let limit = DistributionForms.longest
    if node.entries == nil {
      if node.elements != nil {
        report(
          node.position, "`\(name)` is a list",
          remedy: "write a number or lengths such as {p10: 180, p90: 900, max: 4096}")
        return nil
      }
      guard let tokens = integer(node, name, in: 1...limit) else { return nil }
      return (.constant(Double(tokens)), 1, max(tokens, DistributionForms.defaultMaximum))
    }
    guard let view = mapping(node, DistributionForms.tokenLengths, path: path) else { return nil }
    let minimum = view.integer("min") ?? 1
    let maximum = view.integer("max") ?? max(minimum, DistributionForms.defaultMaximum)
    guard minimum <= maximum else {
      report(
        view.position(of: "min"), "min \(minimum) of `\(name)` is above max \(maximum)", remedy: "swap them")
      return nil
    }
    if let fixed = view.number("fixed") {
      guard fixed == fixed.rounded(), fixed >= Double(minimum), fixed <= Double(maximum) else {
        report(
          view.position(of: "fixed"), "`fixed` is \(plain(fixed))",
          remedy: "it must be a whole number from \(minimum) to \(maximum)")
        return nil
      }
      return (.constant(fixed), minimum, maximum)
    }
    let distribution =
      view["mixture"] != nil
      ? mixture(view, name)
      : view["quantiles"] != nil
        ? quantiles(view, name) : distribution(view, name, in: .positive, isClipped: true)
    return distribution.map { ($0, minimum, maximum) }
  }

  private func distribution(
    _ view: MappingView, _ name: String, in range: NumberRange, isClipped: Bool
  ) -> Distribution? {
    if view["p10"] != nil || view["p90"] != nil { return lognormal(view, name, in: range) }
    if let value = view["pert"] {
      return threePoint(value, "pert", in: range) { .pert(low: $0, mode: $1, high: $2) }
    }
    if let value = view["triangular"] {
      return threePoint(value, "triangular", in: range) { .triangular(low: $0, mode: $1, high: $2) }
    }
    if let value = view["uniform"] {
      guard let ends = numbers(value, "uniform", count: 2...2, in: range) else { return nil }
      guard ends[0] < ends[1] else {
        report(
          value.position, "uniform from \(plain(ends[0])) to \(plain(ends[1]))",
          remedy: "give the lower end first, and a single number where both are equal")
        return nil
      }
      return .uniform(low: ends[0], high: ends[1])
    }
    if let value = view["normal"] { return normal(value, name, in: range, isClipped: isClipped) }
    if let value = view["empirical"] { return empirical(value, name, in: range) }
    return nil
  }

  /// The greatest ratio of the percentiles of a lognormal: nothing that anybody plans with is less known, and with more
  /// the far tail alone would be the mean.
  private static let widestLognormal = 1_000_000.0

  private func lognormal(_ view: MappingView, _ name: String, in range: NumberRange) -> Distribution? {
    let (low, high) = (view.number("p10"), view.number("p90"))
    guard let low, let high else { return nil }
    for (key, number) in [("p10", low), ("p90", high)] where !range.contains(number) {
      report(
        view.position(of: key), "\(key) of `\(name)` is \(plain(number))", remedy: "it must be \(range)")
      return nil
    }
    guard low < high else {
      let message =
        low > high
        ? "p10 \(plain(low)) of `\(name)` is above p90 \(plain(high))"
        : "p10 and p90 of `\(name)` are both \(plain(low))"
      report(
        view.position(of: "p10"), message,
        remedy: low > high ? "swap them" : "write the number alone where it is certain")
      return nil
    }
    guard high <= Self.widestLognormal * low else {
      report(
        view.position(of: "p10"),
        "p90 \(plain(high)) of `\(name)` is \(plain((high / low).rounded())) times p10 \(plain(low))",
        remedy: "a factor of at most \(plain(Self.widestLognormal)) is taken; are both in one unit?")
      return nil
    }
    return .lognormal(p10: low, p90: high)
  }

  private func threePoint(
    _ node: YAMLNode, _ form: String, in range: NumberRange,
    _ make: (Double, Double, Double) -> Distribution
  ) -> Distribution? {
    guard let points = numbers(node, form, count: 3...3, in: range) else { return nil }
    guard points[0] <= points[1], points[1] <= points[2], points[0] < points[2] else {
      report(
        node.position, "\(form) has \(points.map(plain).joined(separator: ", "))",
        remedy: "give lowest, most likely and highest in this order, lowest below highest")
      return nil
    }
    return make(points[0], points[1], points[2])
  }

  private func normal(
    _ node: YAMLNode, _ name: String, in range: NumberRange, isClipped: Bool
  ) -> Distribution? {
    guard let numbers = numbers(node, "normal", count: 2...2, in: .any) else { return nil }
    let (mean, deviation) = (numbers[0], numbers[1])
    guard deviation > 0 else {
      report(
        node.position, "the standard deviation of `\(name)` is \(plain(deviation))",
        remedy: "it must be above 0; write the number alone where it is certain")
      return nil
    }
    let fits = isClipped ? [mean] : [mean - 4 * deviation, mean + 4 * deviation]
    guard fits.allSatisfy(range.contains) else {
      report(
        node.position, "`\(name)` may fall outside its range: it must be \(range)",
        remedy: "use {p10: …, p90: …} or {pert: […]}, or a standard deviation that keeps 4 of itself within")
      return nil
    }
    return .normal(mean: mean, standardDeviation: deviation)
  }

  private func empirical(_ node: YAMLNode, _ name: String, in range: NumberRange) -> Distribution? {
    guard let file = text(node, name) else { return nil }
    let folder = node.position.isOverride ? "." : InputFile.folder(of: node.position.source)
    let path = InputFile.path(file, in: folder)
    guard let bytes = readFile(path) else {
      report(
        node.position, "the file \(path) of `\(name)` cannot be read", remedy: "check its path",
        kind: .missingInput)
      return nil
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var values: [Double] = []
    for (index, line) in lines.enumerated() {
      let field = line.prefix { $0 != "," && $0 != ";" && $0 != "\t" }
      let text = String(field.drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
      let place = SourcePosition(file: path, line: index + 1, column: 1)
      if text.isEmpty { continue }
      guard let value = Double(text), value.isFinite else {
        if index == 0 { continue }  // a header
        report(place, "`\(text)` is not a number", remedy: "write one number per line")
        return nil
      }
      guard range.contains(value) else {
        report(place, "the value \(text) of `\(name)` is out of range", remedy: "it must be \(range)")
        return nil
      }
      values.append(value)
    }
    guard !values.isEmpty else {
      report(SourcePosition(file: path), "there are no numbers", remedy: "write one number per line")
      return nil
    }
    return .empirical(values.sorted())
  }
}
