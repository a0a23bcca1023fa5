// SPDX-License-Identifier: GPL-3.0-or-later
// What a serving benchmark measures.

/// A figure that benchmarks of inference servers report, whatever tool wrote it.
public enum BenchmarkMetric: String, Sendable, Hashable, CaseIterable {
  /// Seconds from a request to its first token.
  case timeToFirstToken = "ttft"
  /// Seconds per token after the first, per request.
  case timePerOutputToken = "tpot"
  /// Seconds between two tokens of a request.
  case interTokenLatency = "itl"
  /// Seconds from a request to its last token.
  case endToEndLatency = "e2el"
  /// Tokens generated per second of the whole server.
  case outputThroughput = "output_throughput"
  /// Requests finished per second of the whole server.
  case requestThroughput = "request_throughput"
}
