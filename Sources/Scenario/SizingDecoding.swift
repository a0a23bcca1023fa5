// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes sizes that the scenario leaves to the program.

import YAMLDocument

extension ScenarioKeys {
  /// A number of replicas, or the word that leaves it to the program.
  static let replicas = Shape.anyOf([.integer(1...10_000), .choice(["for-slo"])])

  /// The keys of a pool that say what it is sized for.
  static let objectiveKeys: [Key] = [
    .optional(
      "slo_share", .number(.above(0, to: 1)), absent: "0.95",
      "share of requests that has to keep its objective, with `replicas: for-slo`"),
    .optional(
      "slo_demand", .choice(DemandQuantile.allCases.map(\.rawValue)), absent: "p50",
      "quantile over the futures of the demand to size for, with `replicas: for-slo`"),
  ]
}

extension ScenarioDecoder {
  /// A number of replicas, or a target that finds one; nil where neither can be read.
  func replicaCount(_ view: MappingView) -> (replicas: Int, sizing: ObjectiveSizing?)? {
    let share = view.number("slo_share")
    let demand = view.choice("slo_demand", as: DemandQuantile.self)
    guard let node = view["replicas"] else { return nil }
    if node.text == "for-slo" {
      return (1, ObjectiveSizing(share: share, quantile: demand?.share ?? DemandQuantile.p50.share))
    }
    for key in ["slo_share", "slo_demand"] where view[key] != nil {
      context.report(
        view.position(of: key), "`\(key)` means nothing with a fixed number of replicas",
        remedy: "write replicas: for-slo, or remove it")
    }
    let isWord = node.text.map { $0.first?.isLetter ?? false } ?? false
    if isWord, let text = node.text {
      context.report(
        node.position, "`replicas` is `\(text)`", remedy: "write a whole number, or for-slo")
      return nil
    }
    return context.integer(node, "replicas", in: 1...10_000).map { ($0, nil) }
  }

  /// Units held of a model; `least-cost` leaves them to the program. Nil where neither can be read.
  func units(_ entry: YAMLEntry, _ model: String) -> ModelUnits? {
    if entry.value.text == "least-cost" { return ModelUnits(model: model, units: 1, isLeastCost: true) }
    return context.integer(entry.value, entry.key, in: 1...100_000).map {
      ModelUnits(model: model, units: $0)
    }
  }
}
