// SPDX-License-Identifier: GPL-3.0-or-later
// The demand that sizes are chosen for: the month of most demand, in the median future or a fuller one.

import Foundation
import Numerics
import Quantities
import Scenario
import Simulation

/// A month at a level of demand, in the median future.
struct SizingForecast: Sendable {
  /// The month, from 0.
  var month: Int
  /// Its demand as a multiple of what the median future has in it.
  var multiple: Double
}

extension PlanModel {
  /// The month of most demand in the median future, at a quantile of what that demand is over the plan's futures.
  ///
  /// The quantile is that of the mean rate of all requests in each future's own month of most demand. Everything else
  /// (noise, windows, throughput, spot capacity) is the median future's.
  /// - Parameter quantile: 0.5 is the median future itself.
  func forecast(quantile: Double) -> SizingForecast {
    let medians = physical.medians
    let (month, peak) = peakRate(medians)
    guard quantile != 0.5 else { return SizingForecast(month: month, multiple: 1) }
    let peaks = physicalDraws().map { peakRate($0).rate }
    let wanted = quantiles(of: peaks, at: [quantile])[0]
    return SizingForecast(month: month, multiple: peak > 0 ? wanted / peak : 1)
  }

  /// The month of most demand of a future, the first of equals, and the rate in it.
  private func peakRate(_ physical: [Double]) -> (month: Int, rate: Double) {
    let drawn = demand.drawn(physical, draw: 0)
    let rate = drawn.hourlyRate.reduce(0, +) / 168
    let levels = (0..<scenario.horizon.months).map { drawn.level(month: $0) }
    let most = levels.indices.max { (levels[$0], -$0) < (levels[$1], -$1) } ?? 0
    return (most, rate * levels[most])
  }

  /// What the only option of this plan does in an hour of a forecast's month, on average.
  func hourly(_ forecast: SizingForecast) -> BillOfQuantities {
    simulate(
      draw: 0, physical: physical.medians,
      level: DemandLevel(month: forecast.month, volume: forecast.multiple)
    )[0].hourly
  }
}
