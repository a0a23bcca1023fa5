// SPDX-License-Identifier: GPL-3.0-or-later
// The three forms of a report say the same numbers, and the same result gives the same bytes.

import Decision
import Foundation
import Reporting
import Testing

@Suite("Report files")
struct ReportFilesTests {
  @Test("the files are all there, sorted by name")
  func names() throws {
    let names = try ReportFiles.render(Fixture.result).map(\.name)
    #expect(names == names.sorted())
    let promised = [
      "report.html", "result.json", "summary.md", "datapackage.json", "data-dictionary.md", "charges.csv",
      "options.csv", "monthly_cost.csv", "monthly_components.csv",
      "components.csv",
      "cost_distribution.csv", "supplies.csv", "latency.csv", "break_even.csv", "along_volume.csv",
      "demand_by_hour.csv",
      "demand_by_use.csv", "demand_monthly.csv", "assumptions.csv", "decision.csv", "sensitivity.csv",
      "information.csv", "convergence.csv",
    ]
    #expect(Set(names) == Set(promised))
  }

  @Test("INV-8: the same result gives the same bytes")
  func deterministic() throws {
    #expect(try ReportFiles.render(Fixture.result) == ReportFiles.render(Fixture.result))
  }

  @Test("the document reads back equal, has sorted keys, plain slashes and one newline at its end")
  func document() throws {
    let bytes = try ResultDocument.encode(Fixture.result)
    #expect(try ResultDocument.decode(bytes) == Fixture.result)
    let files = try rendered(Fixture.result)
    #expect(files["result.json"] == bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasSuffix("}\n") && !text.hasSuffix("\n\n"))
    #expect(!text.contains("\\/") && text.contains("https://example.com/gpu-cloud"))
    let keys = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }.map { $0.prefix { $0 != ":" } }
    #expect(keys.count == 9 && keys == keys.sorted())
  }

  @Test("every table is rectangular and as long as what it tells")
  func shapes() throws {
    let files = try rendered(Fixture.result)
    let counts = [
      "options.csv": 7, "monthly_cost.csv": 84, "cost_distribution.csv": 707, "supplies.csv": 11,
      "latency.csv": 63,
      "break_even.csv": 7, "along_volume.csv": 63, "demand_by_hour.csv": 168, "demand_by_use.csv": 3,
      "demand_monthly.csv": 12, "assumptions.csv": 6,
    ]
    for (name, bytes) in files where name.hasSuffix(".csv") {
      let rows = CSVReader.rows(bytes)
      #expect(Set(rows.map(\.count)).count == 1, "\(name)")
      #expect(Set(rows[0]).count == rows[0].count, "\(name) has a column twice")
      if let count = counts[name] { #expect(rows.count == count + 1, "\(name)") }
    }
  }

  @Test("CSV and document hold the same numbers: money to the cent")
  func csvAgrees() throws {
    let files = try rendered(Fixture.result)
    let document = try ResultDocument.decode(try #require(files["result.json"]))
    let options = CSVReader.records(try #require(files["options.csv"]))
    for (option, record) in zip(document.options, options) {
      #expect(record["option"] == option.name)
      #expect(record["title"] == option.title)
      #expect(record["recommended"] == String(option.name == "base-with-burst"))
      #expect(record["today"] == String(option.name == "bedrock-on-demand"))
      #expect(record["meets_service_level"] == String(option.serviceLevel >= 0.95))
      let money = [
        "total_cost_mean_usd": option.totalCost.mean, "total_cost_p10_usd": option.totalCost.p10,
        "total_cost_p50_usd": option.totalCost.p50, "total_cost_p90_usd": option.totalCost.p90,
        "total_cost_p95_usd": option.totalCost.p95, "cvar95_usd": option.conditionalValueAtRisk95,
        "expected_regret_usd": option.expectedRegret,
      ]
      for (column, value) in money {
        let cell = try #require(record[column].flatMap(Double.init), "\(column)")
        #expect(abs(cell - value) <= 0.005 + 1e-9, "\(option.name) \(column)")
      }
      let chance = try #require(record["probability_cheapest"].flatMap(Double.init))
      #expect(abs(chance - option.probabilityCheapest.estimate) <= 5e-7)
    }
    let distribution = CSVReader.records(try #require(files["cost_distribution.csv"]))
    let median = try #require(
      distribution.first { $0["option"] == "spot-fp8" && $0["probability"] == "0.5" }?["total_cost_usd"]
    )
    #expect(abs((Double(median) ?? 0) - document.options[4].costQuantiles[50]) <= 0.005 + 1e-9)
    let months = CSVReader.records(try #require(files["monthly_components.csv"]))
    for option in document.options {
      let sum = months.filter { $0["option"] == option.name }.compactMap { Double($0["mean_cost_usd"] ?? "") }
        .reduce(0, +)
      #expect(abs(sum - option.components.map(\.mean).reduce(0, +)) < 1, "\(option.name)")
    }
  }

  @Test("the page's options table and the CSV hold the same numbers, to the page's digits")
  func pageAgrees() throws {
    let files = try rendered(Fixture.result)
    let page = PageReader.read(try #require(files["report.html"])).page
    let records = CSVReader.records(try #require(files["options.csv"]))
    let table = try #require(page.tables.first)
    #expect(table.count == 8)
    let columns = [
      (1, "total_cost_mean_usd"), (2, "total_cost_p10_usd"), (3, "total_cost_p50_usd"),
      (4, "total_cost_p90_usd"),
      (6, "cost_per_million_output_tokens_mean_usd"),
    ]
    var means: [Double] = []
    for row in table.dropFirst() {
      let record = try #require(records.first { row[0].hasPrefix($0["title"] ?? "?") }, "\(row[0])")
      for (index, column) in columns {
        let shown = try #require(NumberReader.dollars(row[index]), "\(row[index])")
        let exact = try #require(record[column].flatMap(Double.init))
        #expect(abs(shown / exact - 1) < 0.0051, "\(row[0]) \(column): \(row[index])")
      }
      let served = try #require(NumberReader.share(row[7]))
      let exact = try #require(record["served_within_objective_share"].flatMap(Double.init))
      #expect(served <= exact + 1e-9 && exact - served < 0.001)
      #expect(row[0].contains("within its objective") == (record["meets_service_level"] == "false"))
      #expect(row[0].contains("recommended") == (record["recommended"] == "true"))
      #expect(row[0].contains("today") == (record["today"] == "true"))
      means.append(try #require(NumberReader.dollars(row[1])))
    }
    #expect(means == means.sorted())
  }

  @Test("a contradictory document is refused, and the message names the place")
  func refusals() {
    var cases: [(String, PlanResult)] = []
    func add(_ hint: String, _ change: (inout PlanResult) -> Void) {
      var result = Fixture.result
      change(&result)
      cases.append((hint, result))
    }
    add("totalCost.mean") { $0.options[2].totalCost.mean = .nan }
    add("expectedRegret") { $0.decision.expectedRegret = .infinity }
    add("decision.option") { $0.decision.option = "gone" }
    add("breakEvens.against") { $0.breakEvens[1].against = "gone" }
    add("no options") { $0.options = [] }
    add("same name") { $0.options[1].name = $0.options[0].name }
    add("100 cost quantiles") { $0.options[0].costQuantiles.removeLast() }
    add("167 values") { $0.demand.hourOfWeekRate.removeLast() }
    add("alongVolume") { $0.alongVolume[0].medianCost.removeLast() }
    add("schemaVersion 99") { $0.schemaVersion = 99 }
    for (hint, result) in cases {
      do {
        _ = try ReportFiles.render(result)
        Issue.record("\(hint) was not refused")
      } catch {
        #expect(error.description.contains(hint), "\(error)")
      }
    }
  }

  @Test(
    "what is not a result document is refused, not trapped on",
    arguments: ["", "{", "[]", "{\"schemaVersion\": 1}"])
  func garbage(text: String) {
    #expect(throws: ReportError.self) { try ResultDocument.decode(Data(text.utf8)) }
  }
}
