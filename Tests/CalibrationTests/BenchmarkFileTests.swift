// SPDX-License-Identifier: GPL-3.0-or-later
// Result files of benchmark tools: each tool's own, several runs in a file, and runs that are none.

import Calibration
import TextFormats
import Testing

private let vllm = """
  {"date": "20260101-120000", "model_id": "meta-llama/Llama-3.1-8B-Instruct", "num_prompts": 100,
   "request_rate": "inf", "burstiness": 1.0, "max_concurrency": 16, "duration": 20.5, "completed": 100,
   "total_input_tokens": 25600, "total_output_tokens": 12800, "request_throughput": 4.88, "request_goodput": null,
   "output_throughput": 624.4, "total_token_throughput": 1873.2, "mean_ttft_ms": 61.5, "median_ttft_ms": 55.0,
   "p99_ttft_ms": 130.0, "mean_tpot_ms": 9.1, "median_tpot_ms": 9.0, "p99_tpot_ms": 11.0, "mean_itl_ms": 9.05}
  """
private let sglang =
  #"{"backend": "sglang", "request_rate": Infinity, "max_concurrency": 8, "duration": 3.0, "completed": 40, "#
  + #""total_input_tokens": 4000, "total_output_tokens": 2000, "output_throughput": 660.0, "#
  + #""mean_ttft_ms": 40.0, "mean_tpot_ms": 8.0, "mean_e2e_latency_ms": 440.0}"#
private let aiPerf = """
  {"schema_version": "1.4", "was_cancelled": false, "request_count": {"unit": "requests", "avg": 50},
   "request_throughput": {"unit": "requests/sec", "avg": 2.5}, "time_to_first_token": {"unit": "ms", "avg": 80.0},
   "inter_token_latency": {"unit": "ms", "avg": 12.0}, "request_latency": {"unit": "ms", "avg": 1300.0},
   "output_token_throughput": {"unit": "tokens/sec", "avg": 250.0},
   "input_sequence_length": {"avg": 512.0}, "output_sequence_length": {"avg": 100.0},
   "input_config": {"loadgen": {"concurrency": 4}, "endpoint": {"model_names": ["llama-3.1-8b"]}}}
  """
private let guideLLM = """
  {"metadata": {"version": 2}, "benchmarks": [{"type_": "generative_benchmark",
   "config": {"strategy": {"type_": "concurrent", "streams": 32}},
   "metrics": {"request_totals": {"successful": 64, "incomplete": 0, "errored": 0},
    "prompt_token_count": {"successful": {"mean": 300.0}}, "output_token_count": {"successful": {"mean": 90.0}},
    "time_to_first_token_ms": {"successful": {"mean": 95.0}},
    "inter_token_latency_ms": {"successful": {"mean": 15.0}},
    "output_tokens_per_second": {"successful": {"mean": 2000.0}}}}]}
  """

private func value(_ run: BenchmarkRun, _ quantity: BenchmarkMetric.Quantity) -> Double? {
  run.figures.first { figure in
    switch figure.metric {
    case .milliseconds(let metric), .total(let metric): metric == BenchmarkMetric(quantity)
    default: false
    }
  }?.value
}

@Suite("Benchmark result files")
struct BenchmarkFileTests {
  @Test("vLLM's serving result: lengths from totals, rate inf, every figure it has")
  func vllmServe() throws {
    let run = try #require(try BenchmarkRun.read(reader(vllm)).first)
    #expect(run.model == "meta-llama/Llama-3.1-8B-Instruct")
    #expect(run.concurrency == 16 && run.rate == nil && run.completed == 100)
    #expect(run.meanInput == 256 && run.meanOutput == 128)
    #expect(value(run, .timeToFirstToken) == 61.5)
    #expect(value(run, .timePerOutputToken) == 9.1)
    #expect(value(run, .interTokenLatency) == 9.05)
    #expect(value(run, .outputThroughput) == 624.4)
    let points = try run.points(on: server(), input: nil, output: nil, rangeRatio: 0.5)
    #expect(points.count == run.figures.count)
    #expect(points.first?.configuration.load?.input == LengthRange(128, 384))
  }

  @Test("several results in one file are several runs, also as JSON lines and as an array")
  func several() throws {
    #expect(try BenchmarkRun.read(reader(vllm + "\n" + vllm)).count == 2)
    #expect(try BenchmarkRun.read(reader("[\(vllm), \(vllm)]")).count == 2)
    let runs = try BenchmarkRun.read(reader(sglang + "\n" + sglang + "\n", file: "sweep.jsonl"))
    #expect(runs.map(\.origin) == ["sweep.jsonl, run 1", "sweep.jsonl, run 2"])
  }

  @Test("SGLang's bare Infinity is no rate")
  func infinity() throws {
    let run = try #require(try BenchmarkRun.read(reader(sglang)).first)
    #expect(run.rate == nil && run.concurrency == 8)
    #expect(value(run, .endToEnd) == 440)
  }

  @Test("AIPerf's and GuideLLM's reports")
  func others() throws {
    let perf = try #require(try BenchmarkRun.read(reader(aiPerf)).first)
    #expect(perf.concurrency == 4 && perf.meanInput == 512 && perf.meanOutput == 100 && perf.completed == 50)
    #expect(value(perf, .timePerOutputToken) == 12 && value(perf, .endToEnd) == 1300)
    let guide = try #require(try BenchmarkRun.read(reader(guideLLM)).first)
    #expect(guide.concurrency == 32 && guide.meanInput == 300 && guide.completed == 64)
    #expect(value(guide, .timeToFirstToken) == 95 && value(guide, .outputThroughput) == 2000)
  }

  @Test("vLLM's offline throughput needs the lengths that its file lacks")
  func throughput() throws {
    let text =
      #"{"elapsed_time": 10, "num_requests": 200, "total_num_tokens": 60000, "#
      + #""requests_per_second": 20, "tokens_per_second": 6000}"#
    let run = try #require(try BenchmarkRun.read(reader(text)).first)
    #expect(value(run, .requestThroughput) == 20)
    #expect(throws: IncompleteRun.self) {
      _ = try run.points(on: server(), input: nil, output: nil, rangeRatio: 0)
    }
    let points = try run.points(on: server(), input: 200, output: 100, rangeRatio: 0)
    #expect(points.first?.configuration.load?.requests == 200)
  }

  @Test(
    "a run that measured nothing is refused with its place",
    arguments: [
      (vllm.replacing("\"completed\": 100", with: "\"completed\": 0"), "answered no request"),
      (
        vllm.replacing("\"completed\": 100", with: "\"completed\": 90, \"failed\": 10"),
        "10 of 100 requests failed"
      ),
      (
        vllm.replacing("\"mean_tpot_ms\": 9.1", with: "\"mean_tpot_ms\": NaN"),
        "`mean_tpot_ms` is no finite number"
      ),
      (
        vllm.replacing("\"mean_tpot_ms\": 9.1", with: "\"mean_tpot_ms\": -1"),
        "`mean_tpot_ms` is no finite number"
      ),
      (aiPerf.replacing("\"was_cancelled\": false", with: "\"was_cancelled\": true"), "cancelled"),
      (guideLLM.replacing("\"successful\": 64", with: "\"successful\": 0"), "no successful request"),
      ("{\"hello\": 1}", "no result that is known"),
      ("", "no run of a benchmark"), ("{", ""),
    ])
  func refused(text: String, message: String) {
    do throws(TextProblem) {
      _ = try BenchmarkRun.read(reader(text, file: "run.json"))
      Issue.record("it was read")
    } catch {
      #expect(error.description.hasPrefix("run.json:"), "\(error)")
      #expect(error.description.contains(message), "\(error)")
    }
  }
}
