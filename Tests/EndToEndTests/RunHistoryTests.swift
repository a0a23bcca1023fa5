// SPDX-License-Identifier: GPL-3.0-or-later
// The history of runs from the command line: what was planned comes back, and what goes wrong with the
// database is said with its code and changes nothing.

import Foundation
import Testing

@Suite("History of runs", .timeLimit(.minutes(15)))
struct RunHistoryTests {
  static let database = "reports/breakeven.sqlite"

  /// A folder with two stored runs of the small scenario, and the first one's result document.
  private static func history() async throws -> (Folder, String) {
    let folder = try SmallScenario.folder()
    let first = try await Program.run(["plan", "small.yaml", "--quiet", "--json"], in: folder)
    let second = try await Program.run(["plan", "small.yaml", "--quiet", "--seed", "5"], in: folder)
    try #require(first.exitCode == 0 && second.exitCode == 0)
    return (folder, first.output)
  }

  @Test("a stored run is shown as it was printed, its document byte for byte")
  func show() async throws {
    let (folder, document) = try await Self.history()
    let shown = try await Program.run(["runs", "show", "latest~1", "--json"], in: folder)
    #expect(shown.output == document)
    let planned = try await Program.run(["plan", "small.yaml", "--quiet", "--seed", "5"], in: folder)
    let text = try await Program.run(["runs", "show", "2"], in: folder)
    #expect(text.output.hasSuffix(planned.output) && text.output.hasPrefix("Run 2 of small, saved 20"))
  }

  @Test("a comparison as JSON names what the text names, and a flip ends with 3 where that was asked for")
  func compare() async throws {
    let (folder, _) = try await Self.history()
    // An API at forty times its price is no longer the cheapest.
    let dear = ["plan", "small.yaml", "--quiet", "--set", "prices.api.bedrock.factor=40"]
    #expect(try await Program.run(dear, in: folder).exitCode == 0)
    let text = try await Program.run(["runs", "compare", "1", "3", "--fail-on-flip"], in: folder)
    #expect(text.exitCode == 3 && text.output.contains("The decision flips: api → "), "\(text)")
    #expect(!text.output.contains("\u{1B}"), "colored without a terminal")
    let json = try await Program.run(["runs", "compare", "1", "3", "--json"], in: folder)
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(json.exitCode == 0 && document["decisionFlips"] as? Bool == true)
    #expect(document["oldOption"] as? String == "api" && document["newOption"] as? String != "api")
    #expect((document["options"] as? [[String: Any]])?.count == 4)
  }

  /// Ways in which a database can be unfit, as lines of the shell, with the exit code and a word of the
  /// error.
  static let damages: [(line: String, exitCode: Int32, word: String)] = [
    ("rm reports/breakeven.sqlite", 66, "there is no store"),
    (
      "printf 'PRAGMA user_version = 99' | sqlite3 reports/breakeven.sqlite", 65,
      "a newer breakeven: layout 99"
    ),
    ("echo notes > reports/breakeven.sqlite", 65, "file is not a database"),
    (
      "dd if=/dev/urandom of=reports/breakeven.sqlite bs=4096 seek=1 count=20 conv=notrunc 2> /dev/null", 65,
      "restore it from a backup"
    ),
    (
      "printf 'PRAGMA application_id = 7' | sqlite3 reports/breakeven.sqlite", 65,
      "another program's database"
    ),
  ]

  @Test(
    "an unfit database is refused by every command, with one line, and stays as it was", arguments: damages)
  func unfit(line: String, exitCode: Int32, word: String) async throws {
    let (folder, _) = try await Self.history()
    #expect(try await Program.shell(line, in: folder).exitCode == 0)
    let before = try folder.files()
    for command in ["runs list", "runs show", "runs compare", "runs delete 1", "runs prune", "store vacuum"] {
      let outcome = try await Program.run(command.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.exitCode == exitCode, "\(command): \(outcome)")
      #expect(outcome.output.isEmpty && outcome.diagnosticLines.count == 1, "\(command): \(outcome)")
      #expect(outcome.diagnostics.contains(word), "\(command): \(outcome.diagnostics)")
    }
    #expect(try folder.files() == before)
  }

  @Test("one overwritten page among the runs is found by the check")
  func corruptedPage() async throws {
    let (folder, _) = try await Self.history()
    let size = try folder.bytes(Self.database).count
    let place = "bs=4096 seek=\(size / 4096 - 3) count=1 conv=notrunc"
    let overwrite = "dd if=/dev/zero of=reports/breakeven.sqlite \(place) 2> /dev/null"
    #expect(try await Program.shell(overwrite, in: folder).exitCode == 0)
    let outcome = try await Program.run(["store", "check"], in: folder)
    #expect(outcome.exitCode == 65 && outcome.diagnostics.contains(Self.database), "\(outcome)")
  }

  @Test("a disk that is full ends with 73, and the runs before are all there")
  func fullDisk() async throws {
    let (folder, _) = try await Self.history()
    let before = try await Program.run(["runs", "list"], in: folder).output
    // No file may grow beyond 40 kB: as on a full disk, writing fails where the limit is met, here in the
    // log.
    let line = """
      trap '' XFSZ
      ulimit -f 80
      "$PROGRAM" plan small.yaml --quiet --seed 9
      """
    let outcome = try await Program.shell(line, in: folder)
    #expect(outcome.exitCode == 73 && outcome.output.isEmpty, "\(outcome)")
    #expect(outcome.diagnostics.contains("cannot write 'reports/breakeven.sqlite'"), "\(outcome)")
    #expect(try await Program.run(["runs", "list"], in: folder).output == before)
    #expect(try await Program.run(["store", "check"], in: folder).exitCode == 0)
  }

  @Test("a reader that leaves early is no error, whatever is printed")
  func head() async throws {
    let (folder, _) = try await Self.history()
    for command in [
      "runs list", "runs show", "runs show --json", "runs compare", "schema", "man", "help plan",
    ] {
      let line = "{ \"$PROGRAM\" \(command); echo $? >&2; } | true"
      let outcome = try await Program.shell(line, in: folder)
      #expect(outcome.diagnostics == "0\n", "\(command): \(outcome.diagnostics)")
    }
  }

  @Test("Ctrl-C in a plan ends it by the signal, says how to continue, and stores no run by halves")
  func interrupted() async throws {
    let (folder, _) = try await Self.history()
    let before = try await Program.run(["runs", "list"], in: folder).output
    // Enough work for some seconds; the program is interrupted as soon as it says that it simulates. What
    // runs in the background, or under `swift test`, is started with the signal ignored, so it is put back.
    let line = """
      env --default-signal=INT "$PROGRAM" plan small.yaml --verbose --set sampling.simulations=16 \
        --set horizon.represent.window_minutes=60 --set horizon.represent.windows=40 2> said &
      while ! grep -q simulat said; do sleep 0.05; done
      kill -INT $!
      wait $!
      echo $?
      """
    let outcome = try await Program.shell(line, in: folder)
    #expect(outcome.output.split(separator: "\n").last == "130", "\(outcome)")
    let said = try folder.text("said")
    #expect(
      said.contains(
        /Interrupted: \d+ of 96 pieces are stored, but no run\. To continue: breakeven plan small/), "\(said)"
    )
    #expect(try await Program.run(["runs", "list"], in: folder).output == before)
    #expect(try await Program.run(["store", "check"], in: folder).exitCode == 0)
    #expect(
      try folder.files(below: "reports").keys.allSatisfy { !$0.contains("partial") && !$0.contains("tmp") })
  }
}
