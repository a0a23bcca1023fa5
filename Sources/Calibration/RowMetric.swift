// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics that tables of measurements name, and how each follows from a simulated run.

/// What a row's value is: a figure of a run, in the row's own unit.
public enum RowMetric: Sendable, Hashable {
  /// A latency in milliseconds.
  case milliseconds(BenchmarkMetric)
  /// A rate of the whole server, per second.
  case total(BenchmarkMetric)
  /// A rate per GPU.
  case perGPU(BenchmarkMetric)
  /// Output tokens per second and GPU as tables derive it from two latencies:
  /// concurrency · output / (TTFT + TPOT · (output − 1)) / GPUs.
  case derivedPerGPU
  /// Tokens that the KV cache holds.
  case cacheTokens
  /// GiB of keys and values on each GPU.
  case cacheGiBPerGPU
  /// GiB of weights on each GPU.
  case weightsGiBPerGPU

  /// The metric of a name; nil for one that no simulation gives.
  public init?(_ name: String) {
    var base = name
    if base.hasSuffix("_ms") {
      base.removeLast(3)
      if base == "batch_latency_ms_mean" { return nil }
      var statistic = BenchmarkMetric.Statistic.mean
      for (suffix, value) in Self.statistics where base.hasSuffix(suffix) {
        base.removeLast(suffix.count)
        statistic = value
        break
      }
      guard let quantity = Self.latencies[base] else { return nil }
      // Of the gaps between tokens a run keeps the mean.
      if quantity == .interTokenLatency, statistic != .mean { return nil }
      self = .milliseconds(BenchmarkMetric(quantity, statistic))
      return
    }
    guard let metric = Self.others[name] else { return nil }
    self = metric
  }

  private static let statistics: [(String, BenchmarkMetric.Statistic)] = [
    ("_mean", .mean), ("_median", .quantile(0.5)), ("_p50", .quantile(0.5)), ("_p90", .quantile(0.9)),
    ("_p95", .quantile(0.95)), ("_p99", .quantile(0.99)),
  ]
  private static let latencies: [String: BenchmarkMetric.Quantity] = [
    "ttft": .timeToFirstToken, "tpot": .timePerOutputToken, "itl": .interTokenLatency, "e2e": .endToEnd,
    "e2el": .endToEnd,
  ]
  private static let others: [String: RowMetric] = [
    "batch_latency_ms_mean": .milliseconds(BenchmarkMetric(.endToEnd)),
    "output_tok_s_total_max": .total(BenchmarkMetric(.outputThroughput)),
    "output_tok_s_total": .total(BenchmarkMetric(.outputThroughput)),
    "output_tok_s_per_gpu_max": .perGPU(BenchmarkMetric(.outputThroughput)),
    "output_tok_s_per_gpu": .perGPU(BenchmarkMetric(.outputThroughput)),
    "total_tok_s": .total(BenchmarkMetric(.totalThroughput)),
    "req_s": .total(BenchmarkMetric(.requestThroughput)),
    "derived_output_tok_s_per_gpu": .derivedPerGPU, "kv_cache_tokens_total": .cacheTokens,
    "kv_cache_gib_per_gpu": .cacheGiBPerGPU, "weights_gib_per_gpu": .weightsGiBPerGPU,
  ]

  /// Whether the value follows from the memory alone, without a run.
  public var isMemory: Bool {
    switch self {
    case .cacheTokens, .cacheGiBPerGPU, .weightsGiBPerGPU: true
    default: false
    }
  }

  /// The metric in words, with its unit.
  public var title: String {
    switch self {
    case .milliseconds(let metric): "\(metric), ms"
    case .total(let metric): "\(metric), 1/s"
    case .perGPU(let metric): "\(metric) per GPU, 1/s"
    case .derivedPerGPU: "derived output throughput per GPU, 1/s"
    case .cacheTokens: "KV cache, tokens"
    case .cacheGiBPerGPU: "KV cache per GPU, GiB"
    case .weightsGiBPerGPU: "weights per GPU, GiB"
    }
  }

  /// In which of the summary's lines the metric counts.
  public var family: String {
    switch self {
    case .milliseconds(let metric) where metric.statistic == .mean:
      metric.quantity == .interTokenLatency ? "TPOT" : metric.quantity.rawValue
    case .milliseconds(let metric): "\(metric.quantity.rawValue), percentiles"
    case .total, .perGPU: "maximum throughput"
    case .derivedPerGPU: "throughput at a concurrency"
    case .cacheTokens, .cacheGiBPerGPU, .weightsGiBPerGPU: "memory"
    }
  }
}
