// SPDX-License-Identifier: GPL-3.0-or-later
// When there is spot capacity for a replica during a week, and what follows for its life and its stand-in's.

public import Quantities

/// When there is capacity for something, a zone or a replica, around one week.
public struct SpotWeather: Sendable, Hashable {
  /// A stretch of availability, seconds from the start of the week; may begin before it and end after it.
  public struct Stretch: Sendable, Hashable {
    /// When capacity comes.
    public var up: Double
    /// When it goes.
    public var down: Double

    /// A stretch.
    public init(up: Double, down: Double) {
      precondition(up <= down, "a stretch that runs backwards")
      self.up = up
      self.down = down
    }
  }

  /// The stretches that touch the time that is known, in order and not overlapping.
  public let stretches: [Stretch]

  /// Length of a week, seconds.
  public static let week = 168.0 * 3600
  /// From when on the weather is known, seconds from the start of the week: start-ups that began before it are over as
  /// the week begins, for they last a day at most.
  public static let knownFrom = -2.0 * 86_400
  /// Until when it is known: notices that are given later end after the week.
  public static let knownUntil = week + 2 * 86_400

  /// A weather of stretches in order.
  init(_ stretches: [Stretch]) {
    self.stretches = stretches.filter { $0.down > Self.knownFrom && $0.up < Self.knownUntil }
  }

  /// The share of the week in which there is capacity.
  public var share: Double {
    stretches.reduce(0) { $0 + max(0, min(Self.week, $1.down) - max(0, $1.up)) } / Self.week
  }

  /// The life of a spot replica: it starts when capacity comes and drains when the notice is given.
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
  /// and goes before the spot replica has started ends no outage. Where there is no capacity at all it stands in all the
  /// time.
  public func standbyLifetimes(spotStartup: Seconds, notice: Seconds, startup: Seconds) -> [ReplicaLifetime] {
    let spot = replicaLifetimes(startup: spotStartup, notice: notice).filter { $0.ready < $0.drain }
    var lifetimes: [ReplicaLifetime] = []
    var lost = Self.knownFrom
    // An outage that nothing has ended goes on for as long as anything is known.
    let returns =
      spot.map { (ready: $0.ready.rawValue, drain: $0.drain.rawValue) } + [(Self.knownUntil, Self.knownUntil)]
    for (spotReady, spotDrain) in returns {
      let start = max(lost, lifetimes.last?.stop.rawValue ?? -.infinity)
      lost = spotDrain
      let back = max(start, spotReady)
      let ready = min(start + startup.rawValue, back)
      let stop = ready < back ? min(back + notice.rawValue, max(back, spotDrain)) : back
      if stop == start { continue }
      lifetimes.append(
        ReplicaLifetime(
          start: Seconds(start), ready: Seconds(ready), drain: Seconds(back), stop: Seconds(stop)))
    }
    return lifetimes
  }
}

extension [SpotWeather.Stretch] {
  /// Where both are up. Each is in order and does not overlap itself.
  /// - Complexity: O(stretches of both).
  func intersected(with other: [SpotWeather.Stretch]) -> [SpotWeather.Stretch] {
    var result: [SpotWeather.Stretch] = []
    var (left, right) = (0, 0)
    while left < count, right < other.count {
      let up = Swift.max(self[left].up, other[right].up)
      let down = Swift.min(self[left].down, other[right].down)
      if up < down { result.append(SpotWeather.Stretch(up: up, down: down)) }
      if self[left].down < other[right].down { left += 1 } else { right += 1 }
    }
    return result
  }

  /// The same where what would begin in one of `droughts` begins with its end, if it has not ended before.
  func delayed(by droughts: [SpotWeather.Stretch]) -> [SpotWeather.Stretch] {
    var next = 0
    return compactMap { stretch in
      while next < droughts.count, droughts[next].down <= stretch.up { next += 1 }
      guard next < droughts.count, droughts[next].up <= stretch.up else { return stretch }
      let up = droughts[next].down
      return up < stretch.down ? SpotWeather.Stretch(up: up, down: stretch.down) : nil
    }
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
