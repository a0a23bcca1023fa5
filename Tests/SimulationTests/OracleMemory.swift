// SPDX-License-Identifier: GPL-3.0-or-later
// The oracle's KV cache: every block by itself, with the chain of hashes and the queue of free blocks that vLLM V1 has.

import Workload

/// The KV cache of one replica, block by block.
struct OracleMemory {
  /// Free blocks, the one to be used next first, each with the number of its freeing: an entry whose block was freed
  /// again later, or is held, counts no more. A free block may still hold what another prompt can use.
  private var queue: [(block: Int, freeing: Int)]
  private var head = 0
  private var lastFreeing: [Int]
  private(set) var freeCount: Int
  private var holders: [Int]
  private var hashOfBlock: [UInt64?]
  private var blockOfHash: [UInt64: Int] = [:]

  init(blocks: Int) {
    queue = (0..<blocks).map { ($0, 0) }
    lastFreeing = Array(repeating: 0, count: blocks)
    freeCount = blocks
    holders = Array(repeating: 0, count: blocks)
    hashOfBlock = Array(repeating: nil, count: blocks)
  }

  /// The cached blocks at the beginning of a chain of hashes.
  func cached(_ hashes: ArraySlice<UInt64>) -> [Int] {
    var blocks: [Int] = []
    for hash in hashes {
      guard let block = blockOfHash[hash] else { break }
      blocks.append(block)
    }
    return blocks
  }

  func isCached(_ hash: UInt64) -> Bool { blockOfHash[hash] != nil }
  func isFree(_ block: Int) -> Bool { holders[block] == 0 }

  mutating func hold(_ block: Int) {
    if holders[block] == 0 { freeCount -= 1 }
    holders[block] += 1
  }

  /// New blocks from the head of the queue; what they held is forgotten.
  mutating func take(_ count: Int) -> [Int] {
    (0..<max(0, count)).map { _ in
      while holders[queue[head].block] > 0 || lastFreeing[queue[head].block] != queue[head].freeing {
        head += 1
      }
      let block = queue[head].block
      head += 1
      freeCount -= 1
      if let hash = hashOfBlock[block] { blockOfHash[hash] = nil }
      hashOfBlock[block] = nil
      holders[block] = 1
      return block
    }
  }

  mutating func enter(_ hash: UInt64, of block: Int) {
    precondition(blockOfHash[hash] == nil, "a block is cached twice")
    blockOfHash[hash] = block
    hashOfBlock[block] = hash
  }

  /// Frees a sequence's blocks, the last one first.
  mutating func release(_ blocks: [Int]) {
    for block in blocks.reversed() {
      holders[block] -= 1
      guard holders[block] == 0 else { continue }
      freeCount += 1
      lastFreeing[block] = queue.count
      queue.append((block, queue.count))
    }
  }
}

/// What every token of every prompt and answer is.
struct OracleTexts {
  /// Where the own tokens of one content after another end in a request's text; the last goes on for ever.
  private var parts: [[(end: Int, content: UInt32)]] = []
  /// The hashes of each request's whole blocks, each of the one before and of its sixteen tokens.
  private var hashes: [[UInt64]] = []

  init(_ requests: [Request]) {
    var partsOfContent: [UInt32: [(end: Int, content: UInt32)]] = [:]
    for request in requests {
      var own: [(end: Int, content: UInt32)] = []
      if request.prefix != 0 {
        for part in partsOfContent[request.prefix] ?? [(.max, request.prefix)] {
          let end = min(part.end, Int(request.sharedTokens))
          if end > own.last?.end ?? 0 { own.append((end, part.content)) }
        }
      }
      own.append((.max, request.content))
      if request.content != 0 {
        if let known = partsOfContent[request.content] {
          own = known
        } else {
          partsOfContent[request.content] = own
        }
      }
      parts.append(own)
      hashes.append(Self.hashes(own, blocks: Int(request.inputTokens + request.outputTokens) / 16 + 1))
    }
  }

  /// The content whose own token stands at a position of a request's text; 0 where it is nobody else's.
  func owner(_ request: Int, _ position: Int) -> UInt32 {
    parts[request].first { position < $0.end }?.content ?? 0
  }

  /// The hashes of the first whole blocks of a request's text.
  func hashes(_ request: Int, blocks: Int) -> ArraySlice<UInt64> { hashes[request][..<max(0, blocks)] }

  private static func hashes(_ parts: [(end: Int, content: UInt32)], blocks: Int) -> [UInt64] {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    var part = 0
    return (0..<blocks).map { block in
      for position in (16 * block)..<(16 * block + 16) {
        while position >= parts[part].end { part += 1 }
        let token = UInt64(parts[part].content) << 32 | UInt64(position)
        hash = (hash ^ token) &* 0x0000_0100_0000_01b3 ^ hash >> 29
      }
      return hash
    }
  }
}
