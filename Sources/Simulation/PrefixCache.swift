// SPDX-License-Identifier: GPL-3.0-or-later
// Prefix caching as vLLM V1 does it, without looking at blocks one by one: the free blocks of a KV cache keep what they
// held until they are used again, least recently used first, and a prompt that begins the same takes them over.

/// The cached blocks of all replicas.
///
/// Texts form a tree: a node is what one content adds after the content it begins with, in blocks of 16 tokens. Which
/// of its blocks are cached is a list of stretches, each with the number of running sequences that hold it; a stretch
/// that nobody holds stands in its replica's queue of free blocks, together with stretches of blank blocks. A sequence
/// holds the beginning of its text, so that the number of holders, and the time of the last, never grow along a text:
/// the queue gives up the end of a text before its beginning, and no cached block is without those before it.
///
/// The engine knows how many blocks are free; what left the queue since is taken from its head when somebody asks
/// (`settle`). That changes nothing, for the queue is first in, first out, and costs nothing while nobody does.
struct PrefixCache: ~Copyable {
  struct Node: BitwiseCopyable {
    /// Its replica and content.
    var key: UInt64 = 0
    /// The node of the content it begins with.
    var parent: Int32 = none
    /// Its first block, that is: blocks of its beginning that are its ancestors'. Larger than its parent's.
    var firstBlock: Int32 = 0
    var firstStretch: Int32 = none
    var lastStretch: Int32 = none
    var children: Int32 = 0
    /// Sequences, running or about to, whose text ends in this node.
    var users: Int32 = 0
    /// The running sequence whose tokens extend the node as they come; `none` where no one does.
    var writer: Int32 = none
  }

  struct Stretch: BitwiseCopyable {
    /// The node whose blocks these are; `none` for blank ones.
    var node: Int32 = none
    var start: Int32 = 0
    var end: Int32 = 0
    /// Running sequences that hold it; at 0 it is in the queue.
    var holders: Int32 = 0
    var nextInNode: Int32 = none
    var previousInNode: Int32 = none
    var older: Int32 = none
    var newer: Int32 = none
  }

  /// The free blocks of a replica, least recently used first.
  struct Queue: BitwiseCopyable {
    var oldest: Int32 = none
    var newest: Int32 = none
    /// Blocks in the queue, including those that were used since it was last settled.
    var blocks: Int64 = 0
    /// Whether anything was ever cached; before, all free blocks are blank and need no queue.
    var isActive = false
  }

  var nodes = Storage(repeating: Node(), count: 0)
  var stretches = Storage(repeating: Stretch(), count: 0)
  var queues: Storage<Queue>
  var links = PrefixLinks()
  private var table = IndexTable()
  private var freeNode: Int32 = none
  private var freeStretch: Int32 = none

  init(replicas: Int) { queues = Storage(repeating: Queue(), count: replicas) }

  // MARK: Texts

  /// The node of a content on a replica, and those of all it begins with; made where they are not there.
  mutating func node(of content: UInt32, prefix: UInt32, sharedTokens: Int32, on replica: Int) -> Int32 {
    node(of: content, prefix: prefix, sharedTokens: sharedTokens, on: replica, depth: 0)
  }

  /// The node that holds the last whole block of the first `sharedTokens` tokens of `prefix`; `none` where these are
  /// less than a block.
  mutating func node(sharing prefix: UInt32, sharedTokens: Int32, on replica: Int) -> Int32 {
    node(sharing: prefix, sharedTokens: sharedTokens, on: replica, depth: 0)
  }

  private mutating func node(
    of content: UInt32, prefix: UInt32, sharedTokens: Int32, on replica: Int, depth: Int
  ) -> Int32 {
    let key = UInt64(replica) << 32 | UInt64(content)
    let known = table.find(key)
    if known != none { return known }
    let parent = node(sharing: prefix, sharedTokens: sharedTokens, on: replica, depth: depth + 1)
    let node = newNode()
    nodes[Int(node)] = Node(key: key, parent: parent, firstBlock: parent == none ? 0 : sharedTokens >> 4)
    if parent != none { nodes[Int(parent)].children += 1 }
    table.insert(key, index: node)
    return node
  }

  private mutating func node(
    sharing prefix: UInt32, sharedTokens: Int32, on replica: Int, depth: Int
  ) -> Int32 {
    // A content that begins with itself, over whatever detour, is cut off somewhere.
    if prefix == 0 || sharedTokens < 16 || depth > Self.longestChain { return none }
    let link = links.find(prefix) ?? PrefixLinks.Link()
    let nearest = node(
      of: prefix, prefix: link.prefix, sharedTokens: link.sharedTokens, on: replica, depth: depth)
    var node = nearest
    while nodes[Int(node)].firstBlock >= sharedTokens >> 4 { node = nodes[Int(node)].parent }
    // Kept alive by its reader's claim, or not needed at all.
    if node != nearest {
      nodes[Int(node)].users += 1
      removeIfUnused(nearest)
      nodes[Int(node)].users -= 1
    }
    return node
  }

  /// The most contents that follow each other in a text.
  private static let longestChain = 1000

  /// Drops a node that holds nothing and that nobody refers to, and then its ancestors likewise.
  mutating func removeIfUnused(_ node: Int32) {
    var node = node
    while node != none {
      let record = nodes[Int(node)]
      guard record.firstStretch == none, record.users == 0, record.children == 0 else { return }
      table.remove(record.key)
      nodes[Int(node)].parent = freeNode
      freeNode = node
      node = record.parent
      if node != none { nodes[Int(node)].children -= 1 }
    }
  }

  // MARK: Memory of nodes and stretches

  private mutating func newNode() -> Int32 {
    if freeNode == none {
      let old = nodes.count
      nodes.grow(to: max(64, old * 2), filling: Node())
      for node in (old..<nodes.count).reversed() {
        nodes[node].parent = freeNode
        freeNode = Int32(node)
      }
    }
    let node = freeNode
    freeNode = nodes[Int(node)].parent
    return node
  }

  mutating func newStretch() -> Int32 {
    if freeStretch == none {
      let old = stretches.count
      stretches.grow(to: max(64, old * 2), filling: Stretch())
      for stretch in (old..<stretches.count).reversed() {
        stretches[stretch].newer = freeStretch
        freeStretch = Int32(stretch)
      }
    }
    let stretch = freeStretch
    freeStretch = stretches[Int(stretch)].newer
    return stretch
  }

  mutating func drop(_ stretch: Int32) {
    stretches[Int(stretch)].newer = freeStretch
    freeStretch = stretch
  }
}
