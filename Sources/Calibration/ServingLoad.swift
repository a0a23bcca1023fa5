// SPDX-License-Identifier: GPL-3.0-or-later
// A benchmark's load: how many requests of what lengths, and when each is sent.

import Foundation
import Quantities
import Workload

/// Token lengths, uniform on a range.
public struct LengthRange: Sendable, Hashable {
  /// The shortest, at least 1.
  public var shortest: Int
  /// The longest.
  public var longest: Int

  /// Lengths from `shortest` to `longest`.
  public init(_ shortest: Int, _ longest: Int) {
    precondition(shortest >= 1 && shortest <= longest, "lengths from \(shortest) to \(longest)")
    self.shortest = shortest
    self.longest = longest
  }

  /// One length.
  public init(_ length: Int) { self.init(length, length) }

  /// Lengths around `length` that differ from it by up to a share, as `vllm bench serve --random-range-ratio` draws
  /// them: uniform on [length·(1 − share), length·(1 + share)], rounded to whole tokens.
  public init(around length: Int, upTo share: Double) {
    let width = Double(length) * share
    self.init(
      max(1, Int((Double(length) - width).rounded(.down))),
      max(1, Int((Double(length) + width).rounded(.up))))
  }

  /// The mean length.
  public var mean: Double { Double(shortest + longest) / 2 }

  /// The length at a number uniform on (0, 1).
  func at(_ uniform: Double) -> Int32 {
    Int32(clamping: min(longest, shortest + Int(uniform * Double(longest - shortest + 1))))
  }
}

/// How a benchmark loads a server.
public struct ServingLoad: Sendable, Hashable {
  /// Tokens of the prompts.
  public var input: LengthRange
  /// Tokens of the answers.
  public var output: LengthRange
  /// Requests in all.
  public var requests: Int
  /// Requests in work at most; nil for no limit.
  public var concurrency: Int?
  /// Requests per second; nil where all are sent as soon as the concurrency allows.
  public var rate: Double?
  /// Shape of the gamma distribution of the gaps between requests: 1 is Poisson, infinite is even.
  public var burstiness: Double = 1
  /// Tokens of every prompt that are in the prefix cache already.
  public var cachedTokens: Int = 0
  /// Decode steps for which the scheduler holds a new prompt back, to prefill several at once (TensorRT-LLM's
  /// `batch_wait_timeout_iters`).
  public var heldSteps: Double = 0
  /// Seed of lengths and gaps.
  public var seed: UInt64 = 0

  /// A load.
  public init(
    input: LengthRange, output: LengthRange, requests: Int, concurrency: Int? = nil, rate: Double? = nil
  ) {
    self.input = input
    self.output = output
    self.requests = requests
    self.concurrency = concurrency
    self.rate = rate
  }

  /// The requests, in order of arrival. Lengths and gaps come from a stream of their own each, so that another rate
  /// meets the same requests.
  func drawn() -> [Request] {
    var lengths = CounterRandom(seed: seed, draw: 0, purpose: .requests, index: 1)
    var gaps = CounterRandom(seed: seed, draw: 0, purpose: .requests, index: 2)
    var now = 0.0
    return (0..<requests).map { index in
      let uniforms = lengths.nextUniforms()
      if let rate, index > 0 { now += gap(&gaps) / rate }
      let prompt = input.at(uniforms[0])
      return Request(
        arrival: now, inputTokens: max(1, prompt - Int32(clamping: cachedTokens)),
        outputTokens: output.at(uniforms[1]), useCase: 0)
    }
  }

  /// A gap with mean 1: gamma by Marsaglia and Tsang (doi:10.1145/358407.358414), exponential where the shape is 1.
  private func gap(_ random: inout CounterRandom) -> Double {
    if burstiness == .infinity { return 1 }
    if burstiness == 1 { return -log(random.nextUniform()) }
    let shape = burstiness < 1 ? burstiness + 1 : burstiness
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let uniforms = random.nextUniforms()
      let normal = (-2 * log(uniforms[0])).squareRoot() * cos(2 * .pi * uniforms[1])
      let cube = (1 + c * normal) * (1 + c * normal) * (1 + c * normal)
      guard cube > 0, log(uniforms[2]) < 0.5 * normal * normal + d - d * cube + d * log(cube) else {
        continue
      }
      let boost = burstiness < 1 ? pow(uniforms[3], 1 / burstiness) : 1
      return d * cube * boost / burstiness
    }
  }
}
