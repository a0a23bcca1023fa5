// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to cached blocks: a sequence takes them over, adds to them and lets them go; the queue gives them up.

extension PrefixCache {
  // MARK: Asking

  /// Cached blocks at the beginning of the text that ends in `leaf`, at most `limit`.
  func cachedBlocks(_ leaf: Int32, limit: Int32) -> Int32 {
    var bound = limit
    var node = leaf
    while node != none {
      let last = nodes[Int(node)].lastStretch
      if last != none { return min(bound, stretches[Int(last)].end) }
      bound = min(bound, nodes[Int(node)].firstBlock)
      node = nodes[Int(node)].parent
    }
    return 0
  }

  /// How many of the first `count` blocks of a text, all cached, nobody holds.
  func unheldBlocks(_ leaf: Int32, count: Int32) -> Int32 {
    var unheld: Int32 = 0
    var bound = count
    var node = leaf
    while node != none {
      var stretch = nodes[Int(node)].firstStretch
      while stretch != none, stretches[Int(stretch)].start < bound {
        if stretches[Int(stretch)].holders == 0 {
          unheld += min(bound, stretches[Int(stretch)].end) - stretches[Int(stretch)].start
        }
        stretch = stretches[Int(stretch)].nextInNode
      }
      bound = min(bound, nodes[Int(node)].firstBlock)
      node = nodes[Int(node)].parent
    }
    return unheld
  }

  /// Whether a sequence that holds the first `count` blocks of a text may add the next: it is not cached, and nobody
  /// else is writing the content that it belongs to.
  func mayWrite(_ leaf: Int32, after count: Int32) -> Bool {
    var node = leaf
    while node != none, nodes[Int(node)].firstBlock > count { node = nodes[Int(node)].parent }
    if node == none || nodes[Int(node)].writer != none { return false }
    let last = nodes[Int(node)].lastStretch
    return last == none || stretches[Int(last)].end <= count
  }

  // MARK: Holding

  /// Takes hold of the first `count` blocks of a text, all cached.
  mutating func hold(_ leaf: Int32, count: Int32, on replica: Int) {
    var bound = count
    var node = leaf
    while node != none {
      var stretch = nodes[Int(node)].firstStretch
      while stretch != none, stretches[Int(stretch)].start < bound {
        if stretches[Int(stretch)].end > bound { stretch = splitOffBeginning(of: stretch, at: bound) }
        if stretches[Int(stretch)].holders == 0 { leaveQueue(stretch, replica) }
        stretches[Int(stretch)].holders += 1
        stretch = stretches[Int(stretch)].nextInNode
      }
      joinEqualStretches(node)
      bound = min(bound, nodes[Int(node)].firstBlock)
      node = nodes[Int(node)].parent
    }
  }

  /// Enters blocks `start..<end` of a text, just written by the one sequence that holds all before them.
  mutating func write(_ leaf: Int32, from start: Int32, to end: Int32) {
    var bound = end
    var node = leaf
    while node != none, bound > start {
      let first = max(start, nodes[Int(node)].firstBlock)
      if first < bound { append(first, bound, to: node) }
      bound = min(bound, nodes[Int(node)].firstBlock)
      node = nodes[Int(node)].parent
    }
  }

  private mutating func append(_ start: Int32, _ end: Int32, to node: Int32) {
    let last = nodes[Int(node)].lastStretch
    precondition(last == none || stretches[Int(last)].end == start, "a cached text has a gap")
    if last != none, stretches[Int(last)].holders == 1 {
      stretches[Int(last)].end = end
      return
    }
    let stretch = newStretch()
    stretches[Int(stretch)] = Stretch(
      node: node, start: start, end: end, holders: 1, previousInNode: last)
    if last == none {
      nodes[Int(node)].firstStretch = stretch
    } else {
      stretches[Int(last)].nextInNode = stretch
    }
    nodes[Int(node)].lastStretch = stretch
  }

  /// Lets go of the first `count` blocks of a text, the last ones first, after `blank` blocks that hold nothing anybody
  /// could use.
  /// - Returns: the blocks that became free.
  mutating func release(_ leaf: Int32, count: Int32, blank: Int64, on replica: Int) -> Int64 {
    var freed = blank
    if blank > 0 { appendBlank(blank, on: replica) }
    var bound = count
    var node = leaf
    while node != none {
      var stretch = nodes[Int(node)].lastStretch
      while stretch != none {
        if stretches[Int(stretch)].start < bound {
          if stretches[Int(stretch)].end > bound { stretch = splitOffBeginning(of: stretch, at: bound) }
          stretches[Int(stretch)].holders -= 1
          if stretches[Int(stretch)].holders == 0 {
            freed += Int64(stretches[Int(stretch)].end - stretches[Int(stretch)].start)
            enterQueue(stretch, replica)
          }
        }
        stretch = stretches[Int(stretch)].previousInNode
      }
      joinEqualStretches(node)
      bound = min(bound, nodes[Int(node)].firstBlock)
      node = nodes[Int(node)].parent
    }
    return freed
  }

  /// Makes the first part of a stretch, up to `place`, a stretch of its own; the caller changes who holds it.
  private mutating func splitOffBeginning(of stretch: Int32, at place: Int32) -> Int32 {
    let beginning = newStretch()
    let whole = stretches[Int(stretch)]
    stretches[Int(beginning)] = Stretch(
      node: whole.node, start: whole.start, end: place, holders: whole.holders, nextInNode: stretch,
      previousInNode: whole.previousInNode)
    if whole.previousInNode == none {
      nodes[Int(whole.node)].firstStretch = beginning
    } else {
      stretches[Int(whole.previousInNode)].nextInNode = beginning
    }
    stretches[Int(stretch)].start = place
    stretches[Int(stretch)].previousInNode = beginning
    // What nobody holds stays in the queue with its end; the beginning is on its way out of it.
    if whole.holders == 0 {
      stretches[Int(beginning)].older = beginning
      stretches[Int(beginning)].newer = beginning
    }
    return beginning
  }

  /// Joins neighbours of a node that the same number of sequences holds.
  private mutating func joinEqualStretches(_ node: Int32) {
    var stretch = nodes[Int(node)].firstStretch
    while stretch != none {
      let next = stretches[Int(stretch)].nextInNode
      if next != none, stretches[Int(stretch)].holders > 0,
        stretches[Int(next)].holders == stretches[Int(stretch)].holders
      {
        stretches[Int(stretch)].end = stretches[Int(next)].end
        leaveNode(next)
        drop(next)
      } else {
        stretch = next
      }
    }
  }

  private mutating func leaveNode(_ stretch: Int32) {
    let (previous, next) = (stretches[Int(stretch)].previousInNode, stretches[Int(stretch)].nextInNode)
    let node = Int(stretches[Int(stretch)].node)
    if previous == none {
      nodes[node].firstStretch = next
    } else {
      stretches[Int(previous)].nextInNode = next
    }
    if next == none {
      nodes[node].lastStretch = previous
    } else {
      stretches[Int(next)].previousInNode = previous
    }
  }

  // MARK: The queue of free blocks

  /// Begins a replica's queue: all its free blocks are blank.
  mutating func activate(_ replica: Int, free: Int64) {
    if queues[replica].isActive { return }
    queues[replica].isActive = true
    appendBlank(free, on: replica)
  }

  /// Puts blank blocks at the end of the queue.
  mutating func appendBlank(_ count: Int64, on replica: Int) {
    let newest = queues[replica].newest
    if newest != none, stretches[Int(newest)].node == none {
      stretches[Int(newest)].end += Int32(count)
      queues[replica].blocks += count
      return
    }
    let stretch = newStretch()
    stretches[Int(stretch)] = Stretch(end: Int32(count))
    enterQueue(stretch, replica)
  }

  /// Takes from the head of the queue until it holds no more than the free blocks.
  mutating func settle(_ replica: Int, free: Int64) {
    while queues[replica].blocks > free {
      let oldest = queues[replica].oldest
      let node = stretches[Int(oldest)].node
      let size = stretches[Int(oldest)].end - stretches[Int(oldest)].start
      let taken = min(queues[replica].blocks - free, Int64(size))
      queues[replica].blocks -= taken
      stretches[Int(oldest)].end -= Int32(taken)
      precondition(
        node == none || nodes[Int(node)].lastStretch == oldest, "a text loses its middle before its end")
      if taken < Int64(size) { return }
      unlink(oldest, replica)
      if node != none { leaveNode(oldest) }
      drop(oldest)
      if node != none { removeIfUnused(node) }
    }
  }

  /// Forgets all that a replica holds, when nobody holds any of it.
  mutating func clear(_ replica: Int) {
    settle(replica, free: 0)
    queues[replica] = Queue()
  }

  /// Puts a stretch that nobody holds any more at the end of the queue.
  private mutating func enterQueue(_ stretch: Int32, _ replica: Int) {
    let (start, end) = (stretches[Int(stretch)].start, stretches[Int(stretch)].end)
    queues[replica].blocks += Int64(end - start)
    let newest = queues[replica].newest
    stretches[Int(stretch)].older = newest
    stretches[Int(stretch)].newer = none
    if newest == none {
      queues[replica].oldest = stretch
    } else {
      stretches[Int(newest)].newer = stretch
    }
    queues[replica].newest = stretch
  }

  private mutating func leaveQueue(_ stretch: Int32, _ replica: Int) {
    queues[replica].blocks -= Int64(stretches[Int(stretch)].end - stretches[Int(stretch)].start)
    // A beginning that was split off has no place of its own in the queue.
    if stretches[Int(stretch)].older == stretch { return }
    unlink(stretch, replica)
  }

  private mutating func unlink(_ stretch: Int32, _ replica: Int) {
    let (older, newer) = (stretches[Int(stretch)].older, stretches[Int(stretch)].newer)
    if older == none {
      queues[replica].oldest = newer
    } else {
      stretches[Int(older)].newer = newer
    }
    if newer == none {
      queues[replica].newest = older
    } else {
      stretches[Int(newer)].older = older
    }
  }
}
