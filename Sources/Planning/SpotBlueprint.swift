// SPDX-License-Identifier: GPL-3.0-or-later
// When spot capacity is there, in any future: the same for every option that describes it alike.

import Quantities
import Simulation

/// Spot capacity whose mean times may be uncertain.
struct SpotBlueprint: Sendable, Hashable {
  var zones: Int
  var meanUpHours: InputReference
  var meanDownHours: InputReference
  var shape: Double
  var notice: Seconds
  var startup: Seconds
}

/// The spot weather of one future's week.
struct WeekWeather: Sendable {
  var seed: UInt64
  var draw: UInt32
  var month: Int

  /// A zone's availability; the same for every option and fleet that describes spot alike.
  func zone(_ zone: Int, of spot: SpotBlueprint, physical: [Double]) -> SpotWeather {
    SpotWeather(
      meanUp: Seconds(spot.meanUpHours.value(in: physical) * 3600),
      meanDown: Seconds(spot.meanDownHours.value(in: physical) * 3600), shape: spot.shape, seed: seed,
      draw: draw, month: month, zone: zone)
  }
}
