// SPDX-License-Identifier: GPL-3.0-or-later
// The result files of benchmark tools: which tool wrote one, and what it measured.

import Foundation
public import TextFormats

/// One run of a benchmark tool as its result file has it. Latencies in milliseconds.
public struct BenchmarkRun: Sendable, Hashable {
  /// File and place, such as `sweep.json, run 3`.
  public var origin: String
  /// The model, where the file names it.
  public var model: String?
  /// Requests answered.
  public var completed: Int
  /// Mean prompt tokens of a request, where the file has them.
  public var meanInput: Double?
  /// Mean generated tokens of a request, where the file has them.
  public var meanOutput: Double?
  /// Requests in work at most.
  public var concurrency: Int?
  /// Requests per second; nil for as fast as the concurrency allows.
  public var rate: Double?
  /// Shape of the gamma distribution of the gaps between requests.
  public var burstiness: Double = 1
  /// What was measured, each above 0.
  public var figures: [Figure]

  /// A metric and its value.
  public struct Figure: Sendable, Hashable {
    /// What was measured.
    public var metric: RowMetric
    /// The value in the metric's unit.
    public var value: Double
  }
}

extension BenchmarkRun {
  /// Reads the runs of a result file: JSON of vLLM's `bench serve` or `bench throughput`, SGLang's JSON lines, AIPerf's or
  /// genai-perf's profile export, or GuideLLM's report, told apart by their keys; several documents one after the other
  /// are several runs.
  /// - Throws: what is wrong with the file, with its place: no such result, a failed run, a figure that is no number.
  public static func read(_ reader: consuming TextReader) throws(TextProblem) -> [BenchmarkRun] {
    let file = reader.file
    let documents = try JSONReader.documents(reader, toleratesNonFinite: true)
    var runs: [BenchmarkRun] = []
    for document in documents {
      for (part, decode) in try parts(of: document, file: file) {
        let origin = "\(file), run \(runs.count + 1)"
        runs.append(try decode(part, file, origin))
      }
    }
    guard !runs.isEmpty else {
      throw TextProblem(
        file: file, line: 1, column: 1, message: "no run of a benchmark is in it; give its result file")
    }
    return runs
  }

  private typealias Decoder = (JSONValue, String, String) throws(TextProblem) -> BenchmarkRun

  /// The runs of a document, each with the decoder of the tool that wrote it.
  private static func parts(
    of document: JSONValue, file: String
  ) throws(TextProblem) -> [(JSONValue, Decoder)] {
    if let elements = document.elements {
      var all: [(JSONValue, Decoder)] = []
      for element in elements { all += try parts(of: element, file: file) }
      return all
    }
    if let benchmarks = document["benchmarks"]?.elements { return benchmarks.map { ($0, guideLLM) } }
    if document["elapsed_time"] != nil, document["requests_per_second"] != nil {
      return [(document, throughputRun)]
    }
    if document["request_throughput"]?["avg"] != nil || document["time_to_first_token"]?["avg"] != nil {
      return [(document, aiPerf)]
    }
    if document["completed"] != nil, document["duration"] != nil { return [(document, servingRun)] }
    throw document.problem(
      file: file,
      "this is no result that is known; results of `vllm bench serve`, `vllm bench throughput`, SGLang's "
        + "bench_serving, AIPerf, genai-perf and GuideLLM are")
  }

  // MARK: vLLM, SGLang

  private static func servingRun(
    _ run: JSONValue, _ file: String, _ origin: String
  ) throws(TextProblem) -> BenchmarkRun {
    let completed = Int(run["completed"]?.int64 ?? 0)
    guard completed > 0 else {
      throw run.problem(file: file, "the run answered no request; leave it out, or repeat it")
    }
    if let failed = run["failed"]?.int64, failed > 0 {
      throw run.problem(
        file: file,
        "\(failed) of \(Int64(completed) + failed) requests failed; a run with failures times nothing")
    }
    var result = BenchmarkRun(origin: origin, completed: completed, figures: [])
    result.model = run["model_id"]?.string ?? run["model"]?.string
    result.meanInput = run["total_input_tokens"]?.double.map { $0 / Double(completed) }
    result.meanOutput = run["total_output_tokens"]?.double.map { $0 / Double(completed) }
    result.concurrency = run["max_concurrency"]?.int64.map { Int($0) }
    if let rate = run["request_rate"]?.double, rate.isFinite, rate > 0 { result.rate = rate }
    if let burstiness = run["burstiness"]?.double, burstiness > 0 { result.burstiness = burstiness }
    for name in [
      "mean_ttft_ms", "median_ttft_ms", "mean_tpot_ms", "median_tpot_ms", "mean_itl_ms", "mean_e2el_ms",
      "mean_e2e_latency_ms",
    ] {
      let parts = name.replacingOccurrences(of: "_e2e_latency", with: "_e2el").split(separator: "_")
      try result.add("\(parts[1])_\(parts[0])_ms", run[name], name, file)
    }
    try result.add("total_output", run["output_throughput"], "output_throughput", file)
    return result
  }

  private static func throughputRun(
    _ run: JSONValue, _ file: String, _ origin: String
  ) throws(TextProblem) -> BenchmarkRun {
    let requests = Int(run["num_requests"]?.int64 ?? 0)
    guard requests > 0 else { throw run.problem(file: file, "the run had no request") }
    var result = BenchmarkRun(origin: origin, completed: requests, figures: [])
    try result.add("req_s", run["requests_per_second"], "requests_per_second", file)
    return result
  }

  // MARK: AIPerf, genai-perf

  private static func aiPerf(
    _ run: JSONValue, _ file: String, _ origin: String
  ) throws(TextProblem) -> BenchmarkRun {
    if run["was_cancelled"]?.bool == true { throw run.problem(file: file, "the run was cancelled") }
    if let errors = run["error_request_count"]?["avg"]?.double, errors > 0 {
      throw run.problem(file: file, "\(Int(errors)) requests failed; a run with failures times nothing")
    }
    let count = run["request_count"]?["avg"]?.double ?? 100
    var result = BenchmarkRun(origin: origin, completed: Int(count), figures: [])
    result.meanInput = run["input_sequence_length"]?["avg"]?.double
    result.meanOutput = run["output_sequence_length"]?["avg"]?.double
    let settings = run["input_config"]
    result.concurrency = (settings?["loadgen"]?["concurrency"] ?? settings?["concurrency"])?.int64.map {
      Int($0)
    }
    result.concurrency =
      result.concurrency
      ?? settings?["perf_analyzer"]?["stimulus"]?["concurrency"]?.int64.map { Int($0) }
    result.model = settings?["endpoint"]?["model_names"]?[0]?.string ?? settings?["model_names"]?[0]?.string
    for (key, metric) in [
      ("time_to_first_token", "ttft_mean_ms"), ("inter_token_latency", "tpot_mean_ms"),
      ("request_latency", "e2e_mean_ms"), ("output_token_throughput", "total_output"),
    ] { try result.add(metric, run[key]?["avg"], key, file) }
    return result
  }

  // MARK: GuideLLM

  private static func guideLLM(
    _ run: JSONValue, _ file: String, _ origin: String
  ) throws(TextProblem) -> BenchmarkRun {
    guard let metrics = run["metrics"] else {
      throw run.problem(file: file, "the benchmark has no `metrics`")
    }
    func mean(_ key: String) -> JSONValue? { metrics[key]?["successful"]?["mean"] }
    let count =
      metrics["request_totals"]?["successful"]?.double
      ?? metrics["request_latency"]?["successful"]?["count"]?.double ?? 0
    guard count > 0 else { throw run.problem(file: file, "the benchmark has no successful request") }
    if let errors = metrics["request_totals"]?["errored"]?.double, errors > 0 {
      throw run.problem(file: file, "\(Int(errors)) requests failed; a run with failures times nothing")
    }
    var result = BenchmarkRun(origin: origin, completed: Int(count), figures: [])
    result.meanInput = mean("prompt_token_count")?.double
    result.meanOutput = mean("output_token_count")?.double
    // The strategy says how many streams there are, or at what rate; else the mean concurrency is what is known.
    let strategy = run["config"]?["strategy"] ?? run["args"]?["strategy"]
    if let streams = (strategy?["streams"] ?? strategy?["max_concurrency"])?.int64 {
      result.concurrency = Int(streams)
    } else if let rate = strategy?["rate"]?.double, rate > 0 {
      result.rate = rate
    } else if let streams = mean("request_concurrency")?.double, streams >= 0.5 {
      result.concurrency = Int(streams.rounded())
    }
    for (key, metric) in [
      ("time_to_first_token_ms", "ttft_mean_ms"), ("inter_token_latency_ms", "tpot_mean_ms"),
      ("output_tokens_per_second", "total_output"),
    ] { try result.add(metric, mean(key), key, file) }
    return result
  }

  // MARK: Figures

  /// Adds a figure where the file has it.
  private mutating func add(
    _ metric: String, _ value: JSONValue?, _ key: String, _ file: String
  ) throws(TextProblem) {
    guard let value, !value.isNull else { return }
    guard let number = value.double, number.isFinite, number >= 0 else {
      throw value.problem(
        file: file, "`\(key)` is no finite number; the run it stands in is no measurement")
    }
    // Zero is what tools write where there was nothing to measure, such as a gap after a single token.
    guard number > 0 else { return }
    let known =
      metric == "total_output" ? RowMetric.total(BenchmarkMetric(.outputThroughput)) : RowMetric(metric)
    if let known { figures.append(Figure(metric: known, value: number)) }
  }
}
