// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario leaves to the program: how many replicas meet the objectives.

/// The replicas of a pool are to be found: the fewest with which the objectives are met.
public struct ObjectiveSizing: Sendable, Hashable {
  /// Share of requests that has to keep its objective; nil is the share that every option is held to.
  public var share: Double?
  /// Which demand: the quantile over the futures of the demand in its month of most demand, 0.5 for the median future.
  public var quantile: Double

  /// A target.
  public init(share: Double? = nil, quantile: Double = 0.5) {
    self.share = share
    self.quantile = quantile
  }
}

/// The quantiles of the demand that a pool may be sized for.
public enum DemandQuantile: String, Sendable, Hashable, CaseIterable {
  /// The median future.
  case p50
  /// Three of four futures have less.
  case p75
  /// Nine of ten futures have less.
  case p90
  /// 19 of 20 futures have less.
  case p95
  /// 99 of 100 futures have less.
  case p99

  /// The quantile as a share.
  public var share: Double {
    switch self {
    case .p50: 0.5
    case .p75: 0.75
    case .p90: 0.9
    case .p95: 0.95
    case .p99: 0.99
    }
  }
}

extension ScenarioDefinition {
  /// Whether anything is left to be sized before the plan can run.
  public var hasOpenSizes: Bool {
    options.contains { option in
      option.chain.contains { supply in
        switch supply {
        case .metered: false
        case .reserved(let reserved): reserved.units.contains(where: \.isLeastCost)
        case .fleet(let fleet): fleet.pools.contains { $0.sizing != nil }
        }
      }
    }
  }
}
