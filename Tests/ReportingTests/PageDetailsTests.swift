// SPDX-License-Identifier: GPL-3.0-or-later
// The sections that a full result has: what they say follows from it, and equals what the tables say.

import Decision
import Foundation
import NumberFormatting
import Reporting
import Testing

@Suite("Details of a page")
struct PageDetailsTests {
  /// The text of the page up to its details.
  static func firstPage(_ result: PlanResult) throws -> String {
    let (_, source) = try ReportPageTests.page(result)
    return source.components(separatedBy: "id='details'")[0]
  }

  @Test("the first page names at most three flip points, one of each axis first, and what to find out first")
  func flips() throws {
    let first = try Self.firstPage(Fixture.detailed())
    let list = first.components(separatedBy: "Where the answer turns")[1].components(separatedBy: "</ul>")[0]
    let items = list.components(separatedBy: "<li>").dropFirst()
    #expect(items.count == 3)
    #expect(list.contains("0.62×") && list.contains("58 %"), "volume and utilization both")
    #expect(!list.contains("FP8 on spot"), "an option that serves too little is no way out")
    #expect(first.contains("4 more under"))
    #expect(first.contains("demand.volume") && first.contains("worth at most $22.9\u{202F}k to find out"))
    var result = Fixture.detailed()
    for index in result.uncertainty?.inputs.indices ?? 0..<0 {
      result.uncertainty?.inputs[index].information = Fixture.interval(0)
    }
    #expect(try Self.firstPage(result).contains("No single input is sure to change the choice"))
  }

  @Test("a budget takes the place of the worst cases, with its probability")
  func budget() throws {
    let text = try ReportPageTests.page(Fixture.detailed()).page.text
    #expect(text.contains("Over the budget of $500\u{202F}k with probability 23\u{202F}% (20–27)"))
    let without = try ReportPageTests.page(Fixture.result).page.text
    #expect(!without.contains("budget of") && without.contains("Mean of the worst 5"))
  }

  @Test("a warning's place stands behind its words, folded away; a colon alone is no place")
  func places() throws {
    var result = Fixture.result
    result.warnings = ["plans/it's.yaml:38:9: bedrock ends: `x`", "Note: 12: 30 is a time", "a:1: b"]
    let first = try Self.firstPage(result)
    #expect(first.contains("<li><bdi>Bedrock ends: `x`</bdi> <details class='place'>"))
    #expect(first.contains("<code><bdi>plans/it&#39;s.yaml:38:9</bdi></code></details></li>"))
    #expect(first.contains("<li><bdi>Note: 12: 30 is a time</bdi></li>"))
    #expect(first.contains("<li><bdi>a:1: b</bdi></li>"))
  }

  @Test(
    "an assumption's age is counted from its check to the horizon's first day",
    arguments: [
      ("2026-10-02", "2026-12", "60"), ("2024-02-28", "2024-03", "2"), ("2023-02-28", "2023-03", "1"),
      ("2026-12-15", "2026-12", "−14"), ("1999-12-31", "2100-03", "36\u{202F}585"), ("soon", "2026-12", "–"),
    ])
  func age(checked: String, start: String, days: String) throws {
    var result = Fixture.result
    result.run.startMonth = start
    for index in result.assumptions.indices { result.assumptions[index].verifiedOn = checked }
    let tables = try ReportPageTests.page(result).page.tables
    let table = try #require(tables.first { $0.first?.contains("Days old") == true })
    #expect(table.dropFirst().allSatisfy { $0.last == days }, "\(table)")
  }

  @Test("the sections' sentences are computed")
  func sentences() throws {
    let text = try ReportPageTests.page(Fixture.detailed()).page.text
    for sentence in [
      "demand.volume moves the cost of Self-hosted FP8 base, API burst most: from $259\u{202F}k to $439\u{202F}k",
      "Find out demand.volume first: that is worth at most $22.9\u{202F}k, knowing everything $40.5\u{202F}k.",
      "has up to 8 GPUs in its supply base, all of them in 7\u{202F}% of the hours and 4 in every hour.",
      "with interruptions seen in 4 of 168 hours",
      "75\u{202F}% of the variance of Self-hosted FP8 base, API burst lies",
      "16 physical draws were simulated and 48 predicted", "The fleet base has 4 replicas.",
      "as narrow as asked for", "±\u{202F}1.4\u{202F}%",
    ] {
      #expect(text.contains(sentence), "\(sentence)")
    }
  }

  @Test("every chart is named, small, and its ids are its own, in a page of everything")
  func charts() throws {
    let (page, source) = try ReportPageTests.page(Fixture.detailed())
    #expect(Set(page.ids).count == page.ids.count)
    #expect(page.images.count >= 34)
    #expect(page.images.allSatisfy { $0.role == "img" && !$0.title.isEmpty && !$0.description.isEmpty })
    for chart in source.components(separatedBy: "<svg").dropFirst() {
      let size = chart.components(separatedBy: "</svg>")[0].utf8.count
      #expect(size <= 15_000, "\(size) bytes: \(chart.prefix(120))")
    }
    #expect(source.utf8.count < 1_500_000)
  }

  @Test("every file that the page names is written")
  func files() throws {
    let result = Fixture.detailed()
    let names = Set(try ReportFiles.render(result).map(\.name))
    let text = try ReportPageTests.page(result).page.text
    let named = text.matches(of: /[a-z_]+\.csv/).map { String($0.output) }
    #expect(Set(named).count >= 15)
    #expect(Set(named).isSubset(of: names), "\(Set(named).subtracting(names))")
  }

  @Test("unit costs and savings on the page are those of the tables, by one formatter")
  func numbers() throws {
    let result = Fixture.detailed()
    let files = try rendered(result)
    let tables = try ReportPageTests.page(result).page.tables
    let shown = try #require(tables.first { $0.first?.contains("$ per 1,000 requests") == true })
    let records = CSVReader.records(try #require(files["use_case_costs.csv"]))
    #expect(records.count == 21 && shown.count == 22)
    for row in shown.dropFirst() {
      let record = try #require(
        records.first { record in
          result.options.contains { $0.title == row[0] && $0.name == record["option"] }
            && record["use_case"] == row[1]
        })
      let cells = ["mean_cost_usd", "cost_per_million_output_tokens_usd", "cost_per_thousand_requests_usd"]
        .map { record[$0].flatMap(Double.init).map { NumberText.money($0) } }
      #expect(cells == [row[3], row[5], row[6]])
    }
    let savings = CSVReader.records(try #require(files["savings.csv"]))
    let median = try #require(
      savings.first { $0["against"] == "bedrock-on-demand" && $0["probability"] == "0.5" }?["saving_usd"])
    let table = try #require(tables.first { $0.first?.contains("Futures in which it saves") == true })
    #expect(Double(median).map { NumberText.money($0) } == table[1][3])
    #expect(CSVReader.records(try #require(files["fleet_weeks.csv"])).count == 2 * 2 * 168)
    let loads = CSVReader.records(try #require(files["fleet_loads.csv"]))
    #expect(
      loads.filter { $0["option"] == "base-with-burst" }.map { $0["purchase"] }
        == Array(repeating: "committed-1-year", count: 3) + Array(repeating: "on-demand", count: 5))
  }

  @Test(
    "hostile names stay text in the sections of a full result too",
    arguments: HostileNameTests.names.prefix(4) + ["=1+1", "שלום", "x\u{202E}gnp.exe"])
  func hostile(name: String) throws {
    let (page, _) = try ReportPageTests.page(Fixture.detailed(suffix: name))
    let (plain, _) = try ReportPageTests.page(Fixture.detailed(suffix: "harmless"))
    #expect(page.text.contains("demand.volume" + name))
    #expect(page.text.contains("measurements" + name))
    for (element, count) in plain.elements
    where !["text", "tspan", "path", "rect", "defs", "pattern", "wbr"].contains(element) {
      #expect(page.elements[element] == count, "\(element)")
    }
    #expect(Set(page.elements.keys).isSubset(of: plain.elements.keys))
    #expect(Set(page.attributes.keys) == Set(plain.attributes.keys))
  }
}
