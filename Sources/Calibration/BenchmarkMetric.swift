// SPDX-License-Identifier: GPL-3.0-or-later
// What a serving benchmark measures, under the names that benchmarks use.

/// A figure that benchmarks of inference servers report.
public struct BenchmarkMetric: Sendable, Hashable, CustomStringConvertible {
  /// What is measured.
  public enum Quantity: String, Sendable, Hashable, CaseIterable {
    /// Seconds from a request to its first token.
    case timeToFirstToken = "TTFT"
    /// Seconds per token after the first, per request.
    case timePerOutputToken = "TPOT"
    /// Seconds between two tokens of a request, over all tokens.
    case interTokenLatency = "ITL"
    /// Seconds from a request to its last token.
    case endToEnd = "end to end"
    /// Tokens generated per second of the whole server.
    case outputThroughput = "output throughput"
    /// Tokens read and generated per second of the whole server.
    case totalThroughput = "total throughput"
    /// Requests finished per second of the whole server.
    case requestThroughput = "request throughput"
    /// Tokens that the KV cache holds.
    case cacheTokens = "KV cache"

    /// Whether it is a time per request or token, of which a run has a distribution.
    public var isLatency: Bool {
      switch self {
      case .timeToFirstToken, .timePerOutputToken, .interTokenLatency, .endToEnd: true
      default: false
      }
    }
  }

  /// Which figure of a distribution.
  public enum Statistic: Sendable, Hashable {
    /// The arithmetic mean.
    case mean
    /// A quantile, 0 to 1.
    case quantile(Double)
  }

  /// What is measured.
  public var quantity: Quantity
  /// Of a latency, which figure; a rate has but one.
  public var statistic: Statistic

  /// A metric.
  public init(_ quantity: Quantity, _ statistic: Statistic = .mean) {
    self.quantity = quantity
    self.statistic = statistic
  }

  /// The metric in words, such as `TTFT p99`.
  public var description: String {
    switch statistic {
    case .mean: quantity.rawValue
    case .quantile(let share): "\(quantity.rawValue) p\(Int((share * 100).rounded()))"
    }
  }
}
