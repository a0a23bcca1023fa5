// SPDX-License-Identifier: GPL-3.0-or-later
// Places for what waits outside every supply: until it may ask again, until its answer has come, until there is room.

/// How often a request has asked again.
struct RetryCounts: BitwiseCopyable {
  /// At the supply that it asks next, since it came to it.
  var atSupply: Int32 = 0
  /// Of the whole chain.
  var ofChain: Int32 = 0
  /// In all.
  var all: Int32 = 0
}

/// A request between two attempts.
struct ParkedRequest: BitwiseCopyable {
  var sequence = Sequence()
  var identity = RequestIdentity()
  /// The supply that it asks next.
  var supply: Int32 = 0
  /// Retries made so far, this one included.
  var retries = RetryCounts()
}

/// Elements each in a place of its own until it is taken out; places are used again.
struct Places<Element: BitwiseCopyable>: ~Copyable {
  private var elements: Storage<Element>
  /// The next free place after each free place.
  private var nextFree: Storage<Int32>
  private var free: Int32 = none
  private let blank: Element
  private(set) var count = 0

  /// No elements.
  /// - Parameter blank: what stands in places that are free.
  init(blank: Element) {
    self.blank = blank
    elements = Storage(repeating: blank, count: 0)
    nextFree = Storage(repeating: none, count: 0)
  }

  /// - Returns: its place.
  /// - Complexity: O(1) amortized.
  mutating func park(_ element: Element) -> Int32 {
    if free == none {
      let old = elements.count
      elements.grow(to: max(64, old * 2), filling: blank)
      nextFree.grow(to: elements.count, filling: none)
      for place in (old..<elements.count).reversed() {
        nextFree[place] = free
        free = Int32(place)
      }
    }
    let place = free
    free = nextFree[Int(place)]
    elements[Int(place)] = element
    count += 1
    return place
  }

  /// Takes the element out of a place.
  mutating func take(_ place: Int32) -> Element {
    nextFree[Int(place)] = free
    free = place
    count -= 1
    return elements[Int(place)]
  }

  /// The element in a place.
  subscript(place: Int32) -> Element {
    get { elements[Int(place)] }
    set { elements[Int(place)] = newValue }
  }
}
