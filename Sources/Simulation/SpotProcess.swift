// SPDX-License-Identifier: GPL-3.0-or-later
// What is believed of spot capacity, as numbers: outages of zones, kills of replicas, droughts, and what follows of them.

import Foundation
public import Quantities

/// The random process of spot capacity in one region.
///
/// **Zones** are available in turns, with Weibull times. **Correlated zones** share a common shock (A. W. Marshall,
/// I. Olkin, A multivariate exponential distribution, 1967, doi:10.1080/01621459.1967.10482885): a zone is up where the
/// region and the zone itself are, two independent processes of the asked-for shape. With `p` the availability of a zone,
/// the zone's own is `l = p + ρ(1 − p)` and the region's `r = p/l`, which gives two zones the correlation
/// `l(1 − r)/(1 − rl) = ρ` at every instant. Both have the same mean time down, `d = D·p/(1 − p)·((1 − r)/r + (1 − l)/l)`,
/// which leaves a zone's mean times up and down as they were.
///
/// **Kills** take replicas of a zone that is up. A replica lives for an exponential time and is replaced after a Weibull
/// one. In batches, events come at a rate of `1/(share · mean)` to the whole zone, each takes every replica with
/// probability `share`, and those it takes come back together. By thinning of the Poisson process the life of each
/// replica is, taken alone, the same in both cases, so that their availabilities are equal.
///
/// **Droughts** are times, exponential, in which no capacity is given out in the whole region: what runs goes on, what
/// would start waits for their end.
public struct SpotProcess: Sendable, Hashable {
  /// Outages of a zone.
  public struct Outages: Sendable, Hashable {
    /// Mean time available; positive.
    public var meanUp: Seconds
    /// Mean time until available again; positive.
    public var meanDown: Seconds

    /// Outages.
    public init(meanUp: Seconds, meanDown: Seconds) {
      precondition(meanUp > .zero && meanDown > .zero, "outages of no time")
      self.meanUp = meanUp
      self.meanDown = meanDown
    }
  }

  /// Kills of replicas in a zone that is up.
  public struct Kills: Sendable, Hashable {
    /// Mean life of a replica; positive.
    public var meanUp: Seconds
    /// Mean time from a kill until there is capacity for the replacement.
    public var replacement: Seconds
    /// The share of the zone's replicas that an event takes, above 0 and at most 1; nil: each is killed by itself.
    public var batchShare: Double?

    /// Kills.
    public init(meanUp: Seconds, replacement: Seconds, batchShare: Double?) {
      precondition(meanUp > .zero && replacement >= .zero, "kills that take no time")
      precondition(batchShare.map { $0 > 0 && $0 <= 1 } ?? true, "a batch share of \(batchShare ?? 0)")
      self.meanUp = meanUp
      self.replacement = replacement
      self.batchShare = batchShare
    }
  }

  /// Times in which nothing is to be had.
  public struct Droughts: Sendable, Hashable {
    /// Mean time from the end of one to the start of the next; positive.
    public var meanBetween: Seconds
    /// Mean length; positive.
    public var mean: Seconds

    /// Droughts.
    public init(meanBetween: Seconds, mean: Seconds) {
      precondition(meanBetween > .zero && mean > .zero, "droughts of no time")
      self.meanBetween = meanBetween
      self.mean = mean
    }

    /// The share of time that is drought.
    var share: Double { mean.rawValue / (mean.rawValue + meanBetween.rawValue) }
  }

  /// Zones, 1 to 64.
  public var zones: Int
  /// Outages of zones; nil where a zone as a whole never goes.
  public var outages: Outages?
  /// Weibull shape of the outages' times and of the waits for replacements; below 1 is heavy-tailed.
  public var shape: Double
  /// Correlation of the availability of two zones, 0 to 1.
  public var zoneCorrelation: Double
  /// Kills of replicas; nil for none.
  public var kills: Kills?
  /// Droughts; nil for none.
  public var droughts: Droughts?

  /// A process.
  public init(
    zones: Int = 1, outages: Outages?, shape: Double = 0.6, zoneCorrelation: Double = 0, kills: Kills? = nil,
    droughts: Droughts? = nil
  ) {
    precondition((1...64).contains(zones), "\(zones) zones")
    precondition(shape > 0, "a Weibull shape of \(shape)")
    precondition((0...1).contains(zoneCorrelation), "a correlation of \(zoneCorrelation)")
    self.zones = zones
    self.outages = outages
    self.shape = shape
    self.zoneCorrelation = zoneCorrelation
    self.kills = kills
    self.droughts = droughts
  }

  /// The share of time in which there is capacity for a replica: outages, kills and droughts, but not its start-up.
  ///
  /// Without droughts a product of `up / (up + down)`. Of droughts, of which a share `π` of time is made and whose length
  /// has the mean `H`, a stretch of capacity that is `a` old is still held up with probability `π e^(−a/H)`; the mean of
  /// that over the ages of stretches is one integral, taken numerically.
  public var availability: Double {
    let parts = layers
    let raw = parts.reduce(1) { $0 * $1.availability }
    guard let droughts else { return raw }
    let steps = 2000
    let length = droughts.mean.rawValue
    // E[e^(−a/H)] = 1 − ∫ P(age > −H ln v) dv over v from 0 to 1.
    let old = (0..<steps).reduce(0.0) { sum, step in
      let age = -length * log((Double(step) + 0.5) / Double(steps))
      return sum + parts.reduce(1) { $0 * $1.isOlder(than: age) }
    }
    return raw * (1 - droughts.share * (1 - old / Double(steps)))
  }

  /// What must all be up for a replica to have capacity.
  private var layers: [AlternatingRenewal] { [region, local, slot].compactMap(\.self) }

  /// The part of the outages that all zones share; nil where they share none.
  var region: AlternatingRenewal? {
    guard let outages, zoneCorrelation > 0 else { return nil }
    return zoneCorrelation < 1 ? split(outages).region : renewal(outages)
  }

  /// The part of the outages that is a zone's own; nil where it has none.
  var local: AlternatingRenewal? {
    guard let outages, zoneCorrelation < 1 else { return nil }
    return zoneCorrelation > 0 ? split(outages).local : renewal(outages)
  }

  /// The kills of one replica.
  var slot: AlternatingRenewal? {
    kills.map {
      AlternatingRenewal(
        meanUp: $0.meanUp.rawValue, meanDown: $0.replacement.rawValue, upShape: 1, downShape: shape)
    }
  }

  private func renewal(_ outages: Outages) -> AlternatingRenewal {
    AlternatingRenewal(
      meanUp: outages.meanUp.rawValue, meanDown: outages.meanDown.rawValue, upShape: shape, downShape: shape)
  }

  private func split(_ outages: Outages) -> (region: AlternatingRenewal, local: AlternatingRenewal) {
    let (up, down) = (outages.meanUp.rawValue, outages.meanDown.rawValue)
    // Odds against the region, the zone itself and both, from p = up / (up + down).
    let share = (up + zoneCorrelation * down) / (up + down)
    let localOdds = (1 - share) / share
    let regionOdds = share * (up + down) / up - 1
    let common = up * (regionOdds + localOdds)
    func part(_ odds: Double) -> AlternatingRenewal {
      AlternatingRenewal(meanUp: common / odds, meanDown: common, upShape: shape, downShape: shape)
    }
    return (part(regionOdds), part(localOdds))
  }
}
