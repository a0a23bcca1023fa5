// SPDX-License-Identifier: GPL-3.0-or-later
// Real requests in memory, as a plan replays them.

/// Requests read from a file, with times counted from the first.
public struct RequestTrace: Sendable, Hashable {
  /// One row.
  public struct Row: Sendable, Hashable, BitwiseCopyable {
    /// Seconds after the first request.
    public var time: Double
    /// Tokens of the prompt.
    public var inputTokens: Int32
    /// Tokens generated.
    public var outputTokens: Int32
  }

  /// The rows in order of time; at least one.
  public var rows: [Row]

  /// Seconds from the first to the last request.
  public var span: Double { rows.last?.time ?? 0 }

  /// The stretch of time the trace stands for: its span and one mean gap, so that repeating it keeps its rate. An hour
  /// where all rows have one time and nothing tells the rate.
  public var period: Double {
    span > 0 ? span * Double(rows.count) / Double(rows.count - 1) : 3600
  }
}
