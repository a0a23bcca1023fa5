// SPDX-License-Identifier: GPL-3.0-or-later
// What every subcommand that uses the store has in common: its file, and how its failures end the program.

public import CommandLineKit
import Decision
import Foundation
import Reporting
public import Store

/// The database of stored runs.
struct StoreOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Database of the stored runs.", valueName: "file"))
  var database = "reports/breakeven.sqlite"

  mutating func validate() throws {
    // SQLite takes these names for databases that are gone when they are closed.
    if database.isEmpty || database == ":memory:" {
      throw ValidationError("--database is '\(database)', which keeps nothing; name a file.")
    }
  }

  /// Opens a store that is there.
  func open() throws(StoreError) -> RunStore { try RunStore(path: database, access: .existing) }
}

extension StoreError: CommandFailure {
  /// What went wrong, on one line.
  public var lines: [String] { [description] }

  /// 75 where trying again helps, 65 for a file at fault, 66 for what is not there, 73 for what cannot be
  /// written.
  public var exitCode: ExitCode {
    if isLocked { return .locked }
    if isBadFile { return .badData }
    if isMissing { return .missingInput }
    return cannotWrite ? .cannotWrite : .internalError
  }
}

extension StoredRun {
  /// The result document.
  /// - Throws: `StoreError.damaged` where it is not one that this version reads.
  func result(in path: String) throws(StoreError) -> PlanResult {
    do {
      return try ResultDocument.decode(json)
    } catch {
      throw .damaged(path: path, reason: "run \(summary.id): \(error.description)")
    }
  }
}

extension RunSummary {
  /// `run 3 of support-assistant, saved 2026-11-23 22:14 UTC`, with its name where it has one.
  var inWords: String {
    "run \(id)\(name.map { " '\($0)'" } ?? "") of \(scenario), saved \(savedAt) UTC"
  }

  /// When it was saved, to the minute, UTC.
  var savedAt: String { String(createdAt.prefix(16)).replacing("T", with: " ") }
}

extension RunReference: ExpressibleByArgument {
  /// Reads the reference as it is typed.
  public init?(argument: String) { self.init(argument) }

  /// In words.
  public static var expectation: String {
    "a run's number, 'latest', 'latest~1' (the one before), or a run's or a scenario's name"
  }
}
