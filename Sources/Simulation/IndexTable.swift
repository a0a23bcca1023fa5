// SPDX-License-Identifier: GPL-3.0-or-later
// A hash table of plain values for the event loop: `Dictionary` counts references and checks uniqueness.

/// Keys to indices, by open addressing with linear probing; deletion shifts back what follows, so that nothing is left
/// behind (D. E. Knuth, The Art of Computer Programming, vol. 3, section 6.4, algorithm R).
struct IndexTable: ~Copyable {
  struct Entry: BitwiseCopyable {
    var key: UInt64 = 0
    var index: Int32 = none
  }

  private var entries = Storage(repeating: Entry(), count: 16)
  private(set) var count = 0

  /// The index of a key, or `none`.
  /// - Complexity: O(1) on average.
  func find(_ key: UInt64) -> Int32 {
    var place = home(of: key)
    while entries[place].index != none {
      if entries[place].key == key { return entries[place].index }
      place = (place + 1) & (entries.count - 1)
    }
    return none
  }

  /// Enters a key that is not in the table.
  mutating func insert(_ key: UInt64, index: Int32) {
    if (count + 1) * 2 > entries.count { grow() }
    var place = home(of: key)
    while entries[place].index != none { place = (place + 1) & (entries.count - 1) }
    entries[place] = Entry(key: key, index: index)
    count += 1
  }

  /// Takes a key out that is in the table.
  mutating func remove(_ key: UInt64) {
    let mask = entries.count - 1
    var hole = home(of: key)
    while entries[hole].key != key || entries[hole].index == none { hole = (hole + 1) & mask }
    count -= 1
    var place = hole
    while true {
      place = (place + 1) & mask
      if entries[place].index == none { break }
      // An entry may fill the hole if its home does not lie between the hole and itself.
      let distance = (place - home(of: entries[place].key)) & mask
      if distance >= (place - hole) & mask {
        entries[hole] = entries[place]
        hole = place
      }
    }
    entries[hole].index = none
  }

  /// The Fibonacci hash of a key.
  private func home(of key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & (entries.count - 1)
  }

  private mutating func grow() {
    var old = Storage(repeating: Entry(), count: entries.count * 2)
    swap(&old, &entries)
    count = 0
    for place in 0..<old.count where old[place].index != none {
      insert(old[place].key, index: old[place].index)
    }
  }
}
