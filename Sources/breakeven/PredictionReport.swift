// SPDX-License-Identifier: GPL-3.0-or-later
// A predicted benchmark for people, and under the keys of vLLM's result files for programs.

import Calibration
import Catalog
import CommandLineKit
import Foundation
import NumberFormatting

/// What `breakeven predict` prints.
struct PredictionReport {
  let setup: ServingSetup
  let load: ServingLoad
  let outcome: ServingOutcome

  private static let latencies: [(name: String, title: String, quantity: BenchmarkMetric.Quantity)] = [
    ("ttft", "Time to first token", .timeToFirstToken),
    ("tpot", "Time per output token", .timePerOutputToken),
    ("itl", "Gap between tokens", .interTokenLatency), ("e2el", "End to end", .endToEnd),
  ]

  private func rate(_ quantity: BenchmarkMetric.Quantity) -> Double {
    outcome.value(BenchmarkMetric(quantity)) ?? 0
  }

  private func milliseconds(_ quantity: BenchmarkMetric.Quantity, _ statistic: BenchmarkMetric.Statistic)
    -> Double?
  {
    outcome.value(BenchmarkMetric(quantity, statistic)).map { $0 * 1000 }
  }

  private func deviation(_ quantity: BenchmarkMetric.Quantity) -> Double? {
    outcome.standardDeviation(quantity).map { $0 * 1000 }
  }

  /// The report as lines.
  var text: String {
    let rateText = load.rate.map { "\(NumberText.significant($0)) requests/s" } ?? "all at once"
    let users = load.concurrency.map { ", at most \($0) in work" } ?? ""
    var figures = TextTable(columns: [.left(""), .right("")])
    figures.add("Requests answered", NumberText.count(Double(outcome.completed)))
    if outcome.refused > 0 { figures.add("Requests refused", NumberText.count(Double(outcome.refused))) }
    figures.add("Duration", "\(NumberText.significant(outcome.duration)) s")
    figures.add("Prompt tokens", NumberText.count(Double(outcome.inputTokens)))
    figures.add("Generated tokens", NumberText.count(Double(outcome.outputTokens)))
    figures.add("Requests per second", NumberText.significant(rate(.requestThroughput)))
    figures.add("Generated tokens per second", NumberText.significant(rate(.outputThroughput)))
    figures.add("All tokens per second", NumberText.significant(rate(.totalThroughput)))
    figures.add("KV cache", "\(NumberText.count(Double(setup.capacityTokens))) tokens")
    if outcome.preemptions > 0 { figures.add("Preemptions", NumberText.count(Double(outcome.preemptions))) }
    var table = TextTable(columns: [
      .left("Milliseconds"), .right("Mean"), .right("Median"), .right("Std"), .right("p90"), .right("p99"),
    ])
    for (_, title, quantity) in Self.latencies {
      let cells: [Double?] = [
        milliseconds(quantity, .mean), milliseconds(quantity, .quantile(0.5)), deviation(quantity),
        milliseconds(quantity, .quantile(0.9)), milliseconds(quantity, .quantile(0.99)),
      ]
      table.add([title] + cells.map { $0.map { String(format: "%.2f", $0) } ?? "–" })
    }
    return """
      Predicted: \(setup.model.name) in \(setup.weights.rawValue) on \(setup.gpus) × \(setup.accelerator.name), \
      \(setup.engine.name)
      Load: \(NumberText.count(Double(load.requests))) requests, \(rateText)\(users)

      \(figures.rendered)
      \(table.rendered)
      """
  }

  /// The report as one JSON object, keys in the order of vLLM's.
  var json: String {
    var members: [(String, String)] = [
      ("backend", quoted(setup.engine.id)), ("model_id", quoted(setup.model.id)),
      ("gpu", quoted(setup.accelerator.id)), ("num_prompts", String(load.requests)),
      ("request_rate", load.rate.map { $0.description } ?? "\"inf\""),
      ("burstiness", load.burstiness.description),
      ("max_concurrency", load.concurrency.map(String.init) ?? "null"),
      ("duration", outcome.duration.description),
      ("completed", String(outcome.completed)), ("failed", String(outcome.refused)),
      ("total_input_tokens", String(outcome.inputTokens)),
      ("total_output_tokens", String(outcome.outputTokens)),
      ("request_throughput", rate(.requestThroughput).description),
      ("output_throughput", rate(.outputThroughput).description),
      ("total_token_throughput", rate(.totalThroughput).description),
    ]
    for (name, _, quantity) in Self.latencies {
      let figures: [(String, Double?)] = [
        ("mean", milliseconds(quantity, .mean)), ("median", milliseconds(quantity, .quantile(0.5))),
        ("std", deviation(quantity)), ("p90", milliseconds(quantity, .quantile(0.9))),
        ("p99", milliseconds(quantity, .quantile(0.99))),
      ]
      for (statistic, value) in figures {
        members.append(("\(statistic)_\(name)_ms", value.map { $0.description } ?? "null"))
      }
    }
    members.append(("kv_cache_tokens", String(setup.capacityTokens)))
    members.append(("preemptions", String(outcome.preemptions)))
    return "{\n" + members.map { "  \(quoted($0.0)): \($0.1)" }.joined(separator: ",\n") + "\n}\n"
  }

  /// Ids and keys have nothing to escape.
  private func quoted(_ text: String) -> String { "\"\(text)\"" }
}
