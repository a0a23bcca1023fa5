// SPDX-License-Identifier: GPL-3.0-or-later
// Millions of conversations and cache blocks must be told apart in little memory: a hash table without buckets, and
// a sample of the keys where even that would be too much.

/// A table from 64-bit identities to small values, of bounded size.
///
/// It holds every key until it has `mostKeys` of them. From then on it keeps the keys of a sample chosen by hash, half as
/// many at each overflow, and all that happens to a kept key is still seen: so what is counted on the sample and
/// divided by `sampledShare` estimates the whole without bias (spatial sampling: Waldspurger et al., Efficient MRC
/// Construction with SHARDS, USENIX FAST 2015).
struct CompactTable<Value: BitwiseCopyable & Sendable>: Sendable {
  private var keys: [UInt64]
  private var values: [Value]
  private var isUsed: [Bool]
  private let blank: Value
  private let mostKeys: Int
  private var sampleBits = 0
  /// How many keys it holds.
  private(set) var count = 0

  /// A table that holds at most `mostKeys` keys.
  init(blank: Value, mostKeys: Int) {
    precondition(mostKeys > 0, "a table of \(mostKeys) keys")
    self.blank = blank
    self.mostKeys = mostKeys
    (keys, values, isUsed) = ([], [], [])
    allocate(slots: 64)
  }

  /// The share of all keys that is looked at; 1 until the table overflows.
  var sampledShare: Double { 1 / Double(UInt64(1) << UInt64(sampleBits)) }

  /// Whether a key is among those looked at.
  func samples(_ key: UInt64) -> Bool {
    sampleBits == 0 || Self.mix(key) & ((1 << UInt64(sampleBits)) - 1) == 0
  }

  /// The slot of a key, made with the blank value where it is new. Slots move when a key is added.
  ///
  /// - Complexity: O(1) expected.
  mutating func slot(of key: UInt64) -> (slot: Int, isNew: Bool) {
    if 2 * (count + 1) > keys.count { grow() }
    let mask = keys.count - 1
    // The low bits choose the sample, the high ones the slot.
    var index = Int(truncatingIfNeeded: Self.mix(key) >> 24) & mask
    while isUsed[index] {
      if keys[index] == key { return (index, false) }
      index = (index + 1) & mask
    }
    isUsed[index] = true
    keys[index] = key
    values[index] = blank
    count += 1
    return (index, true)
  }

  /// Halves the sample until the table is within its bound; slots move. Call after adding.
  mutating func shed() {
    while count > mostKeys {
      sampleBits += 1
      rebuild(slots: keys.count)
    }
  }

  /// The value of a slot.
  subscript(slot: Int) -> Value {
    get { values[slot] }
    set { values[slot] = newValue }
  }

  /// Every value, in no order that means anything.
  func forEach(_ body: (Value) -> Void) {
    for index in keys.indices where isUsed[index] { body(values[index]) }
  }

  /// Changes every value.
  mutating func updateAll(_ body: (inout Value) -> Void) {
    for index in keys.indices where isUsed[index] { body(&values[index]) }
  }

  private mutating func grow() { rebuild(slots: keys.count * 2) }

  private mutating func rebuild(slots: Int) {
    let (oldKeys, oldValues, oldUse) = (keys, values, isUsed)
    allocate(slots: slots)
    count = 0
    for index in oldKeys.indices where oldUse[index] && samples(oldKeys[index]) {
      let (place, _) = slot(of: oldKeys[index])
      values[place] = oldValues[index]
    }
  }

  private mutating func allocate(slots: Int) {
    keys = [UInt64](repeating: 0, count: slots)
    values = [Value](repeating: blank, count: slots)
    isUsed = [Bool](repeating: false, count: slots)
  }

  /// The finalizer of SplitMix64 (Steele, Lea, Flood, doi:10.1145/2714064.2660195): block ids are often 0, 1, 2, ….
  static func mix(_ key: UInt64) -> UInt64 {
    var word = key &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
