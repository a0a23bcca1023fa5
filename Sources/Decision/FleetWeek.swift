// SPDX-License-Identifier: GPL-3.0-or-later
// Averages over a year hide what a bad Wednesday looks like: two weeks of an option, hour by hour.

/// Hour by hour, what an option's fleets do in a week of one future.
///
/// Each hour is the mean over a stretch of it that was simulated for this purpose (`secondsPerHour`), with the spot
/// weather and the demand that the future has in that week.
public struct FleetWeek: Codable, Sendable, Hashable {
  /// Which week of all simulated ones.
  public enum Kind: String, Codable, Sendable, Hashable {
    /// Of the future with the median demand, in the middle month.
    case typical
    /// Of the future and month that serve the smallest share within their objective.
    case worst
  }

  /// One fleet's GPUs by what they do, means of each hour from Monday 00:00 UTC: 168 values each.
  public struct Fleet: Codable, Sendable, Hashable {
    /// The supply's name.
    public var supply: String
    /// The most GPUs it can have.
    public var mostGPUs: Int
    /// GPUs with at least one request in work.
    public var busy: [Double]
    /// GPUs ready to serve, with nothing to do.
    public var idle: [Double]
    /// GPUs starting up.
    public var booting: [Double]
    /// GPUs finishing what they have, or held back as spares.
    public var draining: [Double]
    /// Requests per hour taken from it unfinished, because their replica was gone.
    public var interrupted: [Double]

    /// A fleet's week.
    public init(
      supply: String, mostGPUs: Int, busy: [Double], idle: [Double], booting: [Double], draining: [Double],
      interrupted: [Double]
    ) {
      self.supply = supply
      self.mostGPUs = mostGPUs
      self.busy = busy
      self.idle = idle
      self.booting = booting
      self.draining = draining
      self.interrupted = interrupted
    }

    /// GPUs paid for in an hour.
    public func paid(_ hour: Int) -> Double { busy[hour] + idle[hour] + booting[hour] + draining[hour] }
  }

  /// The option's id.
  public var option: String
  /// Which week.
  public var kind: Kind
  /// The month, `YYYY-MM`.
  public var month: String
  /// The draw of the physical inputs, from 0.
  public var draw: Int
  /// Seconds of each hour that were simulated.
  public var secondsPerHour: Double
  /// Requests that arrived, per second, by hour of the week.
  public var requestsPerSecond: [Double]
  /// Share of the requests that were served within their objective, by hour of the week.
  public var serviceLevel: [Double]
  /// The fleets, in the order of the chain.
  public var fleets: [Fleet]

  /// A week.
  public init(
    option: String, kind: Kind, month: String, draw: Int, secondsPerHour: Double,
    requestsPerSecond: [Double], serviceLevel: [Double], fleets: [Fleet]
  ) {
    self.option = option
    self.kind = kind
    self.month = month
    self.draw = draw
    self.secondsPerHour = secondsPerHour
    self.requestsPerSecond = requestsPerSecond
    self.serviceLevel = serviceLevel
    self.fleets = fleets
  }
}
