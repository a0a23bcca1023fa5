// SPDX-License-Identifier: GPL-3.0-or-later
// Repetitions among tens of millions of requests: identities are only noted, eight bytes each, and sorted at the end.

/// Some 64-bit identities in the order they came, kept in pieces so that growing never copies what is there.
struct IdentityLog: Sendable {
  private var pieces: [[UInt64]] = []
  private static let pieceSize = 1 << 20

  /// How many were noted.
  private(set) var count = 0

  /// Notes one.
  /// - Complexity: O(1); 8 bytes.
  mutating func add(_ identity: UInt64) {
    if count % Self.pieceSize == 0 {
      pieces.append([])
      pieces[pieces.count - 1].reserveCapacity(count == 0 ? 1024 : Self.pieceSize)
    }
    pieces[pieces.count - 1].append(identity)
    count += 1
  }

  /// Calls back with each identity.
  func forEach(_ body: (UInt64) -> Void) {
    for piece in pieces { for identity in piece { body(identity) } }
  }

  /// How often each distinct identity occurs, most frequent first.
  ///
  /// - Complexity: O(n log n) time; 8 bytes more for each noted identity, and 8 for each one that repeats.
  func repetitions() -> Repetitions {
    var all: [UInt64] = []
    all.reserveCapacity(count)
    for piece in pieces { all += piece }
    all.sort()
    var (distinct, repeated) = (0, [Int]())
    var index = 0
    while index < all.count {
      var next = index + 1
      while next < all.count && all[next] == all[index] { next += 1 }
      distinct += 1
      if next - index > 1 { repeated.append(next - index) }
      index = next
    }
    return Repetitions(total: count, distinct: distinct, repeated: repeated.sorted(by: >))
  }
}

/// How identities repeat.
struct Repetitions: Sendable {
  /// Identities in all.
  var total: Int
  /// Different ones among them.
  var distinct: Int
  /// Occurrences of those that occur more than once, most frequent first.
  var repeated: [Int]

  /// The share of identities that occurred before: what an endless cache would have answered.
  var duplicateShare: Double { total > 0 ? 1 - Double(distinct) / Double(total) : 0 }
  /// The share of identities that belong to one that repeats.
  var repeatingShare: Double { total > 0 ? Double(repeated.reduce(0, +)) / Double(total) : 0 }
}
