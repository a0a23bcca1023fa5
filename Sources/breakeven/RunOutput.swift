// SPDX-License-Identifier: GPL-3.0-or-later
// Where a run goes: a report folder and a database, both tried before the simulation starts, for nobody wants
// to wait a minute to hear that a folder cannot be written.

import CommandLineKit
import Decision
import Foundation
import Planning
import Reporting
import Store

/// The outputs of a run.
struct RunOutput {
  let folder: URL
  let database: String

  /// Checks that both can be written; creates the database where there is none.
  init(folder: URL, database: String) throws {
    self.folder = folder
    self.database = database
    do {
      try ReportWriter.check(folder)
    } catch {
      throw error.failure
    }
    let parent = URL(fileURLWithPath: database).deletingLastPathComponent()
    try? FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    try RunStore(path: database).checkWritable()
  }

  /// Stores the run, then writes its report.
  /// - Parameters:
  ///   - inputs: what it was made from.
  ///   - night: what a nightly job knows beside the result.
  /// - Returns: the run's number.
  func write(_ outcome: PlanOutcome, inputs: RunInputs? = nil, night: NightlyFacts? = nil) throws -> Int64 {
    do {
      let json = try ResultDocument.encode(outcome.result)
      let store = try RunStore(path: database)
      let earlier = try earlier(than: outcome.result, json: json, in: store)
      let files = try ReportFiles.render(outcome.result, since: earlier)
      let run = try store.save(
        outcome.result, json: json, costs: outcome.costs, createdAt: Date.now.ISO8601Format(),
        pieceSet: outcome.pieceSet, inputs: inputs, night: night, earlier: earlier)
      try ReportWriter.write(files, to: folder)
      return run
    } catch let error as ReportError {
      throw error.failure
    }
  }

  /// What the report is held against; a run of before that this version cannot read is none.
  private func earlier(
    than result: PlanResult, json: Data, in store: borrowing RunStore
  ) throws -> EarlierRun? {
    guard let stored = try store.lastDiffering(scenario: result.run.scenario, json: json),
      let old = try? stored.result(in: database)
    else { return nil }
    return EarlierRun(
      run: stored.summary.id, day: String(stored.summary.createdAt.prefix(10)),
      comparison: RunComparison(from: old, to: result))
  }
}

extension ReportError {
  /// What ends the program: 64 for a part that is not there, 73 where nothing can be written, 70 for a document that this
  /// program wrote wrong.
  var failure: ReportedFailure {
    switch self {
    case .noSuchPart: ReportedFailure(.usage, description)
    case .cannotWrite: ReportedFailure(.cannotWrite, description)
    case .invalidResult: ReportedFailure(.internalError, description)
    }
  }
}
