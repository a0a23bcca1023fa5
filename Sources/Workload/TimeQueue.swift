// SPDX-License-Identifier: GPL-3.0-or-later
// What is to come, earliest first: the next request of each client, and the next turn of each conversation.

/// A priority queue by time: a heap in which every node has four children, so that a step down reads one cache line or
/// two.
struct TimeQueue<Element: BitwiseCopyable & Sendable>: Sendable {
  private struct Node: BitwiseCopyable, Sendable {
    var time: Double
    var element: Element
  }

  private var nodes: [Node] = []

  /// Time of the earliest; infinite where there is none.
  private(set) var firstTime = Double.infinity

  var count: Int { nodes.count }

  /// The earliest, of which there must be one.
  var first: Element { nodes[0].element }

  /// - Complexity: O(log count).
  mutating func insert(_ element: Element, at time: Double) {
    nodes.append(Node(time: time, element: element))
    var place = nodes.count - 1
    var span = nodes.mutableSpan
    let node = span[place]
    while place > 0 {
      let parent = (place - 1) / 4
      if span[parent].time <= node.time { break }
      span[place] = span[parent]
      place = parent
    }
    span[place] = node
    firstTime = span[0].time
  }

  /// Puts another element in the place of the earliest.
  /// - Complexity: O(log count).
  mutating func replaceFirst(_ element: Element, at time: Double) {
    sink(Node(time: time, element: element))
  }

  /// Takes the earliest away.
  /// - Complexity: O(log count).
  mutating func removeFirst() {
    let last = nodes.removeLast()
    if nodes.isEmpty { firstTime = .infinity } else { sink(last) }
  }

  private mutating func sink(_ node: Node) {
    var span = nodes.mutableSpan
    let count = span.count
    var place = 0
    while true {
      let firstChild = place * 4 + 1
      if firstChild >= count { break }
      var least = firstChild
      var leastTime = span[firstChild].time
      for child in (firstChild + 1)..<max(firstChild + 1, min(firstChild + 4, count)) {
        let time = span[child].time
        if time < leastTime { (least, leastTime) = (child, time) }
      }
      if node.time <= leastTime { break }
      span[place] = span[least]
      place = least
    }
    span[place] = node
    firstTime = span[0].time
  }
}
