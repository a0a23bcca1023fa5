// SPDX-License-Identifier: GPL-3.0-or-later
// What `breakeven plan` promises to a person, to a program that reads its output, and to a nightly job.

import Foundation
import Testing

@Suite("breakeven plan", .timeLimit(.minutes(15)))
struct PlanTests {
  @Test(
    "stdout holds a table with every option and, last, a decision with its probability; stderr the progress")
  func summary() async throws {
    let folder = try SmallScenario.folder()
    let outcome = try await Program.run(["plan", "small.yaml"], in: folder)
    #expect(outcome.exitCode == 0)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: true)
    let costs = lines.prefix { !$0.hasPrefix("Costs less than The API") }
    #expect(costs.count < lines.count)
    for title in ["The API (today)", "Own GPUs", "Spot with a standby", "Reserved units"] {
      #expect(costs.count { $0.hasPrefix(title) && $0.contains("$") } == 1, "\(title)")
    }
    let sentence = try #require(lines.last)
    let form = #/^(Keep|Move from) .*[Ii]t is the cheapest in( only)? \d+.% of 16 futures \(95 % interval/#
    #expect(sentence.contains(form), "\(sentence)")
    #expect(outcome.diagnosticLines.first?.hasPrefix("simulating small, seed 3: ") == true)
    #expect(outcome.diagnosticLines.contains("simulating small, seed 3: 100 %"))
    #expect(!outcome.diagnostics.contains("\r") && !outcome.diagnostics.contains("\u{1B}"))
    #expect(outcome.diagnosticLines.last?.contains("reports/small/report.html") == true)
  }

  @Test("The report, its tables and the database appear where the defaults say")
  func defaultPlaces() async throws {
    let folder = try SmallScenario.folder()
    _ = try await Program.run(["plan", "small.yaml"], in: folder)
    let files = try folder.files(below: "reports")
    #expect(files["breakeven.sqlite"]?.starts(with: Data("SQLite format 3".utf8)) == true)
    #expect(files["small/report.html"]?.starts(with: Data("<!DOCTYPE html>".utf8)) == true)
    #expect(files["small/result.json"] != nil)
    #expect(files.keys.count { $0.hasPrefix("small/") && $0.hasSuffix(".csv") } >= 8)
    #expect(try folder.names() == ["reports", "small.yaml"])
  }

  @Test("--json prints the result document and nothing else, the very bytes of result.json")
  func json() async throws {
    let folder = try SmallScenario.folder()
    let outcome = try await Program.run(["plan", "small.yaml", "--json"], in: folder)
    #expect(outcome.exitCode == 0)
    #expect(try folder.text("reports/small/result.json") == outcome.output)
    let document = try Document(outcome.output)
    let options = try #require(document["options"] as? [[String: Any]])
    #expect(options.compactMap { $0["name"] as? String } == SmallScenario.options)
    #expect(outcome.diagnosticLines.contains { $0.hasPrefix("simulating small") })
  }

  @Test("--quiet leaves standard error empty")
  func quiet() async throws {
    let folder = try SmallScenario.folder()
    let outcome = try await Program.run(["plan", "small.yaml", "--quiet"], in: folder)
    #expect(outcome.exitCode == 0 && outcome.diagnostics.isEmpty && !outcome.output.isEmpty)
  }

  @Test("--out and --database are obeyed, with spaces and letters of any script")
  func places() async throws {
    let folder = try SmallScenario.folder()
    let outcome = try await Program.run(
      ["plan", "small.yaml", "--out", "für dich/ein Bericht", "--database", "история/runs.db"], in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.diagnostics)")
    #expect(try folder.names() == ["für dich", "small.yaml", "история"])
    #expect(try folder.files(below: "für dich/ein Bericht")["report.html"] != nil)
    #expect(try folder.names().contains("история"))
  }

  @Test("Numbers of draws that do not divide well still give a decision", arguments: [1, 2, 7, 30])
  func draws(_ draws: Int) async throws {
    let folder = try SmallScenario.folder()
    let outcome = try await Program.run(["plan", "small.yaml", "--json", "--draws", "\(draws)"], in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.diagnostics)")
    let document = try Document(outcome.output)
    let run = try #require(document["run"] as? [String: Any])
    #expect(run["draws"] as? Int == draws)
    #expect((run["simulations"] as? Int).map { draws % $0 == 0 && ($0 <= 4 || $0 == draws) } == true)
    #expect(document.numbers.allSatisfy { $0.isFinite })
    // The API wins in every future, and shares of futures lose nothing to rounding.
    let decision = try #require(document["decision"] as? [String: Any])
    #expect((decision["probabilityCheapest"] as? [String: Double])?["estimate"] == 1)
    #expect(
      (decision["sentence"] as? String)?.contains(draws == 1 ? " 1 future " : " \(draws) futures ") == true)
  }

  @Test(
    "A window without a single request is no error: nothing is used, and a warning says how little it tells")
  func noRequests() async throws {
    let folder = try SmallScenario.folder()
    let quiet = ["demand.uses.chat.rate=1e-6", "demand.uses.code.rate=1e-6"].flatMap { ["--set", $0] }
    let outcome = try await Program.run(["plan", "small.yaml", "--json"] + quiet, in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.diagnostics)")
    let document = try Document(outcome.output)
    #expect(document.numbers.allSatisfy { $0.isFinite })
    let warnings = try #require(document["warnings"] as? [String])
    #expect(warnings.contains { $0.hasPrefix("Only 0 requests were simulated for each option") })
    #expect(warnings.contains { $0.hasPrefix("The simulated windows carry 0") })
  }

  @Test("A fleet that drowns in requests ends, and is told apart from those that serve in time")
  func drowning() async throws {
    let folder = try SmallScenario.folder()
    let arguments = ["plan", "small.yaml", "--json", "--set", "demand.uses.chat.rate=300", "--draws", "4"]
    let outcome = try await Program.run(arguments, in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.diagnostics)")
    let document = try Document(outcome.output)
    let options = try #require(document["options"] as? [[String: Any]])
    let own = try #require(options.first { $0["name"] as? String == "own" })
    #expect(own["meetsServiceLevel"] as? Bool == false)
    #expect((own["serviceLevel"] as? Double).map { $0 < 0.5 } == true)
    #expect((own["probabilityCheapest"] as? [String: Double])?["estimate"] == 0)
    #expect(
      (document["warnings"] as? [String])?.contains { $0.hasPrefix("Own GPUs serves") } == true)
  }

  @Test(
    "P(cheapest) sums to 1, costs are in order, months sum to the total, hours are replicas × GPUs × hours")
  func consistency() async throws {
    let folder = try SmallScenario.folder()
    let outcome = try await Program.run(["plan", "small.yaml", "--json"], in: folder)
    let document = try Document(outcome.output)
    let options = try #require(document["options"] as? [[String: Any]])
    var certainty = 0.0
    for option in options {
      let name = option["name"] as? String ?? ""
      let chance = try #require(option["probabilityCheapest"] as? [String: Double])
      certainty += chance["estimate", default: .nan]
      let cost = try #require(option["totalCost"] as? [String: Double])
      let percentiles = ["p10", "p50", "p90"].map { cost[$0, default: .nan] }
      #expect(percentiles == percentiles.sorted() && percentiles[0] > 0, "\(name)")
      // Without a discount rate, months and components add up to the mean.
      let mean = try #require(cost["mean"])
      let components = try #require(option["components"] as? [[String: Any]])
      #expect(isClose(components.reduce(0) { $0 + ($1["mean"] as? Double ?? .nan) }, mean), "\(name)")
      let months = try #require(option["monthly"] as? [[String: Any]])
      #expect(months.count == 3)
      let sum = months.reduce(0) { $0 + (($1["cost"] as? [String: Double])?["mean"] ?? .nan) }
      #expect(isClose(sum, mean), "\(name)")
    }
    #expect(isClose(certainty, 1))
    // December, January and February 2026/27 have 90 days; the fleet has 1 + 2 GPUs.
    let own = try #require(options.first { $0["name"] as? String == "own" })
    let supplies = try #require(own["supplies"] as? [[String: Any]])
    let states = try #require(supplies.first?["gpuHours"] as? [[String: Any]])
    let hours = states.reduce(0) { $0 + ($1["hours"] as? Double ?? .nan) }
    #expect(isClose(hours, 90 * 24 * 3), "\(hours)")
  }

  @Test("Without a scenario the built-in one is used, in an empty folder")
  func builtIn() async throws {
    let folder = try Folder()
    let validated = try await Program.run(["validate"], in: folder)
    #expect(validated.exitCode == 0)
    #expect(validated.output.hasPrefix("support-assistant is good: 3 use cases, 7 options, 12 months"))
    #expect(try folder.names().isEmpty)
    let small = [
      "horizon.months=2", "horizon.represent={months: 1, windows: 1, window_minutes: 0.5}",
      "sampling={draws: 2, simulations: 1}",
    ]
    let planned = try await Program.run(
      ["plan", "--json"] + small.flatMap { ["--set", $0] }, in: folder)
    #expect(planned.exitCode == 0, "\(planned.diagnostics)")
    #expect((try Document(planned.output)["options"] as? [Any])?.count == 7)
    #expect(try folder.files()["reports/support-assistant/report.html"] != nil)
  }

  @Test("A reader that goes away is no error: no trap, no message, and the run is kept")
  func closedPipe() async throws {
    let folder = try SmallScenario.folder()
    // The program starts only when the pipe's reader is certainly gone.
    let outcome = try await Program.shell(
      """
      { while [ ! -e gone ]; do sleep 0.01; done; "$PROGRAM" plan small.yaml --quiet; echo $? > code; } \
      | { exec 0<&-; : > gone; }
      """, in: folder)
    #expect(try folder.text("code") == "0\n")
    #expect(outcome.diagnostics.isEmpty)
    #expect(try folder.files()["reports/small/report.html"] != nil)
    let head = try await Program.shell(
      "\"$PROGRAM\" plan small.yaml --json --quiet | head -n 1", in: folder)
    #expect(head == Program.Outcome(exitCode: 0, output: "{\n", diagnostics: ""))
  }
}

/// A JSON object with its members by name.
struct Document {
  private let object: [String: Any]

  init(_ text: String) throws {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    object = try #require(value as? [String: Any], "no JSON object")
  }

  subscript(name: String) -> Any? { object[name] }

  /// Every number in it, at any depth.
  var numbers: [Double] { Self.numbers(in: object) }

  private static func numbers(in value: Any) -> [Double] {
    switch value {
    case let object as [String: Any]: object.values.flatMap(numbers)
    case let array as [Any]: array.flatMap(numbers)
    case let number as Double: [number]
    default: []
    }
  }
}

/// Whether two numbers agree to a millionth.
func isClose(_ left: Double, _ right: Double) -> Bool {
  abs(left - right) <= 1e-6 * max(abs(left), abs(right))
}
