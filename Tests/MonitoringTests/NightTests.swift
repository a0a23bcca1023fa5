// SPDX-License-Identifier: GPL-3.0-or-later
// What a night prints and writes for people, and which exit code it comes to.

import Foundation
import FoundationXML
import Monitoring
import Reporting
import Scenario
import Testing

@Suite("Nights")
struct NightTests {
  private static func night(_ outcomes: [ScenarioNight.Outcome]) -> Night {
    Night(
      finishedAt: "2026-12-02T03:04:05Z", finishedSeconds: 0,
      scenarios: outcomes.enumerated().map { place, outcome in
        ScenarioNight(file: "\(place).yaml", name: "n\(place)", outcome: outcome, trend: [])
      })
  }

  private static func quiet(previous: Bool = true) -> ScenarioNight.Outcome {
    .planned(
      ScenarioNight.Planned(
        run: 1, result: Fixture.result(), previousRun: nil,
        previous: previous ? Fixture.result(p50: 1500) : nil, usage: nil, thresholds: AlertThresholds()))
  }

  private static var alerted: ScenarioNight.Outcome {
    .planned(
      ScenarioNight.Planned(
        run: 1, result: Fixture.result(), previousRun: 1, previous: Fixture.result(recommended: "api"),
        usage: nil, thresholds: AlertThresholds()))
  }

  private static func failed(_ code: Int32) -> ScenarioNight.Outcome {
    .failed(code: code, lines: ["wrong", "and more"])
  }

  @Test("the exit code is that of the worst scenario: failures before alerts before silence")
  func exitCodes() {
    #expect(Self.night([]).exitCode == 0)
    #expect(Self.night([Self.quiet(), Self.quiet()]).exitCode == 0)
    #expect(Self.night([Self.quiet(), Self.alerted]).exitCode == 3)
    #expect(Self.night([Self.failed(66), Self.alerted]).exitCode == 66)
    #expect(Self.night([Self.failed(66), Self.failed(65)]).exitCode == 65)
    #expect(Self.night([Self.failed(65), Self.failed(73), Self.failed(75)]).exitCode == 73)
    #expect(Self.night([Self.failed(70), Self.failed(73)]).exitCode == 70)
  }

  @Test("a line for each scenario, and one for each alert or failure")
  func lines() {
    let night = Self.night([Self.quiet(), Self.quiet(previous: false), Self.alerted, Self.failed(65)])
    #expect(
      night.scenarios.map(\.text) == [
        "n0: own stays; P50 $1.60\u{202F}k (+6.7\u{202F}%), P(cheapest) 70\u{202F}%\n",
        "n1: first night: own; P50 $1.60\u{202F}k, P(cheapest) 70\u{202F}%\n",
        "n2: alert decision_changes: the decision changes: api → own\n",
        "n3: failed (65): wrong\n",
      ])
  }

  @Test("the summary begins with alerts, then failures, then changes; nothing from a file is markup in it")
  func summary() throws {
    let text = MetricsTests.night().summary
    let headings = text.split(separator: "\n").filter { $0.hasPrefix("#") }
    #expect(
      headings == [
        "# Breakeven, 2026-12-02 03:04 UTC", "## Alerts", "## Failed", "## Changed since the last good run",
        "## All scenarios",
      ])
    #expect(text.contains("2 scenarios: 1 with an alert, 1 failed."))
    #expect(text.contains("- **bad** (65): w/bad.yaml:1:1: no \\| &lt;good&gt;\n"))
    #expect(text.contains("the decision changes from api to own"))
    #expect(text.contains("own: P50 $1.50\u{202F}k → $1.60\u{202F}k (+6.7\u{202F}%)"))
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(Set(rows.map { $0.replacing("\\|", with: "").count { $0 == "|" } }) == [9])
    let quiet = Self.night([Self.quiet()]).summary
    #expect(quiet.contains("1 scenario: no threshold crossed.") && !quiet.contains("## Alerts"))
  }

  @Test("the index is well-formed, loads nothing, runs nothing, and leads to each report there is")
  func index() throws {
    let page = MetricsTests.night().index(version: "1.0.0") { $0 == "support" ? "support/report.html" : nil }
    let file = page.file
    let text = String(decoding: file.bytes, as: UTF8.self)
    #expect(file.name == "index.html")
    #expect(text.contains("<a href='support/report.html'>") && !text.contains("bad/report.html"))
    #expect(text.contains("no | &lt;good&gt;") && text.contains("2 scenarios: 1 with an alert, 1 failed."))
    #expect(!text.contains("<script") && !text.contains(" src=") && !text.contains("url(http"))
    #expect(text.contains("prefers-color-scheme:dark") && text.contains("default-src 'none'"))
    #expect(text.matches(of: #/<svg /#).count == 2 && text.matches(of: #/<title id=/#).count == 2)
    #expect(text.contains("2 nights from 2026-12-01 to 2026-12-02: $1.50\u{202F}k at first"))
    let parser = XMLParser(data: file.bytes)
    #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "") in line \(parser.lineNumber)")
  }

  @Test("scenarios of a folder: by name, other YAML passed over, broken YAML not")
  func files() throws {
    let folder = try TemporaryFolder()
    for (name, text) in [
      ("b.yaml", "name: bee\ndemand: {}\n"), ("a.yml", "options: {}\n"), ("B.YAML", "demand: {}\n"),
      ("prices.yaml", "gpus:\n  h100: 1\n"), ("list.yaml", "- 1\n"), ("broken.yaml", "a: [\n"),
      (".hidden.yaml", "demand: {}\n"), ("notes.txt", "demand: {}\n"),
      ("z.yaml", "name: not a name\ndemand: 1\n"),
    ] { try folder.write(text, to: name) }
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "catalog.yaml"), withIntermediateDirectories: true)
    let entries = ScenarioFiles.entries(of: folder.url.path)
    let found = entries.filter(\.isScenario).map { $0.path.split(separator: "/").last.map(String.init) ?? "" }
    #expect(found == ["B.YAML", "a.yml", "b.yaml", "broken.yaml", "z.yaml"])
    #expect(entries.filter(\.isScenario).map(\.name) == [nil, nil, "bee", nil, nil])
    #expect(entries.count == 7)
    #expect(ScenarioFiles.stem(of: "w/x/support.assistant.yaml") == "support")
  }
}
