// SPDX-License-Identifier: GPL-3.0-or-later
// Nights that go wrong: killed at any moment, two at once, on a full or write-protected disk, on a database that is newer
// or broken. What was finished stays, what was not is not shown, and the next night completes.

import CSQLite
import Foundation
import Testing

@Suite("Nights that go wrong", .timeLimit(.minutes(15)))
struct NightlyDurabilityTests {
  /// Scenarios that take long enough to be killed in.
  private static func slowFolder() throws -> Folder {
    try NightlyFolder.make(
      Dictionary(
        uniqueKeysWithValues: ["a", "b", "c"].map {
          ($0, NightlyFolder.scenario($0, rate: 8, minutes: 20))
        }))
  }

  /// Starts a night and kills it so many milliseconds later, if it has not ended by then.
  /// - Returns: whether it was killed; how many milliseconds it ran.
  private func kill(
    after milliseconds: Int, in folder: Folder
  ) async throws -> (isKilled: Bool, length: Double) {
    let line = """
      start=$(date +%s%3N)
      timeout --foreground --signal=KILL \(Double(milliseconds) / 1000) \
        "$PROGRAM" nightly nights --quiet --metrics night.prom > printed 2> said
      echo $? $(($(date +%s%3N) - start))
      """
    // Told by the shell: a test waits for its turn to run a program.
    let outcome = try await Program.shell(line, in: folder)
    let words = outcome.output.split(whereSeparator: \.isWhitespace)
    try #require(words.count == 2 && ["137", "0"].contains(words[0]), "\(outcome)")
    return (words[0] == "137", try #require(Double(words[1])))
  }

  @Test(
    "20 kills at random moments: the database stays sound, no finished run is lost, none is half, the next completes"
  )
  func killed() async throws {
    let whole = try Self.slowFolder()
    let (isCut, first) = try await kill(after: 240_000, in: whole)
    try #require(!isCut)
    var length = first
    var (folder, finished, left) = (try Self.slowFolder(), [Int](), length)
    var kills = 0
    var attempts = 0
    // A night that ends before its time comes is no kill; how long one takes depends on what else the machine does.
    while kills < 20 && attempts < 100 {
      attempts += 1
      // The same shares of what is left in every run of the tests: Weyl's sequence of the golden ratio.
      let share = (Double(attempts) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
      let (isKilled, ran) = try await kill(after: Int(share * left), in: folder)
      kills += isKilled ? 1 : 0
      if !isKilled { length = min(length, ran + length - left) }
      // What a killed night has simulated is stored, and the next one is done sooner.
      left -= share * left
      let path = folder.url.appending(path: NightlyFolder.database).path
      guard FileManager.default.fileExists(atPath: path) else { continue }
      #expect(try integrity(of: path) == "ok")
      let runs = try await NightlyFolder.runs(in: folder).compactMap { $0["id"] as? Int }.sorted()
      #expect(Set(runs).isSuperset(of: finished), "\(finished) became \(runs)")
      finished = runs
      for run in runs.suffix(1) {
        let shown = try await Program.run(["runs", "show", "\(run)"], in: folder)
        #expect(shown.exitCode == 0, "\(shown)")
      }
      if !isKilled || left < length / 8 {
        let next = try await NightlyFolder.run(["--metrics", "night.prom"], in: folder)
        #expect(next.exitCode == 0 && next.output.split(separator: "\n").count == 3, "\(next)")
        #expect(try await Program.run(["store", "check"], in: folder).exitCode == 0)
        #expect(try folder.bytes("reports/c/components.csv") == whole.bytes("reports/c/components.csv"))
        #expect(try folder.text("night.prom").hasSuffix("# EOF\n"))
        (folder, finished, left) = (try Self.slowFolder(), [], length)
      }
    }
    #expect(kills == 20, "only \(kills) of \(attempts) nights were killed before their end")
  }

  @Test("a second night ends with 75 at once and says who holds the database; by day one may plan meanwhile")
  func twoAtOnce() async throws {
    let folder = try Self.slowFolder()
    let line = """
      "$PROGRAM" nightly nights --quiet > printed 2> said &
      first=$!
      until grep -q process reports/breakeven.sqlite.nightly 2> /dev/null; do sleep 0.005; done
      "$PROGRAM" nightly nights --quiet
      echo "second $?"
      kill -0 $first && echo "first runs on"
      wait $first
      echo "first $?"
      """
    let outcome = try await Program.shell(line, in: folder)
    #expect(outcome.output == "second 75\nfirst runs on\nfirst 0\n", "\(outcome)")
    let form =
      #/another nightly run holds 'reports/breakeven\.sqlite': process \d+ on .+ since 20.+Z; wait until it ends\n/#
    #expect(outcome.diagnostics.contains(form), "\(outcome)")
    #expect(try await NightlyFolder.runs(in: folder).count == 3)
    // The lock's file stays, and holds nobody up.
    #expect(try await NightlyFolder.run(in: folder).exitCode == 0)
  }

  @Test("Ctrl-C ends a night by the signal, says what is kept and how to go on, and that goes on")
  func interrupted() async throws {
    let folder = try Self.slowFolder()
    let line = """
      env --default-signal=INT "$PROGRAM" nightly nights --threads 1 > printed 2> said &
      until grep -q '[1-9]0 %' said; do sleep 0.005; done
      kill -INT $!
      wait $!
      echo $?
      """
    let outcome = try await Program.shell(line, in: folder)
    #expect(outcome.output == "130\n", "\(outcome)")
    let said = try folder.text("said")
    #expect(said.contains(#/Interrupted: \d+ of 20 pieces are stored, but no run\. /#), "\(said)")
    #expect(said.hasSuffix("To continue: breakeven nightly nights --threads 1\n"))
    let next = try await NightlyFolder.run(in: folder)
    #expect(next.exitCode == 0 && next.output.split(separator: "\n").count == 3)
  }

  /// A folder with a night's run, and its runs.
  private func history() async throws -> (Folder, before: String) {
    let folder = try NightlyFolder.make(["a": nil])
    #expect(try await NightlyFolder.run(in: folder).exitCode == 0)
    return (folder, try await Program.run(["runs", "list"], in: folder).output)
  }

  @Test("a disk that is full ends with 73, and what was there stays")
  func fullDisk() async throws {
    let (folder, before) = try await history()
    let page = try folder.bytes("reports/index.html")
    // No file may grow beyond 40 kB, as on a full disk.
    let line = """
      trap '' XFSZ
      ulimit -f 80
      "$PROGRAM" nightly nights --quiet --metrics night.prom
      """
    let outcome = try await Program.shell(line, in: folder)
    #expect(outcome.exitCode == 73, "\(outcome)")
    #expect(outcome.output.hasPrefix("a: failed (73): cannot write "), "\(outcome)")
    #expect(outcome.diagnostics.contains("cannot write 'reports/breakeven.sqlite'"), "\(outcome)")
    #expect(try await Program.run(["runs", "list"], in: folder).output == before)
    #expect(try await Program.run(["store", "check"], in: folder).exitCode == 0)
    #expect(try folder.bytes("reports/index.html") != page, "the page says that the night failed")
    #expect(try folder.text("night.prom").contains("breakeven_exit_code{scenario=\"a\"} 73\n"))
    #expect(try await NightlyFolder.run(in: folder).exitCode == 0)
  }

  @Test("a database that may only be read ends with 73 before anything is simulated")
  func readOnly() async throws {
    let (folder, before) = try await history()
    // The superuser may write everything, so another user asks where tests run as one.
    let line = """
      chmod -R a+rX .. && chmod 444 reports/breakeven.sqlite* && chmod 777 reports
      if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups true 2> /dev/null || exit 77
        setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$PROGRAM" || exit 77
        exec setpriv --reuid=65534 --regid=65534 --clear-groups "$PROGRAM" nightly nights
      fi
      exec "$PROGRAM" nightly nights
      """
    let outcome = try await Program.shell(line, in: folder)
    if outcome.exitCode == 77 {
      print(
        "Skipped: no other user can be asked (setpriv is missing, or the program lies in a private folder)")
      return
    }
    #expect(outcome.exitCode == 73 && outcome.output.isEmpty, "\(outcome)")
    #expect(outcome.diagnosticLines.count == 1 && outcome.diagnostics.contains("reports/breakeven.sqlite"))
    #expect(try await Program.run(["runs", "list"], in: folder).output == before)
  }

  @Test("a database of a newer version, another program's, and one with a broken page end with 65, unchanged")
  func badDatabases() async throws {
    for (name, spoil, words) in [
      ("newer", "PRAGMA user_version = 99", "was written by a newer breakeven: layout 99"),
      ("foreign", "PRAGMA application_id = 7", "another program's database"),
    ] {
      let (folder, _) = try await history()
      try execute(spoil, on: folder.url.appending(path: NightlyFolder.database).path)
      let bytes = try folder.bytes(NightlyFolder.database)
      let outcome = try await NightlyFolder.run(in: folder)
      #expect(outcome.exitCode == 65 && outcome.output.isEmpty, "\(name): \(outcome)")
      #expect(outcome.diagnostics.contains(words), "\(name): \(outcome)")
      #expect(try folder.bytes(NightlyFolder.database) == bytes)
    }
    let (folder, _) = try await history()
    let path = folder.url.appending(path: NightlyFolder.database)
    // A page of the table of runs, the first after the schema's.
    var bytes = try Data(contentsOf: path)
    for index in 2 * 4096..<8 * 4096 { bytes[index] = 0xA5 }
    try bytes.write(to: path)
    let outcome = try await NightlyFolder.run(in: folder)
    #expect(outcome.exitCode == 65 && outcome.output.isEmpty, "\(outcome)")
    #expect(outcome.diagnostics.contains("restore it from a backup"), "\(outcome)")
    #expect(try Data(contentsOf: path) == bytes)
  }

  /// What SQLite itself says of a file.
  private func integrity(of path: String) throws -> String {
    var handle: OpaquePointer?
    defer { unsafe sqlite3_close(handle) }
    try #require(unsafe sqlite3_open(path, &handle) == SQLITE_OK)
    var statement: OpaquePointer?
    defer { unsafe sqlite3_finalize(statement) }
    try #require(
      unsafe sqlite3_prepare_v2(handle, "PRAGMA integrity_check", -1, &statement, nil) == SQLITE_OK)
    guard unsafe sqlite3_step(statement) == SQLITE_ROW, let text = unsafe sqlite3_column_text(statement, 0)
    else { return "no answer" }
    return unsafe String(cString: text)
  }

  /// Runs statements on a database that no program holds, and leaves no log beside it.
  private func execute(_ statements: String, on path: String) throws {
    var handle: OpaquePointer?
    defer { unsafe sqlite3_close(handle) }
    try #require(unsafe sqlite3_open(path, &handle) == SQLITE_OK)
    let code = unsafe sqlite3_exec(handle, statements, nil, nil, nil)
    try #require(code == SQLITE_OK, "SQLite says \(code) to \(statements)")
  }
}
