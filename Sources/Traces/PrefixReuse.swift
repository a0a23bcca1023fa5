// SPDX-License-Identifier: GPL-3.0-or-later
// What a prefix cache of any size would have saved, from one pass over the blocks of a trace.

/// Stack distances of prefix blocks under least-recently-used replacement.
///
/// A block whose last use lies `d` different blocks back is found by every cache of more than `d` blocks (Mattson, Gecsei,
/// Slutz, Traiger: Evaluation techniques for storage hierarchies, doi:10.1147/sj.92.0078), so one number per use
/// answers for all sizes. The number is a range sum over a Fenwick tree (doi:10.1002/spe.4380240306) that marks the last
/// use of each block. Only a prefix helps: a block counts as found where all before it in its prompt are.
struct PrefixReuse: Sendable {
  /// Tokens that a block stands for.
  let blockTokens: Int
  private var lastUse: CompactTable<UInt32>
  private var firstBlocks: CompactTable<UInt32>
  /// Fenwick tree over times of use, from 1; a mark stands at each block's last.
  private var tree: [Int32]
  private var clock: UInt32 = 0
  private var marks = 0
  /// Uses and tokens at each distance.
  private var usesAt: [Int] = []
  private var tokensAt: [Int] = []
  private var uses = 0
  private var tokens = 0

  init(blockTokens: Int, mostBlocks: Int = 4_000_000) {
    self.blockTokens = blockTokens
    lastUse = CompactTable(blank: 0, mostKeys: mostBlocks)
    firstBlocks = CompactTable(blank: 0, mostKeys: 1_000_000)
    tree = [Int32](repeating: 0, count: 1 << 12)
  }

  /// Takes one prompt.
  /// - Complexity: O(log n) amortized per block, with n different blocks so far.
  mutating func add(_ blocks: ArraySlice<UInt64>, inputTokens: Int) {
    guard let first = blocks.first else { return }
    if firstBlocks.samples(first) {
      let (slot, _) = firstBlocks.slot(of: first)
      firstBlocks[slot] += 1
      firstBlocks.shed()
    }
    var left = inputTokens
    // The farthest back of the prompt's blocks so far; nil once one was new.
    var farthest: Int? = 0
    for block in blocks {
      let tokensOfBlock = max(0, min(blockTokens, left))
      left -= tokensOfBlock
      guard lastUse.samples(block) else { continue }
      if Int(clock) + 1 >= tree.count { renumber() }
      let (slot, isNew) = lastUse.slot(of: block)
      uses += 1
      tokens += tokensOfBlock
      if isNew {
        farthest = nil
      } else {
        let before = lastUse[slot]
        if let reach = farthest {
          let distance = max(reach, Int(Double(marks - sum(through: before)) / lastUse.sampledShare))
          farthest = distance
          note(distance, tokensOfBlock)
        }
        mark(before, -1)
        marks -= 1
      }
      clock += 1
      lastUse[slot] = clock
      mark(clock, 1)
      marks += 1
      let share = lastUse.sampledShare
      lastUse.shed()
      if lastUse.sampledShare != share { renumber() }
    }
  }

  private mutating func note(_ distance: Int, _ tokensOfBlock: Int) {
    if distance >= usesAt.count {
      let more = max(distance + 1, 2 * usesAt.count) - usesAt.count
      usesAt += [Int](repeating: 0, count: more)
      tokensAt += [Int](repeating: 0, count: more)
    }
    usesAt[distance] += 1
    tokensAt[distance] += tokensOfBlock
  }

  private func sum(through time: UInt32) -> Int {
    var index = Int(time)
    var total = 0
    while index > 0 {
      total += Int(tree[index])
      index &= index - 1
    }
    return total
  }

  private mutating func mark(_ time: UInt32, _ change: Int32) {
    var index = Int(time)
    while index < tree.count {
      tree[index] += change
      index += index & -index
    }
  }

  /// Numbers the last uses anew from 1, in their order, with as much room again.
  private mutating func renumber() {
    var times: [UInt32] = []
    times.reserveCapacity(lastUse.count)
    lastUse.forEach { if $0 > 0 { times.append($0) } }
    times.sort()
    var place = [UInt32](repeating: 0, count: Int(clock) + 1)
    for (index, time) in times.enumerated() { place[Int(time)] = UInt32(index + 1) }
    lastUse.updateAll { $0 = place[Int($0)] }
    clock = UInt32(times.count)
    marks = times.count
    tree = [Int32](repeating: 0, count: max(1 << 12, 2 * times.count + 2))
    // A tree of ones, each node handing its sum to its parent.
    for index in 1..<tree.count {
      if index <= times.count { tree[index] += 1 }
      let parent = index + (index & -index)
      if parent < tree.count { tree[parent] += tree[index] }
    }
  }

  /// The shares of blocks and of tokens that a cache of some blocks finds; nil blocks are an endless cache.
  func share(ofCache blocks: Int?) -> (ofBlocks: Double, ofTokens: Double) {
    let end = min(usesAt.count, blocks ?? usesAt.count)
    let found = usesAt[..<end].reduce(0, +)
    let foundTokens = tokensAt[..<end].reduce(0, +)
    return (Double(found) / Double(max(1, uses)), Double(foundTokens) / Double(max(1, tokens)))
  }

  /// Everything that is told; nil where no request had blocks.
  var summary: PrefixSummary? {
    guard uses > 0 else { return nil }
    let endless = share(ofCache: nil)
    let distinct = Int((Double(lastUse.count) / lastUse.sampledShare).rounded())
    var sizes: [PrefixSummary.CacheSize] = []
    var (decade, step) = (1000, 0)
    while sizes.count < 24 {
      let blocks = decade * [1, 2, 5][step]
      let share = share(ofCache: blocks)
      sizes.append(
        .init(
          blocks: blocks, tokens: blocks * blockTokens, shareOfBlocks: share.ofBlocks,
          shareOfTokens: share.ofTokens))
      if blocks >= distinct { break }
      (decade, step) = step == 2 ? (decade * 10, 0) : (decade, step + 1)
    }
    var repeatedFirst: [Int] = []
    firstBlocks.forEach { if $0 > 1 { repeatedFirst.append(Int($0)) } }
    return PrefixSummary(
      blockTokens: blockTokens, distinctBlocks: distinct, sampledShare: lastUse.sampledShare,
      shareOfBlocks: endless.ofBlocks, shareOfTokens: endless.ofTokens, cacheSizes: sizes,
      groupSizes: repeatedFirst.sorted(by: >))
  }
}

/// What is told of shared prefixes.
public struct PrefixSummary: Sendable, Hashable, Encodable {
  /// What a cache of one size finds.
  public struct CacheSize: Sendable, Hashable, Encodable {
    /// The cache's size, in blocks and in tokens.
    public var blocks, tokens: Int
    /// The share of all blocks and of all input tokens that it finds.
    public var shareOfBlocks, shareOfTokens: Double
  }

  /// Tokens of a block.
  public var blockTokens: Int
  /// Different blocks.
  public var distinctBlocks: Int
  /// The share of blocks that was followed: 1 is exact, less an estimate from a sample.
  public var sampledShare: Double
  /// The shares of blocks and of input tokens that an endless cache finds.
  public var shareOfBlocks, shareOfTokens: Double
  /// The same for caches with least-recently-used replacement, ascending.
  public var cacheSizes: [CacheSize]
  /// Requests that begin with the same block, for each such block of two or more, most first.
  public var groupSizes: [Int]

  private enum CodingKeys: String, CodingKey {
    case blockTokens, distinctBlocks, sampledShare, shareOfBlocks, shareOfTokens, cacheSizes
  }
}
