// SPDX-License-Identifier: GPL-3.0-or-later
// When a report or a database cannot be written: a clear error at once, and everything that was there as it was.

import CSQLite
import Foundation
import Testing

@Suite("Outputs that cannot be written", .timeLimit(.minutes(15)))
struct OutputFailureTests {
  /// Runs a plan that must fail, and checks that every file in the folder is afterwards as it was before.
  private func refusal(
    _ arguments: [String], in folder: Folder, location: SourceLocation = #_sourceLocation
  ) async throws -> Program.Outcome {
    let before = try folder.files()
    let outcome = try await Program.run(["plan", "small.yaml"] + arguments, in: folder)
    let after = try folder.files()
    #expect(outcome.output.isEmpty, sourceLocation: location)
    #expect(!outcome.diagnostics.contains("simulating"), "it was run in vain", sourceLocation: location)
    for name in Set(before.keys).union(after.keys).sorted() where before[name] != after[name] {
      Issue.record("\(name) was changed by a refused run", sourceLocation: location)
    }
    return outcome
  }

  @Test("A report folder below a file ends with 73, names the file, and no database appears")
  func folderBelowFile() async throws {
    let folder = try SmallScenario.folder()
    try folder.write("text\n", to: "notes.txt")
    for out in ["notes.txt", "notes.txt/report", "notes.txt/a/b"] {
      let outcome = try await refusal(["--out", out], in: folder)
      #expect(outcome.exitCode == 73)
      #expect(outcome.diagnosticLines.count == 1)
      #expect(outcome.diagnostics.hasPrefix("cannot write "))
      #expect(outcome.diagnostics.hasSuffix("/notes.txt: it is a file, not a folder\n"))
    }
  }

  @Test("A folder in the place of a report's file ends with 73, and no file of the report is replaced")
  func fileThatIsAFolder() async throws {
    let folder = try SmallScenario.folder()
    try folder.write("precious\n", to: "report/report.html/notes.txt")
    try folder.write("older\n", to: "report/components.csv")
    let outcome = try await Program.run(["plan", "small.yaml", "--out", "report"], in: folder)
    #expect(outcome.exitCode == 73 && outcome.output.isEmpty)
    #expect(outcome.diagnostics.contains("report/report.html: it is a folder, not a file"))
    #expect(
      try folder.files(below: "report") == [
        "report.html/notes.txt": Data("precious\n".utf8), "components.csv": Data("older\n".utf8),
      ])
  }

  @Test("A database that is a text file ends with 65 and keeps its bytes")
  func databaseIsText() async throws {
    let folder = try SmallScenario.folder()
    try folder.write("These are my notes, not a database.\n", to: "notes.txt")
    let outcome = try await refusal(["--database", "notes.txt"], in: folder)
    #expect(outcome.exitCode == 65)
    #expect(outcome.diagnostics == "cannot read 'notes.txt': file is not a database (SQLITE_NOTADB)\n")
  }

  @Test("A database that is a folder, or lies below a file, ends with 73")
  func databaseIsFolder() async throws {
    let folder = try SmallScenario.folder()
    try folder.write("kept\n", to: "folder/kept.txt")
    for database in ["folder", "folder/kept.txt/runs.sqlite"] {
      let outcome = try await refusal(["--database", database], in: folder)
      #expect(outcome.exitCode == 73)
      #expect(outcome.diagnostics.hasPrefix("cannot open '\(database)': "))
      #expect(outcome.diagnosticLines.count == 1)
    }
  }

  @Test("Another program's database ends with 65 and keeps its bytes")
  func foreignDatabase() async throws {
    let folder = try SmallScenario.folder()
    let path = folder.url.appending(path: "other.sqlite").path
    do {
      let other = try Connection(path)
      try other.execute("CREATE TABLE addresses (name TEXT); INSERT INTO addresses VALUES ('Ada')")
    }
    let outcome = try await refusal(["--database", "other.sqlite"], in: folder)
    #expect(outcome.exitCode == 65)
    #expect(outcome.diagnostics.contains("another program's database"))
  }

  @Test("A database that another process holds ends with 75; once it lets go, the run succeeds")
  func lockedDatabase() async throws {
    let folder = try SmallScenario.folder()
    let first = try await Program.run(["plan", "small.yaml", "--quiet"], in: folder)
    #expect(first.exitCode == 0)
    let report = try folder.files(below: "reports/small")
    do {
      let holder = try Connection(folder.url.appending(path: "reports/breakeven.sqlite").path)
      try holder.execute("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE")
      let outcome = try await Program.run(["plan", "small.yaml", "--seed", "5", "--quiet"], in: folder)
      #expect(outcome.exitCode == 75, "\(outcome.diagnostics)")
      #expect(
        outcome.diagnostics.contains("reports/breakeven.sqlite") && outcome.diagnostics.contains("locked"))
      #expect(outcome.output.isEmpty)
      try holder.execute("ROLLBACK")
    }
    #expect(try folder.files(below: "reports/small") == report)
    let later = try await Program.run(["plan", "small.yaml", "--seed", "5"], in: folder)
    #expect(later.exitCode == 0)
    #expect(later.diagnostics.contains("Run 2 is stored in reports/breakeven.sqlite"))
  }

  @Test("A refused scenario leaves the report of an earlier run as it was, byte for byte")
  func olderReport() async throws {
    let folder = try SmallScenario.folder()
    let first = try await Program.run(["plan", "small.yaml", "--quiet"], in: folder)
    #expect(first.exitCode == 0)
    let refused = try await refusal(["--set", "demand.uses.chat.rate=-1"], in: folder)
    #expect(refused.exitCode == 65)
    let blocked = try await refusal(["--out", "small.yaml/report"], in: folder)
    #expect(blocked.exitCode == 73)
  }

  @Test("A full disk behind standard output ends with 73, and says so")
  func fullDisk() async throws {
    let folder = try SmallScenario.folder()
    for command in ["schema", "validate small.yaml", "calc --gpu-hour 3 --throughput 2500 --output-price 1"] {
      let outcome = try await Program.shell("\"$PROGRAM\" \(command) > /dev/full", in: folder)
      #expect(outcome.exitCode == 73)
      #expect(
        outcome.diagnostics == "Error: cannot write to standard output: No space left on device\n")
    }
  }

  @Test("Two runs at a time into one database both succeed and get numbers of their own")
  func together() async throws {
    let folder = try SmallScenario.folder()
    async let left = Program.run(["plan", "small.yaml", "--out", "left"], in: folder)
    async let right = Program.run(["plan", "small.yaml", "--out", "right"], in: folder)
    let outcomes = try await [left, right]
    #expect(outcomes.allSatisfy { $0.exitCode == 0 }, "\(outcomes)")
    let numbers = outcomes.compactMap { $0.diagnostics.firstMatch(of: /Run (\d+) is stored/)?.1 }
    #expect(numbers.sorted() == ["1", "2"])
  }
}

/// A connection of a process that is not the program.
@safe private final class Connection {
  private var handle: OpaquePointer?

  init(_ path: String) throws {
    let code = unsafe sqlite3_open(path, &handle)
    try #require(code == SQLITE_OK)
  }

  deinit { _ = unsafe sqlite3_close(handle) }

  func execute(_ statements: String) throws {
    let code = unsafe sqlite3_exec(handle, statements, nil, nil, nil)
    try #require(code == SQLITE_OK, "SQLite says \(code) to \(statements)")
  }
}
