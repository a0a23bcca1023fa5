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
    /// Identity of the prompt, from 1, as `Request.content`; 0 where it is like no other.
    public var content: UInt32
    /// The content of an earlier row that this prompt begins with, prompt and answer, or of a text that several rows
    /// share, which may be no row's own; 0 where it begins like no other.
    public var prefix: UInt32
    /// Tokens of the prompt that are the beginning of `prefix`; 0 without one.
    public var sharedTokens: Int32

    /// A row.
    public init(
      time: Double, inputTokens: Int32, outputTokens: Int32, content: UInt32 = 0, prefix: UInt32 = 0,
      sharedTokens: Int32 = 0
    ) {
      self.time = time
      self.inputTokens = inputTokens
      self.outputTokens = outputTokens
      self.content = content
      self.prefix = prefix
      self.sharedTokens = sharedTokens
    }
  }

  /// The rows in order of time; at least one.
  public var rows: [Row]
  /// Seconds from a Monday 00:00 UTC to the first row, below 604,800; nil where the file's times have no date.
  public var startOfWeek: Double?

  /// A trace of rows in order of time, the first at 0.
  public init(rows: [Row], startOfWeek: Double? = nil) {
    precondition(!rows.isEmpty, "a trace of no rows")
    self.rows = rows
    self.startOfWeek = startOfWeek
  }

  /// Seconds from the first to the last request.
  public var span: Double { rows.last?.time ?? 0 }

  /// The stretch of time the trace stands for: its span and one mean gap, so that repeating it keeps its rate. An hour
  /// where all rows have one time and nothing tells the rate.
  public var period: Double {
    span > 0 ? span * Double(rows.count) / Double(rows.count - 1) : 3600
  }
}
