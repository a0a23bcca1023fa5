// SPDX-License-Identifier: GPL-3.0-or-later
// The demand that was served, in the result document.

/// The demand that was served.
public struct DemandSummary: Codable, Sendable, Hashable {
  /// Requests per second by hour of the week from Monday 00:00 UTC, first month, all use cases: 168 values.
  public var hourOfWeekRate: [Double]
  /// By use case.
  public var useCases: [UseCaseDemand]
  /// Month by month, mean over futures.
  public var monthly: [MonthlyDemand]

  /// A demand summary.
  public init(hourOfWeekRate: [Double], useCases: [UseCaseDemand], monthly: [MonthlyDemand]) {
    self.hourOfWeekRate = hourOfWeekRate
    self.useCases = useCases
    self.monthly = monthly
  }
}

/// Demand of one use case in the first month, mean over futures.
public struct UseCaseDemand: Codable, Sendable, Hashable {
  /// The use case.
  public var name: String
  /// The model that answers by default.
  public var model: String
  /// `synthesized` or the trace's path as the scenario names it.
  public var source: String
  /// Requests per day.
  public var requestsPerDay: Double
  /// Mean prompt tokens.
  public var meanInputTokens: Double
  /// Mean output tokens.
  public var meanOutputTokens: Double

  /// A use case's demand.
  public init(
    name: String, model: String, source: String, requestsPerDay: Double, meanInputTokens: Double,
    meanOutputTokens: Double
  ) {
    self.name = name
    self.model = model
    self.source = source
    self.requestsPerDay = requestsPerDay
    self.meanInputTokens = meanInputTokens
    self.meanOutputTokens = meanOutputTokens
  }
}

/// Demand of one month, mean over futures.
public struct MonthlyDemand: Codable, Sendable, Hashable {
  /// The month, `YYYY-MM`.
  public var month: String
  /// Requests in the month.
  public var requests: Double
  /// Prompt tokens in the month.
  public var inputTokens: Double
  /// Output tokens in the month.
  public var outputTokens: Double

  /// A month's demand.
  public init(month: String, requests: Double, inputTokens: Double, outputTokens: Double) {
    self.month = month
    self.requests = requests
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
  }
}
