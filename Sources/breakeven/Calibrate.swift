// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven calibrate`: from benchmark results to a `throughput:` block for a scenario.

import Calibration
import Catalog
import CommandLineKit
import Foundation
import TextFormats
import YAMLDocument

struct Calibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit an engine's efficiency to your benchmarks, and write it for a scenario.",
    discussion: """
      Reads results of `vllm bench serve` (several in a file too) and `bench throughput`, SGLang's bench_serving, \
      AIPerf, genai-perf and GuideLLM, or a table with the columns that `accuracy` reads. Fits by least squares on the \
      simulation, prints the fit, its residuals and covariance, and the `throughput:` block to put into a pool of a \
      scenario. Say which server was measured with --model, --gpu and the flags it was started with. With \
      --throughput and no file: the block for one measured total of output tokens per second.
      """,
    examples: [
      "breakeven calibrate workloads/benchmarks/vllm-serve-l40s.json --model llama-3.1-8b --gpu l40s \\",
      "    --out throughput.yaml",
      "breakeven calibrate workloads/benchmarks/sample-points.csv --engine vllm --gpu h200-sxm",
      "breakeven calibrate --throughput 2500",
    ])

  @Argument(help: "Result files; a table ends in .csv.")
  var files: [String] = []
  @OptionGroup var server: ServerOptions
  @Option(help: ArgumentHelp("Prompt tokens, where a file does not tell.", valueName: "tokens"))
  var randomInputLen: Int?
  @Option(help: ArgumentHelp("Generated tokens, where a file does not tell.", valueName: "tokens"))
  var randomOutputLen: Int?
  @Option(help: ArgumentHelp("By what share lengths differed from their mean.", valueName: "ratio"))
  var randomRangeRatio = 0.0
  @Option(
    help: ArgumentHelp(
      "What to fit, separated by commas, or all; by default what the measurements speak of.",
      valueName: "names"))
  var parameters: String?
  @Flag(help: "Of a table, use only the half of the configurations that `accuracy` calls the fit set.")
  var fitSet = false
  @Option(
    help: ArgumentHelp("One measured total of output tokens per second instead.", valueName: "tokens/s"))
  var throughput: Double?
  @Option(help: ArgumentHelp("Write the block to a file too.", valueName: "file"))
  var out: String?

  mutating func validate() throws {
    if files.isEmpty == (throughput == nil) {
      throw ValidationError("Give result files, or --throughput with one measured number.")
    }
    if let throughput, !(throughput > 0 && throughput.isFinite) {
      throw ValidationError(
        "--throughput is \(throughput); it must be a number above 0, in output tokens per second.")
    }
    guard randomRangeRatio >= 0, randomRangeRatio < 1 else {
      throw ValidationError("--random-range-ratio is \(randomRangeRatio); it must be from 0 to below 1.")
    }
  }

  mutating func run() throws {
    if let throughput {
      return try write("", block: "throughput: \(plain(throughput))\n")
    }
    let reference = try server.reference()
    var points: [CalibrationPoint] = []
    for file in files {
      points += file.hasSuffix(".csv") ? try table(file, reference) : try results(file, reference)
    }
    guard let engine = reference.engines[server.engine] else {
      throw ValidationError(
        "--engine is '\(server.engine)', which the catalog does not have; it has "
          + "\(reference.engines.keys.sorted().joined(separator: ", ")).")
    }
    let free = try chosenParameters(points)
    do throws(CalibrationError) {
      let fit = try EfficiencyFit(
        points, start: engine.calibration.medians, free: free,
        threads: ProcessInfo.processInfo.activeProcessorCount)
      try? write(CalibrationReport(fit, engine: engine).text, block: fit.throughputBlock)
    } catch {
      throw ReportedFailure(.badData, error.description)
    }
  }

  /// The measurements of a table that are of the engine, and of the model and GPU where they are given.
  private func table(_ file: String, _ reference: ReferenceData) throws -> [CalibrationPoint] {
    let rows = try Accuracy.read(file)
    var points: [CalibrationPoint] = []
    for row in rows {
      guard let metric = RowMetric(row.metric), !metric.isMemory, metric != .derivedPerGPU, row.value > 0,
        let found = try? BenchmarkCase(row, metric: metric, catalog: reference),
        found.setup.engine.id == server.engine, !fitSet || found.isInFitSet
      else { continue }
      if let model = server.model, reference.model(named: model)?.id != found.setup.model.id { continue }
      if let gpu = server.gpu, reference.accelerator(named: gpu)?.id != found.setup.accelerator.id {
        continue
      }
      points.append(
        CalibrationPoint(
          origin: "\(file):\(row.line)", configuration: found, metric: metric, value: row.value))
    }
    if points.isEmpty {
      throw ReportedFailure(
        .badData, "\(file): no row can be used; `breakeven accuracy \(file)` says why, row by row")
    }
    return points
  }

  private func results(_ file: String, _ reference: ReferenceData) throws -> [CalibrationPoint] {
    let runs: [BenchmarkRun]
    do throws(TextProblem) {
      runs = try BenchmarkRun.read(try TextReader(path: file))
    } catch {
      throw ReportedFailure(error.isUnreadable ? .missingInput : .badData, error.description)
    }
    return try runs.flatMap { run in
      let setup = try server.setup(in: reference, measuredModel: run.model)
      do throws(IncompleteRun) {
        return try run.points(
          on: setup, input: randomInputLen, output: randomOutputLen, rangeRatio: randomRangeRatio)
      } catch {
        throw ReportedFailure(.badData, error.description)
      }
    }
  }

  /// The parameters to fit: those named, or the ones that the measurements speak of.
  private func chosenParameters(_ points: [CalibrationPoint]) throws -> [EfficiencyParameter] {
    let possible = EfficiencyParameter.allCases.filter { $0 != .stepTimeFactor }
    if parameters == "all" { return possible }
    if let parameters {
      return try parameters.split(separator: ",").map { name in
        guard let parameter = possible.first(where: { $0.rawValue == name }) else {
          throw ValidationError(
            "--parameters has '\(name)'; it may have \(possible.map(\.rawValue).joined(separator: ", ")), or be all."
          )
        }
        return parameter
      }
    }
    var free: [EfficiencyParameter] = [.compute, .bandwidth, .stepOverhead]
    if points.contains(where: { $0.configuration.setup.tensorParallel > 1 }) { free.append(.exchangeLatency) }
    let hasFirstTokens = points.contains { point in
      if case .milliseconds(let metric) = point.metric { metric.quantity == .timeToFirstToken } else { false }
    }
    if hasFirstTokens { free.append(.requestOverhead) }
    return free
  }

  private func write(_ report: String, block: String) throws {
    try Terminal.write(report + block)
    guard let out else { return }
    do {
      try block.write(toFile: out, atomically: true, encoding: .utf8)
    } catch {
      throw ReportedFailure(.cannotWrite, "\(out): cannot be written; check its folder and its permissions")
    }
  }
}
