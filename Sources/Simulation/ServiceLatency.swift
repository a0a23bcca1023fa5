// SPDX-License-Identifier: GPL-3.0-or-later
// How fast a service answers whose machines are somebody else's: what can be said of it from outside.

import Foundation
import Numerics
public import Quantities

/// The latency of a service whose machines are somebody else's.
///
/// The times are medians. A request's own times are theirs times one factor, the same for all of its tokens: a moment
/// at which the service is slow is slow for the first token and for those that follow. The factor is lognormal.
public struct ServiceLatency: Sendable, Hashable, BitwiseCopyable {
  /// Time to the first token of an empty prompt, seconds.
  public var firstToken: Double
  /// Time per token of the prompt that the service computes, seconds.
  public var perInputToken: Double
  /// Time per token after the first, seconds.
  public var perOutputToken: Double
  /// Standard deviation of the factor's logarithm; 0 where every request is served alike.
  public var spread: Double

  /// A latency.
  public init(
    firstToken: Seconds, perInputToken: Seconds = .zero, perOutputToken: Seconds, spread: Double = 0
  ) {
    precondition(
      firstToken >= .zero && perInputToken >= .zero && perOutputToken >= .zero, "a negative latency")
    precondition(spread >= 0 && spread.isFinite, "a spread of \(spread)")
    self.firstToken = firstToken.rawValue
    self.perInputToken = perInputToken.rawValue
    self.perOutputToken = perOutputToken.rawValue
    self.spread = spread
  }

  /// The spread at which the 99th percentile of a latency is `ratio` times its median: ln(ratio) / Φ⁻¹(0.99).
  /// - Parameter ratio: 1 or more.
  public static func spread(p99OverMedian ratio: Double) -> Double {
    precondition(ratio >= 1, "a 99th percentile below the median")
    return log(ratio) / StandardNormal.quantile(0.99)
  }

  /// A request's factor.
  /// - Parameter uniform: its random number, between 0 and 1.
  func factor(_ uniform: Double) -> Double { exp(spread * StandardNormal.quantile(uniform)) }
}
