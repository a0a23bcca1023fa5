// SPDX-License-Identifier: GPL-3.0-or-later
// A plan is simulated in pieces that know nothing of each other: one draw at one level of demand. Kept as they finish,
// they outlive an interruption, and a change of nothing but prices.

import Numerics
import Scenario
import Simulation
import Synchronization

/// Which piece of a set of pieces: what of its inputs differs within the set.
public struct PieceKey: Sendable, Hashable {
  /// The draw, from 0, which the random streams of its requests are keyed by.
  public var draw: Int
  /// The simulated month, from 0.
  public var month: Int
  /// The multiple of the planned volume.
  public var volume: Double
  /// Digest of the draw's physical inputs, hexadecimal.
  public var inputs: String

  /// A piece's key.
  public init(draw: Int, month: Int, volume: Double, inputs: String) {
    self.draw = draw
    self.month = month
    self.volume = volume
    self.inputs = inputs
  }
}

/// Pieces about to be simulated: all of a run, or a round of one that goes on until it is precise enough.
public struct PieceRound: Sendable, Hashable {
  /// Physical draws of the run, with those of earlier rounds.
  public var simulations: Int
  /// Pieces of this round alone.
  public var pieces: Int
  /// How many of them are kept and need not be simulated.
  public var stored: Int
}

/// Where the finished pieces of plans are kept. Called on any thread, also on several at once.
public protocol PieceArchive: Sendable {
  /// A round begins: for whoever shows how far the run has come.
  func begin(_ round: PieceRound)

  /// The pieces of a set that are kept.
  func keys(of set: String) -> Set<PieceKey>

  /// A piece's bytes; nil where they cannot be read, in which case the piece is simulated.
  func bytes(of key: PieceKey, in set: String) -> [UInt8]?

  /// Keeps a piece in the place of one of its key.
  func keep(_ bytes: [UInt8], of key: PieceKey, in set: String)

  /// A piece's bytes are not those of a piece: it is simulated again.
  func reject(_ key: PieceKey, in set: String, reason: String)

  /// What all pieces of a plan come to (`StoredQuantities`), by its digest; nil where it is not kept or cannot be read.
  func summary(_ digest: String) -> [UInt8]?

  /// Keeps what all pieces of a plan come to.
  func keep(summary bytes: [UInt8], as digest: String, of set: String)
}

extension PieceArchive {
  /// None: an archive need not keep summaries.
  public func summary(_ digest: String) -> [UInt8]? { nil }

  /// Keeps nothing.
  public func keep(summary bytes: [UInt8], as digest: String, of set: String) {}
}

extension PlanModel {
  /// The version of what `PositionalCoding` writes of a piece, and of what a piece is.
  private static let pieceLayout = 1

  /// A digest of everything that all pieces' quantities follow from, but what differs between pieces (`PieceKey`).
  ///
  /// It holds the seed, the whole demand with every row of its traces, and the options with their supplies, models,
  /// GPUs and engines. It does not hold what only the ledger reads: prices, the lines they multiply, fixed costs and
  /// the discount rate. What is in doubt is in it.
  /// - Parameter program: which program simulates; another one's pieces are not this one's.
  /// - Returns: SHA-256, hexadecimal; nil where something cannot be digested, and nothing can be kept.
  public func pieceSet(program: String) -> String? {
    var digest = StructureDigest()
    digest.add(program)
    digest.add(Self.pieceLayout)
    digest.add(Self.drainLimit)
    digest.add(sampling.seed)
    digest.add(demand)
    digest.add(options)
    return digest.hexadecimal
  }
}

/// Where a run's pieces come from: from an earlier round, from the archive, or from a simulation.
final class PieceSource: Sendable {
  let archive: (any PieceArchive)?
  /// The archive's name for the pieces; nil where none can be kept.
  let set: String?
  /// Whether what is asked for is only what is priced, for which a summary of the pieces will do.
  let isForPrices: Bool
  let threads: Int
  let progress: @Sendable () -> Void
  private let known = Mutex<[PieceKey: [LevelOutcome]]>([:])

  /// - Parameters:
  ///   - archive: where pieces are kept, and their set; nil keeps none.
  ///   - isForPrices: whether what is asked for is only what is priced.
  ///   - threads: threads that simulate.
  ///   - progress: called once for each piece that is simulated, on any thread.
  init(
    archive: (keeper: any PieceArchive, set: String?)?, isForPrices: Bool = false, threads: Int,
    progress: @escaping @Sendable () -> Void
  ) {
    self.isForPrices = isForPrices
    self.archive = archive?.keeper
    set = archive?.set
    self.threads = threads
    self.progress = progress
  }

  /// Some pieces of a plan, each by option.
  /// - Parameters:
  ///   - indices: which: a draw's number times the levels of a draw, plus the level's.
  ///   - physical: by draw, then input.
  ///   - levels: by draw.
  func outcomes(
    _ indices: [Int], of model: PlanModel, physical: [[Double]], levels: [[DemandLevel]]
  ) -> [[LevelOutcome]] {
    let inputs = physical.map { values in
      var digest = StructureDigest()
      digest.add(values)
      return String((digest.hexadecimal ?? "").prefix(32))
    }
    let keys = indices.map { index in
      let (draw, place) = index.quotientAndRemainder(dividingBy: model.levelCount)
      let level = levels[draw][place]
      return PieceKey(draw: draw, month: level.month, volume: level.volume, inputs: inputs[draw])
    }
    let wanted = known.withLock { known in keys.filter { known[$0] == nil } }
    let kept = set.flatMap { archive?.keys(of: $0) } ?? []
    archive?.begin(
      PieceRound(
        simulations: physical.count, pieces: wanted.count, stored: wanted.count(where: kept.contains)))
    let made = parallelMap(count: wanted.count, threads: threads) { [self] index in
      let key = wanted[index]
      if kept.contains(key), let piece = stored(key, of: model) { return piece }
      let piece = model.simulate(
        draw: UInt32(key.draw), physical: physical[key.draw],
        level: DemandLevel(month: key.month, volume: key.volume))
      keep(piece, of: key)
      progress()
      return piece
    }
    return known.withLock { known in
      for (key, piece) in zip(wanted, made) { known[key] = piece }
      return keys.compactMap { known[$0] }
    }
  }

  private func stored(_ key: PieceKey, of model: PlanModel) -> [LevelOutcome]? {
    guard let archive, let set, let bytes = archive.bytes(of: key, in: set) else { return nil }
    do {
      let piece = try PositionalCoding.decode([LevelOutcome].self, from: bytes)
      guard piece.count == model.options.count else {
        throw PositionalCodingError(reason: "it has \(piece.count) options, not \(model.options.count)")
      }
      return piece
    } catch {
      archive.reject(key, in: set, reason: (error as? PositionalCodingError)?.reason ?? "\(error)")
      return nil
    }
  }

  private func keep(_ piece: [LevelOutcome], of key: PieceKey) {
    guard let archive, let set else { return }
    do {
      archive.keep(try PositionalCoding.encode(piece), of: key, in: set)
    } catch {
      preconditionFailure("a piece cannot be written: \(error)")
    }
  }
}
