// SPDX-License-Identifier: GPL-3.0-or-later
// A plan from a model to a stored run and a report, for every subcommand that runs one: what can fail is tried first,
// pieces are kept as they finish, and what is written is written at the end.

import CommandLineKit
import Foundation
import Planning
import Scenario
import Store

/// The words of a `breakeven plan` that gives the same result again.
struct PlanCommand {
  /// The scenario's file; nil for the built-in one.
  var scenario: String?
  /// What `--set` changes.
  var changes: [String] = []
  var catalog: String?
  var fidelity: Fidelity?
  var target: Double?
  var maximumDraws: Int?

  /// The command line, whatever the scenario file's own seed and number of futures.
  func words(for model: PlanModel) -> String {
    var words = ["breakeven", "plan"]
    if let scenario { words.append(scenario) }
    for change in changes { words += ["--set", change] }
    if let catalog { words += ["--catalog", catalog] }
    if let fidelity { words += ["--fidelity", fidelity.rawValue] }
    words += ["--seed", String(model.sampling.seed), "--draws", String(model.sampling.draws)]
    if let target { words += ["--target", String(target)] }
    if let maximumDraws { words += ["--max-draws", String(maximumDraws)] }
    return words.map(ShellText.quoted).joined(separator: " ")
  }
}

/// A plan about to be run.
struct PlanExecution {
  private let model: PlanModel
  private let command: String
  private let output: RunOutput
  private let keeper: PieceKeeper
  private let threads: Int

  /// - Parameters:
  ///   - model: what is run.
  ///   - command: the command that gives the same result again.
  ///   - output: where the run and its report go; checked already.
  ///   - threads: threads that simulate.
  ///   - isFresh: whether stored pieces are left alone and replaced.
  ///   - quiet: whether nothing is said that is no problem.
  init(
    _ model: PlanModel, command: String, output: RunOutput, threads: Int, isFresh: Bool, quiet: Bool
  ) throws {
    self.model = model
    self.command = command
    self.output = output
    self.threads = threads
    keeper = try PieceKeeper(
      database: output.database, scenario: model.scenario.name,
      label: "simulating \(model.scenario.name), seed \(model.sampling.seed)", isFresh: isFresh, quiet: quiet)
  }

  /// Keeps what is done when the run is interrupted, and says how to go on.
  /// - Parameter again: the command that goes on.
  func lastWords(again: String) -> @Sendable () -> String {
    // The handler outlives the run, and must not keep the database open after it.
    { [weak keeper, pieceCount = model.pieceCount] in
      guard let keeper else { return "" }
      keeper.finishProgress()
      let (stored, pieces) = keeper.flush()
      return "Interrupted: \(stored) of \(max(pieces, pieceCount)) pieces are stored, but no run. "
        + "To continue: \(again)\n"
    }
  }

  /// Simulates what is not stored, and prices it.
  func simulate() -> PlanOutcome {
    let keeper = keeper
    let outcome = model.run(
      threads: threads, version: programVersion, command: command,
      archive: (keeper, program: programIdentity)
    ) { keeper.advance() }
    keeper.finishProgress()
    return outcome
  }

  /// Stores the run, then writes its report.
  /// - Parameters:
  ///   - inputs: what it was made from.
  ///   - night: what a nightly job knows beside the result.
  /// - Returns: the run's number.
  func store(_ outcome: PlanOutcome, inputs: RunInputs?, night: NightlyFacts? = nil) throws -> Int64 {
    keeper.flush()
    return try output.write(outcome, inputs: inputs, night: night)
  }
}
