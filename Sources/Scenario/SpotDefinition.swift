// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario says of interruptions.

public import Uncertainty

/// Interruptions of a spot fleet: when there is capacity for its replicas.
public struct SpotDefinition: Sendable, Hashable {
  /// Where the weather comes from.
  public enum Source: Sendable, Hashable {
    /// A random process.
    case process(SpotProcessDefinition)
    /// What was seen.
    case trace(SpotTraceDefinition)
  }

  /// Where the weather comes from.
  public var source: Source
  /// Zones the replicas are spread over.
  public var zones: Int
  /// Warning before an interruption, seconds.
  public var noticeSeconds: Double

  /// Interruptions.
  public init(source: Source, zones: Int, noticeSeconds: Double) {
    self.source = source
    self.zones = zones
    self.noticeSeconds = noticeSeconds
  }
}

/// A random process of spot capacity.
public struct SpotProcessDefinition: Sendable, Hashable {
  /// Mean time a zone stays available, hours. Physical. Nil where zones as a whole never go.
  public var meanUpHours: UncertainValue?
  /// Mean time until a zone is available again, hours. Physical. Beside `meanUpHours`.
  public var meanDownHours: UncertainValue?
  /// Weibull shape of outages and of waits for replacements; below 1 is heavy-tailed.
  public var shape: Double
  /// Correlation of the availability of two zones, 0 to 1.
  public var zoneCorrelation: Double
  /// Kills of replicas in a zone that is up.
  public var kills: SpotKillsDefinition?
  /// Times in which nothing is to be had.
  public var droughts: SpotDroughtsDefinition?

  /// A process of outages alone.
  public init(
    meanUpHours: UncertainValue?, meanDownHours: UncertainValue?, shape: Double, zoneCorrelation: Double = 0,
    kills: SpotKillsDefinition? = nil, droughts: SpotDroughtsDefinition? = nil
  ) {
    self.meanUpHours = meanUpHours
    self.meanDownHours = meanDownHours
    self.shape = shape
    self.zoneCorrelation = zoneCorrelation
    self.kills = kills
    self.droughts = droughts
  }
}

/// Kills of replicas, one by one or in batches.
public struct SpotKillsDefinition: Sendable, Hashable {
  /// Mean life of a replica, hours. Physical.
  public var meanUpHours: UncertainValue
  /// Mean time from a kill until there is capacity for the replacement, hours. Physical.
  public var replacementHours: UncertainValue
  /// The share of a zone's replicas that one event takes; nil: each is killed by itself.
  public var batchShare: Double?

  /// Kills.
  public init(meanUpHours: UncertainValue, replacementHours: UncertainValue, batchShare: Double?) {
    self.meanUpHours = meanUpHours
    self.replacementHours = replacementHours
    self.batchShare = batchShare
  }
}

/// Times in which no capacity is given out.
public struct SpotDroughtsDefinition: Sendable, Hashable {
  /// Mean time from the end of one to the start of the next, hours. Physical.
  public var meanBetweenHours: UncertainValue
  /// Mean length, hours. Physical.
  public var meanHours: UncertainValue

  /// Droughts.
  public init(meanBetweenHours: UncertainValue, meanHours: UncertainValue) {
    self.meanBetweenHours = meanBetweenHours
    self.meanHours = meanHours
  }
}

/// Records of capacity to replay.
public struct SpotTraceDefinition: Sendable, Hashable {
  /// One file per zone, as the program opens them.
  public var paths: [String]
  /// SHA-256 of each file, hexadecimal.
  public var digests: [String]
  /// Where the scenario names them, for messages.
  public var location: String
  /// Seconds from one count to the next; nil where the file says so.
  public var tickSeconds: Double?
  /// The count at which all replicas of a zone are there; nil: a count is one replica.
  public var fullCapacity: Int?

  /// Records.
  public init(paths: [String], digests: [String], location: String, tickSeconds: Double?, fullCapacity: Int?)
  {
    self.paths = paths
    self.digests = digests
    self.location = location
    self.tickSeconds = tickSeconds
    self.fullCapacity = fullCapacity
  }
}
