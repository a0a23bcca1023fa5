// SPDX-License-Identifier: GPL-3.0-or-later
// Prices beside tokens and GPUs: people, and what a platform around a model is made of.

import Quantities
import Uncertainty
import YAMLDocument

/// What a price of a platform is per.
public enum PlatformUnit: String, Sendable, Hashable, CaseIterable, Codable {
  /// A month.
  case month
  /// An hour; a month has 730.
  case hour
  /// 10⁹ bytes moved.
  case gigabyte = "GB"
  /// 10⁹ bytes kept for a month.
  case gigabyteMonth = "GB-month"
  /// 1,000 watts for an hour.
  case kilowattHour = "kWh"
  /// 1,000,000 requests.
  case millionRequests = "1M requests"
}

/// The price of a service that is neither tokens nor GPUs.
public struct PlatformPrice: Sendable, Hashable {
  /// US dollars per unit.
  public var price: Price
  /// What the price is per.
  public var unit: PlatformUnit

  /// A price.
  public init(price: Price, unit: PlatformUnit) {
    self.price = price
    self.unit = unit
  }
}

/// Working time, for prices that are stated by the hour or the year.
public enum WorkingTime: String, Sendable, Hashable, CaseIterable {
  /// An hour of work.
  case hour
  /// A month of full-time work.
  case month
  /// A year of full-time work.
  case year

  /// How many of them make a month of full-time work: a year has 2,080 hours, 40 in each of 52 weeks (the convention of
  /// the US Bureau of Labor Statistics for annual wages).
  public var perMonth: Double {
    switch self {
    case .hour: 2080.0 / 12
    case .month: 1
    case .year: 1.0 / 12
    }
  }
}
