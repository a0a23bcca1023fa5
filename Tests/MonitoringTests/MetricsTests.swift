// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics as a reader of them finds them: names and labels by the format's rules, and, where it is installed, by the
// reference parser.

import Foundation
import Monitoring
import Scenario
import Store
import Testing

@Suite("OpenMetrics")
struct MetricsTests {
  /// A night of one good scenario with an alert and a usage log, and one that failed.
  static func night(name: String = "support") -> Night {
    let plan = Fixture.result()
    let usage = UsageAgainstPlan(
      MeasuredTotals(
        requests: 120_000, outputTokens: 1, dollars: 40, unpricedRequests: 0, start: 1_796_601_600,
        end: 1_796_688_000, hasCalendar: true), plan: plan)
    var thresholds = AlertThresholds()
    thresholds.p90Above = 100
    let planned = ScenarioNight.Planned(
      run: 7, result: plan, previousRun: 6, previous: Fixture.result(recommended: "api", p50: 1500),
      usage: usage,
      thresholds: thresholds)
    let trend = [1, 2].map { day in
      TrendPoint(
        run: Int64(day), createdAt: "2026-12-0\(day)T03:00:00Z", recommendedOption: "own",
        medianCost: 1500 + Double(day), probabilityCheapest: 0.7, alerts: day - 1)
    }
    return Night(
      finishedAt: "2026-12-02T03:04:05Z", finishedSeconds: 1_796_180_645,
      scenarios: [
        ScenarioNight(file: "w/support.yaml", name: name, outcome: .planned(planned), trend: trend),
        ScenarioNight(
          file: "w/bad.yaml", name: "bad", outcome: .failed(code: 65, lines: ["w/bad.yaml:1:1: no | <good>"]),
          trend: []),
      ])
  }

  @Test("every line is a sample or a comment of its family; families stand together and end with # EOF")
  func form() throws {
    let text = Self.night().metrics
    #expect(text.hasSuffix("\n# EOF\n"))
    var (family, seen): (String, Set<String>) = ("", [])
    for line in text.split(separator: "\n").dropLast() {
      if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) gauge/) {
        family = String(match.1)
        #expect(seen.insert(family).inserted, "\(family) comes twice")
      } else if line.hasPrefix("#") {
        #expect(line.hasPrefix("# HELP \(family) ") || line.hasPrefix("# UNIT \(family) "))
      } else {
        let form = #/([a-z_]+)(\{[a-z_]+="(?:[^"\\]|\\.)*"(?:,[a-z_]+="(?:[^"\\]|\\.)*")*\})? -?[0-9.e+-]+/#
        let match = try #require(line.wholeMatch(of: form), "\(line)")
        #expect(match.1 == family)
      }
    }
    #expect(seen.count == 14)
  }

  @Test("numbers are the night's")
  func values() {
    let lines = Set(Self.night().metrics.split(separator: "\n").map(String.init))
    for line in [
      #"breakeven_cost_dollars{scenario="support",option="own",quantile="0.5"} 1600"#,
      #"breakeven_mean_cost_dollars{scenario="support",option="own"} 1632"#,
      #"breakeven_probability_cheapest_ratio{scenario="support",option="own"} 0.7"#,
      #"breakeven_recommended{scenario="support",option="own"} 1"#,
      #"breakeven_recommended{scenario="support",option="api"} 0"#,
      #"breakeven_break_even_volume_ratio{scenario="support",option="own",against="api"} 1.5"#,
      #"breakeven_actual_spend_dollars{scenario="support"} 40"#,
      #"breakeven_alert{scenario="support",threshold="p90_above"} 1"#,
      #"breakeven_alert{scenario="support",threshold="decision_changes"} 1"#,
      #"breakeven_exit_code{scenario="support"} 3"#,
      #"breakeven_exit_code{scenario="bad"} 65"#,
      #"breakeven_last_success_timestamp_seconds{scenario="support"} 1796180400"#,
      "breakeven_night_finished_timestamp_seconds 1796180645",
    ] { #expect(lines.contains(line), "\(line)") }
    #expect(!lines.contains { $0.hasPrefix("breakeven_last_success") && $0.contains("bad") })
  }

  @Test("labels are escaped; what is not finite, and a family without samples, is left out")
  func escapes() {
    var text = OpenMetricsText()
    text.add("a", unit: nil, help: "A.", [([("x", "q\"b\\n\nt\tü")], 0.1), ([("x", "nan")], .nan)])
    text.add("b_seconds", unit: "seconds", help: "B.", [([], .infinity)])
    text.add("c_seconds", unit: "seconds", help: "C.", [([], 1e-7)])
    #expect(
      text.text == #"""
        # TYPE a gauge
        # HELP a A.
        a{x="q\"b\\n\nt ü"} 0.1
        # TYPE c_seconds gauge
        # UNIT c_seconds seconds
        # HELP c_seconds C.
        c_seconds 1e-07
        # EOF

        """#)
  }

  @Test("prometheus_client's parser reads the whole night, with labels that need escapes")
  func parser() throws {
    let program = """
      import sys
      try:
          from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
          from prometheus_client.parser import text_string_to_metric_families as prometheus
      except ImportError:
          sys.exit(77)
      text = sys.stdin.read()
      samples = [s for f in openmetrics(text) for s in f.samples]
      older = [s for f in prometheus(text) for s in f.samples]
      assert len(samples) == len(older) > 20, (len(samples), len(older))
      print(next(s.labels["scenario"] for s in samples if s.name == "breakeven_cost_dollars"))
      """
    let folder = try TemporaryFolder()
    let name = "it's a \"test\" \\ of\nlabels"
    try folder.write(Self.night(name: name).metrics, to: "night.prom")
    try folder.write(program, to: "read.py")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", folder.url.appending(path: "read.py").path]
    process.standardInput = try FileHandle(forReadingFrom: folder.url.appending(path: "night.prom"))
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let read = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaints = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if [77, 127].contains(process.terminationStatus) {
      print("Skipped: python3 with prometheus_client is not installed (pip install prometheus-client)")
      return
    }
    #expect(process.terminationStatus == 0, "\(complaints)")
    #expect(read == name + "\n")
  }
}
