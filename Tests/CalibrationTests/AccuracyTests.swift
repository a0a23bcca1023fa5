// SPDX-License-Identifier: GPL-3.0-or-later
// The promise of the replica: one set of efficiencies per engine predicts published benchmarks it was not fitted on.

import Calibration
import Catalog
import Testing

@Suite("Accuracy on published measurements")
struct AccuracyTests {
  @Test(
    "TPOT within 7 %, TTFT within 25 %, maximum throughput within 12 % of the half that was not fitted",
    .enabled(if: publishedPoints != nil, Comment(rawValue: publishedPointsAbsent)))
  func checkSet() throws {
    let report = AccuracyReport(try #require(publishedPoints), catalog: catalog, threads: 2)
    let check = report.summary(fitSet: false)
    for (family, limit, fewest) in [("TPOT", 7.0, 80), ("TTFT", 25, 80), ("maximum throughput", 12, 60)] {
      let group = try #require(check.first { $0.metric == family })
      #expect(group.points >= fewest)
      #expect(group.mape <= limit, "\(family): \(group.mape) %")
    }
  }

  @Test(
    "every row is predicted, or skipped for a reason",
    .enabled(if: publishedPoints != nil, Comment(rawValue: publishedPointsAbsent)))
  func nothingIsLost() throws {
    let rows = try #require(publishedPoints)
    let report = AccuracyReport(rows, catalog: catalog, threads: 1)
    #expect(report.points.count + report.skipped.reduce(0) { $0 + $1.rows } == rows.count)
    #expect(report.skipped.allSatisfy { $0.lines.count == $0.rows && !$0.reason.isEmpty })
    #expect(report.groups.reduce(0) { $0 + $1.points } == report.points.count)
    #expect(report.points.count > 950)
    #expect(report.points.allSatisfy { $0.predicted.isFinite && $0.predicted > 0 })
  }

  private static let header =
    "source,model,gpu,gpu_count,tp,precision,isl,osl,concurrency_or_qps,metric,value,notes\n"

  private func report(_ lines: String) throws -> AccuracyReport {
    AccuracyReport(try BenchmarkRow.read(reader(Self.header + lines)), catalog: catalog, threads: 2)
  }

  @Test("the error of a group is the mean of sizes, its bias the mean with sign")
  func errors() throws {
    let once = try report("lab,llama-3.1-8b,h100-sxm,1,1,BF16,256,64,4,tpot_ms,10,vLLM\n")
    let predicted = try #require(once.points.first).predicted
    let twice = try report(
      """
      lab,llama-3.1-8b,h100-sxm,1,1,BF16,256,64,4,tpot_ms,\(predicted / 1.2),vLLM
      lab,llama-3.1-8b,h100-sxm,1,1,BF16,256,64,4,tpot_ms,\(predicted / 0.9),vLLM

      """)
    let group = try #require(twice.groups.first)
    #expect(group.points == 2)
    #expect(abs(group.mape - 15) < 1e-9)
    #expect(abs(group.bias - 5) < 1e-9)
  }

  @Test(
    "a row that cannot be simulated says why",
    arguments: [
      (
        "Mixtral-8x7B,H100-SXM-80GB,1,1,FP8,128,128,4,ttft_ms,5,vLLM", "the catalog has no model Mixtral-8x7B"
      ),
      ("Llama-3.1-8B,TPU v6,1,1,FP8,128,128,4,ttft_ms,5,vLLM", "the catalog has no GPU TPU v6"),
      (
        "Llama-3.1-8B,H100-SXM-80GB,1,unknown,FP8,128,128,4,ttft_ms,5,vLLM",
        "the tensor parallelism is unknown"
      ),
      ("Llama-3.1-8B,H100-SXM-80GB,1,1,FP8,128,128,4,ttft_ms,5,none", "the engine is not stated"),
      (
        "Llama-3.1-8B,H100-SXM-80GB,1,1,FP8,dataset,128,4,ttft_ms,5,vLLM",
        "the lengths are a data set's (dataset)"
      ),
      (
        "Llama-3.1-8B,H100-SXM-80GB,1,1,FP8,128,128,unknown req/s offered,ttft_ms,5,vLLM",
        "the rate is unknown"
      ),
      ("Llama-3.1-8B,H100-SXM-80GB,1,1,FP8,128,128,4,mood,5,vLLM", "mood is no metric of a run"),
      ("Llama-3.1-8B,H100-SXM-80GB,1,1,FP8,128,128,4,ttft_ms,0,vLLM", "the value is not above 0"),
      ("Llama-3.1-70B,H100-SXM-80GB,1,1,BF16,128,128,4,ttft_ms,5,vLLM", "does not fit 1 × h100-sxm"),
      (
        "Llama-3.1-8B,H100-SXM-80GB,3,3,BF16,128,128,4,ttft_ms,5,vLLM", "tensor parallelism 3 does not divide"
      ),
    ])
  func skipped(line: String, reason: String) throws {
    let report = try report("lab,\(line)\n")
    #expect(report.points.isEmpty)
    #expect(report.skipped.count == 1)
    #expect(report.skipped.first?.reason.contains(reason) == true, "\(report.skipped)")
    #expect(report.skipped.first?.lines == [2])
  }

  @Test("conditions in the notes reach the server and the load")
  func conditions() throws {
    let rows = try BenchmarkRow.read(
      reader(
        Self.header
          + "lab,Llama-3.3-70B-Instruct,H200-SXM-141GB,2,2,\"FP8 (W8A8, KV fp8)\",1024,512,16,ttft_ms,5,"
          + "\"vLLM v0.10.2, kv-cache fp8, max-num-batched-tokens 4096, max-num-seqs=conc; random-range-ratio 0.8; "
          + "num_prompts=5*conc\"\n"))
    let found = try BenchmarkCase(
      try #require(rows.first), metric: try #require(RowMetric("ttft_ms")), catalog: catalog)
    #expect(found.setup.keyValueCache == .fp8)
    #expect(found.setup.maxBatchedTokens == 4096)
    #expect(found.setup.maxSequences == 16)
    let load = try #require(found.load)
    #expect(load.input == LengthRange(819, 1024))
    #expect(load.output == LengthRange(409, 512))
    #expect(load.requests == 80)
    #expect(load.concurrency == 16)
  }

  @Test("a table that is no table is refused with its place")
  func badTables() {
    for (text, message) in [
      ("a,b\n1,2\n", "source"),
      (Self.header + "lab,m,g,1,1,FP8,1,1,4,ttft_ms,fast,vLLM\n", "the value is `fast`"),
      (Self.header + "lab,m,g,1,1,FP8,1,1,4,ttft_ms,nan,vLLM\n", "the value is `nan`"),
    ] {
      do {
        _ = try BenchmarkRow.read(reader(text))
        Issue.record("\(text) was read")
      } catch { #expect("\(error)".contains(message), "\(error)") }
    }
  }
}
