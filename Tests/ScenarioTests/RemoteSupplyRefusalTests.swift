// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may not say of services on somebody else's machines, each with its place.

import Catalog
import Foundation
import Scenario
import Testing
import YAMLDocument

private let head = """
  name: test
  demand:
    uses:
      chat: {model: llama-3.1-8b, rate: 1, input_tokens: 100, output_tokens: 50}
  horizon: {start: 2026-12, months: 6}
  options:
    a:
      chain:

  """

private func refusals(_ supply: String, extra: String = "") -> [String] {
  let text = head + "      - \(supply)\n" + extra
  do {
    _ = try ScenarioLoader.load(bytes: [UInt8](text.utf8), file: "s.yaml")
    return []
  } catch {
    return error.diagnostics.map(\.description)
  }
}

private func warnings(_ supply: String, extra: String = "") throws -> [String] {
  let text = head + "      - \(supply)\n" + extra
  return try ScenarioLoader.load(bytes: [UInt8](text.utf8), file: "s.yaml").warnings
}

@Suite("Refusals: services of others")
struct RemoteSupplyRefusalTests {
  @Test(
    "What cannot be is refused at its place, and the message says what would be right",
    arguments: [
      (
        "metered: {provider: bedrock, requests_per_minute: 0}",
        "s.yaml:9:59: `requests_per_minute` is 0; it must be"
      ),
      ("metered: {provider: bedrock, tokens_per_minute: 0}", "s.yaml:9:57: `tokens_per_minute` is 0"),
      (
        "metered: {provider: deepinfra, tier: batch}",
        "s.yaml:9:46: deepinfra has no batch price of any model"
      ),
      ("metered: {provider: bedrock, tier: batsh}", "did you mean `batch`?"),
      ("metered: {provider: bedrock, turnaround_hours: 3}", "`turnaround_hours` means nothing on demand"),
      ("metered: {provider: bedrock, retry: {retries: 3}}", "`retry` means nothing without a quota"),
      (
        "metered: {provider: bedrock, requests_per_minute: 9, max_tokens: 8}",
        "`max_tokens` means nothing without a quota of tokens"
      ),
      (
        "metered: {provider: bedrock, tokens_per_minute: 9, retry: {retries: 1, longest_delay_seconds: 0.5}}",
        "`longest_delay_seconds` is 0.5, but the first delay is 1"
      ),
      (
        "metered: {provider: bedrock, replace_with: {llama-3.1-8b: llama-5}}",
        "there is no model of bedrock `llama-5`"
      ),
      (
        "metered: {provider: bedrock, replace_with: {llama-3.1-8b: llama-3.1-8b}}", "is to replace itself"
      ),
      (
        "metered: {provider: bedrock, replace_with: {llama-3.1-8b: llama-4-scout, llama-4-scout: llama-3.1-8b}}",
        "the replacements of llama-3.1-8b lead back to it"
      ),
      ("metered: {provider: bedrock, latency: {p99_over_median: 0.5}}", "`p99_over_median` is 0.5"),
      (
        "reserved: {provider: bedrock-provisioned, units: {llama-3.1-8b: 1}, overflow: retry}",
        "`overflow: retry` lacks `retry`"
      ),
      (
        "reserved: {provider: bedrock-provisioned, units: {llama-3.1-8b: 1}, overflow: pay-as-you-go}",
        "`overflow: pay-as-you-go` lacks `pay_as_you_go`"
      ),
      (
        "reserved: {provider: bedrock-provisioned, units: {llama-3.1-8b: 1}, pay_as_you_go: bedrock}",
        "`pay_as_you_go` means nothing with overflow: next"
      ),
      (
        "reserved: {provider: bedrock-provisioned, units: {llama-3.1-8b: 1}, overflow: pay-as-you-go, pay_as_you_go: bedrok}",
        "there is no API provider `bedrok`"
      ),
      (
        "reserved: {provider: bedrock-provisioned, units: {llama-3.1-8b: 1}, cached_input_weight: 0.5}",
        "`cached_input_weight` means nothing without `prompt_cache`"
      ),
      (
        "reserved: {provider: azure-ptu, units: {llama-3.3-70b: 150}}",
        "azure-ptu sells 100 units of llama-3.3-70b or more, in steps of 100; not 150; write 200"
      ),
      (
        "reserved: {provider: azure-ptu, units: {llama-3.3-70b: 7}}", "not 7; write 100"
      ),
    ])
  func refused(supply: String, message: String) {
    let found = refusals(supply)
    #expect(found.contains { $0.contains(message) }, "\(found)")
  }

  @Test("A deadline must be a time, and a batch tier needs one of 24 hours")
  func deadlines() {
    let batch = "metered: {provider: bedrock, tier: batch}"
    let prices = "prices: {api: {bedrock: {llama-3.1-8b: {batch: {input: 0.1, output: 0.1}}}}}\n"
    #expect(
      refusals(batch, extra: prices).contains { $0.contains("nothing that serves llama-3.1-8b for chat") })
    let patient = (head + "      - \(batch)\n" + prices)
      .replacingOccurrences(of: "output_tokens: 50}", with: "output_tokens: 50, deadline_hours: 24}")
    #expect(throws: Never.self) { try ScenarioLoader.load(bytes: [UInt8](patient.utf8), file: "s.yaml") }
    let never = patient.replacingOccurrences(of: "deadline_hours: 24", with: "deadline_hours: 0")
    #expect(throws: ScenarioProblems.self) {
      try ScenarioLoader.load(bytes: [UInt8](never.utf8), file: "s.yaml")
    }
  }

  @Test("A prompt cache without a price of cached tokens, and a successor nobody needs, are told")
  func told() throws {
    #expect(
      try warnings("metered: {provider: bedrock, prompt_cache: {ttl_seconds: 60}}")
        .contains { $0.contains("bedrock has no price of cached input tokens") })
    #expect(
      try warnings("metered: {provider: deepinfra, replace_with: {llama-3.1-8b: llama-4-scout}}")
        .contains { $0.contains("deepinfra has announced no end of llama-3.1-8b") })
  }

  @Test("An offer of one budget may be stated without output tokens per minute")
  func statedOffer() throws {
    let text =
      head
      + "      - reserved: {provider: vertex-gsu, units: {llama-3.1-8b: 2}}\n"
      + "prices: {reserved: {vertex-gsu: {llama-3.1-8b: {unit_hour: 3, input_tokens_per_minute: 100000}}}}\n"
    let scenario = try ScenarioLoader.load(bytes: [UInt8](text.utf8), file: "s.yaml")
    guard case .reserved(let reserved) = scenario.options[0].chain[0] else {
      Issue.record("no reserved supply")
      return
    }
    #expect(reserved.outputWeight == 4 && reserved.windows == .fixed && reserved.windowSeconds == 60)
  }
}
