// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about what requests ask: correlated lengths, popular prompts, shared beginnings, conversations.

import Foundation
import Quantities
import Testing
import Uncertainty
import Workload

private let lengths = TokenLengthTable(.lognormal(p10: 100, p90: 2000), minimum: 1, maximum: 20_000)
private let answers = TokenLengthTable(.lognormal(p10: 20, p90: 500), minimum: 1, maximum: 4000)

private func use(
  _ rate: Double = 20, correlation: Double = 0, popular: PopularPrompts? = nil, groups: PrefixGroups? = nil,
  sessions: Sessions? = nil, clients: [Double]? = nil, onOff: OnOffPeriods? = nil, burstiness: Double = 1
) -> UseCaseStatistics {
  UseCaseStatistics(
    hourlyRate: flat.map { $0 * rate }, burstiness: burstiness, inputTokens: lengths, outputTokens: answers,
    lengthCorrelation: correlation, clients: clients, onOff: onOff, popularPrompts: popular,
    prefixGroups: groups, sessions: sessions)
}

private func talk(turns: Double = 3, limit: Int = 131_072) -> Sessions {
  Sessions(
    turns: turns, gapSeconds: .lognormal(p10: 40, p90: 470),
    newTokens: TokenLengthTable(.lognormal(p10: 50, p90: 400), minimum: 1, maximum: 4000),
    maximumTokens: limit)
}

/// Ranks from 0, ties by place, which are too few to matter.
private func ranks(_ values: [Int32]) -> [Double] {
  var ranks = [Double](repeating: 0, count: values.count)
  for (rank, place) in values.indices.sorted(by: { (values[$0], $0) < (values[$1], $1) }).enumerated() {
    ranks[place] = Double(rank)
  }
  return ranks
}

@Suite("Prompts")
struct PromptTests {
  @Test(
    "a copula of correlation ρ gives Spearman's 6/π·asin(ρ/2) and leaves both lengths' distributions as they are",
    arguments: [-1.0, -0.5, 0.3, 0.9])
  func copula(correlation: Double) {
    let requests = all(generator([use(correlation: correlation)], hours: 2))
    let (input, output) = (ranks(requests.map(\.inputTokens)), ranks(requests.map(\.outputTokens)))
    let middle = Double(requests.count - 1) / 2
    let products = zip(input, output).map { ($0 - middle) * ($1 - middle) }
    let spearman = mean(products) / (Double(requests.count * requests.count) / 12)
    #expect(abs(spearman - 6 / Double.pi * asin(correlation / 2)) < 0.012, "\(spearman)")
    let sorted = requests.map(\.outputTokens).sorted()
    for share in [0.1, 0.5, 0.9, 0.99] {
      let value = Double(sorted[Int(share * Double(sorted.count))])
      expectClose(value, Double(answers[share]), within: 0.06, "output at \(share)")
    }
  }

  @Test(
    "the share asked for repeats popular prompts by Zipf, each with equal lengths; the others are like no other"
  )
  func popular() {
    let requests = all(
      generator([use(popular: PopularPrompts(share: 0.3, distinct: 50, zipf: 1))], hours: 3))
    let repeated = Dictionary(grouping: requests.filter { $0.content != 0 }, by: \.content)
    let count = repeated.values.reduce(0) { $0 + $1.count }
    expectClose(Double(count) / Double(requests.count), 0.3, within: 0.02)
    #expect(repeated.count == 50)
    #expect(
      repeated.values.allSatisfy { group in
        group.allSatisfy {
          $0.inputTokens == group[0].inputTokens && $0.outputTokens == group[0].outputTokens
        }
      })
    let most = repeated.values.map(\.count).max() ?? 0
    expectClose(
      Double(most) / Double(count), ZipfTable.shares(count: 50, exponent: 1)[0], within: 0.05)
  }

  @Test("every prompt begins with the text of one group and is longer than it")
  func groups() {
    let groups = PrefixGroups(
      count: 12, zipf: 0.6,
      tokens: TokenLengthTable(.uniform(low: 200, high: 1200), minimum: 1, maximum: 2000))
    let requests = all(generator([use(groups: groups)], hours: 2))
    #expect(requests.allSatisfy { $0.prefix != 0 && $0.sharedTokens < $0.inputTokens })
    let byText = Dictionary(grouping: requests, by: \.prefix)
    #expect(byText.count == 12)
    #expect(byText.values.allSatisfy { Set($0.map(\.sharedTokens)).count == 1 })
    let most = byText.values.map(\.count).max() ?? 0
    expectClose(
      Double(most) / Double(requests.count), ZipfTable.shares(count: 12, exponent: 0.6)[0], within: 0.04)
    expectClose(mean(groups.tokens.map(Double.init)), 700, within: 0.1)
  }

  @Test("a later turn begins with all of the turn before, which came earlier, prompt and answer")
  func turns() {
    let requests = all(generator([use(sessions: talk())], hours: 4))
    let byContent = Dictionary(
      uniqueKeysWithValues: requests.filter { $0.content != 0 }.map { ($0.content, $0) })
    var known = 0
    for request in requests where request.prefix != 0 {
      #expect(request.sharedTokens < request.inputTokens)
      guard let before = byContent[request.prefix] else { continue }
      known += 1
      #expect(before.arrival < request.arrival)
      #expect(request.sharedTokens == before.inputTokens + before.outputTokens)
    }
    // Two of three requests go on with a conversation, few of which began before the window.
    let later = requests.count { $0.prefix != 0 }
    expectClose(Double(later) / Double(requests.count), 2.0 / 3, within: 0.01)
    #expect(Double(known) > 0.95 * Double(later))
    #expect(zip(requests, requests.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
  }

  @Test("turns are geometric: a share 1 − 1/turns of all requests goes on", arguments: [1.0, 1.5, 6])
  func geometric(turns: Double) {
    // Long enough that few conversations are cut off by the window's end.
    let requests = all(generator([use(10, sessions: talk(turns: turns, limit: 1_000_000))], hours: 24))
    let begun = requests.count { $0.prefix == 0 }
    expectClose(Double(requests.count), 864_000, within: 0.02)
    expectClose(Double(requests.count) / Double(begun), turns, within: 0.03)
  }

  /// Without the conversations begun before, a window of ten minutes would have about half of its later turns.
  @Test("a short window has the mean rate and the mix of turns of a long one", arguments: [131_072, 3000])
  func equilibrium(limit: Int) {
    let statistics = use(2, sessions: talk(turns: 4, limit: limit))
    let windows = (0..<400).map { draw in
      all(generator([statistics], draw: UInt32(draw), startHour: 20, hours: 1.0 / 6))
    }
    let totals = windows.map { Double($0.count) }
    let deviation = (variance(totals) / 400).squareRoot()
    #expect(abs(mean(totals) - 1200) < 4 * deviation + 1200 * 0.006, "\(mean(totals)) ± \(deviation)")
    let contexts = windows.map { mean($0.map { Double($0.inputTokens) }) }
    let long = all(generator([statistics], hours: 24))
    let steady = long.filter { $0.arrival > 3 * 3600 }.map { Double($0.inputTokens) }
    expectClose(mean(contexts), mean(steady), within: 0.03, "mean prompt")
    #expect(long.allSatisfy { Int($0.inputTokens + $0.outputTokens) <= limit || $0.prefix == 0 })
    if limit == 3000 { #expect(statistics.requestsPerSession < 3.5) }
  }

  @Test("conversations begun in a busy hour go on in the quiet hour after it")
  func afterTheRush() {
    var curve = flat.map { _ in 0.01 }
    curve[19] = 10
    let quiet = UseCaseStatistics(
      hourlyRate: curve, burstiness: 1, inputTokens: lengths, outputTokens: answers, sessions: talk(turns: 5))
    let spilled = (0..<40).map { draw in
      Double(all(generator([quiet], draw: UInt32(draw), startHour: 20, hours: 0.25)).count)
    }
    let whole = (0..<40).map { draw in
      Double(
        all(generator([quiet], draw: UInt32(draw), startHour: 18, hours: 2.25)).count { $0.arrival >= 7200 })
    }
    expectClose(mean(spilled), mean(whole), within: 0.05)
    #expect(mean(spilled) > 500)
  }

  @Test(
    "INV-8: with everything on, neither the size of batches nor a longer window changes a request",
    arguments: 1...4)
  func determinism(seed: UInt64) {
    let statistics = use(
      3, correlation: 0.4, popular: PopularPrompts(share: 0.2, distinct: 100, zipf: 1),
      groups: PrefixGroups(count: 5, zipf: 1, tokens: lengths), sessions: talk(),
      clients: ZipfTable.shares(count: 9, exponent: 1), onOff: OnOffPeriods(onSeconds: 60, offSeconds: 60),
      burstiness: 0.3)
    let noise = DemandNoise(day: 0.1, hour: 0.1, minute: 0.1, seed: seed, draw: 1, month: 2)
    func requests(hours: Double, batch: Int) -> [Request] {
      all(
        generator(
          [statistics, statistics], noise: noise, seed: seed, draw: 1, month: 2, startHour: 30.5, hours: hours
        ),
        batch: batch)
    }
    let base = requests(hours: 3, batch: 1000)
    #expect(base.count > 30_000)
    #expect(requests(hours: 3, batch: 7) == base)
    let longer = requests(hours: 4, batch: 4096).filter { $0.arrival < 3 * 3600 }
    // A conversation that would go on only beyond the window's end has the same number either way.
    #expect(longer == base)
    // No two use cases share a text.
    let texts = [Int32(0), 1].map { useCase in
      base.filter { $0.useCase == useCase }.reduce(into: Set<UInt32>()) {
        $0.formUnion([$1.content, $1.prefix])
      }
      .subtracting([0])
    }
    #expect(texts[0].isDisjoint(with: texts[1]))
  }
}
