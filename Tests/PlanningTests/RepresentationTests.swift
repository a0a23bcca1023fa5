// SPDX-License-Identifier: GPL-3.0-or-later
// A few windows must stand for the whole week: no bias, whatever the load curve, and nothing counted twice.

import Decision
import Planning
import Quantities
import Testing
import Workload

@Suite("Simulated windows")
struct RepresentationTests {
  private func demand(represent: String, use: String, seed: UInt64) throws -> (PlanModel, DrawnDemand) {
    let model = try plan(
      scenario(
        rate: "0.5", use: use, options: api, months: 120, represent: represent, prices: prices(),
        sampling: "{draws: 1, simulations: 1, seed: \(seed)}"))
    return (model, model.demand.drawn([], draw: 0))
  }

  /// Requests per hour that the windows of a month estimate.
  private func hourly(_ demand: DrawnDemand, month: Int) -> Double {
    demand.windows(month: month, level: 1).reduce(0) { sum, window in
      var count = 0
      demand.forEachBatch(month: month, level: 1, window: window) { count += $0.count }
      return sum + window.hoursOfWeek / 168 * Double(count) * 3600 / window.length.rawValue
    }
  }

  @Test(
    "stratified windows have the week's mean demand, over many draws of them, within 2 %",
    arguments: [
      ("profile: azure-code", "{windows: 12, window_minutes: 10}", 120),
      ("profile: azure-conversation", "{windows: 5, window_minutes: 30}", 120),
      ("profile: azure-code\nburstiness: 0.2", "{windows: 24, window_minutes: 2}", 120),
      ("profile: azure-code", "{windows: 167, window_minutes: 5}", 15),
    ])
  func unbiased(use: String, represent: String, months: Int) throws {
    let (_, demand) = try demand(represent: represent, use: use, seed: 17)
    let estimates = (0..<months).map { hourly(demand, month: $0) }
    let (_, whole) = try self.demand(represent: "week", use: use, seed: 17)
    let week = mean((0..<2).map { hourly(whole, month: $0) })
    expectClose(mean(estimates), week, within: 0.02)
    expectClose(week, 1800, within: 0.02)
  }

  @Test(
    "windows stand for 168 hours in all, each within one hour, one in each stratum of load", arguments: 1...40
  )
  func strata(count: Int) throws {
    let (_, demand) = try demand(
      represent: "{windows: \(count), window_minutes: 7}", use: "profile: azure-code", seed: 5)
    let load = demand.hourlyRate
    let sorted = load.sorted()
    for month in 0..<20 {
      let windows = demand.windows(month: month, level: 1)
      #expect(windows.count == count)
      #expect(windows.reduce(0) { $0 + $1.hoursOfWeek } == 168)
      var first = 0
      for window in windows {
        let hour = Int(window.start.rawValue / 3600)
        #expect(window.start.rawValue + 420 <= Double(hour + 1) * 3600 + 1e-6)
        let last = first + Int(window.hoursOfWeek)
        #expect(sorted[first] <= load[hour] && load[hour] <= sorted[last - 1])
        first = last
      }
    }
  }

  @Test("stratification by load makes the estimate steadier than hours chosen at random would")
  func steadier() throws {
    let (_, demand) = try demand(
      represent: "{windows: 12, window_minutes: 60}", use: "profile: azure-code", seed: 23)
    let estimates = (0..<100).map { hourly(demand, month: $0) }
    let middle = mean(estimates)
    let variance = mean(estimates.map { ($0 - middle) * ($0 - middle) })
    let load = demand.hourlyRate
    let random = mean(load.map { ($0 * 3600 - 1800) * ($0 * 3600 - 1800) }) / 12
    #expect(variance < random / 10)
  }

  @Test("a whole week is one window of 168 hours")
  func week() throws {
    let (_, demand) = try demand(represent: "week", use: "profile: flat", seed: 1)
    let windows = demand.windows(month: 0, level: 1)
    #expect(windows.map(\.hoursOfWeek) == [168] && windows.map(\.length) == [Seconds(168 * 3600)])
    let (_, all) = try self.demand(
      represent: "{windows: 168, window_minutes: 60}", use: "profile: flat", seed: 1)
    #expect(all.windows(month: 0, level: 1) == windows)
  }

  @Test("the plan's demand summary is that of the scenario")
  func summary() throws {
    let outcome = try run(
      scenario(
        rate: "0.5", growth: "0.1", options: api, months: 3,
        represent: "{months: 3, windows: 12, window_minutes: 60}", prices: prices(),
        sampling: "{draws: 8, simulations: 8, seed: 2}"))
    let demand = outcome.result.demand
    #expect(demand.hourOfWeekRate == [Double](repeating: 0.5, count: 168))
    expectClose(demand.useCases[0].requestsPerDay, 43_200, within: 0.01)
    expectClose(demand.useCases[0].meanInputTokens, 1000, within: 1e-12)
    expectClose(demand.useCases[0].meanOutputTokens, 200, within: 1e-12)
    for (month, expected) in zip(demand.monthly, [744.0, 744 * 1.1, 672 * 1.21]) {
      expectClose(month.requests, 1800 * expected, within: 0.01, month.month)
      expectClose(month.outputTokens, 200 * month.requests, within: 1e-9)
    }
  }
}
