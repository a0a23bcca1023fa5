// SPDX-License-Identifier: GPL-3.0-or-later
// When spot capacity is there: zones that come and go, and take their replicas with them.

import Numerics
public import Quantities

/// The availability of one zone over a week.
///
/// Up and down times alternate and are Weibull. With a shape below 1 they are heavy-tailed, as measured on real
/// clouds: a zone that has been up for long tends to stay up. All replicas of a zone are lost in one event, for
/// capacity is withdrawn in batches; independent losses would make spot look far safer than it is.
public struct SpotWeather: Sendable, Hashable {
  /// A stretch of availability, seconds from the start of the week; may begin before it and end after it.
  public struct Stretch: Sendable, Hashable {
    /// When capacity comes.
    public var up: Double
    /// When it goes.
    public var down: Double
  }

  /// The stretches that touch the week and, as outages last from one to the next, the last one before it and the first
  /// one after it, in order.
  public let stretches: [Stretch]

  /// How long the process runs before the week, so that the week sees it in its steady state.
  private static let burnIn = 90.0 * 86_400
  private static let week = 168.0 * 3600
  /// Lives that ended before this have no effect on the week: notices and start-ups last a day at most.
  private static let lookBack = -86_400.0

  /// One zone's week. All options of a draw that describe spot alike see the same weather.
  /// - Parameters:
  ///   - meanUp: mean time available; positive.
  ///   - meanDown: mean time until available again; positive.
  ///   - shape: Weibull shape of both.
  ///   - seed: the run's seed.
  ///   - draw: the draw.
  ///   - month: the month the week stands for.
  ///   - zone: the zone, below 64.
  public init(
    meanUp: Seconds, meanDown: Seconds, shape: Double, seed: UInt64, draw: UInt32, month: Int, zone: Int
  ) {
    let up = WeibullDistribution(shape: shape, mean: meanUp.rawValue)
    let down = WeibullDistribution(shape: shape, mean: meanDown.rawValue)
    var stream = CounterRandom(seed: seed, draw: draw, purpose: .spot, index: UInt32(month * 64 + zone))
    var stretches: [Stretch] = []
    var now = -Self.burnIn
    while true {
      let end = now + up.quantile(stream.nextUniform())
      // What ended earlier is of interest only as long as nothing later has.
      if end <= Self.lookBack { stretches.removeAll() }
      stretches.append(Stretch(up: now, down: end))
      if now >= Self.week { break }
      now = end + down.quantile(stream.nextUniform())
    }
    self.stretches = stretches
  }

  /// The life of a spot replica in the zone: it starts when capacity comes and drains when the notice is given.
  public func replicaLifetimes(startup: Seconds, notice: Seconds) -> [ReplicaLifetime] {
    stretches.map { stretch in
      let ready = min(stretch.up + startup.rawValue, stretch.down)
      return ReplicaLifetime(
        start: Seconds(stretch.up), ready: Seconds(ready),
        drain: Seconds(max(ready, stretch.down - notice.rawValue)), stop: Seconds(stretch.down))
    }
  }

  /// The life of a replica that stands in for a spot replica while that one does not serve.
  ///
  /// It is started when the notice is given and drains when the spot replica serves again, for as long as the notice
  /// period. Where its own start-up takes longer than the outage it is paid for and never serves.
  public func standbyLifetimes(spotStartup: Seconds, notice: Seconds, startup: Seconds) -> [ReplicaLifetime] {
    let spot = replicaLifetimes(startup: spotStartup, notice: notice)
    var lifetimes: [ReplicaLifetime] = []
    for (index, before) in spot.enumerated() where index + 1 < spot.count {
      let start = max(before.drain.rawValue, lifetimes.last?.stop.rawValue ?? -.infinity)
      let back = max(start, spot[index + 1].ready.rawValue)
      let ready = min(start + startup.rawValue, back)
      let stop = ready < back ? min(back + notice.rawValue, max(back, spot[index + 1].drain.rawValue)) : back
      lifetimes.append(
        ReplicaLifetime(
          start: Seconds(start), ready: Seconds(ready), drain: Seconds(back), stop: Seconds(stop)))
    }
    return lifetimes
  }
}

extension [ReplicaLifetime] {
  /// The part of these lives that lies in a window, counted from the window's start.
  public func during(start: Seconds, length: Seconds) -> [ReplicaLifetime] {
    compactMap { life in
      func moved(_ time: Seconds) -> Seconds { Swift.max(.zero, time - start) }
      guard life.stop > start, life.start < start + length else { return nil }
      return ReplicaLifetime(
        start: moved(life.start), ready: moved(life.ready), drain: moved(life.drain), stop: moved(life.stop))
    }
  }
}
