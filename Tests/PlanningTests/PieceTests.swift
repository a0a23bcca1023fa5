// SPDX-License-Identifier: GPL-3.0-or-later
// INV-8 across interruptions: whatever part of a run an archive has kept, the result is that of a run without one; and
// what it has kept of other inputs is never taken.

import Decision
import Foundation
import Planning
import Quantities
import Scenario
import Simulation
import Synchronization
import Testing

/// An archive in memory that may forget.
final class MemoryArchive: PieceArchive {
  private let pieces: Mutex<[String: [PieceKey: [UInt8]]]>
  private let rejected = Mutex<[PieceKey]>([])
  private let begun = Mutex<[PieceRound]>([])
  private let read = Mutex(0)

  init(_ pieces: [String: [PieceKey: [UInt8]]] = [:]) { self.pieces = Mutex(pieces) }

  var content: [String: [PieceKey: [UInt8]]] { pieces.withLock(\.self) }
  var rounds: [PieceRound] { begun.withLock(\.self) }
  var rejections: Int { rejected.withLock(\.count) }
  var reads: Int { read.withLock(\.self) }

  func begin(_ round: PieceRound) { begun.withLock { $0.append(round) } }
  func keys(of set: String) -> Set<PieceKey> { pieces.withLock { Set($0[set, default: [:]].keys) } }

  func bytes(of key: PieceKey, in set: String) -> [UInt8]? {
    read.withLock { $0 += 1 }
    return pieces.withLock { $0[set]?[key] }
  }

  func keep(_ bytes: [UInt8], of key: PieceKey, in set: String) {
    pieces.withLock { $0[set, default: [:]][key] = bytes }
  }

  func reject(_ key: PieceKey, in set: String, reason: String) { rejected.withLock { $0.append(key) } }

  /// With only some of the pieces.
  func keeping(_ isKept: (Int) -> Bool) -> MemoryArchive {
    MemoryArchive(
      content.mapValues { set in
        let keys = set.keys.sorted { ($0.draw, $0.month, $0.volume) < ($1.draw, $1.month, $1.volume) }
        return Dictionary(
          uniqueKeysWithValues: keys.enumerated().filter { isKept($0.offset) }.map {
            ($0.element, set[$0.element] ?? [])
          })
      })
  }
}

/// A chain of three, reserved units and an API, all of them uncertain.
let archived = scenario(
  rate: "{p10: 0.1, p90: 0.3}", growth: "{p10: 0.01, p90: 0.05}", volume: "{pert: [0.8, 1, 1.3]}",
  noise: "{day: 0.1, hour: 0.2}", use: "profile: azure-code\nslo: {ttft_ms: 900}",
  options: api + fleet + """
    spot:
      title: Spot
      chain:
        - fleet:
            name: spot
            gpu: h100-sxm
            purchase: spot
            spot: {zones: 2, mean_up_hours: {p10: 2, p90: 9}, mean_down_hours: 1}
            queue_limit: 4
            pools:
              llama-3.1-8b: {replicas: 2}
        - reserved: {provider: bedrock-provisioned, units: {llama-3.1-8b: 1}}
        - metered: {provider: bedrock}
      costs: {people_per_month: {uniform: [100, 200]}, one_off: 1000}

    """,
  months: 3, represent: "{months: 2, windows: 3, window_minutes: 6}",
  prices: prices(output: "{p10: 0.5, p90: 1}", gpuHour: "{pert: [1, 2, 3]}", factor: "{uniform: [0.8, 1]}"),
  discountRate: "{uniform: [0.05, 0.1]}", sampling: "{draws: 24, simulations: 6, seed: 5}")

@Suite("Pieces of a plan")
struct PieceTests {
  /// Runs a plan with an archive and counts what it simulated.
  private func run(
    _ model: PlanModel, _ archive: MemoryArchive, threads: Int = 2, program: String = "test"
  ) -> (outcome: PlanOutcome, simulated: Int) {
    let simulated = Mutex(0)
    let outcome = model.run(
      threads: threads, version: "test", command: "test", archive: (archive, program: program)
    ) { simulated.withLock { $0 += 1 } }
    return (outcome, simulated.withLock(\.self))
  }

  @Test("INV-8: from none, some or all of its pieces, on any threads, a run is the run without an archive")
  func resumes() throws {
    let model = try plan(archived)
    let whole = model.run(threads: 2, version: "test", command: "test")
    let archive = MemoryArchive()
    let first = run(model, archive)
    #expect(first.outcome.result == whole.result && first.outcome.costs == whole.costs)
    #expect(first.simulated == model.pieceCount && whole.pieceSet == nil)
    #expect(archive.content.values.map(\.count) == [model.pieceCount])
    #expect(archive.content.keys.first == first.outcome.pieceSet)
    let again = run(model, archive)
    #expect(
      again.simulated == 0 && again.outcome.result == whole.result && again.outcome.costs == whole.costs)
    let last = try #require(archive.rounds.last)
    #expect(last.simulations == 6 && last.pieces == model.pieceCount && last.stored == model.pieceCount)
    for seed in 0..<8 {
      var stream = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing, index: 0)
      let part = archive.keeping { _ in stream.nextUniform() < Double(seed) / 8 }
      let kept = part.content.values.reduce(0) { $0 + $1.count }
      let rest = run(model, part, threads: 1 + seed % 4)
      #expect(rest.simulated == model.pieceCount - kept, "seed \(seed)")
      #expect(rest.outcome.result == whole.result && rest.outcome.costs == whole.costs, "seed \(seed)")
      #expect(part.content == archive.content)
    }
  }

  /// Changes of what only the ledger reads.
  static let monetary = [
    "prices.api.bedrock.factor=0.5", "prices.api.bedrock.llama-3.1-8b.output={p10: 0.6, p90: 1.1}",
    "prices.gpu_hour.h100-sxm.on-demand={pert: [2, 2.5, 4]}", "discount_rate=0.2", "budget=1000",
    "options.spot.costs.people_per_month={uniform: [100, 300]}", "options.own.costs={one_off: 7}",
    "options.spot.title=Something else", "title=Another", "baseline=own",
    "penalties={chat: {per_thousand_missed: 2, credits: {0.9: 0.1}, bill_per_month: 100}}",
    "options.spot.costs={people: {software-developer: 1}, tax_share: 0.1, redundancy_share: {uniform: [0, 1]}}",
    "price_paths={p: {of: prices.gpu_hour, trend_per_month: -0.02}}",
    "price_paths={p: {of: options.spot.costs, mean_reverting: {speed: 1, volatility: 0.2}}}",
    "sampling.draws=12",
    "sampling.draws=48",
  ]

  @Test("another price, or what is no quantity, needs no other simulation", arguments: monetary)
  func prices(override: String) throws {
    let archive = Self.archive
    let model = try plan(archived, overrides: [override])
    let repriced = run(model, archive.keeping { _ in true })
    #expect(repriced.simulated == 0)
    let whole = model.run(threads: 2, version: "test", command: "test")
    #expect(repriced.outcome.result == whole.result && repriced.outcome.costs == whole.costs)
  }

  /// Changes of what is simulated.
  static let physical = [
    "demand.uses.chat.rate=0.2", "demand.uses.chat.output_tokens=201", "demand.uses.chat.profile=flat",
    "demand.uses.chat.slo.ttft_ms=901", "demand.volume={pert: [0.8, 1, 1.31]}", "demand.noise.hour=0.21",
    "demand.launches=[{day: 2027-01-05, factor: 1.2}]", "sampling.seed=6", "sampling.method=plain",
    "options.own.chain=[{fleet: {gpu: h100-sxm, pools: {llama-3.1-8b: {replicas: 3}}}}]",
    "options.spot.chain=[{metered: {provider: bedrock}}]", "horizon.represent.windows=4",
    "horizon.represent.window_minutes=5", "horizon.start=2027-01",
    "prices.reserved.bedrock-provisioned.llama-3.1-8b.input_tokens_per_minute=90000",
  ]

  @Test("a change of anything simulated takes nothing of before", arguments: physical)
  func changed(override: String) throws {
    let archive = Self.archive.keeping { _ in true }
    let changed = run(try plan(archived, overrides: [override]), archive)
    #expect(changed.simulated > 0 && archive.reads == 0, "\(override)")
  }

  @Test("another program's pieces are not taken")
  func otherProgram() throws {
    let model = try plan(archived)
    let archive = Self.archive.keeping { _ in true }
    #expect(run(model, archive, program: "another").simulated == model.pieceCount)
    #expect(model.pieceSet(program: "a") != model.pieceSet(program: "b"))
    #expect(try plan(archived).pieceSet(program: "a") == model.pieceSet(program: "a"))
  }

  @Test("bytes that are no piece are rejected and simulated again")
  func damaged() throws {
    let model = try plan(archived)
    let whole = model.run(threads: 2, version: "test", command: "test")
    for damage in [{ Array($0.dropLast()) }, { $0 + [0] }, { _ in [] }] as [([UInt8]) -> [UInt8]] {
      let broken = MemoryArchive(
        Self.archive.content.mapValues { set in
          Dictionary(
            uniqueKeysWithValues: set.map { key, bytes in (key, key.draw == 3 ? damage(bytes) : bytes) })
        })
      let healed = run(model, broken)
      #expect(healed.simulated == model.pieceCount / 6 && broken.rejections == healed.simulated)
      #expect(healed.outcome.result == whole.result && broken.content == Self.archive.content)
    }
  }

  /// All pieces of the scenario.
  private static let archive: MemoryArchive = {
    let archive = MemoryArchive()
    _ = try? plan(archived).run(
      threads: 2, version: "test", command: "test", archive: (archive, program: "test"))
    return archive
  }()

  /// What is stored is written by the types' own declarations; a declaration of keys that leaves a field out would lose
  /// it in silence.
  @Test("every stored property of a bill and of a histogram is written")
  func fields() throws {
    func check(_ value: some Encodable) throws {
      let object = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(value))
      let keys = try #require(object as? [String: Any]).keys
      let fields = Mirror(reflecting: value).children.compactMap(\.label)
      #expect(Set(keys) == Set(fields) && !fields.isEmpty, "\(type(of: value))")
    }
    try check(RequestTotals())
    try check(SupplyTotals())
    try check(PoolHours())
    try check(ReservedTotals())
    try check(BillOfQuantities(useCases: 1, models: 1, chain: [.init(pools: 1, reservedModels: 1)]))
    try check(LatencyHistogram())
    try check(OccupancyHistogram())
    try check(ServiceQuality(useCases: 1))
    try check(PoolQuality(supply: 0, model: 0, places: 1))
  }
}
