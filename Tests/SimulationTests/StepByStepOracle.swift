// SPDX-License-Identifier: GPL-3.0-or-later
// The oracle of INV-6: one replica simulated the obvious way, step by step and block by block, with arrays and loops,
// after the published behaviour of vLLM V1's scheduler. Slow, short, and written apart from the program.

import Quantities
import Simulation
import Workload

/// A replica that makes every step one at a time.
struct StepByStepOracle {
  struct Outcome: Equatable {
    var firstToken = -1.0
    var lastToken = -1.0
  }

  struct Sequence {
    var request: Request
    var generated = 0
    var computed = 0
    var blocks: [Int] = []
    /// The first of its blocks that are in the cache; with `writes` it enters the next when it is full.
    var entered = 0
    var writes = false
    var decoding = false
    var resumes = false
    var lastToken: Double?
    var known: Int { Int(request.inputTokens) + generated }
    /// Whole blocks that another prompt could begin with.
    var sharable: Int { request.content != 0 ? .max : Int(request.sharedTokens) / 16 }
  }

  let pool: PoolConfiguration
  private(set) var preemptions = 0
  private(set) var recomputed = 0
  private(set) var cachedTokens = 0
  /// Every time between a token and the next of the same answer.
  private(set) var gaps: [Double] = []
  /// ∫ running sequences dt.
  private(set) var sequenceSeconds = 0.0
  private var sequences: [Sequence] = []
  private var running: [Int] = []
  private var memory: OracleMemory
  private var texts = OracleTexts([])

  init(pool: PoolConfiguration) {
    self.pool = pool
    memory = OracleMemory(blocks: pool.keyValueBlocks)
  }

  /// The times of each request's first and last token, in the order of `requests`.
  mutating func run(_ requests: [Request]) -> [Outcome] {
    var load = OracleLoad(requests, users: requests.count)
    return run(requests, load: &load)
  }

  /// The times of each request's first and last token under any load.
  mutating func run(_ requests: [Request], load: inout OracleLoad) -> [Outcome] {
    if pool.batching == .static { return runBatches(requests, load: &load) }
    var outcomes = Array(repeating: Outcome(), count: requests.count)
    sequences = requests.map { Sequence(request: $0) }
    texts = OracleTexts(requests)
    var waiting: [Int] = []
    var now = 0.0
    while true {
      if waiting.isEmpty && running.isEmpty {
        guard let next = load.nextArrival() else { break }
        now = max(now, next)
      }
      waiting += load.arrivals(until: now)

      var budget = pool.maxBatchedTokens
      var scheduled: [(id: Int, tokens: Int)] = []
      var preempted = false
      var index = 0
      runningLoop: while index < running.count {
        let id = running[index]
        let tokens = min(sequences[id].known - sequences[id].computed, budget)
        let needed = (sequences[id].computed + tokens + 15) / 16 - sequences[id].blocks.count
        while needed > memory.freeCount {
          let victim = running.removeLast()
          preempted = true
          preempt(victim)
          waiting.insert(victim, at: 0)
          if victim == id { break runningLoop }
        }
        sequences[id].blocks += memory.take(needed)
        enterFullBlocks(id, computed: sequences[id].computed + tokens)
        budget -= tokens
        scheduled.append((id, tokens))
        index += 1
      }
      while !preempted, budget > 0, running.count < pool.maxSequences, let id = waiting.first {
        guard let tokens = admit(id, budget: budget) else { break }
        waiting.removeFirst()
        running.append(id)
        budget -= tokens
        scheduled.append((id, tokens))
      }

      let time = duration(of: scheduled, sequences)
      now += time
      sequenceSeconds += time * Double(running.count)
      for (id, tokens) in scheduled {
        sequences[id].computed += tokens
        guard sequences[id].computed == sequences[id].known else { continue }
        sequences[id].decoding = true
        sequences[id].generated += 1
        if let last = sequences[id].lastToken { gaps.append(now - last) }
        sequences[id].lastToken = now
        let answer = now + pool.requestOverhead.rawValue
        if outcomes[id].firstToken < 0 { outcomes[id].firstToken = answer }
        if sequences[id].generated == Int(requests[id].outputTokens) {
          outcomes[id].lastToken = answer
          load.answered(id, at: answer)
          running.removeAll { $0 == id }
          release(id)
        }
      }
    }
    return outcomes
  }

  private mutating func release(_ id: Int) {
    memory.release(sequences[id].blocks)
    sequences[id].blocks = []
    sequences[id].writes = false
  }

  private mutating func preempt(_ id: Int) {
    preemptions += 1
    recomputed += sequences[id].computed
    release(id)
    sequences[id].computed = 0
    sequences[id].decoding = false
    sequences[id].resumes = true
  }

  /// Admits a waiting sequence with what is cached of its prompt; gives the tokens to compute in this step.
  private mutating func admit(_ id: Int, budget: Int) -> Int? {
    let sequence = sequences[id]
    var hits: [Int] = []
    if pool.prefixCaching {
      let longest = min((sequence.known - 1) / 16, sequence.sharable)
      hits = memory.cached(texts.hashes(id, blocks: longest))
    }
    let tokens = min(sequence.known - 16 * hits.count, budget)
    let needed = (16 * hits.count + tokens + 15) / 16 - hits.count
    if needed + hits.count(where: memory.isFree) > memory.freeCount { return nil }
    for block in hits { memory.hold(block) }
    sequences[id].writes = pool.prefixCaching && mayEnter(id, after: hits.count)
    sequences[id].entered = hits.count
    sequences[id].computed = 16 * hits.count
    sequences[id].blocks = hits + memory.take(needed)
    enterFullBlocks(id, computed: 16 * hits.count + tokens)
    if sequence.resumes { recomputed -= 16 * hits.count } else { cachedTokens += 16 * hits.count }
    return tokens
  }

  /// A sequence enters its blocks in the cache if the next one is not there and nobody else is writing that content.
  private func mayEnter(_ id: Int, after count: Int) -> Bool {
    guard count < sequences[id].sharable,
      let next = texts.hashes(id, blocks: count + 1).last, !memory.isCached(next)
    else { return false }
    let content = texts.owner(id, 16 * count + 15)
    return !running.contains { other in
      sequences[other].writes && sequences[other].entered < sequences[other].sharable
        && texts.owner(other, 16 * sequences[other].entered + 15) == content
    }
  }

  private mutating func enterFullBlocks(_ id: Int, computed: Int) {
    guard sequences[id].writes else { return }
    let full = min(computed / 16, sequences[id].sharable)
    guard full > sequences[id].entered else { return }
    let hashes = texts.hashes(id, blocks: full)
    for block in sequences[id].entered..<full { memory.enter(hashes[block], of: sequences[id].blocks[block]) }
    sequences[id].entered = full
  }

  /// Static batching: every row as long as the longest, every row until the last is done.
  private mutating func runBatches(_ requests: [Request], load: inout OracleLoad) -> [Outcome] {
    var outcomes = Array(repeating: Outcome(), count: requests.count)
    sequences = requests.map { Sequence(request: $0) }
    var waiting: [Int] = []
    var now = 0.0
    while true {
      if waiting.isEmpty {
        guard let next = load.nextArrival() else { break }
        now = max(now, next)
      }
      waiting += load.arrivals(until: now)
      var rows: [Int] = []
      var length = 0
      while let id = waiting.first, rows.count < pool.maxSequences {
        let longer = max(length, sequences[id].known)
        if (rows.count + 1) * ((longer + 15) / 16) > pool.keyValueBlocks { break }
        length = longer
        rows.append(waiting.removeFirst())
      }
      now += duration(rows: rows.count, computed: 0, tokens: length)
      for id in rows {
        sequences[id].generated += 1
        if outcomes[id].firstToken < 0 { outcomes[id].firstToken = now + pool.requestOverhead.rawValue }
      }
      func isDone(_ id: Int) -> Bool { sequences[id].generated >= Int(requests[id].outputTokens) }
      while !rows.allSatisfy(isDone) {
        while rows.count * (length / 16 + 1) > pool.keyValueBlocks, let id = rows.popLast() {
          if isDone(id) {
            finish(id, at: now, &outcomes, &load)
          } else {
            preemptions += 1
            recomputed += sequences[id].known - 1
            waiting.insert(id, at: 0)
          }
        }
        if rows.allSatisfy(isDone) { break }
        now += duration(rows: rows.count, computed: length, tokens: 1)
        length += 1
        for id in rows { sequences[id].generated += 1 }
      }
      for id in rows { finish(id, at: now, &outcomes, &load) }
    }
    return outcomes
  }

  private func finish(_ id: Int, at now: Double, _ outcomes: inout [Outcome], _ load: inout OracleLoad) {
    outcomes[id].lastToken = now + pool.requestOverhead.rawValue
    load.answered(id, at: now + pool.requestOverhead.rawValue)
  }

  /// The time of a step in which each of `rows` equal rows computes `tokens` tokens after `computed`.
  private func duration(rows: Int, computed: Int, tokens: Int) -> Double {
    let row = Request(arrival: 0, inputTokens: Int32(computed + tokens), outputTokens: 1, useCase: 0)
    let sequence = Sequence(request: row, computed: computed, decoding: computed > 0)
    return duration(of: (0..<rows).map { ($0, tokens) }, Array(repeating: sequence, count: rows))
  }

  private func duration(of scheduled: [(id: Int, tokens: Int)], _ sequences: [Sequence]) -> Double {
    let model = pool.stepTime
    var tokens = 0.0
    var pairs = 0.0
    var context = 0.0
    var decoding = 0.0
    var localPairs = 0.0
    var localContext = 0.0
    for (id, count) in scheduled {
      tokens += Double(count)
      for position in 0..<count { pairs += Double(sequences[id].computed + position + 1) }
      context += Double(sequences[id].computed + count)
      if model.localChunk > 0 {
        // A token sees the tokens of its own chunk, up to itself.
        let first = sequences[id].computed
        for position in first..<(first + count) { localPairs += Double(position % Int(model.localChunk) + 1) }
        let chunkStart = first / Int(model.localChunk) * Int(model.localChunk)
        localContext += Double(first + count - chunkStart)
      }
      if sequences[id].decoding { decoding += 1 }
    }
    var weights = model.denseWeights
    if model.routedWeights > 0 {
      weights += model.routedWeights * (1 - power(model.expertIdleShare, tokens / model.microbatches))
    }
    let compute =
      model.computePerToken * tokens + model.computePerContextToken * pairs
      + model.computePerLocalToken * localPairs
    let memory =
      weights + model.memoryPerContextToken * context + model.memoryPerLocalToken * localContext
    return model.overhead + model.communicationPerToken * tokens + model.decodePerSequence * decoding
      + max(compute, memory)
  }
}
