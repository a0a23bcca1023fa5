// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about holidays, launches and load curves made of harmonics.

import Foundation
import Quantities
import Testing
import Workload

@Suite("Demand calendar")
struct DemandCalendarTests {
  @Test(
    "a holiday weighs in the week by its share of the month's days of that name; a launch by the days after it"
  )
  func weekdays() throws {
    let month = try #require(CalendarMonth("2026-12"))
    let christmas = try #require(CalendarDay("2026-12-25"))
    let calendar = DemandCalendar(holidays: [.init(day: christmas, factor: 0.4)])
    // Four Fridays, one of them at 0.4.
    #expect(abs(calendar.weekdayFactors(month)[4] - 3.4 / 4) < 1e-12)
    #expect(calendar.weekdayFactors(month).enumerated().allSatisfy { $0.offset == 4 || $0.element == 1 })
    let launch = DemandCalendar(launches: [.init(day: try #require(CalendarDay("2026-12-15")), factor: 2)])
    // Of five Tuesdays the 1st and 8th come before.
    #expect(abs(launch.weekdayFactors(month)[1] - (2 * 1 + 3 * 2) / 5) < 1e-12)
    #expect(launch.weekdayFactors(month.advanced(by: 1)) == [Double](repeating: 2, count: 7))
    #expect(launch.factor(day: christmas.daysSince1970) == 2)
  }

  @Test("nine harmonics of the Azure code week have its peak and its weekend within a tenth")
  func harmonics() throws {
    let parts = [
      (7, 0.868, 18.2), (1, 0.493, 132.2), (6, 0.290, 26), (8, 0.283, 11.2), (14, 0.254, 5), (2, 0.226, 9.9),
      (5, 0.166, 19.7), (28, 0.129, 1.7), (9, 0.125, 16),
    ]
    let week = try #require(
      ProfilePresets.hourly(
        parts.map { .init(cyclesPerWeek: $0.0, amplitude: $0.1, peakHour: $0.2) }))
    expectClose(mean(week.factors), 1, within: 1e-12)
    #expect(week.factors.allSatisfy { $0 >= 0 } && week.clipped < 0.05)
    let one = try #require(ProfilePresets.hourly([.init(cyclesPerWeek: 7, amplitude: 0.5, peakHour: 14.5)]))
    #expect(one.clipped == 0)
    for day in 0..<7 { #expect(abs(one.factors[day * 24 + 14] - 1.5) < 1e-12) }
    let deep = try #require(ProfilePresets.hourly([.init(cyclesPerWeek: 7, amplitude: 2, peakHour: 12)]))
    #expect(deep.clipped > 0.1)
    expectClose(mean(deep.factors), 1, within: 1e-12)
  }
}
