// SPDX-License-Identifier: GPL-3.0-or-later
// Kinds of demand that a use case can be of by name, with their sources, from the catalog's own file.

public import Catalog
import Quantities
import YAMLDocument

/// The presets of a use case's demand: `workloads/catalog/demand-presets.yaml`, built in.
public enum DemandPresets {
  /// One preset.
  struct Preset {
    var summary: String
    var provenance: Provenance
    /// The keys that it stands for, as a use case would write them.
    var demand: YAMLNode
  }

  /// The presets' names, in the file's order.
  public static let names: [String] = file.map(\.name)

  /// What a preset resembles, in a few words; nil for an unknown name.
  public static func summary(of name: String) -> String? { named(name)?.summary }

  /// Where a preset's figures are from; nil for an unknown name.
  public static func provenance(of name: String) -> Provenance? { named(name)?.provenance }

  static func named(_ name: String) -> Preset? { file.first { $0.name == name }?.preset }

  /// A use case as if it had written the keys of its preset that it does not write itself.
  ///
  /// The keys of the preset keep their places in the built-in file, in which nothing is wrong.
  static func merged(_ use: YAMLNode, _ preset: Preset) -> YAMLNode {
    let own = use.entries ?? []
    let added = (preset.demand.entries ?? []).filter { use[$0.key] == nil }
    return YAMLNode(.mapping(own + added), at: use.position)
  }

  private static let table = KeyTable(
    "the presets",
    keys: [
      .required(
        "presets",
        .mapping(
          KeyTable(
            "the presets",
            named: .mapping(
              KeyTable(
                "a preset",
                keys: [
                  .required("summary", .text, "what it resembles"),
                  .required("source", .text, "where its figures are from"),
                  .required("verified_on", .day, "the day on which they were looked up"),
                  .required(
                    "demand", .mapping(KeyTable("a preset's demand", keys: ScenarioKeys.shape)),
                    "the keys that it stands for"),
                ])), nameMeaning: "name", namedMinimum: 1)), "the presets by name")
    ])

  private static let file: [(name: String, preset: Preset)] = {
    let context = DecodingContext()
    let root = YAMLDocument.parse(
      PackageResources.demand_presets_yaml, file: "built-in/demand-presets.yaml", context: context)
    let presets = root.flatMap { context.mapping($0, table, path: "") }?.mapping("presets")
    let result = (presets?.namedEntries ?? []).compactMap { entry -> (name: String, preset: Preset)? in
      guard let view = presets?.mapping(entry.key), let summary = view.text("summary"),
        let source = view.text("source"), let day = view.text("verified_on").flatMap({ CalendarDay($0) }),
        let demand = view.mapping("demand")
      else { return nil }
      let provenance = Provenance(source: source, verifiedOn: day)
      return (entry.key, Preset(summary: summary, provenance: provenance, demand: demand.node))
    }
    precondition(
      context.problems.isEmpty && !result.isEmpty,
      "the built-in presets: \(context.problems.map(\.description))")
    return result
  }()
}
