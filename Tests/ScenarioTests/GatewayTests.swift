// SPDX-License-Identifier: GPL-3.0-or-later
// What an option may say of what happens before its chain, and the one line a reader gets for each way to get it wrong.

import Foundation
import Scenario
import Testing

/// The base scenario with keys of the option `api`, and with keys of its use case.
private func with(_ option: String, use: String = "", horizon: String = "") -> String {
  base.replacingOccurrences(of: "  api:\n", with: "  api:\n    \(option)\n")
    .replacingOccurrences(of: "rate: 2\n", with: "rate: 2\n\(use)")
    .replacingOccurrences(of: "months: 3}", with: "months: 3\(horizon)}")
}

@Suite("What happens before the chain")
struct GatewayTests {
  static let table: [(option: String, message: String)] = [
    (
      "routing: {chatt: {shares: {llama-3.1-8b: 1}}}",
      "s.yaml:11:15: there is no use case `chatt`; did you mean `chat`?"
    ),
    (
      "routing: {chat: {shares: {llama-3.1-80b: 1}}}",
      "s.yaml:11:31: there is no model `llama-3.1-80b`; did you mean `llama-3.1-70b`?"
    ),
    (
      "routing: {chat: {shares: {llama-3.1-8b: 0.5, llama-3.1-70b: 0.4}}}",
      "s.yaml:11:30: options.api.routing.chat.shares sum to 0.9; they must sum to 1; one of them may be `rest`"
    ),
    (
      "routing: {chat: {shares: {llama-3.1-8b: rest, llama-3.1-70b: rest}}}",
      "s.yaml:11:30: 2 of options.api.routing.chat.shares are `rest`; one at most can be what the others leave"
    ),
    (
      "routing: {chat: {shares: {llama-3.1-8b: rest, llama-3.1-70b: 1}}}",
      "s.yaml:11:30: options.api.routing.chat.shares sum to 1 beside `rest`; they must leave something, or name "
        + "no rest"
    ),
    (
      "routing: {chat: {shares: {llama-3.1-8b: {uniform: [0.5, 0.9]}, llama-3.1-70b: 0.3}}}",
      "s.yaml:11:30: options.api.routing.chat.shares are uncertain, and nothing makes them sum to 1; write `rest` "
        + "for one of the models: it gets what the others leave"
    ),
    (
      "routing: {chat: {shares: {llama-3.1-8b: 1.2}}}",
      "s.yaml:11:45: `llama-3.1-8b` is 1.2; it must be from 0 to 1; 1.2 % is 0.012"
    ),
    (
      "routing: {chat: {}}",
      "s.yaml:11:21: options.api.routing.chat says nothing; give it `shares`, `escalate` or both"
    ),
    (
      "routing: {chat: {escalate: {llama-3.1-8b: {to: llama-3.1-8b, rate: 0.1}}}}",
      "s.yaml:11:52: the escalations run in a circle: llama-3.1-8b → llama-3.1-8b; let the largest model's answers "
        + "be good enough"
    ),
    (
      "routing: {chat: {escalate: {llama-3.1-8b: {to: llama-3.1-70b, rate: 0.1}, llama-3.1-70b: {to: llama-3.1-8b, "
        + "rate: 0.1}}}}",
      "s.yaml:11:52: the escalations run in a circle: llama-3.1-8b → llama-3.1-70b → llama-3.1-8b; let the largest "
        + "model's answers be good enough"
    ),
    (
      "routing: {chat: {escalate: {llama-3.1-70b: {to: llama-3.1-405b, rate: 0.1}}}}",
      "s.yaml:11:15: answers of llama-3.1-70b are to be given again, but none are asked of it; give it a share, or "
        + "remove the escalation"
    ),
    (
      "routing: {chat: {escalate: {llama-3.1-8b: {to: llama-3.1-70b}}}}",
      "s.yaml:11:47: `rate` is missing from options.api.routing.chat.escalate.llama-3.1-8b; add `rate`, the share "
        + "of the answers that are not good enough"
    ),
    (
      "cache: {entries: 10}",
      "s.yaml:11:12: `ttl_seconds` is missing from options.api.cache; add `ttl_seconds`, how long an answer is "
        + "given again, from when it was complete"
    ),
    (
      "cache: {ttl_seconds: 0}", "s.yaml:11:26: `ttl_seconds` is 0; it must be above 0, at most 1000000000"
    ),
    ("cache: {ttl_seconds: 60, entries: 0}", "s.yaml:11:39: `entries` is 0; it must be from 1 to 1000000000"),
    ("offline: {share: 0}", "s.yaml:11:22: `share` is 0; it must be above 0, at most 1"),
  ]

  @Test("A gateway that cannot be is refused with its place", arguments: table)
  func refusals(option: String, message: String) {
    #expect(problems(with(option)) == [message])
  }

  @Test("`route` beside shares for every use case means nothing")
  func routeBesideShares() {
    let text = with("route: llama-3.1-70b\n    routing: {\"*\": {shares: {llama-3.1-8b: 1}}}")
    #expect(
      problems(text) == [
        "s.yaml:11:12: `route` means nothing beside `routing`: every use case has shares; remove one of them"
      ])
  }

  @Test("A model that only escalations lead to must be served too")
  func coverage() {
    let text = base.replacingOccurrences(
      of: "  own:\n",
      with: "  own:\n    routing: {chat: {escalate: {llama-3.1-8b: {to: llama-3.1-70b, rate: 0.1}}}}\n")
    #expect(
      problems(text) == [
        "s.yaml:13:3: option `own` has nothing that serves llama-3.1-70b for chat; add a pool or units for it, or a "
          + "provider that prices it"
      ])
  }

  @Test(
    "Rules reach models in order: shares first, then what escalations lead to; a rule by name goes before `*`"
  )
  func reach() throws {
    let rules = """
      routing:
            "*": {shares: {llama-3.3-70b: 1}}
            chat:
              shares: {llama-3.1-8b: {p10: 0.6, p90: 0.9}, llama-3.1-70b: rest}
              escalate: {llama-3.1-8b: {to: llama-3.3-70b, rate: {p10: 0.05, p90: 0.15}}}
      """
    let scenario = try load(with(rules)).get()
    let option = scenario.options[0]
    #expect(
      option.models(for: scenario.demand.uses[0]) == ["llama-3.1-8b", "llama-3.1-70b", "llama-3.3-70b"])
    #expect(scenario.warnings.contains { $0.hasPrefix("s.yaml:12:7: every use case has a rule of its own") })
    #expect(scenario.options[1].models(for: scenario.demand.uses[0]) == ["llama-3.1-8b"])
  }

  @Test(
    "Work that waits for hours is refused where only windows are simulated, unless nothing could fill with it"
  )
  func waitingInWindows() throws {
    let use = "      deadline_hours: 12\n"
    let windows = ", represent: {windows: 4, window_minutes: 30}"
    #expect(
      problems(with("title: API", use: use, horizon: windows)) == [
        "s.yaml:7:23: requests of chat may wait 12 h for room in option `own`, but windows of 30 min are simulated; "
          + "write represent: week, or {months: …} without windows"
      ])
    let week = try load(with("title: API", use: use)).get()
    #expect(week.demand.uses[0].deadlineHours == 12 && week.options[1].canFill(week.demand.uses[0]))
    #expect(!week.options[0].canFill(week.demand.uses[0]) && !week.options[2].canFill(week.demand.uses[0]))
  }

  @Test("A cache that outlives the windows is warned of")
  func cacheInWindows() throws {
    let text = with("cache: {ttl_seconds: 3600}", horizon: ", represent: {windows: 4, window_minutes: 30}")
    let warnings = try load(text).get().warnings
    #expect(
      warnings.contains(
        "s.yaml:11:12: a cache that keeps answers for 3600 s begins empty in each window of 30 min: it will seem to "
          + "know less than it would; write represent: week"))
    #expect(try load(with("cache: {ttl_seconds: 3600}")).get().warnings.allSatisfy { !$0.contains("cache") })
  }
}
