// SPDX-License-Identifier: GPL-3.0-or-later
// One draw without chance in its requests: its own inputs, demand noise, windows and spot weather, and the
// fluid form of every option.

import Foundation
import Quantities
import Scenario
import Simulation
import Workload

/// What the fluid says of one draw at one level of demand.
struct FluidLevel: Sendable {
  /// By option, then capacity factor: the bill's row, per hour.
  var rows: [[[Double]]]
  /// What a correction may hang on: the draw's physical inputs, and the demand in its windows.
  var features: [Double]
}

extension PlanModel {
  /// Multiples of every capacity that the fluid is computed with, the true one first.
  static let capacityFactors = [1, 1.2, 0.85, 0.7, 0.5]

  /// The fluid of one draw at each of its levels.
  /// - Parameters:
  ///   - levels: the draw's.
  ///   - tokens: mean prompt and output tokens by use case.
  func fluidLevels(
    draw: UInt32, physical values: [Double], levels: [DemandLevel], tokens: [(input: Double, output: Double)]
  ) -> [FluidLevel] {
    let demand = self.demand.drawn(values, draw: draw)
    var months: [Int: [WindowFluid]] = [:]
    return levels.map { level in
      let multiple = level.volume * demand.level(month: level.month)
      let windows = demand.windows(month: level.month, level: multiple)
      // Levels of one month mostly have the same windows, and the same weather.
      if months[level.month]?.map(\.window) != windows {
        let weather = WeekWeather(seed: sampling.seed, draw: draw, month: level.month)
        months[level.month] = windows.map { window in
          // The fluid is always in its steady state: it needs no lead-in.
          var counted = window
          counted.leadIn = .zero
          return WindowFluid(
            window: window,
            options: options.map { option in
              FluidOption(
                option.configuration(
                  physical: values, weather: weather, window: counted,
                  rates: demand.rates(at: window.start, level: multiple)), tokens: tokens,
                capacityFactors: Self.capacityFactors, window: window.length, drainLimit: Self.drainLimit)
            })
        }
      }
      var bills = options.indices.map { option in
        Array(repeating: emptyBill(option), count: Self.capacityFactors.count)
      }
      let hourly = demand.hourlyDemand(month: level.month, level: multiple)
      for fluid in months[level.month] ?? [] {
        let weight = fluid.window.hoursOfWeek / 168 * 3600 / fluid.window.length.rawValue
        for stretch in demand.stretches(of: fluid.window, hourly: hourly) {
          for option in options.indices {
            fluid.options[option].add(stretch, weight: weight, to: &bills[option])
          }
        }
      }
      let arrived = bills[0][0].requests.reduce(0) { $0 + $1.arrived }
      return FluidLevel(
        rows: bills.map { $0.map(\.row) }, features: values + [log(max(arrived, .leastNormalMagnitude))])
    }
  }

  /// The options over one window.
  private struct WindowFluid {
    var window: SimulatedWindow
    var options: [FluidOption]
  }

  /// A bill of nothing, of an option's shape.
  func emptyBill(_ option: Int) -> BillOfQuantities {
    let window = SimulatedWindow(start: .zero, length: Seconds(60), hoursOfWeek: 168)
    let weather = WeekWeather(seed: sampling.seed, draw: 0, month: 0)
    return options[option].configuration(
      physical: physical.medians, weather: weather, window: window,
      rates: scenario.demand.uses.map { _ in 0 }
    ).emptyBill()
  }
}

extension DrawnDemand {
  /// Expected requests per second by hour of the week, then use case: with the month's noise, without the
  /// chance of single requests.
  func hourlyDemand(month: Int, level: Double) -> [[Double]] {
    let noise = DemandNoise(
      day: plan.dayNoise, hour: plan.hourNoise, seed: plan.seed, draw: draw, month: month
    ).factors
    let days = plan.calendarDays(month: month)
    let rates = sources.map(\.hourlyRate)
    return (0..<168).map { hour in
      let factor = level * volume * noise[hour] * days[hour / 24]
      return rates.map { $0[hour] * factor }
    }
  }

  /// A window's stretches of steady demand: hour by hour, or the whole where all hours are alike.
  func stretches(of window: SimulatedWindow, hourly: [[Double]]) -> [FluidStretch] {
    if plan.isUniformReplay {
      return [FluidStretch(start: .zero, length: window.length, rates: hourly[0])]
    }
    var stretches: [FluidStretch] = []
    var time = window.start.rawValue
    let end = time + window.length.rawValue
    while time < end {
      let hour = Int(time / 3600)
      let next = min(Double(hour + 1) * 3600, end)
      stretches.append(
        FluidStretch(
          start: Seconds(time) - window.start, length: Seconds(next - time), rates: hourly[hour % 168]))
      time = next
    }
    return stretches
  }
}
