// SPDX-License-Identifier: GPL-3.0-or-later
// Contiguous memory for the inner loops: no reference counting, no copy on write, bounds always checked.
// All unsafe code of the simulation is in this file.

/// A growable, contiguous, uniquely owned buffer of plain values.
///
/// `Array` checks for unique ownership at each mutation and counts references when it is passed on; in the event
/// loop that costs as much as the event. This owns its memory alone, and traps on an index out of bounds.
@safe
struct Storage<Element: BitwiseCopyable>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private(set) var count: Int

  /// A buffer of `count` copies of `value`.
  init(repeating value: Element, count: Int) {
    precondition(count >= 0, "a buffer of \(count) elements")
    unsafe base = .allocate(capacity: max(count, 1))
    unsafe base.initialize(repeating: value, count: count)
    self.count = count
  }

  deinit { unsafe base.deallocate() }

  /// The element at `index`, which must lie in `0..<count`.
  subscript(index: Int) -> Element {
    @inline(__always) unsafeAddress {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of bounds")
      return unsafe UnsafePointer(base + index)
    }
    @inline(__always) unsafeMutableAddress {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of bounds")
      return unsafe base + index
    }
  }

  /// Makes room for `newCount` elements, the new ones copies of `value`.
  /// - Complexity: O(`newCount`).
  mutating func grow(to newCount: Int, filling value: Element) {
    precondition(newCount >= count, "a buffer cannot grow from \(count) to \(newCount)")
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: max(newCount, 1))
    unsafe larger.update(from: base, count: count)
    unsafe (larger + count).initialize(repeating: value, count: newCount - count)
    unsafe base.deallocate()
    unsafe base = larger
    count = newCount
  }
}
