// SPDX-License-Identifier: GPL-3.0-or-later
// What a calibration left of an engine: the coefficients that latency and throughput follow from, and their source.

/// The coefficients of one engine as its fleets are simulated with, unless a scenario overrides them.
public struct EngineFit: Codable, Sendable, Hashable {
  /// One coefficient.
  public struct Coefficient: Codable, Sendable, Hashable {
    /// Its key in `engines.yaml`; what ends in `_seconds` is in seconds, the rest are shares or factors.
    public var name: String
    /// Its median.
    public var value: Double
    /// Standard deviation of its logarithm, about its relative error; 0 where it is taken as certain.
    public var relativeError: Double

    /// A coefficient.
    public init(name: String, value: Double, relativeError: Double) {
      self.name = name
      self.value = value
      self.relativeError = relativeError
    }
  }

  /// The engine's catalog id.
  public var engine: String
  /// What the coefficients were fitted to.
  public var source: String
  /// `YYYY-MM-DD` of the last check against the source.
  public var verifiedOn: String
  /// The coefficients.
  public var coefficients: [Coefficient]

  /// An engine's fit.
  public init(engine: String, source: String, verifiedOn: String, coefficients: [Coefficient]) {
    self.engine = engine
    self.source = source
    self.verifiedOn = verifiedOn
    self.coefficients = coefficients
  }
}
