// SPDX-License-Identifier: GPL-3.0-or-later
// What every reader of request logs yields, whatever the format of the file.

/// One logged request. Text of prompts and answers is never kept, only what identifies it.
public struct TraceRecord: Sendable, Hashable, BitwiseCopyable {
  /// Nanoseconds since 1970-01-01T00:00Z; since the trace's own zero where its times have no date.
  public var time: Int64
  /// Tokens of the prompt, cached ones among them.
  public var inputTokens: Int32
  /// Tokens of the prompt that the log says came from a prompt cache.
  public var cachedInputTokens: Int32 = 0
  /// Tokens generated; a failed request may have none, or those before it failed.
  public var outputTokens: Int32
  /// Index of the model among the reader's `models`.
  public var model: UInt16 = 0
  /// Index of the use case among the reader's `useCases`.
  public var useCase: UInt16 = 0
  /// Identity of the prompt, a hash; 0 where the log does not tell it.
  public var content: UInt64 = 0
  /// Identity of the conversation, a hash; 0 where the log does not tell it.
  public var session: UInt64 = 0
  /// Block ids of this record in the batch's `blocks`; each stands for `blockTokens` tokens and all before them.
  public var blockCount: Int32 = 0
  /// Whether the log says the request failed.
  public var hasFailed = false
  /// Whether the log says that a response cache answered.
  public var wasCached = false
  /// Seconds from the request to its first token; not a number where the log does not tell.
  public var firstToken: Float = .nan
  /// Seconds from the request to its last token; not a number where the log does not tell.
  public var duration: Float = .nan
  /// Dollars that the log says were spent; not a number where it does not tell.
  public var dollars: Float = .nan

  /// A record of which the time and the lengths are known.
  public init(time: Int64, inputTokens: Int32, outputTokens: Int32) {
    self.time = time
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
  }
}

/// Some records in order of time, as a reader hands them over; used again for the next ones.
public struct TraceBatch: Sendable {
  /// The records.
  public var records: [TraceRecord] = []
  /// The block ids of all records, one record's after the other's.
  public var blocks: [UInt64] = []

  /// An empty batch.
  public init() {}

  /// Forgets what it holds and keeps its memory.
  public mutating func removeAll() {
    records.removeAll(keepingCapacity: true)
    blocks.removeAll(keepingCapacity: true)
  }
}

/// Usage of a stretch of time in which single requests are not told apart.
public struct UsageBucket: Sendable, Hashable {
  /// Nanoseconds since 1970-01-01T00:00Z; since the source's own zero where its times have no date.
  public var start: Int64
  /// Seconds.
  public var duration: Double
  /// Requests; a rate table's rate times the duration.
  public var requests: Double
  /// Tokens of all prompts, cached ones among them; not a number where the source does not tell.
  public var inputTokens: Double = .nan
  /// Tokens of prompts from a prompt cache; not a number where the source does not tell.
  public var cachedInputTokens: Double = .nan
  /// Tokens generated; not a number where the source does not tell.
  public var outputTokens: Double = .nan
  /// Index of the model among the reader's `models`.
  public var model: UInt16 = 0

  /// A bucket of which the requests are known.
  public init(start: Int64, duration: Double, requests: Double) {
    self.start = start
    self.duration = duration
    self.requests = requests
  }
}
