// SPDX-License-Identifier: GPL-3.0-or-later
// A question about other prices is answered from what was simulated before, and the answer is that of a plan made anew,
// to the last bit.

import Decision
import Numerics
import Planning
import Synchronization
import Testing

/// An archive in memory that keeps summaries too, and counts what is asked of it.
final class SummaryArchive: PieceArchive {
  private let pieces = MemoryArchive()
  private let summaries = Mutex<[String: [UInt8]]>([:])
  private let found = Mutex(0)

  /// Summaries found.
  var hits: Int { found.withLock(\.self) }
  /// Pieces read.
  var reads: Int { pieces.reads }
  var digests: [String] { summaries.withLock { $0.keys.sorted() } }

  func begin(_ round: PieceRound) { pieces.begin(round) }
  func keys(of set: String) -> Set<PieceKey> { pieces.keys(of: set) }
  func bytes(of key: PieceKey, in set: String) -> [UInt8]? { pieces.bytes(of: key, in: set) }
  func keep(_ bytes: [UInt8], of key: PieceKey, in set: String) { pieces.keep(bytes, of: key, in: set) }
  func reject(_ key: PieceKey, in set: String, reason: String) {
    pieces.reject(key, in: set, reason: reason)
  }
  func summary(_ digest: String) -> [UInt8]? {
    let bytes = summaries.withLock { $0[digest] }
    if bytes != nil { found.withLock { $0 += 1 } }
    return bytes
  }
  func keep(summary bytes: [UInt8], as digest: String, of set: String) {
    summaries.withLock { $0[digest] = bytes }
  }

  /// Changes every summary.
  func spoil(_ damage: ([UInt8]) -> [UInt8]) { summaries.withLock { $0 = $0.mapValues(damage) } }
}

@Suite("What-ifs")
struct WhatIfTests {
  /// Prices a plan from an archive and counts what it simulated.
  private func price(
    _ model: PlanModel, _ archive: SummaryArchive, threads: Int = 2
  ) -> (plan: PricedPlan, simulated: Int) {
    let simulated = Mutex(0)
    let plan = model.priced(threads: threads, archive: (archive, program: "test")) {
      simulated.withLock { $0 += 1 }
    }
    return (plan, simulated.withLock(\.self))
  }

  /// Expects a priced plan to be what a plan made anew says.
  private func expect(
    _ priced: PricedPlan, equals outcome: PlanOutcome, location: SourceLocation = #_sourceLocation
  ) {
    let result = outcome.result
    #expect(priced.options.map(\.costs) == outcome.costs, sourceLocation: location)
    #expect(priced.options.map(\.name) == result.options.map(\.name), sourceLocation: location)
    #expect(
      priced.options.map(\.outlook)
        == result.options.map {
          OptionOutlook(
            totalCost: $0.totalCost, probabilityCheapest: $0.probabilityCheapest,
            serviceLevel: $0.serviceLevel, meetsServiceLevel: $0.meetsServiceLevel)
        }, sourceLocation: location)
    #expect(
      priced.options[priced.recommended].name == result.decision.option, sourceLocation: location)
    #expect(priced.draws == result.run.draws && priced.simulations == result.run.simulations)
  }

  /// Changes of what only the ledger reads: by a number, by a distribution, of lines that were not there.
  static let monetary =
    PieceTests.monetary.filter { !$0.hasPrefix("sampling") } + [
      "prices.gpu_hour.h100-sxm.on-demand=1.75", "options.own.costs.people_per_month=900",
      "prices.api.bedrock.factor={uniform: [0.2, 3]}", "sampling.draws=48",
    ]

  @Test(
    "other prices simulate nothing, read no piece, and cost what a plan made anew does, to the last bit",
    arguments: monetary)
  func prices(override: String) throws {
    for seed: UInt64 in [5, 6, 7] {
      let archive = SummaryArchive()
      let base = try plan(archived, seed: seed)
      _ = base.run(threads: 2, version: "test", command: "test", archive: (archive, program: "test"))
      #expect(archive.digests.count == 1)
      let changed = try plan(archived, overrides: [override], seed: seed)
      let (priced, simulated) = price(changed, archive)
      #expect(simulated == 0 && archive.reads == 0 && archive.hits == 1, "\(override), seed \(seed)")
      expect(priced, equals: changed.run(threads: 2, version: "test", command: "test"))
      let before = price(base, archive).plan
      #expect(before.quantities == priced.quantities && archive.digests.count == 1)
      let answer = WhatIfAnswer(before: before, after: priced, model: changed, base: "", changes: [override])
      #expect(answer.isPriceOnly)
    }
  }

  @Test(
    "a change of what is simulated is simulated, costs what a plan made anew does, and is in the store next time",
    arguments: PieceTests.physical)
  func physical(override: String) throws {
    let archive = SummaryArchive()
    let base = try plan(archived)
    let before = price(base, archive)
    #expect(before.simulated == base.pieceCount)
    let changed = try plan(archived, overrides: [override])
    let (priced, simulated) = price(changed, archive)
    #expect(simulated > 0 && priced.quantities != before.plan.quantities)
    expect(priced, equals: changed.run(threads: 2, version: "test", command: "test"))
    let again = price(changed, archive, threads: 3)
    #expect(again.simulated == 0 && again.plan.options.map(\.costs) == priced.options.map(\.costs))
    let answer = WhatIfAnswer(
      before: before.plan, after: priced, model: changed, base: "", changes: [override])
    #expect(!answer.isPriceOnly)
  }

  @Test("a launch, growth below 0 and a single simulated month are priced from a summary alike")
  func shapes() throws {
    let shapes = [
      ["demand.launches=[{day: 2026-12-20, factor: 3}]"], ["demand.growth_per_month=-0.2"],
      ["horizon.represent.months=1"],
      ["horizon.months=1", "horizon.represent.months=1"],
    ]
    for overrides in shapes {
      let archive = SummaryArchive()
      let model = try plan(archived, overrides: overrides)
      _ = price(model, archive)
      let (priced, simulated) = price(model, archive)
      #expect(simulated == 0 && archive.hits == 1, "\(overrides)")
      expect(priced, equals: model.run(threads: 2, version: "test", command: "test"))
    }
  }

  @Test("a summary that is not this plan's is not taken: the pieces are")
  func damaged() throws {
    let model = try plan(archived)
    for damage in [{ Array($0.dropLast()) }, { $0 + [0] }, { _ in [] }, { [9] + $0.dropFirst() }]
      as [([UInt8]) -> [UInt8]]
    {
      let archive = SummaryArchive()
      let whole = price(model, archive).plan
      archive.spoil(damage)
      let (healed, simulated) = price(model, archive)
      #expect(simulated == 0 && archive.reads == model.pieceCount)
      #expect(healed.options.map(\.costs) == whole.options.map(\.costs))
      #expect(price(model, archive).plan.options.map(\.costs) == whole.options.map(\.costs))
      #expect(archive.reads == model.pieceCount, "the summary was not made anew")
    }
  }

  @Test(
    "a fast plan follows from prices, so that its summary is not kept; it still answers as a plan made anew")
  func fast() throws {
    let overrides = ["sampling={draws: 24, simulations: 12, fidelity: fast, seed: 5}"]
    let archive = SummaryArchive()
    let model = try plan(archived, overrides: overrides)
    let (priced, _) = price(model, archive)
    #expect(archive.digests.isEmpty)
    expect(priced, equals: model.run(threads: 2, version: "test", command: "test"))
  }

  @Test("a plan with a target goes through the same rounds")
  func target() throws {
    let overrides = [
      "sampling={draws: 32, simulations: 16, seed: 5, target: {mean_cost: 0.001}, maximum: 48}"
    ]
    let archive = SummaryArchive()
    let model = try plan(archived, overrides: overrides)
    let first = price(model, archive).plan
    #expect(first.draws > 32 && archive.digests.count > 1)
    let (again, simulated) = price(model, archive)
    #expect(simulated == 0 && again.options.map(\.costs) == first.options.map(\.costs))
    expect(again, equals: model.run(threads: 2, version: "test", command: "test"))
  }

  @Test(
    "from summaries alone several plans are priced at once; where there is none, nothing is simulated for it")
  func together() throws {
    let archive = SummaryArchive()
    let base = try plan(archived)
    #expect(base.pricedFromSummary(threads: 1, archive: (archive, program: "test")) == nil)
    #expect(archive.digests.isEmpty && archive.reads == 0)
    _ = price(base, archive)
    let models = try Self.monetary.map { try plan(archived, overrides: [$0]) }
    let priced = parallelMap(count: models.count, threads: 4) { place in
      models[place].pricedFromSummary(threads: 1, archive: (archive, program: "test"))
    }
    for (model, plan) in zip(models, priced) {
      let plan = try #require(plan)
      expect(plan, equals: model.run(threads: 2, version: "test", command: "test"))
    }
    #expect(archive.digests.count == 1 && archive.reads == 0)
    #expect(base.pricedFromSummary(threads: 1, archive: (archive, program: "another")) == nil)
  }

  @Test("the answer says what changes, option by option and of the decision")
  func answers() throws {
    let archive = SummaryArchive()
    let before = price(try plan(archived), archive).plan
    func ask(_ changes: [String]) throws -> WhatIfAnswer {
      let model = try plan(archived, overrides: changes)
      return WhatIfAnswer(
        before: before, after: price(model, archive).plan, model: model, base: "a file", changes: changes)
    }
    let same = try ask(["title=Another"])
    #expect(!same.decisionFlips && same.sentence.hasPrefix("The decision stays: "))
    #expect(same.options.allSatisfy { $0.before == $0.after && $0.meanChange == 0 })
    let dear = try ask(["prices.api.bedrock.factor=4000"])
    let api = try #require(dear.options.first { $0.name == "api" })
    let difference = try #require(api.difference)
    #expect(dear.before == "api" && dear.after != "api" && dear.decisionFlips)
    #expect(dear.sentence.hasPrefix("The decision changes: api → "))
    let (change, share) = (try #require(api.meanChange), try #require(api.relativeChange))
    expectClose(difference.mean, change, within: 1e-9)
    expectClose(share * (api.before?.totalCost.mean ?? 0), change, within: 1e-12)
    let more = try ask(["options.second={chain: [{metered: {provider: bedrock}}]}"])
    let added = try #require(more.options.first { $0.name == "second" })
    #expect(added.before == nil && added.meanChange == nil && added.difference == nil)
    let fewer = try ask(["sampling.draws=12"])
    #expect(fewer.options.allSatisfy { $0.difference == nil && $0.meanChange != nil })
  }
}
