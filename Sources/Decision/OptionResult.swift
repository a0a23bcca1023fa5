// SPDX-License-Identifier: GPL-3.0-or-later
// An option's part of the result document: what it costs, by component and by month, and how it serves.

/// What one option costs and how it serves.
public struct OptionResult: Codable, Sendable, Hashable {
  /// The option's id.
  public var name: String
  /// The option's title.
  public var title: String
  /// Cost over the horizon, discounted, $.
  public var totalCost: Spread
  /// Mean of the worst 5 % of futures, $ (CVaR95).
  public var conditionalValueAtRisk95: Double
  /// The probability of being the cheapest.
  public var probabilityCheapest: Probability
  /// Mean cost above the cheapest option of each future among those that serve well enough, $; below 0 for an option
  /// that does not and is cheaper.
  public var expectedRegret: Double
  /// $ per 1M output tokens served (undiscounted cost).
  public var costPerMillionOutput: Spread
  /// $ per request served (undiscounted cost).
  public var costPerRequest: Spread
  /// Share of arrived requests that were served, whatever their latency, 0 to 1; mean over futures.
  public var servedShare: Double
  /// Share of arrived requests served within their service-level objective, 0 to 1; mean over futures.
  public var serviceLevel: Double
  /// Whether `serviceLevel` reaches what the decision requires.
  public var meetsServiceLevel: Bool
  /// 101 quantiles of the total cost, at 0 %, 1 %, … 100 %: the cumulative distribution.
  public var costQuantiles: [Double]
  /// Mean cost by component over the horizon, $ (undiscounted), largest first.
  public var components: [CostComponent]
  /// Cost month by month, $ (undiscounted).
  public var monthly: [MonthlyCost]
  /// What each supply of the chain did, over the horizon, mean over futures.
  public var supplies: [SupplyResult]
  /// Latency over all simulated requests, in the median future where a draw applies; milliseconds.
  public var latency: [LatencyResult]
  /// Attempts after a request's first, over the horizon, mean over futures; nil where no client asks again.
  public var retries: Double?
  /// By use case: what became of requests before the chain; nil where nothing stands there.
  public var gateway: [GatewayResult]?
  /// Every price that is paid with its quantity, in the order of the option's chain; nil in documents of before.
  public var charges: [OptionCharge]?
  /// The load-duration curves of its fleets; nil in documents of before.
  public var fleetLoads: [FleetLoad]?
  /// Its cost by use case; nil in documents of before.
  public var useCaseCosts: [UseCaseCost]?

  /// An option's result.
  public init(
    name: String, title: String, totalCost: Spread, conditionalValueAtRisk95: Double,
    probabilityCheapest: Probability, expectedRegret: Double, costPerMillionOutput: Spread,
    costPerRequest: Spread, servedShare: Double, serviceLevel: Double, meetsServiceLevel: Bool,
    costQuantiles: [Double], components: [CostComponent], monthly: [MonthlyCost], supplies: [SupplyResult],
    latency: [LatencyResult], retries: Double? = nil
  ) {
    self.name = name
    self.title = title
    self.totalCost = totalCost
    self.conditionalValueAtRisk95 = conditionalValueAtRisk95
    self.probabilityCheapest = probabilityCheapest
    self.expectedRegret = expectedRegret
    self.costPerMillionOutput = costPerMillionOutput
    self.costPerRequest = costPerRequest
    self.servedShare = servedShare
    self.serviceLevel = serviceLevel
    self.meetsServiceLevel = meetsServiceLevel
    self.costQuantiles = costQuantiles
    self.components = components
    self.monthly = monthly
    self.supplies = supplies
    self.latency = latency
    self.retries = retries
  }
}

/// A kind of cost and its mean amount.
public struct CostComponent: Codable, Sendable, Hashable {
  /// The component in words, such as "GPU-hours, spot".
  public var component: String
  /// Mean over futures, $ over the horizon, undiscounted.
  public var mean: Double

  /// A cost component.
  public init(component: String, mean: Double) {
    self.component = component
    self.mean = mean
  }
}

/// What one month costs.
public struct MonthlyCost: Codable, Sendable, Hashable {
  /// The month, `YYYY-MM`.
  public var month: String
  /// Cost in the month, $ undiscounted.
  public var cost: Spread
  /// Mean cost by component in the month, $, in the order of the option's `components`.
  public var components: [CostComponent]

  /// A month's cost.
  public init(month: String, cost: Spread, components: [CostComponent]) {
    self.month = month
    self.cost = cost
    self.components = components
  }
}

/// Latency of one use case under one option, milliseconds.
public struct LatencyResult: Codable, Sendable, Hashable {
  /// The use case.
  public var useCase: String
  /// Time to first token: median, 90th, 99th percentile.
  public var timeToFirstToken: Percentiles
  /// Time per output token after the first.
  public var timePerOutputToken: Percentiles
  /// From arrival to the last token.
  public var endToEnd: Percentiles
  /// The objective for the time to first token, where one is set.
  public var timeToFirstTokenLimit: Double?
  /// The objective for the time per output token, where one is set.
  public var timePerOutputTokenLimit: Double?
  /// Share of the use case's arrived requests served within both, 0 to 1.
  public var serviceLevel: Double

  /// A use case's latency.
  public init(
    useCase: String, timeToFirstToken: Percentiles, timePerOutputToken: Percentiles, endToEnd: Percentiles,
    timeToFirstTokenLimit: Double?, timePerOutputTokenLimit: Double?, serviceLevel: Double
  ) {
    self.useCase = useCase
    self.timeToFirstToken = timeToFirstToken
    self.timePerOutputToken = timePerOutputToken
    self.endToEnd = endToEnd
    self.timeToFirstTokenLimit = timeToFirstTokenLimit
    self.timePerOutputTokenLimit = timePerOutputTokenLimit
    self.serviceLevel = serviceLevel
  }
}

/// Three percentiles of a latency, milliseconds.
public struct Percentiles: Codable, Sendable, Hashable {
  /// Median.
  public var p50: Double
  /// 90th percentile.
  public var p90: Double
  /// 99th percentile.
  public var p99: Double

  /// Percentiles.
  public init(p50: Double, p90: Double, p99: Double) {
    self.p50 = p50
    self.p90 = p90
    self.p99 = p99
  }
}
