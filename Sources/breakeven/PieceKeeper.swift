// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps a plan's pieces in the database while it runs: several at once and not too often, so that the run hardly
// notices, and often enough that a killed one loses little.

import CommandLineKit
import Foundation
import Planning
import Store
import Synchronization

/// The pieces of one run. A store that cannot be written loses nothing but the chance to continue.
final class PieceKeeper: PieceArchive {
  /// Pieces that are not written yet, and the account of the run.
  private struct State {
    var set = ""
    var waiting: [(key: StoredPieceKey, blob: [UInt8])] = []
    var written = 0
    var stored = 0
    var pieces = 0
    var rounds = 0
    var lastWrite = ContinuousClock.now
    var hasFailed = false
    var progress: ProgressReporter?
  }

  /// A connection of its own: nobody else waits for what is written here.
  private let store: Mutex<RunStore>
  private let state = Mutex(State())
  private let scenario: String
  private let label: String
  private let isFresh: Bool
  private let quiet: Bool

  /// The least time between two writings.
  private static let interval = Duration.milliseconds(200)

  /// - Parameters:
  ///   - database: the store's path.
  ///   - scenario: whose run it is.
  ///   - label: what is being done, for the progress.
  ///   - isFresh: whether stored pieces are left alone and replaced.
  ///   - quiet: whether nothing is said that is no problem.
  init(database: String, scenario: String, label: String, isFresh: Bool, quiet: Bool) throws(StoreError) {
    let opened = try RunStore(path: database)
    try opened.commitLazily()
    store = Mutex(opened)
    self.scenario = scenario
    self.label = label
    self.isFresh = isFresh
    self.quiet = quiet
  }

  func begin(_ round: PieceRound) {
    state.withLock { state in
      state.progress?.finish()
      state.pieces += round.pieces
      state.stored += round.stored
      state.rounds += 1
      let isFirst = state.rounds == 1
      if !quiet {
        if !isFirst {
          Terminal.writeDiagnostic(
            "The target is not reached: \(round.simulations) simulations, \(round.pieces) pieces more\n")
        }
        if round.stored > 0 {
          let isAll = round.stored == round.pieces
          Terminal.writeDiagnostic(
            "\(isAll ? "Nothing is simulated" : "Continues"): \(round.stored) of \(round.pieces) pieces were "
              + "stored\n")
        }
      }
      state.progress = ProgressReporter(
        label, total: round.pieces, alreadyDone: round.stored, quiet: quiet)
    }
  }

  func keys(of set: String) -> Set<PieceKey> {
    if isFresh { return [] }
    let keys = store.withLock { store in try? store.pieceKeys(of: set) } ?? []
    return Set(keys.map { PieceKey(draw: $0.draw, month: $0.month, volume: $0.volume, inputs: $0.inputs) })
  }

  func bytes(of key: PieceKey, in set: String) -> [UInt8]? {
    let blob = store.withLock { store in try? store.piece(StoredPieceKey(key), of: set) }
    guard let blob else { return nil }
    guard let bytes = PieceBlob.opened(blob) else {
      reject(key, in: set, reason: "its checksum or its layout is another")
      return nil
    }
    return bytes
  }

  func keep(_ bytes: [UInt8], of key: PieceKey, in set: String) {
    let isDue = state.withLock { state in
      state.set = set
      state.waiting.append((StoredPieceKey(key), PieceBlob.sealed(bytes)))
      return ContinuousClock.now - state.lastWrite >= Self.interval
    }
    if isDue { store.withLockIfAvailable { write(to: $0) } }
  }

  func reject(_ key: PieceKey, in set: String, reason: String) {
    Terminal.writeDiagnostic(
      "Warning: the stored piece of simulation \(key.draw), month \(key.month), volume \(key.volume) is damaged "
        + "(\(reason)); it is simulated again\n")
  }

  func summary(_ digest: String) -> [UInt8]? {
    let blob = store.withLock { store in try? store.summary(digest) }
    return blob.flatMap(PieceBlob.opened)
  }

  func keep(summary bytes: [UInt8], as digest: String, of set: String) {
    // It can be made from the pieces again: not to have it is worth no word.
    store.withLock { store in
      try? store.keepSummary(
        PieceBlob.sealed(bytes), as: digest, of: set, scenario: scenario, now: Date.now.ISO8601Format())
    }
  }

  /// Notes that a piece has been simulated.
  func advance() { state.withLock(\.progress)?.advance() }

  /// Ends the display of progress.
  func finishProgress() { state.withLock(\.progress)?.finish() }

  /// Writes what is not written yet.
  /// - Returns: how many pieces of the run's are stored, and of how many.
  @discardableResult
  func flush() -> (stored: Int, pieces: Int) {
    store.withLock { write(to: $0) }
    return state.withLock { ($0.stored + $0.written, $0.pieces) }
  }

  private func write(to store: borrowing RunStore) {
    let (waiting, set) = state.withLock { state in
      defer { state.waiting = [] }
      return (state.waiting, state.set)
    }
    if waiting.isEmpty { return }
    var problem: StoreError?
    do {
      try store.keep(waiting, of: set, scenario: scenario, now: Date.now.ISO8601Format())
    } catch {
      problem = error
    }
    let isNews = state.withLock { state in
      state.lastWrite = .now
      guard problem != nil else {
        state.written += waiting.count
        return false
      }
      // They are tried again with the next ones.
      state.waiting = waiting + state.waiting
      defer { state.hasFailed = true }
      return !state.hasFailed
    }
    if let problem, isNews {
      Terminal.writeDiagnostic(
        "Warning: \(problem.description); until that works, an interruption would lose what is simulated\n")
    }
  }
}

extension StoredPieceKey {
  fileprivate init(_ key: PieceKey) {
    self.init(draw: key.draw, month: key.month, volume: key.volume, inputs: key.inputs)
  }
}
