// SPDX-License-Identifier: GPL-3.0-or-later
// Nights from the command line: what is said, with which code, and what is written, as alerts are crossed, inputs change and
// scenarios break.

import Foundation
import Testing

@Suite("Nightly runs", .timeLimit(.minutes(15)))
struct NightlyTests {
  @Test(
    "a quiet night prints a line for each scenario in order of file, stores runs, and writes the page, metrics, summary"
  )
  func quiet() async throws {
    let folder = try NightlyFolder.make(["b": nil, "a": nil])
    let first = try await NightlyFolder.run(
      ["--metrics", "m/night.prom", "--summary", "m/night.md"], in: folder)
    #expect(first.exitCode == 0 && first.diagnostics.isEmpty, "\(first)")
    let lines = first.output.split(separator: "\n")
    #expect(
      lines.count == 2 && lines[0].hasPrefix("a: first night: ") && lines[1].hasPrefix("b: first night: "))
    let second = try await NightlyFolder.run(in: folder)
    #expect(second.exitCode == 0 && second.output.contains("a: api stays; P50 $"), "\(second)")
    #expect(second.output.matches(of: /\(unchanged\)/).count == 2)
    #expect(try await NightlyFolder.runs(in: folder).count == 4)
    let files = Set(try folder.files(below: "reports").keys)
    #expect(files.isSuperset(of: ["index.html", "a/report.html", "a/result.json", "b/report.html"]))
    #expect(!files.contains { $0.contains("writing-") })
    #expect(try folder.text("m/night.prom").hasSuffix("\n# EOF\n"))
    #expect(try folder.text("m/night.md").contains("2 scenarios: no threshold crossed."))
    let page = try folder.text("reports/index.html")
    #expect(page.contains("href='a/report.html'") && page.contains("2 nights from "))
    // The same document as by day, and the command in it gives it again.
    let document = try folder.bytes("reports/a/result.json")
    let planned = try await Program.run(
      ["plan", "nights/a.yaml", "--out", "day", "--quiet", "--json"], in: folder)
    let command = try Document(planned.output)["run"] as? [String: Any]
    let night = try Document(String(decoding: document, as: UTF8.self))["run"] as? [String: Any]
    #expect(command?["command"] as? String == night?["command"] as? String)
    #expect(try folder.bytes("day/result.json") == document)
  }

  @Test(
    "a crossed threshold ends with 3 and a line for each alert; a flip is said once, by the night it came in")
  func alerts() async throws {
    let folder = try NightlyFolder.make([
      "a": NightlyFolder.scenario("a", "alert: {p90_above: 1, p_cheapest_below: 50 %}"),
      "b": NightlyFolder.scenario("b", "alert: {cost_changes_by: 10 %}"),
    ])
    let first = try await NightlyFolder.run(in: folder)
    #expect(first.exitCode == 3, "\(first)")
    #expect(first.output.hasPrefix("a: alert p90_above: P90 of api is $"), "\(first)")
    #expect(first.output.contains("\nb: first night: api; "))
    // With GPUs for next to nothing the decision changes, and its cost.
    let cheap = NightlyFolder.scenario("b", "alert: {cost_changes_by: 10 %}")
      .replacing("on-demand: 3", with: "on-demand: 0.0001")
    try folder.write(cheap, to: "nights/b.yaml")
    let second = try await NightlyFolder.run(["--metrics", "night.prom"], in: folder)
    #expect(second.exitCode == 3)
    #expect(
      second.output.contains("\nb: alert decision_changes: the decision changes: api → own\n"), "\(second)")
    #expect(second.output.contains("\nb: alert cost_changes_by: P50 of own goes from $"))
    let metrics = try folder.text("night.prom")
    #expect(metrics.contains(#"breakeven_alert{scenario="b",threshold="decision_changes"} 1"#))
    #expect(metrics.contains(#"breakeven_alert{scenario="a",threshold="p_cheapest_below"} 0"#))
    let third = try await NightlyFolder.run(in: folder)
    #expect(third.output.contains("\nb: own stays; "), "\(third)")
  }

  @Test(
    "one bad scenario among good ones fails by itself, its code is the night's, and its trend stays on the page"
  )
  func badScenario() async throws {
    let folder = try NightlyFolder.make(["a": nil, "b": nil, "c": nil])
    #expect(try await NightlyFolder.run(in: folder).exitCode == 0)
    try folder.write(
      NightlyFolder.scenario("b").replacing("rate: 1.0", with: "rat: 1.0"), to: "nights/b.yaml")
    try folder.write(
      NightlyFolder.scenario("d").replacing("rate: 1.0", with: "trace: gone.csv"), to: "nights/d.yaml")
    try folder.write("gpu_hour: {}\n", to: "nights/prices.yaml")
    let outcome = try await NightlyFolder.run(
      ["--summary", "night.md", "--metrics", "night.prom"], in: folder)
    #expect(outcome.exitCode == 65, "\(outcome)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 4, "\(outcome)")
    #expect(lines[0].hasPrefix("a: api stays") && lines[2].hasPrefix("c: api stays"))
    #expect(lines[1].hasPrefix("b: failed (65): nights/b.yaml:8:7: unknown key `rat`"))
    #expect(lines[3].hasPrefix("d: failed (65): nights/d.yaml:8:14: the trace nights/gone.csv is not there"))
    #expect(outcome.diagnostics.contains("nights/b.yaml:8:7: unknown key `rat`"))
    #expect(try await NightlyFolder.runs(in: folder).count == 5)
    #expect(try folder.text("night.md").contains("4 scenarios: 2 failed."))
    let metrics = try folder.text("night.prom")
    #expect(metrics.contains("breakeven_exit_code{scenario=\"b\"} 65\n"))
    #expect(metrics.contains("breakeven_last_success_timestamp_seconds{scenario=\"b\"} "))
    #expect(!metrics.contains("breakeven_last_success_timestamp_seconds{scenario=\"d\"} "))
    #expect(try folder.text("reports/index.html").contains("href='b/report.html'"))
  }

  @Test("two files of one name, a folder without scenarios, and no folder are told apart")
  func refusals() async throws {
    let folder = try NightlyFolder.make(["a": nil, "b": NightlyFolder.scenario("a")])
    let twice = try await NightlyFolder.run(in: folder)
    #expect(twice.exitCode == 65)
    #expect(
      twice.diagnostics
        == "nights/b.yaml: `name` is `a`, as in nights/a.yaml; give each scenario its own\n")
    try folder.write("x: 1\n", to: "empty/prices.yaml")
    for (name, words) in [
      ("empty", "no file of this folder is a scenario"), ("none", "there is no such folder"),
      ("nights/a.yaml", "this is a file"),
    ] {
      let outcome = try await Program.run(["nightly", name, "--database", "x/y.sqlite"], in: folder)
      #expect(outcome.exitCode == 66 && outcome.diagnostics.contains("\(name): \(words)"), "\(outcome)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "x").path))
  }

  @Test(
    "usage logs are held against the plan: their dollars, or tokens at the catalog's price; a missing log fails"
  )
  func usage() async throws {
    let alert = "alert: {spend_above_plan: 15 %, volume_above_plan: 20 %}\nnightly: {usage: 'logs/*.csv'}"
    let folder = try NightlyFolder.make(["a": NightlyFolder.scenario("a", alert)])
    let missing = try await NightlyFolder.run(in: folder)
    #expect(
      missing.exitCode == 66 && missing.diagnostics.hasPrefix("nights/logs/*.csv: there is no such file"))
    #expect(try await NightlyFolder.runs(in: folder).isEmpty)
    // A request a second as planned, of a few tokens and dollars of the log's own.
    func log(every step: Double, dollars: Double) -> String {
      let rows = (0..<Int(600 / step)).map { row in
        let second = Double(row) * step
        let time = String(format: "%02d:%06.3f", Int(second) / 60, second - Double(Int(second) / 60 * 60))
        return "r\(row),bedrock/llama-3.1-8b,llama-3.1-8b,\(dollars),300,30,2026-12-07 10:\(time),"
          + "2026-12-07 10:\(time),2026-12-07 10:\(time),False,success"
      }
      return
        "request_id,model,model_group,spend,prompt_tokens,completion_tokens,startTime,completionStartTime,endTime,"
        + "cache_hit,status\n" + rows.joined(separator: "\n") + "\n"
    }
    try folder.write(log(every: 1, dollars: 0.000_01), to: "nights/logs/1.csv")
    let calm = try await NightlyFolder.run(in: folder)
    #expect(calm.exitCode == 0 && calm.output.contains("; spent $0.006 of $"), "\(calm)")
    #expect(calm.output.contains(" requests of "))
    try folder.write(log(every: 0.5, dollars: 0.01), to: "nights/logs/1.csv")
    let high = try await NightlyFolder.run(["--metrics", "night.prom"], in: folder)
    #expect(high.exitCode == 3, "\(high)")
    #expect(high.output.contains("a: alert spend_above_plan: $12 was spent where the plan has $"), "\(high)")
    #expect(
      high.output.contains("a: alert volume_above_plan: 1.20\u{202F}k requests came where the plan has "))
    let spent = try folder.text("night.prom").firstMatch(
      of: #/breakeven_actual_spend_dollars\{scenario="a"\} (\S+)\n/#)?.1
    #expect(abs(try #require(spent.flatMap { Double($0) }) - 12) < 1e-9)
    // The same log from the command line, for a scenario that names none.
    let other = try NightlyFolder.make(["a": nil])
    try other.write(log(every: 1, dollars: 0.000_01), to: "log.csv")
    let given = try await NightlyFolder.run(["--usage", "log.csv"], in: other)
    #expect(given.exitCode == 0 && given.output.contains("spent $0.006 of $"), "\(given)")
  }

  @Test("fresh price lists go before the catalog, and the run's command gives the same numbers by day")
  func prices() async throws {
    let folder = try NightlyFolder.make(["a": nil])
    #expect(try await NightlyFolder.run(in: folder).exitCode == 0)
    let list = """
      {"bedrock/meta.llama3-1-8b-instruct-v1:0": {"input_cost_per_token": 1e-4, "output_cost_per_token": 1e-4,
        "litellm_provider": "bedrock", "mode": "chat"}}
      """
    try folder.write(list, to: "lists/2026-12-01.json")
    let dear = try await NightlyFolder.run(["--prices", "lists/*.json"], in: folder)
    #expect(dear.exitCode == 3 && dear.output.contains("the decision changes: api → own"), "\(dear)")
    let document = try folder.bytes("reports/a/result.json")
    let run = try Document(String(decoding: document, as: UTF8.self))["run"] as? [String: Any]
    let command = try #require(run?["command"] as? String)
    #expect(command.contains("--catalog reports/a/catalog"))
    let again = try await Program.shell(
      "\"$PROGRAM\"\(command.dropFirst("breakeven".count)) --out day --quiet", in: folder)
    #expect(again.exitCode == 0, "\(again)")
    #expect(try folder.bytes("day/result.json") == document)
    let none = try await NightlyFolder.run(["--prices", "lists/*.csv"], in: folder)
    #expect(none.exitCode == 66 && none.output.contains("lists/*.csv: there is no such file"))
  }

  @Test("what killed nights have left a day ago goes, what is younger or another's stays")
  func leftovers() async throws {
    let folder = try NightlyFolder.make(["a": nil])
    let names = ["reports/.a.writing-12/x", "reports/a/.a.writing-13/x", "night.prom.writing-14"]
    let others = ["reports/.a.writing-15/x", "reports/old.writing-x"]
    for name in names + others { try folder.write("x", to: name) }
    let old =
      "touch -d '2 days ago' reports/.a.writing-12 reports/a/.a.writing-13 night.prom.writing-14 reports/old*"
    #expect(try await Program.shell(old, in: folder).exitCode == 0)
    #expect(try await NightlyFolder.run(["--metrics", "night.prom"], in: folder).exitCode == 0)
    let files = Set(try folder.files().keys)
    #expect(files.isDisjoint(with: names) && files.isSuperset(of: others))
  }

  @Test("old nights go by the flag, by the scenario's own span, and never the last good one")
  func retention() async throws {
    let folder = try NightlyFolder.make([
      "a": NightlyFolder.scenario("a", "nightly: {keep: 2 runs}"), "b": nil,
    ])
    for _ in 0..<3 { #expect(try await NightlyFolder.run(in: folder).exitCode == 0) }
    func count(_ name: String) async throws -> Int {
      try await NightlyFolder.runs(in: folder).count { $0["scenario"] as? String == name }
    }
    #expect(try await count("a") == 2)
    #expect(try await count("b") == 3)
    #expect(try await NightlyFolder.run(["--keep", "1 run"], in: folder).exitCode == 0)
    #expect(try await count("a") == 1)
    #expect(try await count("b") == 1)
    let bad = try await NightlyFolder.run(["--keep", "a while"], in: folder)
    #expect(bad.exitCode == 64 && bad.diagnostics.contains("'90 days'"))
  }
}
