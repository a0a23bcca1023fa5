// SPDX-License-Identifier: GPL-3.0-or-later
// How many replicas an autoscaler would hold at a steady load, in closed form: what a window begins with.

import Quantities

extension PoolConfiguration {
  /// The replicas, spares included, at which the metric of `autoscaler` is at its target under a steady load.
  ///
  /// A replica that decodes `B` sequences of a mix completes `B` requests in `W = output · d(B) + B · p` seconds, `d`
  /// being the time of a decode step and `p` of a prompt's prefill: its own steps and everybody's prefills, which hold
  /// all others up. By Little's law (J. Little, Oper. Res. 9(3), 1961, doi:10.1287/opre.9.3.383) `rate` requests a second
  /// keep `rate · W / B` such replicas at it. `B` is the target (concurrency), the target's share of the places or of the
  /// KV cache (utilization), or a full batch (queue: none forms before).
  /// - Parameters:
  ///   - autoscaler: its metric, target and bounds.
  ///   - rate: requests per second.
  ///   - inputTokens: mean tokens of a prompt.
  ///   - outputTokens: mean tokens of an answer.
  public func replicas(
    holding autoscaler: Autoscaler, rate: Double, inputTokens: Double, outputTokens: Double
  ) -> Int {
    guard rate > 0 else { return autoscaler.minimum }
    let context = inputTokens + outputTokens / 2
    let full = max(1, min(Double(maxSequences), Double(longestRequest) / max(context, 1)))
    let batch: Double =
      switch autoscaler.metric {
      case .queue: full
      case .concurrency: min(autoscaler.target, full)
      case .utilization: max(1, min(autoscaler.target, 1) * full)
      }
    var prefill = PrefillWork()
    prefill.add(count: Int32(min(max(inputTokens, 1), 1e6)), after: 0)
    let prompt =
      stepTime.step(
        sequences: 0, context: 0, prefill: prefill, weights: stepTime.weights(tokens: inputTokens))
      - stepTime.overhead
    let decode = DecodeSegment(
      model: stepTime, sequences: batch, context: batch * context, weights: stepTime.weights(tokens: batch)
    ).duration(steps: 1)
    // Below one request a replica, a batch of one is as small as it gets, and takes as long as it does.
    let stay = outputTokens * decode + max(batch, 1) * max(0, prompt)
    let serving = (rate * stay / batch - 1e-9).rounded(.up)
    let wanted = max(1, min(serving, 1e6)) + Double(spares)
    return min(max(Int(wanted), autoscaler.minimum), autoscaler.maximum)
  }
}
