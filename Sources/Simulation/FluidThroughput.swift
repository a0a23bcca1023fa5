// SPDX-License-Identifier: GPL-3.0-or-later
// What a replica can do, in closed form: the fluid that a stream of many requests is seen from afar.

/// Requests of one mix as a fluid: a rate and mean lengths.
public struct FluidFlow: Sendable, Hashable {
  /// Requests per second.
  public var rate: Double
  /// Prompt tokens of a request, mean.
  public var inputTokens: Double
  /// Output tokens of a request, mean.
  public var outputTokens: Double

  /// A flow.
  public init(rate: Double, inputTokens: Double, outputTokens: Double) {
    self.rate = rate
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
  }
}

extension PoolConfiguration {
  /// Sequences that run at once in a full replica: what places, KV blocks and the tokens of a step leave room
  /// for.
  func fluidPlaces(_ flow: FluidFlow) -> Double {
    let output = max(flow.outputTokens, 1)
    let memory = Double(longestRequest) / max(flow.inputTokens + output, 1)
    let tokens = Double(maxBatchedTokens) / (1 + flow.inputTokens / output)
    return max(1, min(Double(maxSequences), memory, tokens))
  }

  /// Mean seconds of a step with `sequences` running, which finish and are followed by others in the flow's
  /// proportions.
  ///
  /// On average q = sequences / output tokens prompts are prefilled in a step. They come whole and at random,
  /// and a step takes the longer of arithmetic and memory, so that the mean number will not do: none with
  /// probability 1 / (1 + q) and 1 + q otherwise have the mean and the variance of a Poisson number.
  func fluidStep(_ flow: FluidFlow, sequences: Double) -> Double {
    let prompts = sequences / max(flow.outputTokens, 1)
    return
      (fluidStep(flow, sequences: sequences, prompts: 0)
      + prompts * fluidStep(flow, sequences: sequences, prompts: 1 + prompts)) / (1 + prompts)
  }

  private func fluidStep(_ flow: FluidFlow, sequences: Double, prompts: Double) -> Double {
    let context = flow.inputTokens + flow.outputTokens / 2
    let chunk = Double(stepTime.localChunk)
    var prefill = PrefillWork()
    prefill.tokens = min(prompts * flow.inputTokens, Double(maxBatchedTokens))
    prefill.pairs = prefill.tokens * flow.inputTokens / 2
    prefill.context = prefill.tokens
    prefill.localPairs = prefill.tokens * min(flow.inputTokens, chunk) / 2
    prefill.localContext = prefill.tokens
    return stepTime.step(
      sequences: sequences, context: sequences * context, localContext: sequences * min(context, chunk / 2),
      prefill: prefill, weights: stepTime.weights(tokens: sequences + prefill.tokens))
  }

  /// Requests per second that one replica finishes when there is always more to do, in closed form: a full
  /// batch over the time that each of its requests stays.
  ///
  /// `saturatedThroughput(backlog:)` measures the same by simulation.
  /// - Parameter flow: the mix; its rate does not matter.
  /// - Complexity: O(1).
  public func fluidCapacity(_ flow: FluidFlow) -> Double {
    let places = fluidPlaces(flow)
    return places / (max(flow.outputTokens, 1) * fluidStep(flow, sequences: places))
  }

  /// Sequences running in a replica that takes `rate` requests per second, by Little's law: as many as arrive
  /// while one stays, which is longer the more there are. At most a full batch.
  func fluidOccupancy(_ flow: FluidFlow, rate: Double) -> Double {
    let output = max(flow.outputTokens, 1)
    var (low, high) = (0.0, fluidPlaces(flow))
    if rate * output * fluidStep(flow, sequences: high) >= high { return high }
    // Sequences less those that the rate keeps in work changes its sign once.
    for _ in 0..<10 {
      let middle = (low + high) / 2
      if rate * output * fluidStep(flow, sequences: middle) < middle { high = middle } else { low = middle }
    }
    return (low + high) / 2
  }
}
