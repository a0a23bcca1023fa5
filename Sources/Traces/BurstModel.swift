// SPDX-License-Identifier: GPL-3.0-or-later
// What the synthesizer's bursts amount to, in closed form: so that they can be fitted to a trace without simulating.

import Foundation
import Numerics

/// The burst structure of synthesized requests: gamma gaps, on and off periods, noise from minute to minute.
public struct BurstModel: Sendable, Hashable, Encodable {
  /// Gamma shape of the gaps in operational time: 1 is Poisson.
  public var burstiness = 1.0
  /// Mean seconds of periods with and without requests; both 0 where requests always come.
  public var onSeconds = 0.0
  /// Mean seconds without requests.
  public var offSeconds = 0.0
  /// Standard deviation of the logarithm of each minute's factor.
  public var minuteNoise = 0.0

  /// A Poisson process.
  public init() {}

  /// What the bursts stand on: the mean rate, and how it varies over hours.
  public struct Load: Sendable, Hashable {
    /// Requests per second.
    public var rate: Double
    /// Variance of the hours' rates over their squared mean.
    public var hourlyVariance: Double
    /// Mean over time of the mean rate divided by the hour's rate, 1 for a flat load.
    public var meanInverse: Double

    /// A load.
    public init(rate: Double, hourlyVariance: Double = 0, meanInverse: Double = 1) {
      self.rate = rate
      self.hourlyVariance = hourlyVariance
      self.meanInverse = meanInverse
    }
  }

  /// The share of time with requests.
  private var onShare: Double { onSeconds > 0 ? onSeconds / (onSeconds + offSeconds) : 1 }

  /// Variance of a minute's factor, whose mean is 1.
  private var minuteVariance: Double { expm1(minuteNoise * minuteNoise) }

  /// Squared coefficient of variation of the gaps between requests.
  ///
  /// Seen from a request, a gap is gamma-distributed operational time, stretched by the minute's and the hour's factor, and
  /// the off periods that begin in it: their number is Poisson, their lengths exponential. Without noise and at
  /// `burstiness` 1 it is the hyperexponential of an interrupted Poisson process (Kuczura, The interrupted Poisson
  /// process as an overflow process, doi:10.1002/j.1538-7305.1973.tb01971.x).
  public func squaredVariation(_ load: Load) -> Double {
    let stretch = load.meanInverse * (1 + minuteVariance)
    let within = stretch * (1 + 1 / burstiness)
    guard onSeconds > 0 else { return within - 1 }
    return within + 2 * load.rate * offSeconds * offSeconds * onShare / onSeconds - 1
  }

  /// Index of dispersion of the counts in windows of some seconds, which lie within minutes or are whole ones.
  ///
  /// A doubly stochastic process has the dispersion of its renewal process plus the variance of the rate's integral over
  /// the mean count (Cox and Lewis, The Statistical Analysis of Series of Events, 1966, chapter 7); the factors of on
  /// and off, minute and hour are independent, so that second moments multiply.
  public func indexOfDispersion(seconds: Double, _ load: Load) -> Double {
    var periods = 0.0
    if onSeconds > 0 {
      let relaxation = onSeconds * offSeconds / (onSeconds + offSeconds)
      let ratio = relaxation / seconds
      periods = (1 - onShare) / onShare * 2 * ratio * (1 - ratio * -expm1(-1 / ratio))
    }
    let factors = (1 + periods) * (1 + minuteVariance) * (1 + load.hourlyVariance) - 1
    let renewal = Self.renewalDispersion(shape: burstiness, meanCount: load.rate / onShare * seconds)
    return renewal + load.rate * seconds * factors
  }

  /// Index of dispersion of a stationary renewal process with gamma gaps over a stretch that holds `meanCount` of them on
  /// average.
  ///
  /// Its count has the variance ∫₀ˣ (1 + 2·H(u) − 2u) du with the renewal function H(u) = Σ P(gap₁ + … + gapₙ ≤ u), whose
  /// terms are gamma again; over long stretches x/k + (1 − 1/k²)/6 (Cox, Renewal Theory, 1962, chapter 4).
  static func renewalDispersion(shape: Double, meanCount: Double) -> Double {
    if shape == 1 || meanCount <= 0 { return 1 }
    let far = 1 / shape + (1 - 1 / (shape * shape)) / (6 * meanCount)
    // The correction is exact up to terms that fall exponentially, within some gaps of the spread of one.
    if meanCount > 6 + 8 / shape { return far }
    func renewals(_ time: Double) -> Double {
      var total = 0.0
      var count = 1.0
      while true {
        let term = GammaDistribution(shape: count * shape, scale: 1 / shape).cumulative(time)
        total += term
        if term < 1e-7 && count > time { return total }
        count += 1
      }
    }
    // Near 0 the renewal function rises like u^k, steeply for small shapes: even steps in u^(1/3) follow it.
    let steps = 24
    let end = cbrt(meanCount)
    var variance = 0.0
    for step in 0...steps {
      let root = end * Double(step) / Double(steps)
      let time = root * root * root
      let weight = step == 0 || step == steps ? 1.0 : step % 2 == 1 ? 4.0 : 2.0
      let slope = time > 0 ? 1 + 2 * renewals(time) - 2 * time : 1
      variance += weight * slope * 3 * root * root
    }
    return variance * end / Double(steps) / 3 / meanCount
  }
}
