// SPDX-License-Identifier: GPL-3.0-or-later
// The oracle of INV-6: one replica simulated the obvious way, step by step, with arrays and loops, after the published
// behaviour of vLLM V1's scheduler. Slow, short, and written apart from the program.

import Quantities
import Simulation
import Workload

/// A replica that makes every step one at a time.
struct StepByStepOracle {
  struct Outcome: Equatable {
    var firstToken = -1.0
    var lastToken = -1.0
  }

  private struct Sequence {
    var request: Request
    var generated = 0
    var computed = 0
    var blocks = 0
    var decoding = false
    var known: Int { Int(request.inputTokens) + generated }
  }

  let pool: PoolConfiguration
  private(set) var preemptions = 0
  private(set) var recomputed = 0
  private(set) var peakBlocks = 0

  init(pool: PoolConfiguration) { self.pool = pool }

  /// The times of each request's first and last token, in the order of `requests`.
  mutating func run(_ requests: [Request]) -> [Outcome] {
    var load = OracleLoad(requests, users: requests.count)
    return run(requests, load: &load)
  }

  /// The times of each request's first and last token under any load.
  mutating func run(_ requests: [Request], load: inout OracleLoad) -> [Outcome] {
    var outcomes = Array(repeating: Outcome(), count: requests.count)
    var sequences = requests.map { Sequence(request: $0) }
    var waiting: [Int] = []
    var running: [Int] = []
    var free = pool.keyValueBlocks
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
        let needed = (sequences[id].computed + tokens + 15) / 16 - sequences[id].blocks
        while needed > free {
          let victim = running.removeLast()
          preempted = true
          preemptions += 1
          recomputed += sequences[victim].computed
          free += sequences[victim].blocks
          sequences[victim].blocks = 0
          sequences[victim].computed = 0
          sequences[victim].decoding = false
          waiting.insert(victim, at: 0)
          if victim == id { break runningLoop }
        }
        free -= needed
        sequences[id].blocks += needed
        budget -= tokens
        scheduled.append((id, tokens))
        index += 1
      }
      while !preempted, budget > 0, running.count < pool.maxSequences, let id = waiting.first {
        let tokens = min(sequences[id].known, budget)
        let needed = (tokens + 15) / 16
        if needed > free { break }
        if pool.reservesOutput {
          let atEnd = (running + [id]).reduce(0) {
            $0 + (Int(requests[$1].inputTokens) + Int(requests[$1].outputTokens) + 15) / 16
          }
          if atEnd > pool.keyValueBlocks { break }
        }
        waiting.removeFirst()
        running.append(id)
        free -= needed
        sequences[id].blocks = needed
        budget -= tokens
        scheduled.append((id, tokens))
      }
      peakBlocks = max(peakBlocks, pool.keyValueBlocks - free)

      now += duration(of: scheduled, sequences)
      for (id, tokens) in scheduled {
        sequences[id].computed += tokens
        guard sequences[id].computed == sequences[id].known else { continue }
        sequences[id].decoding = true
        sequences[id].generated += 1
        if outcomes[id].firstToken < 0 { outcomes[id].firstToken = now + pool.requestOverhead.rawValue }
        if sequences[id].generated == Int(requests[id].outputTokens) {
          outcomes[id].lastToken = now + pool.requestOverhead.rawValue
          load.answered(id, at: now + pool.requestOverhead.rawValue)
          free += sequences[id].blocks
          running.removeAll { $0 == id }
        }
      }
    }
    return outcomes
  }

  private func duration(of scheduled: [(id: Int, tokens: Int)], _ sequences: [Sequence]) -> Double {
    let model = pool.stepTime
    var tokens = 0.0
    var pairs = 0.0
    var context = 0.0
    var decoding = 0.0
    var localPairs = 0.0
    var localContext = 0.0
    var attention = 0.0
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
      let chunk = max(1, Int(model.localChunk))
      for position in sequences[id].computed..<(sequences[id].computed + count) {
        let local = model.localChunk > 0 ? Double(position % chunk + 1) : 0
        attention +=
          sequences[id].decoding
          ? model.attentionPerContextToken * Double(position + 1) + model.attentionPerLocalToken * local
          : model.attentionPerPair * Double(position + 1) + model.attentionPerLocalPair * local
      }
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
    let exchange = min(
      model.oneShotPerToken * tokens, model.exchangeSwitch + model.communicationPerToken * tokens)
    return model.overhead + exchange + model.overheadPerToken * tokens
      + model.overheadPerSequence * decoding + attention + max(compute, memory)
  }
}
