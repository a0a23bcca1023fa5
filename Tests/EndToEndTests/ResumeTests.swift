// SPDX-License-Identifier: GPL-3.0-or-later
// INV-8 across interruptions: a plan that was killed, however often and wherever, ends with the bytes of one that was
// not.

import CSQLite
import Foundation
import Testing

@Suite("Interrupted plans", .timeLimit(.minutes(15)))
struct ResumeTests {
  /// Makes the small scenario take a second or so.
  private static let settings = [
    "sampling={draws: 64, simulations: 16, seed: 3}",
    "horizon.represent={months: 2, windows: 4, window_minutes: 8}",
  ]

  private static func arguments(_ more: [String] = []) -> [String] {
    ["plan", "small.yaml"] + settings.flatMap { ["--set", $0] } + more
  }

  /// Runs a plan to its end and returns what it said, what it printed and every file of its report.
  private func finish(
    _ more: [String] = [], in folder: Folder, location: SourceLocation = #_sourceLocation
  ) async throws -> (diagnostics: String, bytes: [String: Data]) {
    let outcome = try await Program.run(Self.arguments(["--json"] + more), in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.diagnostics)", sourceLocation: location)
    var bytes = try folder.files(below: "reports/small")
    bytes["standard output"] = Data(outcome.output.utf8)
    return (outcome.diagnostics, bytes)
  }

  /// Kills a plan some time after it has said something.
  /// - Parameters:
  ///   - words: what it must have said, as a regular expression; empty counts from its start.
  ///   - milliseconds: how long after.
  /// - Returns: whether it was killed before its end.
  private func kill(
    after words: String, milliseconds: Int, threads: Int, in folder: Folder
  ) async throws -> Bool {
    let arguments = Self.arguments(["--threads", "\(threads)"]).map { "'\($0)'" }.joined(separator: " ")
    let waiting = words.isEmpty ? "true" : "grep -qE '\(words)|is stored in' said"
    let line = """
      : > said
      "$PROGRAM" \(arguments) > printed 2> said &
      for i in $(seq 4000); do
        \(waiting) && break
        sleep 0.005
      done
      sleep 0.\(String(format: "%03d", milliseconds))
      kill -KILL $! 2> /dev/null
      wait $!
      echo $?
      """
    let outcome = try await Program.shell(line, in: folder)
    #expect(["137\n", "0\n"].contains(outcome.output), "\(outcome)")
    return outcome.output == "137\n"
  }

  @Test("a plan killed at 20 moments continues to the same bytes of JSON, CSV and HTML, on other threads too")
  func killed() async throws {
    let expected = try await finish(in: try SmallScenario.folder()).bytes
    #expect(expected.keys.contains("report.html") && expected.count > 15)
    var (kills, continued) = (0, 0)
    for chain in 0..<5 {
      let folder = try SmallScenario.folder()
      // While it starts, twice in the middle, and while it prices and writes.
      for (place, words) in ["", " %", " %", "100 %"].enumerated() {
        // The same 20 moments in every run of the tests: Weyl's sequence of the golden ratio.
        let moment = (Double(4 * chain + place + 1) * 0.618_033_988_749_895).truncatingRemainder(
          dividingBy: 1)
        let isKilled = try await kill(
          after: words, milliseconds: Int(moment * 60), threads: 1 + (place + chain) % 3, in: folder)
        if isKilled { kills += 1 }
      }
      let (said, bytes) = try await finish(["--threads", "\(1 + chain)"], in: folder)
      if said.contains(/(Continues|Nothing is simulated): \d+ of 96 pieces were stored/) { continued += 1 }
      for name in expected.keys.sorted() {
        #expect(bytes[name] == expected[name], "\(name) differs after chain \(chain)")
      }
      #expect(bytes.count == expected.count)
      #expect(try await Program.run(["store", "check"], in: folder).exitCode == 0)
    }
    #expect(kills >= 10, "only \(kills) of 20 plans were killed before their end")
    #expect(continued >= 4, "\(continued) of 5 chains continued")
  }

  @Test("Ctrl-C keeps what is done and names a command that continues")
  func interrupted() async throws {
    let whole = try SmallScenario.folder()
    let expected = try await finish(in: whole).bytes
    let folder = try SmallScenario.folder()
    // At the first tenth there is something to keep, and much to do.
    let words = Self.arguments().map { "'\($0)'" }.joined(separator: " ")
    let line = """
      env --default-signal=INT "$PROGRAM" \(words) --threads 1 2> said &
      while ! grep -q '[1-9]0 %' said; do sleep 0.01; done
      kill -INT $!
      wait $!
      echo $?
      """
    let outcome = try await Program.shell(line, in: folder)
    #expect(outcome.output == "130\n")
    let said = try folder.text("said")
    let form = #/Interrupted: (\d+) of 96 pieces are stored, but no run\. To continue: (.*)\n/#
    let match = try #require(said.firstMatch(of: form), "\(said)")
    let kept = try #require(Int(match.1))
    #expect(kept > 0 && kept < 96)
    let continued = try await Program.shell(
      "\"$PROGRAM\"\(String(match.2).dropFirst("breakeven".count)) --json", in: folder)
    #expect(continued.diagnostics.contains("Continues: \(kept) of 96 pieces were stored\n"))
    #expect(Data(continued.output.utf8) == expected["standard output"])
  }

  @Test("other prices simulate nothing; --fresh and other demand simulate everything")
  func prices() async throws {
    let folder = try SmallScenario.folder()
    let first = try await finish(in: folder)
    #expect(!first.diagnostics.contains("stored\n") && first.diagnostics.contains("100 %"))
    let dear = ["--set", "prices.gpu_hour.h100-sxm.spot=4"]
    let repriced = try await finish(dear, in: folder)
    #expect(repriced.diagnostics.hasPrefix("Nothing is simulated: 96 of 96 pieces were stored\n"))
    let apart = try await finish(dear, in: try SmallScenario.folder())
    #expect(alone(repriced.bytes) == alone(apart.bytes) && alone(repriced.bytes) != alone(first.bytes))
    let fresh = try await finish(dear + ["--fresh"], in: folder)
    #expect(!fresh.diagnostics.contains("pieces were") && fresh.diagnostics.contains("100 %"))
    #expect(fresh.bytes == repriced.bytes)
    let changed = try await finish(["--set", "demand.uses.code.rate=0.6"], in: folder)
    #expect(!changed.diagnostics.contains("pieces were"))
    let quiet = try await finish(["--quiet"], in: folder)
    #expect(quiet.diagnostics.isEmpty && alone(quiet.bytes) == alone(first.bytes))
  }

  /// The files that follow from the inputs alone: not those that hold the run against the one before.
  private func alone(_ files: [String: Data]) -> [String: Data] {
    let others = ["report.html", "changes.csv", "datapackage.json", "data-dictionary.md"]
    return files.filter { !others.contains($0.key) }
  }

  @Test("a damaged piece is said and simulated again; a check finds it, and nothing after")
  func damaged() async throws {
    let folder = try SmallScenario.folder()
    let first = try await finish(in: folder)
    let path = folder.url.appending(path: "reports/breakeven.sqlite").path
    try execute(
      """
      UPDATE pieces SET quantities =
        CAST(substr(quantities, 1, 40) || x'FF' || substr(quantities, 42) AS BLOB)
      WHERE draw = 5 AND volume = 2
      """, on: path)
    let check = try await Program.run(["store", "check"], in: folder)
    #expect(check.exitCode == 65 && check.diagnostics.contains("a piece of small, draw 5, month"))
    let healed = try await finish(in: folder)
    #expect(
      healed.diagnostics.contains(
        "Warning: the stored piece of simulation 5, month 2, volume 2.0 is damaged (its checksum or its layout is "
          + "another); it is simulated again\n"))
    #expect(healed.bytes == first.bytes)
    #expect(try await Program.run(["store", "check"], in: folder).exitCode == 0)
    let again = try await finish(in: folder)
    #expect(again.diagnostics.hasPrefix("Nothing is simulated") && !again.diagnostics.contains("damaged"))
  }

  @Test(
    "pieces that cannot be written are a warning; the run goes on, and ends with 75 only if it cannot be stored"
  )
  func locked() async throws {
    let folder = try SmallScenario.folder()
    let first = try await finish(["--quiet"], in: folder)
    let path = folder.url.appending(path: "reports/breakeven.sqlite").path
    // A table that refuses pieces, as a full disk would, but takes runs.
    try execute(
      "CREATE TRIGGER full BEFORE INSERT ON pieces BEGIN SELECT RAISE(ABORT, 'disk full'); END", on: path)
    let refused = try await finish(["--fresh"], in: folder)
    #expect(refused.bytes == first.bytes)
    #expect(refused.diagnostics.contains("Warning: cannot write '"))
    #expect(refused.diagnostics.contains("an interruption would lose what is simulated"))
    #expect(refused.diagnostics.matches(of: /Warning/).count == 1)
  }

  @Test("vacuum gives back what interrupted runs have left, and with --pieces all that was simulated")
  func vacuum() async throws {
    let folder = try SmallScenario.folder()
    let first = try await finish(["--quiet"], in: folder)
    _ = try await Program.run(["store", "vacuum"], in: folder)
    let kept = try await finish(in: folder)
    #expect(kept.diagnostics.hasPrefix("Nothing is simulated"))
    #expect(try await Program.run(["store", "vacuum", "--pieces"], in: folder).exitCode == 0)
    let again = try await finish(in: folder)
    #expect(!again.diagnostics.contains("pieces were") && again.bytes == first.bytes)
    #expect(try await Program.run(["runs", "delete", "1", "2", "3"], in: folder).exitCode == 0)
    let anew = try await finish(in: folder)
    #expect(!anew.diagnostics.contains("pieces were"))
  }

  @Test(
    "a target is pursued in rounds, said on the way and at the end, and named by the command that repeats it")
  func target() async throws {
    let folder = try SmallScenario.folder()
    let words = [
      "plan", "small.yaml", "--set", "sampling={draws: 64, simulations: 16, seed: 3}", "--target", "0.005",
      "--max-draws", "144",
    ]
    let outcome = try await Program.run(words, in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.diagnostics)")
    #expect(outcome.diagnostics.contains("The target is not reached: 24 simulations, 48 pieces more\n"))
    #expect(
      outcome.output.contains(/The target is not reached with 144 futures of 36 simulations: mean cost ± \d/))
    let rounds = try folder.text("reports/small/convergence.csv").split(separator: "\n")
    #expect(rounds.count == 4 && rounds[3].hasPrefix("3,9,36,144,api,") && rounds[3].hasSuffix(",maximum"))
    let document = try Document(try folder.text("reports/small/result.json"))
    let run = try #require(document["run"] as? [String: Any])
    let command = try #require(run["command"] as? String)
    #expect(command.contains("--draws 64 --target 0.005 --max-draws 144"))
    let bad = try await Program.run(["plan", "small.yaml", "--max-draws", "144"], in: folder)
    #expect(bad.exitCode == 65 && bad.diagnostics.contains("without a target"))
  }

  /// Runs statements on a database that no program holds.
  private func execute(_ statements: String, on path: String) throws {
    var handle: OpaquePointer?
    let opened = unsafe sqlite3_open(path, &handle)
    defer { unsafe sqlite3_close(handle) }
    try #require(opened == SQLITE_OK)
    let code = unsafe sqlite3_exec(handle, statements, nil, nil, nil)
    try #require(code == SQLITE_OK, "SQLite says \(code) to \(statements)")
  }
}
