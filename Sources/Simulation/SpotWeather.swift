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

  /// The stretches that touch the week, in order, with the last before it and the first after it: what stands in for
  /// spot capacity must know when it went and when it returns.
  public let stretches: [Stretch]

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
    // Begins long before the week, so that the week sees the process in its steady state.
    var now = -max(90 * 86_400, 20 * (meanUp + meanDown).rawValue)
    while (stretches.last?.up ?? now) < Self.week {
      let end = now + up.quantile(stream.nextUniform())
      // What ended earlier is of interest only as long as nothing later has.
      if end <= Self.lookBack { stretches.removeAll(keepingCapacity: true) }
      stretches.append(Stretch(up: now, down: end))
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
  /// period. Where its own start-up takes longer than the outage it is paid for and never serves. Capacity that comes
  /// and goes before the spot replica has started ends no outage.
  public func standbyLifetimes(spotStartup: Seconds, notice: Seconds, startup: Seconds) -> [ReplicaLifetime] {
    guard let first = stretches.first, let last = stretches.last else { return [] }
    let spot = replicaLifetimes(startup: spotStartup, notice: notice).filter { $0.ready < $0.drain }
    var lifetimes: [ReplicaLifetime] = []
    var lost = first.up
    // What is known ends beyond the week; until then an outage that nothing has ended goes on.
    let returns = spot.map { (ready: $0.ready.rawValue, drain: $0.drain.rawValue) } + [(last.down, last.down)]
    for (spotReady, spotDrain) in returns {
      let start = max(lost, lifetimes.last?.stop.rawValue ?? -.infinity)
      let back = max(start, spotReady)
      let ready = min(start + startup.rawValue, back)
      let stop = ready < back ? min(back + notice.rawValue, max(back, spotDrain)) : back
      lifetimes.append(
        ReplicaLifetime(
          start: Seconds(start), ready: Seconds(ready), drain: Seconds(back), stop: Seconds(stop)))
      lost = spotDrain
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
