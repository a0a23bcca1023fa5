// SPDX-License-Identifier: GPL-3.0-or-later
// Questions at the terminal: what is answered from the store, what is simulated, what is refused, and with which code.

import Foundation
import Testing

@Suite("What-ifs at the terminal", .timeLimit(.minutes(15)))
struct WhatIfTests {
  static let dear = ["--set", "prices.api.bedrock.factor=40"]

  /// A folder with one stored run of the small scenario.
  private static func planned() async throws -> Folder {
    let folder = try SmallScenario.folder()
    let plan = try await Program.run(["plan", "small.yaml", "--quiet"], in: folder)
    try #require(plan.exitCode == 0, "\(plan.diagnostics)")
    return folder
  }

  private static func object(_ outcome: Program.Outcome) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any], "\(outcome)")
  }

  /// Mean cost after a change, by option.
  private static func means(_ document: [String: Any]) throws -> [String: Double] {
    let options = try #require(document["options"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: options.compactMap { option in
        guard let name = option["name"] as? String, let side = option["after"] as? [String: Any],
          let cost = side["totalCost"] as? [String: Any], let mean = cost["mean"] as? Double
        else { return nil }
        return (name, mean)
      })
  }

  private static func count(_ table: String, in folder: Folder) async throws -> String {
    let outcome = try await Program.shell(
      "sqlite3 reports/breakeven.sqlite 'SELECT count(*) FROM \(table)'", in: folder)
    return outcome.output
  }

  @Test(
    "other prices simulate nothing and cost what a plan with them does; the file and its run answer alike")
  func prices() async throws {
    let folder = try await Self.planned()
    let pieces = try await Self.count("pieces", in: folder)
    let file = try await Program.run(["what-if", "small.yaml", "--json"] + Self.dear, in: folder)
    let run = try await Program.run(["what-if", "latest", "--json"] + Self.dear, in: folder)
    #expect(file.exitCode == 0 && file.diagnostics.isEmpty && run.diagnostics.isEmpty, "\(file) \(run)")
    #expect(try await Self.count("pieces", in: folder) == pieces)
    let answer = try Self.object(file)
    #expect(answer["isPriceOnly"] as? Bool == true && answer["decisionFlips"] as? Bool == true)
    #expect(try Self.means(answer) == Self.means(try Self.object(run)))
    let plan = try await Program.run(["plan", "small.yaml", "--quiet", "--json"] + Self.dear, in: folder)
    let options = try #require(try Self.object(plan)["options"] as? [[String: Any]])
    for option in options {
      let name = try #require(option["name"] as? String)
      let mean = (option["totalCost"] as? [String: Any])?["mean"] as? Double
      #expect(try Self.means(answer)[name] == mean, "\(name)")
    }
  }

  @Test("other demand is simulated once, with progress, and answers from the store the second time")
  func demand() async throws {
    let folder = try await Self.planned()
    let words = ["what-if", "small.yaml", "--set", "demand.uses.code.rate=0.6", "--json"]
    let first = try await Program.run(words, in: folder)
    #expect(first.exitCode == 0 && first.diagnostics.contains("simulating small: 100 %"), "\(first)")
    let second = try await Program.run(words, in: folder)
    #expect(second.diagnostics.isEmpty && second.output == first.output)
    #expect(try Self.object(second)["isPriceOnly"] as? Bool == false)
    let planned = try await Program.run(
      ["plan", "small.yaml", "--set", "demand.uses.code.rate=0.6"], in: folder)
    #expect(planned.diagnostics.hasPrefix("Nothing is simulated"), "\(planned.diagnostics)")
  }

  @Test("a run is asked as it was made, whatever has become of its file, its folder and its prices")
  func texts() async throws {
    let folder = try await Self.planned()
    let words = ["what-if", "1", "--json"] + Self.dear
    let expected = try await Program.run(words, in: folder)
    try folder.write(SmallScenario.replacing("rate: 0.5", by: "rate: 0.9"), to: "small.yaml")
    let changed = try await Program.run(words, in: folder)
    #expect(
      changed.diagnostics.contains("Note: 'small.yaml' has changed since run 1") && changed.exitCode == 0)
    try FileManager.default.removeItem(at: folder.url.appending(path: "small.yaml"))
    let gone = try await Program.run(words, in: folder)
    #expect(gone.diagnostics.contains("Note: 'small.yaml' is gone") && gone.output == expected.output)
    #expect(changed.output == expected.output)
    let quiet = try await Program.run(words + ["--quiet"], in: folder)
    #expect(quiet.diagnostics.isEmpty && quiet.output == expected.output)
    let elsewhere = try await Program.shell(
      "mkdir -p sub && cd sub && \"$PROGRAM\" what-if 1 --json --database ../reports/breakeven.sqlite "
        + "--set prices.api.bedrock.factor=40", in: folder)
    #expect(elsewhere.output == expected.output, "\(elsewhere)")
  }

  @Test("a saved what-if is a run with a name: listed, shown, compared and asked by it, and deleted")
  func saving() async throws {
    let folder = try await Self.planned()
    let saved = try await Program.run(["what-if", "latest", "--save", "dear"] + Self.dear, in: folder)
    #expect(saved.diagnostics.contains("Run 2, called dear, is stored in reports/breakeven.sqlite\n"))
    let plan = try await Program.run(["plan", "small.yaml", "--quiet", "--json"] + Self.dear, in: folder)
    let shown = try await Program.run(["runs", "show", "dear", "--json"], in: folder)
    // But for the command that made it, the stored document is that of a plan with the same change.
    func lines(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.contains("\"command\"") && !$0.contains("Digest\"") }
    }
    #expect(lines(shown.output) == lines(plan.output))
    let list = try await Program.run(["runs", "list"], in: folder)
    #expect(list.output.contains("Name") && list.output.contains("dear"))
    let compared = try await Program.run(["runs", "compare", "1", "dear"], in: folder)
    #expect(compared.output.contains("The decision flips: api → "))
    let back = try await Program.run(
      ["what-if", "dear", "--json", "--set", "prices.api.bedrock.factor=1"], in: folder)
    #expect(
      try Self.object(back)["before"] as? String != "api" && Self.object(back)["after"] as? String == "api")
    let twice = try await Program.run(["what-if", "latest", "--save", "dear"] + Self.dear, in: folder)
    #expect(twice.exitCode == 73 && twice.diagnostics.contains("choose another name"), "\(twice)")
    #expect(
      try await Program.run(["runs", "delete", "dear"], in: folder).output.contains("run 2 'dear' of small"))
    #expect(try await Program.run(["runs", "show", "dear"], in: folder).exitCode == 66)
    #expect(try await Program.run(["store", "check"], in: folder).exitCode == 0)
  }

  @Test(
    "every point of a sweep is the what-if of its value, of prices and of demand",
    arguments: ["prices.gpu_hour.h100-sxm.on-demand=0.5..4:4", "demand.uses.code.rate=0.2..1.8:3log"])
  func sweep(range: String) async throws {
    let folder = try await Self.planned()
    let outcome = try await Program.run(
      ["what-if", "latest", "--sweep", range, "--json", "--csv", "sweep.csv"], in: folder)
    let document = try Self.object(outcome)
    let path = try #require(range.split(separator: "=").first)
    let points = try #require(document["points"] as? [[String: Any]])
    #expect(points.count == (range.hasSuffix("log") ? 3 : 4))
    for point in points {
      let value = try #require((point["values"] as? [Double])?.first)
      let single = try await Program.run(
        ["what-if", "latest", "--json", "--set", "\(path)=\(value)"], in: folder)
      let means = try Self.means(try Self.object(single))
      #expect(single.diagnostics.isEmpty, "a point was simulated twice: \(single.diagnostics)")
      let options = try #require(point["options"] as? [[String: Any]])
      for option in options {
        let outlook = option["outlook"] as? [String: Any]
        let mean = (outlook?["totalCost"] as? [String: Any])?["mean"] as? Double
        #expect(means[option["name"] as? String ?? ""] == mean, "\(path) = \(value)")
      }
    }
    let rows = try folder.text("sweep.csv").split(separator: "\n")
    #expect(rows.count == 1 + points.count * SmallScenario.options.count)
    #expect(rows[0] == "\(path),\(Self.columns)")
  }

  private static let columns =
    "option,mean_cost_usd,p10_cost_usd,p50_cost_usd,p90_cost_usd,p_cheapest,service_level,meets_service_level,recommended"

  /// Questions that are refused, with the exit code and words of the refusal.
  static let refused: [(words: [String], exitCode: Int32, says: String)] = [
    (["latest"], 64, "Nothing is changed: add --set path=value"),
    (["latest", "--set", "demand.volum=2"], 65, "--set demand.volum: unknown key `volum`"),
    (["latest", "--set", "demand.volume"], 65, "an override needs a path and a value"),
    (["latest", "--set", "demand.volume={pert: [2, 1]}"], 65, "--set demand.volume: "),
    (["latest", "--sweep", "demand.volum=1..2:3"], 65, "did you mean `volume`?"),
    (["latest", "--sweep", "demand.volume=1..2:1"], 64, "at least 2 are needed"),
    (["latest", "--sweep", "demand.volume=1..1:3"], 64, "both ends are 1"),
    (["latest", "--sweep", "demand.volume=0..1:3log"], 64, "equal ratios need ends above 0"),
    (["latest", "--sweep", "demand.volume=a..1:3"], 64, "'a' is no number"),
    (["latest", "--sweep", "demand.volume=1..nan:3"], 64, "'nan' is no number"),
    (["latest", "--sweep", "demand.volume=1..2"], 64, "'1..2' is no range"),
    (["latest", "--sweep", "demand.volume=1..2:many"], 64, "'many' is no number of points"),
    (["latest", "--sweep", "demand.volume=1..2:100000"], 64, "at most 1000 points"),
    (
      ["latest", "--sweep", "a=1..2:2", "--sweep", "b=1..2:2", "--sweep", "c=1..2:2"], 64, "one or two axes"
    ),
    (["latest", "--sweep", "a=1..2:2", "--sweep", "a=1..3:2"], 64, "a path of its own"),
    (["latest", "--set", "a=1", "--sweep", "a=1..3:2"], 64, "--set and --sweep both change a"),
    (["latest", "--sweep", "a=1..3:2", "--save", "x"], 64, "a sweep is many"),
    (["latest", "--set", "a=1", "--save", "latest"], 64, "a name is no number"),
    (["latest", "--set", "a=1", "--save", "x~1"], 64, "a name is no number"),
    (["latest", "--set", "demand.volume=2", "--save", "small"], 73, "choose another name"),
    (["9", "--set", "demand.volume=2"], 66, "no such run in 'reports/breakeven.sqlite'"),
    (["nobody", "--set", "demand.volume=2"], 66, "nobody: there is no such file, and no such run"),
    (["latest~9", "--set", "demand.volume=2"], 66, "no such run"),
    (["nothing.yaml", "--set", "demand.volume=2"], 66, "nothing.yaml: "),
    (["latest", "--catalog", "x", "--set", "demand.volume=2"], 64, "a run has the catalog"),
    (["latest", "--set", "demand.volume=2", "--csv", "no/such/folder.csv"], 73, "cannot be written"),
  ]

  @Test("what cannot be asked is refused with its reason and code, and stores nothing")
  func refusals() async throws {
    let folder = try await Self.planned()
    for (words, exitCode, says) in Self.refused {
      let outcome = try await Program.run(["what-if"] + words, in: folder)
      #expect(outcome.exitCode == exitCode && outcome.output.isEmpty, "\(words): \(outcome)")
      #expect(outcome.diagnostics.contains(says), "\(words): \(outcome.diagnostics)")
    }
    #expect(try await Self.count("runs", in: folder) == "1\n")
    let none = try await Program.run(
      ["what-if", "latest", "--set", "demand.volume=2", "--database", "none.sqlite"], in: folder)
    #expect(none.exitCode == 66 && none.diagnostics.contains("no store 'none.sqlite'"))
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "none.sqlite").path))
  }

  @Test(
    "Ctrl-C ends a what-if, a sweep and levers by the signal, and each says how to go on",
    arguments: [
      ("what-if small.yaml --set demand.volume=1.5", "To continue: breakeven what-if small.yaml "),
      ("what-if small.yaml --sweep demand.volume=1..2:9", "To continue: breakeven what-if small.yaml "),
      ("levers small.yaml --option own --csv levers.csv", "To begin again: breakeven levers small.yaml "),
    ])
  func interrupted(command: String, says: String) async throws {
    let folder = try SmallScenario.folder()
    let line = """
      env --default-signal=INT "$PROGRAM" \(command) --threads 1 --set sampling.simulations=16 \
        --set horizon.represent.window_minutes=60 --set horizon.represent.windows=24 2> said &
      while kill -0 $! && ! grep -q ' %' said; do sleep 0.02; done
      kill -INT $!
      wait $!
      echo $?
      """
    let outcome = try await Program.shell(line, in: folder)
    let said = try folder.text("said")
    #expect(outcome.output == "130\n" && said.contains("Interrupted: "), "\(outcome) \(said)")
    #expect(said.contains(says), "\(said)")
    let files = try folder.files(below: ".").keys
    #expect(files.allSatisfy { !$0.contains("partial") && !$0.contains("levers.csv") }, "\(files)")
  }

  @Test("a run of a version that kept no texts says so")
  func older() async throws {
    let folder = try await Self.planned()
    _ = try await Program.shell(
      "sqlite3 reports/breakeven.sqlite 'DELETE FROM run_inputs'", in: folder)
    let outcome = try await Program.run(["what-if", "latest"] + Self.dear, in: folder)
    #expect(outcome.exitCode == 66 && outcome.diagnostics.contains("stored without the text"), "\(outcome)")
  }

  @Test("a sweep over what is uncertain says that it takes it as certain; a chart fits its columns")
  func charts() async throws {
    let folder = try await Self.planned()
    let outcome = try await Program.shell(
      "COLUMNS=50 \"$PROGRAM\" what-if latest --sweep prices.gpu_hour.h100-sxm.spot=1..2:3", in: folder)
    #expect(outcome.diagnostics.contains("h100-sxm.spot is uncertain in the base; each point"))
    let chart = outcome.output.split(separator: "\n").filter {
      $0.contains("┤") || $0.contains("│") || $0.contains("|") || $0.contains("○") || $0.contains("△")
    }
    #expect(chart.count >= 16 && chart.allSatisfy { $0.unicodeScalars.count <= 50 }, "\(outcome.output)")
    #expect(!outcome.output.contains("\u{1B}"))
  }
}
