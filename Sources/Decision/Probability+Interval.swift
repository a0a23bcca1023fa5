// SPDX-License-Identifier: GPL-3.0-or-later
// How sure a share of futures is: intervals that know that futures of one simulation are alike.

import Numerics

/// The score interval of a binomial proportion (Wilson: Probable inference, the law of succession, and
/// statistical inference, 1927, doi:10.1080/01621459.1927.10502953). It stays inside [0, 1] and has a width
/// even where no trial, or every trial, succeeded.
public struct WilsonInterval: Sendable, Hashable {
  /// Lower end.
  public let low: Double
  /// Upper end.
  public let high: Double

  /// The interval of an observed share.
  /// - Parameters:
  ///   - share: successes per trial, 0 to 1.
  ///   - trials: above 0; not whole where it is an effective number.
  ///   - criticalValue: standard errors to each side; 1.96 gives 95 %.
  public init(share: Double, trials: Double, criticalValue: Double) {
    precondition(share >= 0 && share <= 1, "\(share) is not a share")
    precondition(trials > 0 && criticalValue > 0, "\(trials) trials, critical value \(criticalValue)")
    let square = criticalValue * criticalValue
    let centre = (share + square / (2 * trials)) / (1 + square / trials)
    let reach =
      criticalValue / (1 + square / trials)
      * (share * (1 - share) / trials + square / (4 * trials * trials)).squareRoot()
    low = share == 0 ? 0 : max(centre - reach, 0)
    high = share == 1 ? 1 : min(centre + reach, 1)
  }

  /// The 95 % interval of `successes` out of `trials`.
  public init(successes: Int, trials: Int) {
    self.init(
      share: Double(successes) / Double(trials), trials: Double(trials),
      criticalValue: StandardNormal.quantile(0.975))
  }
}

extension Probability {
  /// A probability estimated from equal, independent clusters of futures, with its 95 % interval.
  ///
  /// The variance of the mean comes from the scatter of the cluster means; it turns into the number of
  /// independent futures that would scatter as much (the effective sample size), and that number with
  /// Student's t on clusters − 1 degrees of freedom into a Wilson interval. Franco, Little,
  /// Louis and Slud recommend this for surveys with clusters (Comparative study of confidence intervals for
  /// proportions in complex sample surveys, 2019, doi:10.1093/jssam/smy019), because mean ± t × standard error
  /// leaves [0, 1] and collapses where all agree; they also find that the scatter alone promises too much.
  ///
  /// It says little where nearly all clusters agree: none of eight simulations may have met the rare case in
  /// which every future turns. So the design effect is drawn towards its worst, each cluster one
  /// trial, with the weight of one against twice the clusters' worth of the rarer outcome. Where every
  /// cluster mean is 0, or every one is 1, or there is but one cluster, each cluster is one trial.
  ///
  /// The clusters must not share their price draws, or they are not independent. Evenly spread sample points
  /// make the interval wider than need be.
  ///
  /// - Parameters:
  ///   - clusterMeans: the share of each cluster's futures, 0 to 1; at least one cluster.
  ///   - clusterSize: futures per cluster.
  public init(clusterMeans: [Double], clusterSize: Int) {
    precondition(!clusterMeans.isEmpty && clusterSize >= 1, "no futures")
    let clusters = Double(clusterMeans.count)
    let moments = Moments(clusterMeans)
    // Sums of thirds and the like may miss 0 and 1 by a rounding error.
    let estimate = min(max(moments.mean, 0), 1)
    var trials = clusters
    var criticalValue = StandardNormal.quantile(0.975)
    if clusterMeans.count > 1 {
      criticalValue = StudentDistribution(degreesOfFreedom: clusters - 1).quantile(0.975)
      let minority = clusters * min(estimate, 1 - estimate)
      let doubt = 1 / (1 + 2 * minority)
      let futures = clusters * Double(clusterSize)
      let varianceOfMean = moments.variance / clusters
      let binomialVariance = estimate * (1 - estimate)
      // Where the scatter is below that of independent futures (even points do that), they count as
      // independent.
      let scattered = max(varianceOfMean / max(binomialVariance, .leastNormalMagnitude), 1 / futures)
      trials = 1 / (doubt / clusters + (1 - doubt) * scattered)
    }
    let interval = WilsonInterval(share: estimate, trials: trials, criticalValue: criticalValue)
    self.init(
      estimate: estimate, low: min(interval.low, estimate), high: max(interval.high, estimate))
  }
}
