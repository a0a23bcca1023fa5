// SPDX-License-Identifier: GPL-3.0-or-later
// INV-8: the same inputs and seed give the same bytes, whatever the number of threads.

import Foundation
import Testing

@Suite("INV-8: determinism", .timeLimit(.minutes(15)))
struct DeterminismTests {
  /// The report of a plan and what was printed.
  private func plan(_ arguments: [String], in folder: Folder, to out: String) async throws -> [String: Data] {
    let outcome = try await Program.run(
      ["plan", "small.yaml", "--out", out, "--database", "\(out).sqlite", "--json"] + arguments, in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.diagnostics)")
    var files = try folder.files(below: out)
    files["standard output"] = Data(outcome.output.utf8)
    return files
  }

  @Test("One, two and five threads give the same bytes", arguments: [3, 77])
  func threads(_ seed: Int) async throws {
    let folder = try SmallScenario.folder()
    let arguments = ["--seed", "\(seed)"]
    let one = try await plan(arguments + ["--threads", "1"], in: folder, to: "one")
    let two = try await plan(arguments + ["--threads", "2"], in: folder, to: "two")
    let five = try await plan(arguments + ["--threads", "5"], in: folder, to: "five")
    #expect(one.count > 10)
    for name in one.keys.sorted() {
      #expect(one[name] == two[name] && one[name] == five[name], "\(name) differs")
    }
    #expect(one.keys == two.keys && one.keys == five.keys)
  }

  @Test(
    "The scenario's seed given as an option changes nothing; another seed changes costs and P(cheapest)'s basis"
  )
  func seeds() async throws {
    let folder = try SmallScenario.folder()
    let own = try await plan([], in: folder, to: "own")
    let same = try await plan(["--seed", "3"], in: folder, to: "same")
    let other = try await plan(["--seed", "4"], in: folder, to: "other")
    #expect(own == same)
    for name in ["result.json", "cost_distribution.csv", "monthly_cost.csv", "options.csv", "report.html"] {
      #expect(own[name] != nil && own[name] != other[name], "\(name) does not depend on the seed")
    }
  }

  @Test("The command that a result names gives the same document again")
  func command() async throws {
    let folder = try SmallScenario.folder(SmallScenario.text)
    let first = try await Program.run(
      [
        "plan", "small.yaml", "--json", "--seed", "11", "--draws", "8", "--threads", "1", "--set",
        "options.own.title='It''s \"ours\" & $HOME'",
      ], in: folder)
    #expect(first.exitCode == 0, "\(first.diagnostics)")
    let run = try #require(try Document(first.output)["run"] as? [String: Any])
    let command = try #require(run["command"] as? String)
    #expect(command.hasPrefix("breakeven plan small.yaml "))
    let second = try await Program.shell(
      "\"$PROGRAM\"" + command.dropFirst("breakeven".count) + " --json", in: folder)
    #expect(second.output == first.output)
  }

  @Test("A run over an older report leaves exactly the new one; nothing of the older one shows")
  func again() async throws {
    let folder = try SmallScenario.folder()
    let first = try await plan([], in: folder, to: "report")
    _ = try await plan(["--seed", "9", "--database", "other.sqlite"], in: folder, to: "report")
    let third = try await plan([], in: folder, to: "report")
    #expect(first == third)
  }

  @Test("simulate gives the same bytes twice, and others for another seed", arguments: SmallScenario.options)
  func simulations(_ option: String) async throws {
    let folder = try SmallScenario.folder()
    let arguments = ["simulate", "small.yaml", "--option", option, "--json"]
    let first = try await Program.run(arguments, in: folder)
    let second = try await Program.run(arguments, in: folder)
    let other = try await Program.run(arguments + ["--seed", "4"], in: folder)
    #expect(first.exitCode == 0 && first == second)
    #expect(first.output != other.output)
  }
}
