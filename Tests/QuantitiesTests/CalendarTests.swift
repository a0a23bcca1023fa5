// SPDX-License-Identifier: GPL-3.0-or-later
// Calendar arithmetic against Foundation's Gregorian calendar in UTC.

import Foundation
import Quantities
import Testing

@Suite("Calendar")
struct CalendarTests {
  /// Foundation's proleptic Gregorian calendar: `.iso8601` has no Julian days before 1582.
  static let calendar: Calendar = {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = .gmt
    return calendar
  }()

  @Test("every day from 1900 to 2150 has Foundation's number and weekday")
  func daysAgree() throws {
    for number in -25_567..<65_744 {
      let date = Date(timeIntervalSince1970: Double(number) * 86_400)
      let parts = Self.calendar.dateComponents([.year, .month, .day, .weekday], from: date)
      let (year, month, day) = (try #require(parts.year), try #require(parts.month), try #require(parts.day))
      let text = String(format: "%04d-%02d-%02d", year, month, day)
      let ours = try #require(CalendarDay(text))
      // Foundation counts weekdays from Sunday = 1.
      let weekday = (try #require(parts.weekday) + 5) % 7
      guard ours.daysSince1970 == number, ours.weekday == weekday, ours.description == text else {
        Issue.record(
          "day \(number) is \(text), weekday \(weekday); ours: \(ours.daysSince1970), \(ours.weekday)")
        return
      }
    }
  }

  @Test("months have Foundation's number of days, across centuries")
  func monthLengths() throws {
    for year in stride(from: 1896, through: 2404, by: 1) {
      for month in 1...12 {
        let ours = try #require(CalendarMonth(year: year, month: month))
        let start = try #require(
          Self.calendar.date(from: DateComponents(year: year, month: month, day: 1)))
        let range = try #require(Self.calendar.range(of: .day, in: .month, for: start))
        #expect(ours.days == range.count)
        #expect(ours.hours == Double(24 * range.count))
      }
    }
  }

  @Test("advancing by n months and back returns, and agrees with n single steps")
  func advancing() throws {
    let start = try #require(CalendarMonth("2026-11"))
    var stepped = start
    for count in 1...60 {
      stepped = stepped.advanced(by: 1)
      #expect(start.advanced(by: count) == stepped)
      #expect(stepped.advanced(by: -count) == start)
      #expect(start < stepped)
    }
    #expect(start.advanced(by: 2).description == "2027-01")
    #expect(start.advanced(by: -11).description == "2025-12")
  }

  @Test(
    "what is no month or day is refused",
    arguments: ["2026-13", "2026-00", "2026-1", "26-01", "2026", "2026-01-01-01", "", "2026-0x"])
  func badMonths(text: String) {
    #expect(CalendarMonth(text) == nil)
  }

  @Test(
    "days that do not exist are refused", arguments: ["2026-02-29", "2100-02-29", "2026-04-31", "2026-01-00"])
  func badDays(text: String) {
    #expect(CalendarDay(text) == nil)
  }

  @Test("leap days of 2000 and 2024 exist", arguments: ["2000-02-29", "2024-02-29"])
  func leapDays(text: String) {
    #expect(CalendarDay(text)?.description == text)
  }

  @Test("months and days survive JSON")
  func coding() throws {
    let month = try #require(CalendarMonth("2026-07"))
    let day = try #require(CalendarDay("2026-07-31"))
    let encoded = try JSONEncoder().encode([month])
    #expect(String(decoding: encoded, as: UTF8.self) == "[\"2026-07\"]")
    #expect(try JSONDecoder().decode([CalendarMonth].self, from: encoded) == [month])
    #expect(try JSONDecoder().decode([CalendarDay].self, from: JSONEncoder().encode([day])) == [day])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([CalendarMonth].self, from: Data("[\"July\"]".utf8))
    }
  }

  @Test("days since 1970 and days of the calendar are one another's inverse, month by month over 600 years")
  func inverse() throws {
    var month = try #require(CalendarMonth("1700-01"))
    while month.year < 2300 {
      for day in [1, 28, month.days] {
        let date = try #require(CalendarDay("\(month)-\(day < 10 ? "0" : "")\(day)"))
        #expect(CalendarDay(daysSince1970: date.daysSince1970) == date)
      }
      month = month.advanced(by: 1)
    }
  }
}
