// SPDX-License-Identifier: GPL-3.0-or-later
// Fitted demand as JSON, for programs that write scenarios of their own.

import Foundation
import Traces
import Uncertainty

/// The parameters of fitted use cases, under the names of the scenario's keys.
struct FitDocument: Encodable {
  struct Use: Encodable {
    var name: String
    var model: String
    var rate: Double
    var profile: [Double]?
    var burstiness: Double?
    var on_seconds: Double?
    var off_seconds: Double?
    var minute_noise: Double?
    var input_tokens: Lengths?
    var output_tokens: Lengths?
    var length_correlation: Double
    var notes: [String]
  }

  struct Lengths: Encodable {
    /// Pairs of probability and length.
    var quantiles: [[Double]]?
    /// Weight, mean and standard deviation of the logarithm.
    var mixture: [[Double]]?
    var max: Int
    var kolmogorov_smirnov: Double?

    init?(_ lengths: DemandFit.Lengths?) {
      guard let lengths else { return nil }
      max = lengths.maximum
      kolmogorov_smirnov = lengths.distance
      switch lengths.distribution {
      case .quantiles(let points): quantiles = points.map { [$0.probability, $0.value] }
      case .mixture(let parts): mixture = parts.map { [$0.weight, $0.mu, $0.sigma] }
      case let other: quantiles = [0, 0.1, 0.5, 0.9, 0.99].map { [$0, other.quantile($0)] }
      }
    }
  }

  var uses: [Use]
  var day_noise: Double
  var hour_noise: Double
  /// The block as it would be printed.
  var yaml: String

  init(_ block: DemandBlock) {
    yaml = block.yaml
    (day_noise, hour_noise) = (block.dayNoise, block.hourNoise)
    uses = block.uses.map { use in
      let (fit, bursts) = (use.fit, use.fit.bursts)
      let hasPeriods = (bursts?.onSeconds ?? 0) > 0
      return Use(
        name: use.name, model: use.model, rate: fit.shape.rate, profile: fit.shape.profile,
        burstiness: bursts?.burstiness, on_seconds: hasPeriods ? bursts?.onSeconds : nil,
        off_seconds: hasPeriods ? bursts?.offSeconds : nil, minute_noise: bursts?.minuteNoise,
        input_tokens: Lengths(fit.inputTokens), output_tokens: Lengths(fit.outputTokens),
        length_correlation: fit.correlation, notes: fit.notes)
    }
  }

  /// The document with keys in order.
  var text: String {
    get throws { try JSONText.of(self) }
  }
}
