// SPDX-License-Identifier: GPL-3.0-or-later
// The plain records of the event loop: a sequence, a replica, a pool. One cache line a sequence.

import Quantities

/// No sequence.
let none: Int32 = -1

/// A request inside a pool.
struct Sequence: BitwiseCopyable {
  /// Arrival at the gateway, seconds.
  var arrival: Double = 0
  /// When its first token came out; negative before.
  var firstToken: Double = -1
  /// The replica's step count when it joined the decoding batch.
  var joinStep: Int64 = 0
  /// Tokens of the prompt.
  var inputTokens: Int32 = 0
  /// Tokens to generate in all. Read only to know that a token was the last.
  var outputTokens: Int32 = 0
  /// Tokens generated before it joined (or, waiting, in all).
  var generated: Int32 = 0
  /// Tokens generated before it came to this supply.
  var generatedElsewhere: Int32 = 0
  /// Prefilled tokens of `inputTokens + generated`.
  var prefilled: Int32 = 0
  var useCase: Int16 = 0
  /// The model that answers it.
  var model: UInt8 = 0
  /// Whether its prompt may begin with cached blocks or leave some behind: it has an identity in the prefix cache.
  var hasText = false
  /// Neighbours in the queue or the running list, oldest first.
  var next: Int32 = none
  var previous: Int32 = none
  /// Neighbours among those that finish at the same step.
  var nextFinishing: Int32 = none
  var previousFinishing: Int32 = none

  /// Tokens to prefill before the next can be generated: after a preemption also those generated.
  var prefillTarget: Int32 { inputTokens + generated }

  /// Tokens whose keys and values are held at `step`, while decoding.
  @inline(__always)
  func computed(at step: Int64) -> Int64 { Int64(prefillTarget) + (step - joinStep) }

  /// Tokens generated at `step`, while decoding: one came with the end of the prefill, one with each step since.
  @inline(__always)
  func generated(at step: Int64) -> Int32 { generated + 1 + Int32(truncatingIfNeeded: step - joinStep) }

  /// Blocks that hold the prompt and the whole answer.
  var blocksAtEnd: Int64 { blocks(holding: Int64(inputTokens) + Int64(outputTokens)) }

  /// The step count at which the last token comes out.
  var finishStep: Int64 { joinStep + Int64(outputTokens - generated - 1) }

  /// The step count, modulo the length of a chunk of local attention, at which it begins a new chunk.
  func chunkPhase(_ chunk: Int32) -> Int {
    let rest = Int(truncatingIfNeeded: joinStep - Int64(prefillTarget)) % Int(chunk)
    return rest < 0 ? rest + Int(chunk) : rest
  }

  /// The place of its block boundaries: it needs a new block at each step where `phase + step` is a multiple of 16.
  var phase: Int { Int(truncatingIfNeeded: Int64(prefillTarget) - joinStep) & 15 }
}

/// Who a request is: kept beside the sequences, and only where something asks, so that a sequence stays one cache line.
struct RequestIdentity: BitwiseCopyable {
  /// Its number in the order in which requests were offered, from 0.
  var number: Int32 = 0
  /// In a closed loop, the user that waits for it.
  var user: Int32 = 0
  /// As in `Request`.
  var content: UInt32 = 0
  var prefix: UInt32 = 0
  var sharedTokens: Int32 = 0
  /// The node of the prefix cache in which its text ends; `none` before it is first looked up, and after it left.
  var leaf: Int32 = none
  /// Blocks of the prefix cache that it holds: the beginning of its own.
  var held: Int32 = 0
  /// Whether the blocks it fills are entered into the prefix cache.
  var writes = false
  /// Whether it has lost what it had computed and begins anew.
  var resumes = false

  /// Blocks of its text that others can have too: of a prompt without a content only what it shares.
  var sharableBlocks: Int32 { content != 0 ? .max : sharedTokens >> 4 }
}

/// Blocks of 16 tokens that hold `tokens` tokens.
@inline(__always)
func blocks(holding tokens: Int64) -> Int64 { (tokens + 15) >> 4 }

/// What a replica is doing.
enum Activity: UInt8, BitwiseCopyable {
  /// Nothing is in work.
  case idle
  /// At a step boundary; the next step is to be put together.
  case scheduling
  /// Decode steps of an unchanging batch.
  case decoding
  /// One step with prefill in it.
  case mixed
}

/// Where a replica is in its life.
enum Phase: UInt8, BitwiseCopyable {
  case off, booting, serving, draining
  /// Ready, and held back.
  case spare
}

/// The state of one replica.
struct Replica: BitwiseCopyable {
  /// Start of the step or segment in progress.
  var segmentStart = 0.0
  /// The segment in progress, for cutting it short.
  var segment = DecodeSegment(model: .constant(.zero), sequences: 1, context: 0, weights: 0)
  /// Steps of the segment in progress.
  var segmentSteps: Int64 = 0
  /// Decode steps since the start: the clock of the finish ring.
  var step: Int64 = 0
  /// Tokens that the decoding sequences attend to in the next step.
  var context: Int64 = 0
  /// The same in a layer with chunked local attention; 0 for models without.
  var localContext: Int64 = 0
  var freeBlocks: Int64 = 0
  /// With static batching: tokens in the cache of each row, tokens that each row has put out in this batch, and how many
  /// the longest answer needs.
  var rowTokens: Int64 = 0
  var batchTokens: Int64 = 0
  var longestAnswer: Int64 = 0
  /// Blocks that the running sequences hold when each is at its last token; counted where a pool reserves them.
  var reservedBlocks: Int64 = 0
  /// Decoding sequences.
  var decoding: Int32 = 0
  /// Sequences in the running list: decoding, or prefilling in this step.
  var running: Int32 = 0
  var waiting: Int32 = 0
  /// Sequences in the queue when the segment in progress began.
  var waitingAtStart: Int32 = 0
  var runningHead: Int32 = none
  var runningTail: Int32 = none
  var waitingHead: Int32 = none
  var waitingTail: Int32 = none
  /// The oldest sequence that the step in progress prefills.
  var firstPrefilling: Int32 = none
  var activity = Activity.idle
  var phase = Phase.off
  /// Whether the segment in progress has been cut for an arrival, or need not be.
  var settled = false
  /// Whether requests were left waiting when the step in progress was put together.
  var blocked = false
  var pool: Int32 = 0
  /// Step time spent with something in work since the start, closed segments only.
  var busySeconds = 0.0
  /// ∫ running sequences dt, closed segments only.
  var sequenceSeconds = 0.0
  /// `busySeconds` (with the open segment's share) when the replica last began to serve.
  var busyAtPhaseStart = 0.0
  /// Start of the present phase.
  var phaseStart = 0.0
  /// The next entry of its schedule.
  var lifetime: Int32 = 0
}

/// The fixed parameters and running totals of one pool.
struct Pool: BitwiseCopyable {
  var firstReplica: Int32
  var replicas: Int32
  var maxSequences: Int32
  var maxBatchedTokens: Int32
  var queueLimit: Int32
  var router: Router
  var keyValueBlocks: Int64
  var stepTime: StepTimeModel
  var requestOverhead: Double
  var prefixCaching: Bool
  var isStatic: Bool
  var gpusPerReplica: Double
  /// Where the pool's table of weight-reading times starts.
  var weightsTable: Int32
  /// The supply whose totals the pool adds to.
  var supply: Int32
  /// The model that it serves.
  var model: Int32 = 0
  /// Tokens of a chunk of local attention; 0 for models without.
  var localChunk: Int32
  /// Where the pool's tables of local chunks start, in counts and in words of bits.
  var chunkTable: Int
  var chunkBitTable: Int
  /// Whether requests are let in only with blocks for their whole answer.
  var reservesOutput = false
  var turn: Int32 = 0
  var loadBound = 1.0
  /// Replicas kept ready without requests.
  var spares: Int32 = 0
  /// Whether replicas come and go as `AutoscalerState` wants.
  var isScaled = false
  var startup = 0.0
  var drainLimit = 0.0
  /// When a request last asked for a pool that is scaled.
  var lastUse = 0.0
  /// Requests at the gateway that wait for a replica, oldest first.
  var heldHead: Int32 = none
  var heldTail: Int32 = none
  var held: Int32 = 0
  /// Replicas started.
  var starts: Int64 = 0
  var hours = PoolHours()
  var preemptions: Int64 = 0
}
