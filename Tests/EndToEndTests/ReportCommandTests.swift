// SPDX-License-Identifier: GPL-3.0-or-later
// A report comes back from the store as it was written, and says the same numbers in every form.

import Foundation
import Testing

@Suite("Reports and exports of stored runs", .timeLimit(.minutes(15)))
struct ReportCommandTests {
  /// A folder with one run, and what `plan` printed.
  private static func planned(_ text: String = SmallScenario.text) async throws -> (Folder, String) {
    let folder = try SmallScenario.folder(text)
    let outcome = try await Program.run(["plan", "small.yaml", "--quiet"], in: folder)
    try #require(outcome.exitCode == 0, "\(outcome.diagnostics)")
    return (folder, outcome.output)
  }

  @Test("`report` writes every file that `plan` wrote, byte for byte, from the database alone")
  func again() async throws {
    let (folder, _) = try await Self.planned()
    let written = try folder.files(below: "reports/small")
    try FileManager.default.removeItem(at: folder.url.appending(path: "small.yaml"))
    let outcome = try await Program.run(["report", "latest", "--out", "again"], in: folder)
    #expect(outcome.exitCode == 0 && outcome.output == "again/report.html\n")
    #expect(try folder.files(below: "again") == written)
    #expect(written.count > 20 && written["datapackage.json"] != nil && written["summary.md"] != nil)
  }

  @Test("every table of a plan says in its data package what a row and each of its cells is")
  func described() async throws {
    struct Package: Decodable {
      struct Field: Decodable {
        var name: String
        var description: String?
      }
      struct Schema: Decodable { var fields: [Field] }
      struct Resource: Decodable {
        var path: String
        var description: String?
        var schema: Schema
      }
      var resources: [Resource]
    }
    let (folder, _) = try await Self.planned()
    let text = try folder.text("reports/small/datapackage.json")
    let package = try JSONDecoder().decode(Package.self, from: Data(text.utf8))
    let written = try folder.files(below: "reports/small").keys.filter { $0.hasSuffix(".csv") }
    #expect(Set(package.resources.map(\.path)) == Set(written))
    for resource in package.resources {
      #expect(resource.description?.isEmpty == false, "\(resource.path)")
      let silent = resource.schema.fields.filter { $0.description?.isEmpty != false }.map(\.name)
      #expect(silent.isEmpty, "\(resource.path)")
    }
  }

  @Test("`report` without --out replaces the report of the scenario; other files there stay")
  func replaced() async throws {
    let (folder, _) = try await Self.planned()
    let written = try folder.files(below: "reports/small")
    try folder.write("gone", to: "reports/small/report.html")
    try folder.write("mine", to: "reports/small/notes.txt")
    let outcome = try await Program.run(["report"], in: folder)
    #expect(outcome.exitCode == 0 && outcome.output == "reports/small/report.html\n")
    var expected = written
    expected["notes.txt"] = Data("mine".utf8)
    #expect(try folder.files(below: "reports/small") == expected)
  }

  @Test("terminal, Markdown, CSV and JSON say the same numbers")
  func agreement() async throws {
    let (folder, terminal) = try await Self.planned()
    let markdown = try folder.text("reports/small/summary.md")
    let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains("$") }.dropFirst()
      .map { line in
        line.dropFirst(2).dropLast(2).split(separator: " | ").map {
          String($0).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
        }
      }
    #expect(rows.count == 4)
    for row in rows {
      let title = row[0].replacing(" (recommended)", with: "").replacing(" (today)", with: "")
      let line = try #require(terminal.split(separator: "\n").first { $0.hasPrefix(title) })
      let words = line.dropFirst(title.count).split(separator: "  ").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      .filter { !$0.isEmpty && $0 != "(today)" }
      // The terminal has the share in time before the probability; Markdown has it last.
      #expect(Array(words[0...4]) == Array(row[1...4]) + [row[6]], "\(title)")
      #expect(Set(words[5...]) == [row[5], row[7]], "\(title)")
    }
    let json = try await Program.run(["export", "--format", "json"], in: folder).output
    #expect(json == (try folder.text("reports/small/result.json")))
    let summary = try await Program.run(["export", "--format", "markdown"], in: folder).output
    #expect(summary == markdown)
    let table = try await Program.run(["export", "--format", "csv", "--table", "options"], in: folder).output
    #expect(table == (try folder.text("reports/small/options.csv")))
  }

  @Test("the forecast of every option adds up to its components over the horizon")
  func forecast() async throws {
    let (folder, _) = try await Self.planned()
    let components = try folder.text("reports/small/components.csv").split(separator: "\n").dropFirst()
    for option in SmallScenario.options {
      let outcome = try await Program.run(["export", "--format", "focus", "--option", option], in: folder)
      let billed = outcome.output.split(separator: "\n").dropFirst().compactMap {
        $0.split(separator: ",").first.flatMap { Double($0) }
      }
      let planned = components.filter { $0.hasPrefix("\(option),") }.compactMap {
        $0.split(separator: ",").last.flatMap { Double($0) }
      }
      #expect(!billed.isEmpty && abs(billed.reduce(0, +) - planned.reduce(0, +)) < 0.1, "\(option)")
    }
  }

  @Test("a comparison is printed as `runs compare` prints it, and written as a page and as Markdown")
  func comparison() async throws {
    let (folder, _) = try await Self.planned()
    _ = try await Program.run(["plan", "small.yaml", "--quiet", "--seed", "5"], in: folder)
    let compared = try await Program.run(["runs", "compare", "1", "2"], in: folder).output
    let outcome = try await Program.run(["report", "--compare", "1", "2", "--out", "both"], in: folder)
    #expect(outcome.exitCode == 0 && outcome.output == compared + "\nboth/comparison.html\n")
    #expect(try folder.files(below: "both").keys.sorted() == ["comparison.html", "comparison.md"])
    let markdown = try await Program.run(["report", "--compare", "--format", "markdown"], in: folder).output
    #expect(markdown == (try folder.text("both/comparison.md")) && markdown.contains("seed"))
  }

  @Test(
    "a plan is held against the last one that came to something else, also by `report` and when repeated")
  func since() async throws {
    let (folder, _) = try await Self.planned()
    #expect(try folder.files(below: "reports/small")["changes.csv"] == nil)
    let dearer = ["plan", "small.yaml", "--quiet", "--set", "options.own.costs.people_per_month=900"]
    _ = try await Program.run(dearer, in: folder)
    let written = try folder.files(below: "reports/small")
    #expect(try folder.text("reports/small/report.html").contains("Since run 1 of "))
    let input = try folder.text("reports/small/changes.csv").split(separator: "\n").dropFirst().first
    #expect(input?.hasPrefix("input,scenario file,") == true, "\(input ?? "")")
    _ = try await Program.run(dearer, in: folder)
    #expect(try folder.files(below: "reports/small") == written)
    _ = try await Program.run(["runs", "delete", "1"], in: folder)
    _ = try await Program.run(["report", "2", "--out", "again"], in: folder)
    #expect(try folder.files(below: "again") == written)
    let table = try await Program.run(["export", "--format", "csv", "--table", "changes"], in: folder)
    #expect(table.exitCode == 0 && Data(table.output.utf8) == written["changes.csv"])
  }

  @Test("a name that would do harm stays text on the way through the store")
  func hostile() async throws {
    let title = "<script>alert(1)</script> | =1+1"
    let (folder, _) = try await Self.planned(
      SmallScenario.replacing("title: The API", by: "title: '\(title)'"))
    let page = try folder.text("reports/small/report.html")
    #expect(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert"))
    let markdown = try await Program.run(["report", "--format", "markdown"], in: folder).output
    #expect(!markdown.contains("<script") && markdown.contains("\\| =1+1"))
    let table = try await Program.run(["export", "--format", "csv", "--table", "options"], in: folder).output
    #expect(table.contains(",<script>alert(1)</script> | =1+1,"))
  }

  @Test(
    "what cannot be is refused with the code for it, and nothing is written",
    arguments: [
      (["report", "9"], 66), (["report", "1", "1"], 64), (["report", "--out", ""], 64),
      (["export", "--format", "csv"], 64), (["export", "--format", "datapackage", "--out", "-"], 64),
      (["export", "--format", "focus", "--option", "gone"], 64),
      (["export", "--format", "csv", "--table", "gone"], 64),
      (["export", "--format", "json", "--license", "MIT"], 64), (["export", "9", "--format", "json"], 66),
      (["export", "--format", "focus", "--out", "small.yaml/forecast.csv"], 73),
      (["report", "--out", "small.yaml"], 73), (["report", "--compare"], 66),
    ] as [([String], Int32)])
  func refusals(arguments: [String], code: Int32) async throws {
    let (folder, _) = try await Self.planned()
    let before = try folder.files().filter { !$0.key.contains(".sqlite") }
    let outcome = try await Program.run(arguments, in: folder)
    #expect(outcome.exitCode == code && outcome.output.isEmpty && !outcome.diagnostics.isEmpty, "\(outcome)")
    #expect(try folder.files().filter { !$0.key.contains(".sqlite") } == before)
  }
}
