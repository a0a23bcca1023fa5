// SPDX-License-Identifier: GPL-3.0-or-later
// Conversations in a trace: how many turns they have, how long people wait between them, how contexts grow.

/// Gathers conversations while a trace goes by.
struct SessionTally: Sendable {
  /// What is known of a conversation so far.
  private struct Session: BitwiseCopyable {
    var lastTime: Int64 = 0
    var turns: Int32 = 0
    /// Prompt and answer of the turn before.
    var context: Int32 = 0
  }

  private var sessions: CompactTable<Session>
  private var gaps = LogHistogram()
  /// Tokens that a later turn's prompt has beyond the conversation before it.
  private(set) var growth = LengthCounts()
  /// Prompts of first turns.
  private(set) var opening = LengthCounts()
  private var laterTurns = 0
  private var grownTurns = 0

  init(mostSessions: Int = 4_000_000) {
    sessions = CompactTable(blank: Session(), mostKeys: mostSessions)
  }

  /// Takes a request that belongs to a conversation.
  /// - Complexity: O(1) expected.
  mutating func add(_ record: TraceRecord) {
    guard record.session != 0, sessions.samples(record.session) else { return }
    let (slot, isNew) = sessions.slot(of: record.session)
    var session = sessions[slot]
    if isNew {
      opening.add(record.inputTokens)
    } else {
      laterTurns += 1
      gaps.add(Double(record.time - session.lastTime) * 1e-9)
      if record.inputTokens >= session.context {
        grownTurns += 1
        growth.add(record.inputTokens - session.context)
      }
    }
    session.lastTime = record.time
    session.turns += 1
    session.context = record.inputTokens.addingReportingOverflow(record.outputTokens).partialValue
    sessions[slot] = session
    sessions.shed()
  }

  /// Everything that is told; nil where no request named its conversation.
  var summary: SessionSummary? {
    guard sessions.count > 0 else { return nil }
    var turns = LengthCounts()
    sessions.forEach { turns.add($0.turns) }
    guard let counts = turns.summary else { return nil }
    return SessionSummary(
      count: Int((Double(sessions.count) / sessions.sampledShare).rounded()), meanTurns: counts.mean,
      p50Turns: counts.p50, p90Turns: counts.p90, p99Turns: counts.p99, maxTurns: counts.max,
      gapSecondsP10: gaps.quantile(0.1), gapSecondsP50: gaps.quantile(0.5),
      gapSecondsP90: gaps.quantile(0.9),
      growingShare: laterTurns > 0 ? Double(grownTurns) / Double(laterTurns) : nil)
  }
}

/// What is told of conversations.
public struct SessionSummary: Sendable, Hashable, Encodable {
  /// Conversations; an estimate where there are more than four million.
  public var count: Int
  /// Turns of a conversation.
  public var meanTurns: Double
  /// Quantiles of the turns.
  public var p50Turns, p90Turns, p99Turns, maxTurns: Int
  /// Seconds from one turn's request to the next one's; nil where no conversation has two.
  public var gapSecondsP10, gapSecondsP50, gapSecondsP90: Double?
  /// The share of later turns whose prompt is at least as long as the turn before with its answer.
  public var growingShare: Double?
}
