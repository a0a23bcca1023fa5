// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes that fail without warning, and are replaced.

public import Quantities

/// Failures of a fleet's nodes: a Poisson process, its rate per GPU, so that a replica of many GPUs fails more often.
///
/// The node is gone at once, with what it had in work. After an exponential time to its replacement the replica starts
/// anew, start-up and all.
public struct NodeFailures: Sendable, Hashable {
  /// Failures per GPU and year of 365.25 days; not negative.
  public var perGPUYear: Double
  /// Mean time from a failure until a replacement can be started.
  public var repair: Seconds

  /// Failures.
  public init(perGPUYear: Double, repair: Seconds) {
    precondition(perGPUYear >= 0 && repair >= .zero, "failures of \(perGPUYear) per GPU-year")
    self.perGPUYear = perGPUYear
    self.repair = repair
  }

  private static let year = 365.25 * 86_400

  /// Mean time between the start of a replica's node and its failure; infinite without failures.
  public func meanLife(gpus: Int) -> Seconds { Seconds(Self.year / (perGPUYear * Double(gpus))) }

  /// When a replica's node works, around one week.
  /// - Parameters:
  ///   - gpus: GPUs of the replica.
  ///   - seed: the run's seed.
  ///   - draw: the draw.
  ///   - month: the month the week stands for.
  ///   - supply: its supply's place in the chain, below 64.
  ///   - model: the index of its pool's model, below 256.
  ///   - replica: its number in the pool, below 2^24.
  public func working(
    gpus: Int, seed: UInt64, draw: UInt32, month: Int, supply: Int, model: Int, replica: Int
  ) -> SpotWeather {
    guard perGPUYear > 0 else { return SpotWeather([SpotWeather.Stretch(up: -.infinity, down: .infinity)]) }
    let renewal = AlternatingRenewal(
      meanUp: meanLife(gpus: gpus).rawValue, meanDown: repair.rawValue, upShape: 1, downShape: 1)
    var random = RandomBlocks(
      CounterRandom(seed: seed, draw: draw, purpose: .nodeFailures, index: UInt32(month * 64 + supply)),
      section: UInt32(model) << 24 | UInt32(replica))
    return SpotWeather(
      renewal.stretches(from: SpotWeather.knownFrom, until: SpotWeather.knownUntil, &random))
  }
}

extension [ReplicaLifetime] {
  /// The life of a replica that is always there.
  public static let always = [
    ReplicaLifetime(
      start: Seconds(-.infinity), ready: Seconds(-.infinity), drain: Seconds(.infinity),
      stop: Seconds(.infinity))
  ]

  /// These lives where the node works: a failure ends one without notice, and its replacement starts up anew, unless it
  /// was about to stop anyway.
  /// - Complexity: O(lives × failures in them).
  public func interrupted(where working: SpotWeather, startup: Seconds) -> [ReplicaLifetime] {
    flatMap { life in
      working.stretches.compactMap { node -> ReplicaLifetime? in
        let isReplacement = node.up > life.start.rawValue
        guard node.up < life.drain.rawValue, node.down > life.start.rawValue else { return nil }
        let start = isReplacement ? Seconds(node.up) : life.start
        let stop = Swift.min(life.stop, Seconds(node.down))
        let ready = Swift.min(isReplacement ? start + startup : life.ready, stop)
        let drain = Swift.max(ready, Swift.min(life.drain, stop))
        return ReplicaLifetime(start: start, ready: ready, drain: drain, stop: stop)
      }
    }
  }
}
