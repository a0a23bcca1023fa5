// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of the levers, and their decoding.

import YAMLDocument

extension ScenarioKeys {
  static let levers = KeyTable(
    "the levers",
    keys: [
      .required("option", .text, "the option that has all levers pulled; it has a fleet"),
      .optional(
        "largest_model", .text, absent: "the one of most parameters among those that answer",
        "the model that answers everything before requests are routed"),
      .optional("cache", .mapping(responseCache), absent: "the option's", "the cache of answers"),
      .optional("spot", .mapping(spot), absent: "the option's", "the interruptions of spot GPUs"),
      .optional(
        "cap_output_tokens", .integer(1...1_000_000), absent: "not looked at",
        "the most tokens of an answer, as a measure beside the others"),
      .optional(
        "trim_input_share", .number(.above(0, to: 0.99)), absent: "not looked at",
        "the share of every prompt that is left out, as a measure beside the others"),
    ])
}

extension ScenarioDecoder {
  /// The levers; nil where none are asked for, or something is wrong with them.
  func levers(_ root: MappingView, _ options: [DecodedOption]) -> LeversDefinition? {
    guard let view = root.mapping("levers") else { return nil }
    let names = root["options"]?.entries?.map(\.key) ?? []
    let option = view.text("option").flatMap {
      known($0, among: names, "option", "the options are", view.position(of: "option"))
    }
    let model = view.text("largest_model").flatMap {
      knownModel($0, view.position(of: "largest_model"))
    }
    guard let option else { return nil }
    var levers = LeversDefinition(option: option)
    levers.largestModel = model
    levers.cache = view.mapping("cache").map(responseCache)
    if view["spot"] != nil { levers.spot = spot(view, nil, startup: Self.leverStartup) }
    levers.capOutputTokens = view.integer("cap_output_tokens")
    levers.trimInputShare = view.number("trim_input_share")
    if let decoded = options.first(where: { $0.definition.name == option }), decoded.isWhole,
      !decoded.definition.chain.contains(where: { if case .fleet = $0 { true } else { false } })
    {
      context.report(
        view.position(of: "option"), "option `\(option)` has no fleet, so that no lever moves it",
        remedy: "name an option that serves with GPUs of its own")
      return nil
    }
    return levers
  }

  /// Seconds that a replica takes to start, for the warning of lives that are shorter; the fleets' default.
  private static let leverStartup = 420.0
}
