// SPDX-License-Identifier: GPL-3.0-or-later
// Which logged requests need not have been made: what a cache of answers would have known, had there been one.

/// Plays a cache of answers over a log, and tells which requests it would have answered.
///
/// The cache knows an answer from the moment it was complete (of its request, where the log has no durations) and for
/// the time to live from then on; its own hits do not renew it, as in a key-value store with expiry. Requests that come
/// while the first is still being answered are misses.
struct ResponseCacheTrial: Sendable {
  private struct Key: Hashable {
    var content: UInt64
    var model: UInt16
  }
  /// When the answer is known, nanoseconds.
  private struct Entry {
    var from: Int64
    var until: Int64
  }

  private let timeToLive: Int64
  private var entries: [Key: Entry] = [:]
  /// At how many entries the expired ones are thrown out: twice those that were left, so that it costs O(1) a request.
  private var sweepCount = 1 << 12

  /// A cache that keeps answers for so many seconds.
  init(timeToLive: Double) {
    precondition(timeToLive >= 0 && timeToLive <= 1e9, "a time to live of \(timeToLive) s")
    self.timeToLive = Int64(timeToLive * 1e9)
  }

  /// Whether the cache would have answered a request that did not fail and has a content; if not, it learns the answer.
  /// Requests come in order of time.
  /// - Complexity: O(1) amortized; memory for the contents of one time to live.
  mutating func answers(_ record: TraceRecord) -> Bool {
    let key = Key(content: record.content, model: record.model)
    let known = entries[key]
    if let known, record.time > known.from, record.time <= known.until { return true }
    let seconds = record.duration.isFinite ? Double(max(0, min(record.duration, 1e9))) : 0
    let complete = Self.sum(record.time, Int64(seconds * 1e9))
    var entry = Entry(from: complete, until: Self.sum(complete, timeToLive))
    if let known, known.until >= record.time {
      // Asked again before the first answer was complete: both answers join to one stretch. Where they leave a gap, for
      // the time to live is short against the answers', the later one would have to wait for its turn: it is let go.
      if entry.from > known.until || known.from > entry.until {
        entry = entry.from < known.from ? entry : known
      } else {
        entry = Entry(from: min(entry.from, known.from), until: max(entry.until, known.until))
      }
    }
    entries[key] = entry
    if entries.count >= sweepCount {
      entries = entries.filter { $0.value.until >= record.time }
      sweepCount = max(1 << 12, entries.count * 2)
    }
    return false
  }

  /// The sum, or the last time there is.
  private static func sum(_ time: Int64, _ added: Int64) -> Int64 {
    let (sum, overflow) = time.addingReportingOverflow(added)
    return overflow ? .max : sum
  }
}
