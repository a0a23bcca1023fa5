// SPDX-License-Identifier: GPL-3.0-or-later
// The presets' statistics in a table, and beside it what they resemble.

import Catalog
import Foundation
import Quantities
import Scenario
import Testing
import Workload

/// What a preset yields at a rate without its load curve: mean over hours of the statistics of 57 minutes each.
private struct Row: Sendable, CustomTestStringConvertible {
  var preset: String
  var rate: Double
  var variation: Double
  /// Variance over mean of the counts in 1, 10 and 60 s.
  var dispersion: [Double]
  /// Median, 90th and 99th percentile.
  var input: [Double]
  var output: [Double]
  /// Busiest hour over the mean, weekend day over weekday.
  var peak: Double
  var weekend: Double
  /// How far the burst figures may be off: those of the published trace are of one hour.
  var tolerance = 0.2
  var testDescription: String { preset }
}

/// Rates, bursts and lengths of the Azure 2023 traces and of ServeGen's m-large as published; load curves of Azure 2024.
private let table = [
  Row(
    preset: "azure-conversation", rate: 5.53, variation: 1.094, dispersion: [1.39, 3.86, 16.1],
    input: [1020, 2734, 4142], output: [129, 424, 601], peak: 1.65, weekend: 0.569),
  Row(
    preset: "azure-code", rate: 2.567, variation: 13.15, dispersion: [13.2, 71.6, 164],
    input: [1469, 5187, 7436], output: [13, 55, 251], peak: 3.01, weekend: 0.325),
  // Bursts of a pool at this rate are not published: these are its own, recorded.
  Row(
    preset: "api-pool", rate: 20, variation: 1.3, dispersion: [2.55, 4, 3.78], input: [601, 2371, 5452],
    output: [53, 461, 872], peak: 1.175, weekend: 1),
  Row(
    preset: "flat-batch", rate: 5, variation: 1, dispersion: [1, 1, 1], input: [2730, 3702, 3933],
    output: [167, 372, 3271], peak: 1, weekend: 1),
]

@Suite("Demand presets")
struct DemandPresetTests {
  private func statistics(_ preset: String, rate: Double) throws -> UseCaseStatistics {
    let text = """
      name: s
      demand: {uses: {u: {model: llama-3.1-8b, preset: \(preset), rate: 1}}}
      options: {api: {chain: [metered: {provider: bedrock}]}}
      horizon: {start: 2026-12}
      """
    let scenario = try ScenarioLoader.load(bytes: [UInt8](text.utf8), file: "s.yaml")
    guard case .synthesized(let demand) = scenario.demand.uses[0].source else { throw CancellationError() }
    return demand.statistics
  }

  @Test("a preset has the bursts, lengths and load curve of what it is named for", arguments: table)
  private func resembles(row: Row) throws {
    var use = try statistics(row.preset, rate: row.rate)
    let curve = use.hourlyRate
    let days = (0..<7).map { day in curve[day * 24..<day * 24 + 24].reduce(0, +) }
    let weekend = (days[5] + days[6]) / 2 / (days[..<5].reduce(0, +) / 5)
    #expect(abs((curve.max() ?? 0) / row.peak - 1) < 0.05, "peak \(curve.max() ?? 0)")
    #expect(abs(weekend / row.weekend - 1) < 0.05, "weekend \(weekend)")
    use.hourlyRate = [Double](repeating: row.rate, count: 168)
    let noise = DemandNoise(day: 0, hour: 0, seed: 1, draw: 0, month: 0)
    let length = 57.0 * 60
    var figures = [[Double]](repeating: [], count: 4)
    var (inputs, outputs): ([Int32], [Int32]) = ([], [])
    for draw in 0..<UInt32(30) {
      var generator = RequestGenerator(
        [.synthesized(use)], scale: 1, noise: noise, seed: 1, draw: draw, month: 0, start: .zero,
        length: Seconds(length))
      var requests = Array(
        repeating: Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0), count: 100_000)
      requests.removeLast(requests.count - generator.fill(&requests))
      inputs += requests.map(\.inputTokens)
      outputs += requests.map(\.outputTokens)
      let gaps = zip(requests, requests.dropFirst()).map { $1.arrival - $0.arrival }
      let (mean, variance) = moments(gaps)
      figures[0].append(variance.squareRoot() / mean)
      for (place, seconds) in [1.0, 10, 60].enumerated() {
        var counts = [Double](repeating: 0, count: Int(length / seconds))
        for request in requests { counts[min(Int(request.arrival / seconds), counts.count - 1)] += 1 }
        let (mean, variance) = moments(counts)
        figures[place + 1].append(variance / mean)
      }
    }
    for (figure, expected) in zip(figures, [row.variation] + row.dispersion) {
      let measured = moments(figure).mean
      #expect(abs(measured / expected - 1) < row.tolerance, "\(measured), published \(expected)")
    }
    for (values, expected) in [(inputs.sorted(), row.input), (outputs.sorted(), row.output)] {
      for (share, quantile) in zip([0.5, 0.9, 0.99], expected) {
        let measured = Double(values[Int(share * Double(values.count))])
        #expect(
          abs(measured / quantile - 1) < 0.05 || abs(measured - quantile) <= 1, "\(measured) at \(share)")
      }
    }
  }

  private func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
  }

  @Test("a key beside a preset takes its place; every preset has a source and a day")
  func overrides() throws {
    #expect(DemandPresets.names == ["azure-conversation", "azure-code", "api-pool", "flat-batch"])
    for name in DemandPresets.names {
      #expect(DemandPresets.provenance(of: name)?.source.isEmpty == false)
      #expect(try statistics(name, rate: 1).hourlyRate.count == 168)
    }
  }
}
