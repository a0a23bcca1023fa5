// SPDX-License-Identifier: GPL-3.0-or-later
// Prices the base and what is made of it, from the store where that is enough, and simulates the rest.

import CommandLineKit
import Decision
import Foundation
import Numerics
import Planning
import Reporting
import Scenario
import Store
import Synchronization
import Uncertainty

/// One question, asked of one base.
struct WhatIfSession {
  let base: WhatIfBase
  /// Changes that hold at every point, as `path=value`.
  let changes: [String]
  let threads: Int
  let database: String
  let quiet: Bool
  /// The command, for whoever wants to ask it again.
  let command: String

  /// The base and the changed plan side by side.
  /// - Parameter name: stores the changed plan as a run of this name; nil stores none.
  func answer(savingAs name: String?) throws -> WhatIfAnswer {
    let models = try models([[], changes])
    let (old, new) = (models[0], models[1])
    if let name { try openStore().checkName(name) }
    let keeper = try keeper(new)
    let interruption = watch(keeper)
    // Both at once where nothing is to be simulated, for then somebody waits for the blink of an eye.
    let stored = parallelMap(count: models.count, threads: threads) { [threads] side in
      models[side].pricedFromSummary(
        threads: max(1, threads / models.count), archive: (keeper, program: programIdentity))
    }
    let before =
      stored[0]
      ?? old.priced(threads: threads, archive: (keeper, program: programIdentity)) { keeper.advance() }
    let after =
      stored[1]
      ?? new.priced(threads: threads, archive: (keeper, program: programIdentity)) { keeper.advance() }
    keeper.finishProgress()
    let answer = WhatIfAnswer(
      before: before, after: after, model: new, base: base.words, changes: changes)
    guard let name else {
      keeper.flush()
      return answer
    }
    let outcome = new.run(
      threads: threads, version: programVersion, command: command,
      archive: (keeper, program: programIdentity)
    ) { keeper.advance() }
    keeper.finishProgress()
    var texts = base.texts
    texts.overrides += changes
    let inputs = RunInputs(texts, settings: base.settings)
    let run = try interruption.completing {
      keeper.flush()
      return try openStore().save(
        outcome.result, json: try ResultDocument.encode(outcome.result), costs: outcome.costs,
        createdAt: Date.now.ISO8601Format(), pieceSet: outcome.pieceSet, inputs: inputs, name: name)
    }
    if !quiet {
      Terminal.writeDiagnostic("Run \(run), called \(name), is stored in \(database)\n")
    }
    return answer
  }

  /// The plan at every point of one or two axes.
  func sweep(_ axes: [SweepAxis]) throws -> WhatIfSweep {
    let values = axes.map(\.values)
    let grid =
      values.count == 1 ? values[0].map { [$0] } : values[0].flatMap { x in values[1].map { [x, $0] } }
    let start = try base.model(changes)
    if !quiet { for note in notes(axes, start) { Terminal.writeDiagnostic("Note: \(note)\n") } }
    // All of them before the first is simulated: a value that is refused is told at once.
    let models = try models(
      grid.map { point in
        changes + zip(axes, point).map { "\($0.path)=\(SweepAxis.text($1))" }
      })
    let keeper = try keeper(start)
    let interruption = watch(keeper)
    let archive = SweepArchive(
      keeper, label: "simulating \(start.scenario.name)", points: models.count, quiet: quiet)
    let points = zip(grid, models).map { values, model in
      let plan = model.priced(threads: threads, archive: (archive, program: programIdentity)) {
        archive.advance()
      }
      archive.finishPoint()
      return WhatIfSweep.Point(
        values: values, recommended: plan.options[plan.recommended].name,
        options: plan.options.map { .init(name: $0.name, title: $0.title, outlook: $0.outlook) })
    }
    archive.finish()
    return interruption.completing {
      WhatIfSweep(
        scenario: start.scenario.name, title: start.scenario.title, base: base.words, changes: changes,
        axes: axes.map { .init(path: $0.path, values: $0.values, isLogarithmic: $0.isLogarithmic) },
        points: points)
    }
  }

  /// The base with each of several sets of changes, made side by side; the first that is refused throws.
  private func models(_ changes: [[String]]) throws -> [PlanModel] {
    try parallelMap(count: changes.count, threads: threads) { [base] place in
      Result { try base.model(changes[place]) }
    }.map { try $0.get() }
  }

  /// What a reader should know of the axes.
  private func notes(_ axes: [SweepAxis], _ model: PlanModel) -> [String] {
    let uncertain = Set((model.physical.inputs + model.price.inputs).map(\.name))
    return axes.filter { uncertain.contains($0.path) }.map {
      "\($0.path) is uncertain in the base; each point of the sweep takes it as certain"
    }
  }

  private func keeper(_ model: PlanModel) throws -> PieceKeeper {
    let parent = URL(fileURLWithPath: database).deletingLastPathComponent()
    try? FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    return try PieceKeeper(
      database: database, scenario: model.scenario.name, label: "simulating \(model.scenario.name)",
      isFresh: false, quiet: quiet)
  }

  private func openStore() throws -> RunStore {
    try RunStore(path: database, access: .existing)
  }

  private func watch(_ keeper: PieceKeeper) -> Interruption {
    Interruption { [weak keeper, command] in
      guard let keeper else { return "" }
      keeper.finishProgress()
      keeper.flush()
      return "Interrupted: what is simulated so far is stored. To continue: \(command)\n"
    }
  }
}

/// The store seen by a sweep: pieces are taken from it, but only what they come to is kept, for the pieces of a whole
/// sweep would be gigabytes.
private final class SweepArchive: PieceArchive {
  private struct State {
    var progress: ProgressReporter?
    var pointsDone = 0
    /// Pieces of a point, and of the present one those that nothing is known of yet.
    var piecesOfPoint = 0
    var piecesLeft = 0
  }

  private let keeper: PieceKeeper
  private let label: String
  private let points: Int
  private let quiet: Bool
  private let state = Mutex(State())

  init(_ keeper: PieceKeeper, label: String, points: Int, quiet: Bool) {
    self.keeper = keeper
    self.label = label
    self.points = points
    self.quiet = quiet
  }

  func begin(_ round: PieceRound) {
    state.withLock { state in
      // Points of a sweep are alike: the first that simulates tells how much the others will.
      if round.stored < round.pieces, state.progress == nil {
        state.piecesOfPoint = round.pieces
        state.piecesLeft = round.pieces
        state.progress = ProgressReporter(
          label, total: round.pieces * (points - state.pointsDone), quiet: quiet)
      }
      state.progress?.advance(by: round.stored)
      state.piecesLeft -= round.pieces
    }
  }

  func keys(of set: String) -> Set<PieceKey> { keeper.keys(of: set) }
  func bytes(of key: PieceKey, in set: String) -> [UInt8]? { keeper.bytes(of: key, in: set) }
  func keep(_ bytes: [UInt8], of key: PieceKey, in set: String) {}
  func reject(_ key: PieceKey, in set: String, reason: String) {
    keeper.reject(key, in: set, reason: reason)
  }
  func summary(_ digest: String) -> [UInt8]? { keeper.summary(digest) }
  func keep(summary bytes: [UInt8], as digest: String, of set: String) {
    keeper.keep(summary: bytes, as: digest, of: set)
  }

  /// Notes that a piece has been simulated.
  func advance() { state.withLock(\.progress)?.advance() }

  /// Notes that a point is done; what it has not simulated, because its summary was stored, counts as done too.
  func finishPoint() {
    state.withLock { state in
      state.progress?.advance(by: max(0, state.piecesLeft))
      state.piecesLeft = state.piecesOfPoint
      state.pointsDone += 1
    }
  }

  /// Ends the display of progress.
  func finish() { state.withLock(\.progress)?.finish() }
}
