// SPDX-License-Identifier: GPL-3.0-or-later
// Fitted lengths against the lengths they stand for.

import Foundation
import Quantities
import Testing
import Traces
import Uncertainty

@Suite("Fitted lengths")
struct LengthFitTests {
  private func counts(_ lengths: some Sequence<Int32>) -> LengthCounts {
    var counts = LengthCounts()
    for length in lengths { counts.add(length) }
    return counts
  }

  @Test("a table keeps spikes, gaps and the ends")
  func table() throws {
    // A third is 7, a third is 1000, the rest lies evenly between 2000 and 3000; the longest is 9999.
    var counts = LengthCounts()
    counts.add(7, times: 3330)
    counts.add(1000, times: 3330)
    for length in 2000..<3000 { counts.add(Int32(length), times: 3) }
    counts.add(9999)
    let table = try #require(LengthTable(counts))
    #expect(table.points.first?.value == 7 && table.points.last?.value == 9999)
    let distribution = Distribution.quantiles(table.points)
    let entries = counts.entries
    for percent in 1...99 where percent != 34 && percent != 67 && percent != 68 {
      let probability = Double(percent) / 100
      let exact = Double(LengthCounts.quantiles(entries, at: [probability])[0])
      expectClose(distribution.quantile(probability), exact, within: 0.02, "p\(percent)")
    }
    #expect(table.points.count < 40, "\(table.points.count) points")
  }

  @Test("a mixture finds the components that made the lengths", arguments: UInt64(1)...3)
  func mixture(seed: UInt64) throws {
    let truth = Distribution.mixture([
      LognormalComponent(weight: 0.3, mu: 3, sigma: 0.4), LognormalComponent(weight: 0.7, mu: 6, sigma: 0.6),
    ])
    var stream = CounterRandom(seed: seed, draw: 0, purpose: .requests)
    let made = counts((0..<20_000).map { _ in Int32(truth.quantile(stream.nextUniform()).rounded()) })
    let mixture = try #require(LengthMixture(made))
    #expect(mixture.distance < 0.02, "\(mixture.distance)")
    expectClose(mixture.components[0].mu, 3, within: 0.03)
    expectClose(mixture.components[1].mu, 6, within: 0.03)
    expectClose(mixture.components[1].sigma, 0.6, within: 0.06)
    expectClose(mixture.components[0].weight, 0.3, within: 0.06)
  }

  @Test(
    "Azure 2023 code: the mixtures are as close as the published ones",
    .enabled(if: RealTraces.isThere(RealTraces.azureCode), "no ../shared/data/azure-2023"))
  func published() throws {
    let records = try RealTraces.azureCodeRecords()
    let input = try #require(LengthMixture(counts(records.map(\.inputTokens))))
    let output = try #require(LengthMixture(counts(records.map(\.outputTokens))))
    #expect(input.distance < 0.040, "published .034, here \(input.distance)")
    #expect(output.distance < 0.075, "published .065, here \(output.distance)")
    expectClose(input.components[1].mu, 7.624, within: 0.02)
  }

  @Test("one length is one length")
  func constant() throws {
    let lengths = try #require(DemandFit.Lengths(counts([5, 5, 5]), form: .quantiles))
    #expect(lengths.distribution == .constant(5) && lengths.maximum == 5)
    #expect(DemandFit.Lengths(LengthCounts(), form: .mixture) == nil)
  }
}
