// SPDX-License-Identifier: GPL-3.0-or-later
// What each use case costs under an option: the bill divided among those it is paid for.

/// One use case's part of an option's cost over the horizon, mean over futures, $ undiscounted.
///
/// Tokens bought are charged to the use case that asked for them. GPU-hours and reserved units are divided among models
/// by the hours of their pools and units, and within a model by the tokens computed for each use case, input and output
/// alike. What no use case causes (people, platform, one-off) is divided in proportion to the rest.
public struct UseCaseCost: Codable, Sendable, Hashable {
  /// The use case.
  public var useCase: String
  /// The model that answers it, or most of it.
  public var model: String
  /// Its part of the cost, $.
  public var cost: Double
  /// Requests served.
  public var requests: Double
  /// Output tokens generated for it.
  public var outputTokens: Double

  /// A use case's part.
  public init(useCase: String, model: String, cost: Double, requests: Double, outputTokens: Double) {
    self.useCase = useCase
    self.model = model
    self.cost = cost
    self.requests = requests
    self.outputTokens = outputTokens
  }

  /// $ per 1M output tokens; nil where none were generated.
  public var perMillionOutput: Double? { outputTokens > 0 ? cost / outputTokens * 1e6 : nil }
  /// $ per 1,000 requests served; nil where none were.
  public var perThousandRequests: Double? { requests > 0 ? cost / requests * 1000 : nil }
}
