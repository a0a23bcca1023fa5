// SPDX-License-Identifier: GPL-3.0-or-later
// How long one step of a continuous batch takes, and, in closed form, how long many in a row take.

public import Quantities

/// The time of one forward pass of a replica.
///
/// With `B` decoding sequences that attend to `K` tokens of context in all, and a prefill of `c` tokens:
///
///     t = overhead + max(compute, memory) + communication·(B + c)
///     compute = computePerToken·(B + c) + computePerContextToken·(K + prefill's token pairs)
///     memory  = weights(B + c) + memoryPerContextToken·(K + prefill's context)
///     weights(n) = denseWeights + routedWeights·(1 − expertIdleShare^(n / microbatches))
///
/// the roofline of S. Williams, A. Waterman, D. Patterson (doi:10.1145/1498765.1498785) with the expected number of
/// experts touched by `n` tokens routed independently. All figures are seconds; they are the catalog's rates with
/// the engine's efficiencies applied, so a step is never faster than the hardware by construction.
///
/// Layers with chunked local attention (Llama 4: three of four, chunks of 8,192 tokens) see only the tokens since the
/// last multiple of `localChunk`: their context is `K_local`, with coefficients of its own.
public struct StepTimeModel: Sendable, Hashable, BitwiseCopyable {
  /// Time of a step that neither arithmetic nor memory explains.
  public var overhead: Double
  /// Matrix products of one token.
  public var computePerToken: Double
  /// Attention of one token to one token of context.
  public var computePerContextToken: Double
  /// Reading the weights every token uses.
  public var denseWeights: Double
  /// Reading the weights of all routed experts.
  public var routedWeights: Double
  /// The share of experts one token leaves alone: 1 − k/E. Unused where `routedWeights` is 0.
  public var expertIdleShare: Double
  /// Pipeline stages, each of which sees its own share of the step's tokens.
  public var microbatches: Double
  /// Reading the keys and values of one token of context.
  public var memoryPerContextToken: Double
  /// Exchange between the GPUs of a replica, per token.
  public var communicationPerToken: Double
  /// Tokens of a chunk of local attention; 0 where every layer attends to all of the context.
  public var localChunk: Int32
  /// Attention of one token to one token of context in the layers with local attention.
  public var computePerLocalToken: Double
  /// Reading the keys and values of one token of context of the layers with local attention.
  public var memoryPerLocalToken: Double

  /// A model from its coefficients, all in seconds and not negative.
  public init(
    overhead: Double, computePerToken: Double = 0, computePerContextToken: Double = 0,
    denseWeights: Double = 0,
    routedWeights: Double = 0, expertIdleShare: Double = 0, microbatches: Double = 1,
    memoryPerContextToken: Double = 0, communicationPerToken: Double = 0, localChunk: Int32 = 0,
    computePerLocalToken: Double = 0, memoryPerLocalToken: Double = 0
  ) {
    precondition(
      overhead >= 0 && computePerToken >= 0 && computePerContextToken >= 0 && denseWeights >= 0
        && routedWeights >= 0 && (0...1).contains(expertIdleShare) && microbatches >= 1
        && memoryPerContextToken >= 0 && communicationPerToken >= 0 && localChunk >= 0
        && computePerLocalToken >= 0 && memoryPerLocalToken >= 0,
      "a step-time coefficient is negative or out of range")
    self.overhead = overhead
    self.computePerToken = computePerToken
    self.computePerContextToken = computePerContextToken
    self.denseWeights = denseWeights
    self.routedWeights = routedWeights
    self.expertIdleShare = expertIdleShare
    self.microbatches = microbatches
    self.memoryPerContextToken = memoryPerContextToken
    self.communicationPerToken = communicationPerToken
    self.localChunk = localChunk
    self.computePerLocalToken = computePerLocalToken
    self.memoryPerLocalToken = memoryPerLocalToken
  }

  /// Every step takes the same time, whatever is in it: the service model of the queueing formulas.
  public static func constant(_ seconds: Seconds) -> StepTimeModel {
    StepTimeModel(overhead: seconds.rawValue)
  }

  /// A step takes `atOne` with one sequence and grows linearly to `atFull` with `sequences`; prefill is free, because
  /// a measured aggregate throughput has paid for it already. `atFull` is at most `sequences` times `atOne`.
  public static func affine(atOne: Seconds, atFull: Seconds, sequences: Int) -> StepTimeModel {
    let perSequence =
      sequences > 1 ? max(0, (atFull.rawValue - atOne.rawValue) / Double(sequences - 1)) : 0
    return StepTimeModel(
      overhead: atFull.rawValue - perSequence * Double(sequences), decodePerSequence: perSequence)
  }

  /// The affine model: a cost per decoding sequence that prefill tokens do not pay.
  private init(overhead: Double, decodePerSequence: Double) {
    self.init(overhead: overhead)
    self.decodePerSequence = decodePerSequence
  }

  /// Time per decoding sequence in a step, on top of everything else.
  public private(set) var decodePerSequence: Double = 0

  /// Time to read the weights that a step of `tokens` tokens touches.
  func weights(tokens: Double) -> Double {
    guard routedWeights > 0 else { return denseWeights }
    let idle = power(expertIdleShare, tokens / microbatches)
    return denseWeights + routedWeights * (1 - idle)
  }

  /// The time of one step.
  /// - Parameters:
  ///   - sequences: decoding sequences.
  ///   - context: tokens they attend to in all.
  ///   - localContext: tokens they attend to in all in a layer with local attention.
  ///   - prefill: what is prefilled in the step.
  ///   - weights: `weights(tokens:)` of the step's tokens.
  @inline(__always)
  func step(
    sequences: Double, context: Double, localContext: Double = 0, prefill: PrefillWork, weights: Double
  ) -> Double {
    let tokens = sequences + prefill.tokens
    let compute =
      computePerToken * tokens + computePerContextToken * (context + prefill.pairs)
      + computePerLocalToken * (localContext + prefill.localPairs)
    let memory =
      weights + memoryPerContextToken * (context + prefill.context)
      + memoryPerLocalToken * (localContext + prefill.localContext)
    return overhead + communicationPerToken * tokens + decodePerSequence * sequences + max(compute, memory)
  }
}

/// The prefill done within one step.
struct PrefillWork: BitwiseCopyable {
  /// Prompt tokens computed.
  var tokens: Double = 0
  /// Pairs of a computed token with a token it attends to.
  var pairs: Double = 0
  /// Context tokens whose keys and values are read or written.
  var context: Double = 0
  /// The same two in a layer with local attention.
  var localPairs: Double = 0
  var localContext: Double = 0

  /// Adds a chunk of `count` tokens that follow `before` tokens already computed.
  @inline(__always)
  mutating func add(count: Int32, after before: Int32) {
    let (new, old) = (Double(count), Double(before))
    tokens += new
    pairs += new * old + new * (new + 1) / 2
    context += old + new
  }

  /// Adds the same chunk as the layers with local attention see it.
  @inline(__always)
  mutating func addLocal(count: Int32, after before: Int32, chunk: Int32) {
    localPairs += Self.pairs(before + count, chunk) - Self.pairs(before, chunk)
    localContext += Double(before % chunk + count)
  }

  /// Pairs of the first `tokens` tokens with the tokens of their chunk up to themselves.
  private static func pairs(_ tokens: Int32, _ chunk: Int32) -> Double {
    let (whole, rest, size) = (Double(tokens / chunk), Double(tokens % chunk), Double(chunk))
    return (whole * size * (size + 1) + rest * (rest + 1)) / 2
  }
}

/// Consecutive steps of an unchanging batch of decoding sequences, from one step on, none of which begins a new chunk of
/// local attention after the first.
///
/// Step `i` (from 0) attends to `context + i·sequences` tokens, locally to `localContext + i·sequences`, so its time is
/// the larger of two lines in `i`. The sum over `n` steps is a quadratic, or two where the lines cross: a segment of any
/// length costs the same to simulate.
struct DecodeSegment: BitwiseCopyable {
  private var first: Double
  private var firstSlope: Double
  private var second: Double
  private var secondSlope: Double
  /// Steps in the first regime.
  private var crossover: Double

  /// The segment of `sequences` decoding sequences with `context` tokens of context in its first step, and
  /// `localContext` in a layer with local attention.
  @inline(__always)
  init(
    model: borrowing StepTimeModel, sequences: Double, context: Double, localContext: Double = 0,
    weights: Double
  ) {
    let fixed =
      model.overhead + (model.communicationPerToken + model.decodePerSequence) * sequences
    let compute =
      model.computePerToken * sequences + model.computePerContextToken * context
      + model.computePerLocalToken * localContext
    let computeSlope = (model.computePerContextToken + model.computePerLocalToken) * sequences
    let memory =
      weights + model.memoryPerContextToken * context + model.memoryPerLocalToken * localContext
    let memorySlope = (model.memoryPerContextToken + model.memoryPerLocalToken) * sequences
    let memoryFirst = memory >= compute
    first = fixed + (memoryFirst ? memory : compute)
    firstSlope = memoryFirst ? memorySlope : computeSlope
    second = fixed + (memoryFirst ? compute : memory)
    secondSlope = memoryFirst ? computeSlope : memorySlope
    crossover =
      secondSlope > firstSlope
      ? ((first - second) / (secondSlope - firstSlope)).rounded(.up) : .infinity
  }

  /// The time of step `step`, counted from 0; never shorter than the one before.
  @inline(__always)
  func stepTime(_ step: Double) -> Double {
    step < crossover ? first + firstSlope * step : second + secondSlope * step
  }

  /// The time of the segment's first `steps` steps.
  @inline(__always)
  func duration(steps: Double) -> Double {
    if steps <= crossover {
      return steps * first + firstSlope * (steps * (steps - 1) / 2)
    }
    let head = crossover * first + firstSlope * (crossover * (crossover - 1) / 2)
    let tail = steps - crossover
    return head + tail * (second + secondSlope * crossover) + secondSlope * (tail * (tail - 1) / 2)
  }

  /// The fewest steps, at least 1, after which `time` has passed.
  @inline(__always)
  func steps(reaching time: Double) -> Double {
    let head = crossover.isFinite ? duration(steps: crossover) : .infinity
    var steps =
      time <= head
      ? Self.solve(start: first, slope: firstSlope, time: time)
      : crossover
        + Self.solve(start: second + secondSlope * crossover, slope: secondSlope, time: time - head)
    // The square root is rounded; the sums decide.
    while duration(steps: steps) < time { steps += 1 }
    while steps > 1 && duration(steps: steps - 1) >= time { steps -= 1 }
    return steps
  }

  /// About the fewest steps of `start`, `start + slope`, … that sum to `time`.
  @inline(__always)
  private static func solve(start: Double, slope: Double, time: Double) -> Double {
    let half = start - slope / 2
    return max(1, (2 * time / (half + (half * half + 2 * slope * time).squareRoot())).rounded(.up))
  }
}
