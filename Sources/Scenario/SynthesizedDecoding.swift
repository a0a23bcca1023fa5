// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes the statistics of requests that are made up: rate, bursts, lengths, repetition, conversations.

import Catalog
import Uncertainty
import Workload
import YAMLDocument

extension ScenarioDecoder {
  /// - Parameter hasLengths: whether lengths are there unless they are missing; not under a preset that is unknown.
  func synthesized(_ view: MappingView, hasLengths: Bool) -> SynthesizedDemand? {
    for key in ["speedup", "format", "columns"] where view[key] != nil {
      context.report(
        view.position(of: key), "`\(key)` means nothing without `trace`",
        remedy: key == "speedup" ? "change `rate` instead" : "remove it")
    }
    let rate = view.uncertain("rate")
    let burstiness = view.number("burstiness") ?? 1
    let profile = loadCurve(view)
    let input = lengths(view, "input_tokens", isRequired: hasLengths)
    let output = lengths(view, "output_tokens", isRequired: hasLengths)
    let (clients, onOff) = (clients(view), onOff(view))
    let (duplicates, groups) = (duplicates(view), prefixGroups(view))
    let sessions = sessions(view)
    let correlation = view.number("length_correlation") ?? 0
    guard let rate, let profile, let input, let output else { return nil }
    var demand = SynthesizedDemand(
      rate: rate, profile: profile, burstiness: burstiness, inputTokens: input, outputTokens: output)
    demand.lengthCorrelation = correlation
    demand.clients = clients
    demand.onOff = onOff
    demand.minuteNoise = view.mapping("noise")?.number("minute") ?? 0
    demand.duplicates = duplicates
    demand.prefixGroups = groups
    demand.sessions = sessions
    check(demand, view)
    return demand
  }

  private func lengths(_ view: MappingView, _ key: String, isRequired: Bool) -> TokenLengths? {
    guard let node = view[key] else {
      if view["rate"] != nil, view.node[key] == nil, isRequired {
        context.report(
          view.position, "`\(key)` is missing from \(view.path)",
          remedy: "add it, such as \(key): {p10: 180, p90: 900, max: 4096}")
      }
      return nil
    }
    return tokenLengths(node, key, path: view.path(of: key))
  }

  private func tokenLengths(_ node: YAMLNode, _ key: String, path: String) -> TokenLengths? {
    guard let lengths = context.tokenLengths(node, key, path: path) else { return nil }
    return TokenLengths(
      distribution: lengths.distribution, minimum: lengths.minimum, maximum: lengths.maximum)
  }

  private func clients(_ use: MappingView) -> SynthesizedDemand.Clients? {
    guard let view = use.mapping("clients"), let count = view.integer("count") else { return nil }
    return SynthesizedDemand.Clients(count: count, zipf: view.number("zipf") ?? 0)
  }

  private func onOff(_ use: MappingView) -> OnOffPeriods? {
    guard let view = use.mapping("on_off") else { return nil }
    let (on, off) = (view.number("on_seconds"), view.number("off_seconds"))
    guard let on, let off else { return nil }
    return OnOffPeriods(onSeconds: on, offSeconds: off)
  }

  private func duplicates(_ use: MappingView) -> SynthesizedDemand.Duplicates? {
    guard let view = use.mapping("duplicates") else { return nil }
    let (share, distinct) = (view.number("share"), view.integer("distinct"))
    let zipf = view.number("zipf") ?? 0
    guard let share, let distinct else { return nil }
    return SynthesizedDemand.Duplicates(share: share, distinct: distinct, zipf: zipf)
  }

  private func prefixGroups(_ use: MappingView) -> SynthesizedDemand.SharedPrefixes? {
    guard let view = use.mapping("prefix_groups") else { return nil }
    let (count, zipf) = (view.integer("count"), view.number("zipf") ?? 0)
    let tokens = view["tokens"].flatMap { tokenLengths($0, "tokens", path: view.path(of: "tokens")) }
    guard let count, let tokens else { return nil }
    return SynthesizedDemand.SharedPrefixes(count: count, zipf: zipf, tokens: tokens)
  }

  private func sessions(_ use: MappingView) -> SynthesizedDemand.Conversations? {
    guard let view = use.mapping("sessions") else { return nil }
    let turns = view.number("turns")
    let gap = view.uncertain("gap_seconds")
    let new = view["new_tokens"].flatMap { tokenLengths($0, "new_tokens", path: view.path(of: "new_tokens")) }
    let most = view.integer("max_tokens") ?? DistributionForms.defaultMaximum
    guard let turns, let gap else { return nil }
    return SynthesizedDemand.Conversations(
      turns: turns, gapSeconds: gap.distribution, newTokens: new, maximumTokens: most)
  }

  /// What only several keys together can tell.
  private func check(_ demand: SynthesizedDemand, _ view: MappingView) {
    if let clients = demand.clients, clients.count > 1, demand.burstiness == 1 {
      context.warn(
        view.position(of: "clients"), "`clients` changes nothing at a `burstiness` of 1",
        remedy: "many Poisson sources are one; write a burstiness below 1, or remove `clients`")
    }
    if let groups = demand.prefixGroups,
      groups.tokens.distribution.quantile(0.5) >= Double(demand.inputTokens.maximum)
    {
      context.report(
        view.position(of: "prefix_groups"),
        "the groups' texts are longer than any prompt, which `input_tokens` limits to \(demand.inputTokens.maximum)",
        remedy: "shorten `tokens`, or raise `max` of `input_tokens`")
    }
    guard let sessions = demand.sessions else { return }
    let first = demand.inputTokens.distribution.quantile(0.5) + demand.outputTokens.distribution.quantile(0.5)
    if sessions.turns > 1, first >= Double(sessions.maximumTokens) {
      context.report(
        view.position(of: "sessions"),
        "half of all first turns are as long as the \(sessions.maximumTokens) tokens of `max_tokens`",
        remedy: "raise `max_tokens`, or shorten `input_tokens`")
    }
    if let duplicates = demand.duplicates, duplicates.share * sessions.turns > 1 {
      context.report(
        view.position(of: "duplicates"),
        "only first turns repeat a popular prompt, and they are one in \(plain(sessions.turns)) requests",
        remedy: "write a share of at most \(plain((1000 / sessions.turns).rounded(.down) / 1000))")
    }
  }
}
