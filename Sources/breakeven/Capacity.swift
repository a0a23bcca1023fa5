// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven capacity`: the highest rate of requests that one replica serves within latency limits.

import Calibration
import Catalog
import CommandLineKit
import TextFormats

struct Capacity: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the highest request rate that one replica serves within latency limits.",
    discussion: """
      Simulates one replica under Poisson arrivals, and halves the range of rates until it is known to one percent. At \
      the rate found the given share of requests keeps both limits and the backlog does not grow. Every rate meets the \
      same requests with the same gaps but for their unit. Time per output token is the mean over an answer.

      The curve sets throughput per GPU against what one user sees, from a twentieth of the saturated rate up to all \
      of it: in the terminal for the best limit of each format, in CSV and JSON for all.
      """,
    examples: [
      "breakeven capacity --model llama-3.1-8b --gpu h100-sxm --quantization all --ttft-ms 500 --tpot-ms 20",
      "breakeven capacity --model llama-3.3-70b --gpu h100-sxm --tensor-parallel-size 4 --quantization fp8 \\",
      "    --random-input-len 2000 --random-output-len 300 --max-num-seqs 64,128 --ttft-ms 2000 --tpot-ms 40 \\",
      "    --json",
    ])

  @Option(help: ArgumentHelp("The model: an id of the catalog, or its repository's name.", valueName: "name"))
  var model: String
  @Option(help: ArgumentHelp("The GPU: an id of the catalog, such as h100-sxm.", valueName: "name"))
  var gpu: String
  @Option(help: ArgumentHelp("The engine: vllm or tensorrt-llm.", valueName: "name"))
  var engine = "vllm"
  @Option(help: ArgumentHelp("GPUs that split each layer.", valueName: "count"))
  var tensorParallelSize = 1
  @Option(
    help: ArgumentHelp(
      "Formats of the weights, with commas: bf16, fp8, int8, fp4; or all.", valueName: "formats"))
  var quantization = "bf16"
  @Option(help: ArgumentHelp("Format of the KV cache: auto (bf16), bf16 or fp8.", valueName: "format"))
  var kvCacheDtype = "auto"
  @Option(help: ArgumentHelp("Most sequences in a step, with commas.", valueName: "counts"))
  var maxNumSeqs = "32,64,128,256"
  @OptionGroup var lengths: LengthOptions
  @Option(help: ArgumentHelp("Most time to the first token, milliseconds.", valueName: "ms"))
  var ttftMs: Double
  @Option(help: ArgumentHelp("Most time per output token after it, milliseconds.", valueName: "ms"))
  var tpotMs: Double
  @Option(help: ArgumentHelp("Share of requests that have to keep both.", valueName: "share"))
  var attainment = 0.99
  @Option(help: ArgumentHelp("Highest rate to look at, requests per second.", valueName: "rate"))
  var maxRequestRate = 10_000.0
  @Option(
    help: ArgumentHelp(
      "Requests of a run; enough to fill the batch fifty times, at least 10,000, where absent.",
      valueName: "count"))
  var numPrompts: Int?
  @Option(help: ArgumentHelp("Seed of lengths and gaps.", valueName: "number"))
  var seed: UInt64 = 0
  @Option(
    help: ArgumentHelp(
      "Folder with catalog files whose entries go before the built-in ones.", valueName: "folder"))
  var catalog: String?
  @Option(help: ArgumentHelp("Write the curves as CSV.", valueName: "file"))
  var csv: String?
  @Flag(help: "Print one JSON object.")
  var json = false

  mutating func validate() throws {
    for (name, value) in [
      ("--ttft-ms", ttftMs), ("--tpot-ms", tpotMs), ("--max-request-rate", maxRequestRate),
    ] where !(value > 0 && value.isFinite) {
      throw ValidationError("\(name) is \(value.defaultValueDescription); it must be a number above 0.")
    }
    guard attainment > 0, attainment <= 1 else {
      throw ValidationError(
        "--attainment is \(attainment.defaultValueDescription); it must be a share above 0, at most 1.")
    }
    if let numPrompts, !(100...10_000_000).contains(numPrompts) {
      throw ValidationError("--num-prompts is \(numPrompts); it must be from 100 to 10,000,000.")
    }
    _ = try sequenceLimits()
  }

  mutating func run() throws {
    let reference = try CatalogCommand.reference(catalog)
    let formats =
      quantization == "all" ? Precision.allCases.map(\.rawValue) : Self.parts(quantization)
    // Where the file cannot be written, that is said before anything is simulated.
    try ResultOutput.check(csv)
    var rows: [CapacityReport.Row] = []
    var refusals: [ReportedFailure] = []
    for format in formats {
      for limit in try sequenceLimits() {
        do {
          let search = try search(format, limit, in: reference)
          rows.append(CapacityReport.Row(search, hasCurve: json || csv != nil))
        } catch let failure as ReportedFailure {
          refusals.append(failure)
        }
      }
    }
    if rows.isEmpty, let first = refusals.first { throw first }
    for lines in Set(refusals.flatMap(\.lines)).sorted() { Terminal.writeDiagnostic("Note: \(lines)\n") }
    let report = CapacityReport(rows: rows)
    try ResultOutput.write(report.csv, to: csv)
    try Terminal.write(json ? try report.json : report.text)
  }

  /// The search for one format and one limit.
  private func search(
    _ format: String, _ limit: Int, in reference: ReferenceData
  ) throws -> CapacitySearch {
    var server = ServerOptions()
    server.model = model
    server.gpu = gpu
    server.engine = engine
    server.tensorParallelSize = tensorParallelSize
    server.pipelineParallelSize = 1
    server.quantization = format
    server.kvCacheDtype = kvCacheDtype
    server.maxNumSeqs = limit
    server.maxNumBatchedTokens = nil
    server.gpuMemoryUtilization = nil
    server.catalog = nil
    let setup = try server.setup(in: reference)
    var search = CapacitySearch(
      setup: setup, input: lengths.input,
      output: lengths.output,
      limits: LatencyLimits(timeToFirstToken: ttftMs / 1000, timePerOutputToken: tpotMs / 1000),
      attainment: attainment)
    let longest = search.input.longest + search.output.longest
    if longest > setup.model.contextLength {
      throw ReportedFailure(
        .badData,
        "a prompt and its answer have up to \(longest) tokens, more than the \(setup.model.contextLength) of "
          + "\(setup.model.id)'s context; shorten them")
    }
    if longest > setup.capacityTokens {
      throw ReportedFailure(
        .badData,
        "a prompt and its answer have up to \(longest) tokens, more than the \(setup.capacityTokens) that the "
          + "KV cache holds in \(setup.weights.rawValue) with max_num_seqs \(limit); shorten them, or use more "
          + "GPUs")
    }
    if let numPrompts { search.requests = numPrompts }
    search.highestRate = maxRequestRate
    search.seed = seed
    return search
  }

  /// The values of `--max-num-seqs`.
  private func sequenceLimits() throws -> [Int] {
    try Self.parts(maxNumSeqs).map { part in
      guard let count = Int(part), (1...65_536).contains(count) else {
        throw ValidationError(
          "--max-num-seqs has '\(part)'; write whole numbers from 1 to 65536 with commas.")
      }
      return count
    }
  }

  /// What stands between commas.
  private static func parts(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      String(part.drop { $0 == " " }.prefix { $0 != " " })
    }
  }
}
