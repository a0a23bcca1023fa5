// SPDX-License-Identifier: GPL-3.0-or-later
// Reserved throughput of an option, ready to be simulated in any future.

import Catalog
import Quantities
import Scenario
import Simulation

/// Reserved units whose throughput and latency may be uncertain.
struct ReservedBlueprint: Sendable {
  var units: [(units: Int, input: InputReference, output: InputReference)?]
  var window: Seconds
  var latency: LatencyBlueprint
  /// Of what the provider serves by the token; nil where it serves nothing so.
  var spillLatency: LatencyBlueprint?
  var definition: ReservedDefinition

  /// The units in one future, over a window of a given length.
  ///
  /// A window shorter than the accounting window would have all of its tokens to itself, and one that ends within an
  /// accounting window more than its share. So the accounting window is shortened, at equal tokens per minute, until
  /// whole ones fill the simulated window; that takes from the units the chance to save up over a longer time.
  func configuration(_ physical: [Double], simulated: Seconds) -> ReservedConfiguration {
    let ratio = simulated.rawValue / window.rawValue
    let count = max(1, (ratio - 1e-9 * ratio).rounded(.up))
    let isWhole = abs(ratio - count) <= 1e-9 * count
    return ReservedConfiguration(
      units: units.map { entry in
        entry.map {
          ReservedUnits(
            units: $0.units, inputTokensPerMinute: $0.input.value(in: physical),
            outputTokensPerMinute: $0.output.value(in: physical))
        }
      }, window: isWhole ? window : Seconds(simulated.rawValue / count), latency: latency.latency(physical),
      accounting: TokenAccounting(
        outputWeight: definition.outputWeight, cachedInputWeight: definition.cachedInputWeight,
        isContinuous: definition.windows == .continuous, maxTokens: definition.maxTokens.map { Int32($0) }),
      overflow: overflow(physical), promptCache: definition.promptCache.map { PromptCachePolicy($0) })
  }

  private func overflow(_ physical: [Double]) -> ReservedOverflow {
    if let spillLatency { return .payAsYouGo(spillLatency.latency(physical)) }
    if let retry = definition.retry { return .retry(RetryPolicy(retry)) }
    return definition.overflow == .reject ? .reject : .next
  }
}
