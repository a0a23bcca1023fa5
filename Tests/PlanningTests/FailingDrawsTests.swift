// SPDX-License-Identifier: GPL-3.0-or-later
// Futures in which an option fails are told beside the average, and inputs beyond the Sobol' sequence or without any
// variance do no harm.

import Decision
import Foundation
import Planning
import Scenario
import Testing
import Uncertainty

@Suite("Draws in which an option fails, and unusual inputs")
struct FailingDrawsTests {
  /// Two GPUs that work on four requests at a time carry some seven a second.
  private func warnings(volume: String, use: String = "profile: flat\nslo: {ttft_ms: 500}") throws -> (
    [String], PlanResult
  ) {
    let result = try run(
      scenario(
        rate: "1", volume: volume, use: use,
        options: api
          + fleet.replacingOccurrences(of: "kv_cache: fp8}", with: "kv_cache: fp8, max_num_seqs: 4}"),
        represent: "{months: 1, windows: 2, window_minutes: 1}", prices: prices(),
        sampling: "{draws: 16, simulations: 16, seed: 5}")
    ).result
    return (result.warnings.filter { $0.contains("simulated draws") }, result)
  }

  @Test("the share of draws in which an option serves too little is told, whatever the average is")
  func some() throws {
    let (told, result) = try warnings(volume: "{uniform: [1, 25]}")
    let own = try #require(told.first { $0.contains("own") }, "\(result.warnings)")
    #expect(own.contains("Fewer than 95\u{202F}% of requests"))
    let match = try #require(
      try /in (\d+) of 16 simulated draws \((\d+)\u{202F}%\)/.firstMatch(in: own), "\(own)")
    let (count, share) = (try #require(Double(match.1)), try #require(Double(match.2)))
    // Even points leave one draw in each sixteenth of the range; what is carried lies between 3 and 15.
    #expect(count >= 6 && count <= 15 && abs(share - 100 * count / 16) < 1)
    #expect(!told.contains { $0.contains("api") })
    #expect(try #require(result.options.first { $0.name == "own" }).serviceLevel < 1)
  }

  @Test("an option that never fails, or always does, is not said to fail in some draws")
  func noneOrAll() throws {
    #expect(try warnings(volume: "{uniform: [0.5, 1]}").0.isEmpty)
    let (told, result) = try warnings(volume: "{uniform: [30, 31]}")
    #expect(told.isEmpty, "\(told)")
    #expect(result.warnings.contains { $0.contains("not recommended whatever it costs") })
  }

  @Test("45 uncertain inputs are sampled, told and attributed; nothing is NaN")
  func manyInputs() throws {
    // 44 options with people of their own each.
    let many = (0..<44).map { place in
      """
      o\(place):
        chain: [{metered: {provider: bedrock}}]
        costs: {people_per_month: {uniform: [100, \(200 + place)]}}

      """
    }.joined()
    let result = try run(
      scenario(
        options: api + many, represent: "{months: 1, windows: 2, window_minutes: 1}",
        prices: prices(factor: "{uniform: [0.5, 1.5]}"), sampling: "{draws: 128, simulations: 16, seed: 5}")
    ).result
    #expect(
      result.warnings.contains { $0.contains("more than the 40 dimensions") && $0.contains("ten at a time") })
    let uncertainty = try #require(result.uncertainty)
    let people = uncertainty.inputs.filter { $0.name.hasSuffix("people_per_month") }
    #expect(people.count == 44)
    for input in people {
      let id = try #require(input.name.split(separator: ".").dropFirst().first).description
      for effect in input.effects {
        #expect(effect.firstOrderIndex.value.isFinite && effect.costAtP10.isFinite)
        // Each moves its own option by four fifths of its width, and hardly another.
        if effect.option == id { #expect(effect.costAtP90 - effect.costAtP10 > 60) }
      }
    }
  }

  @Test("an input without variance has no index, and is told to be certain")
  func withoutVariance() throws {
    try withConstantDistribution("3") { gpuHour in
      let result = try run(
        scenario(
          options: api + fleet, represent: "{months: 1, windows: 2, window_minutes: 1}",
          prices: prices(gpuHour: gpuHour, factor: "{uniform: [0.5, 1.5]}"),
          sampling: "{draws: 64, simulations: 16, seed: 5}")
      ).result
      let name = "prices.gpu_hour.h100-sxm.on-demand"
      #expect(result.warnings.contains { $0.contains(name) && $0.contains("taken as certain") })
      let inputs = try #require(result.uncertainty).inputs
      #expect(!inputs.contains { $0.name == name } && !inputs.isEmpty)
      for input in inputs {
        for effect in input.effects { #expect(effect.firstOrderIndex.value.isFinite, "\(input.name)") }
      }
      #expect(try #require(result.options.last).totalCost.mean.isFinite)
    }
  }
}

/// A distribution that has one value only, which only a file of numbers may have: `body` is given its text.
func withConstantDistribution(_ value: String, _ body: (String) throws -> Void) throws {
  let file = FileManager.default.temporaryDirectory.appending(path: "constant-\(UUID().uuidString).csv")
  try Data("\(value)\n\(value)\n".utf8).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  try body("{empirical: \(file.path)}")
}
