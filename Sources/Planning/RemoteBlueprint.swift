// SPDX-License-Identifier: GPL-3.0-or-later
// Services on somebody else's machines, ready to be simulated in any future: their latency and pay-per-token APIs.

import Quantities
import Scenario
import Simulation
import Uncertainty

/// A latency whose times may be uncertain.
struct LatencyBlueprint: Sendable {
  private let firstToken: InputReference
  private let perInputToken: InputReference
  private let perOutputToken: InputReference
  private let p99OverMedian: InputReference

  /// - Parameters:
  ///   - definition: what the scenario says; what it leaves out is the provider's.
  ///   - provider: the price book's times, seconds.
  init(
    _ definition: LatencyDefinition, provider: (firstToken: Double, perOutputToken: Double),
    physical: inout UncertainInputs
  ) {
    func certain(_ number: Double) -> UncertainValue { UncertainValue(name: "", number) }
    firstToken = physical.reference(definition.firstTokenSeconds ?? certain(provider.firstToken))
    perInputToken = physical.reference(definition.secondsPerInputToken ?? certain(0))
    perOutputToken = physical.reference(definition.secondsPerOutputToken ?? certain(provider.perOutputToken))
    p99OverMedian = physical.reference(definition.p99OverMedian ?? certain(1))
  }

  /// The latency in one future.
  func latency(_ physical: [Double]) -> ServiceLatency {
    ServiceLatency(
      firstToken: Seconds(firstToken.value(in: physical)),
      perInputToken: Seconds(perInputToken.value(in: physical)),
      perOutputToken: Seconds(perOutputToken.value(in: physical)),
      spread: ServiceLatency.spread(p99OverMedian: max(1, p99OverMedian.value(in: physical))))
  }
}

extension PromptCachePolicy {
  /// The policy of a scenario's prompt cache.
  init(_ definition: PromptCacheDefinition) {
    self.init(ttl: Seconds(definition.ttlSeconds), minTokens: Int32(definition.minTokens))
  }
}

/// A pay-per-token API whose latency and quotas may be uncertain.
struct MeteredBlueprint: Sendable {
  /// By model index.
  var serves: [Bool]
  var latency: LatencyBlueprint
  /// In the batch tier: the time to the answer.
  var turnaround: Seconds?
  /// By use case; nil: all of them.
  var admits: [Bool]?
  var requestsPerMinute: InputReference?
  var tokensPerMinute: InputReference?
  var definition: MeteredDefinition

  /// The supply in one future.
  func configuration(_ physical: [Double]) -> MeteredConfiguration {
    var quota: RequestQuota?
    if requestsPerMinute != nil || tokensPerMinute != nil {
      quota = RequestQuota(
        requestsPerMinute: max(1, requestsPerMinute?.value(in: physical) ?? .infinity),
        tokensPerMinute: tokensPerMinute?.value(in: physical) ?? .infinity,
        maxTokens: definition.maxTokens.map { Int32($0) }, returnsUnused: definition.returnsUnused)
    }
    // A batch comes back as a whole.
    let latency =
      turnaround.map { ServiceLatency(firstToken: $0, perOutputToken: .zero) } ?? latency.latency(physical)
    return MeteredConfiguration(
      serves: serves, latency: latency, quota: quota, retry: definition.retry.map { RetryPolicy($0) },
      promptCache: definition.promptCache.map { PromptCachePolicy($0) }, admits: admits)
  }
}

extension UseCase {
  /// The time to the first token that a deadline allows, seconds; infinite without one. A millionth of a thousandth
  /// more, so that an answer that takes just so long is not late by a rounding of its arrival.
  var longestWait: Double { deadlineHours.map { $0 * 3600 * (1 + 1e-9) } ?? .infinity }
}
