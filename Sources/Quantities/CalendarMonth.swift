// SPDX-License-Identifier: GPL-3.0-or-later
// Calendar arithmetic that needs no time zone and no locale.

/// A month of the proleptic Gregorian calendar.
public struct CalendarMonth: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  /// The year, such as 2026.
  public let year: Int
  /// The month of the year, 1 to 12.
  public let month: Int

  /// Month `month` (1 to 12) of `year`, or nil where there is no such month.
  public init?(year: Int, month: Int) {
    guard (1...12).contains(month), (1...9999).contains(year) else { return nil }
    self.year = year
    self.month = month
  }

  /// Reads `YYYY-MM`.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count == 4, parts[1].count == 2,
      let year = Int(parts[0]), let month = Int(parts[1])
    else { return nil }
    self.init(year: year, month: month)
  }

  /// The month `count` months later (earlier where negative).
  public func advanced(by count: Int) -> CalendarMonth {
    let index = year * 12 + (month - 1) + count
    let years = index >= 0 ? index / 12 : (index - 11) / 12
    return CalendarMonth(uncheckedYear: years, month: index - years * 12 + 1)
  }

  fileprivate init(uncheckedYear year: Int, month: Int) {
    self.year = year
    self.month = month
  }

  /// The number of days in the month.
  public var days: Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28
    default: 31
    }
  }

  /// The number of hours in the month (in UTC: no daylight saving).
  public var hours: Double { Double(days * 24) }

  /// `YYYY-MM`.
  public var description: String {
    let yearText = String(year)
    return String(repeating: "0", count: max(0, 4 - yearText.count)) + yearText + (month < 10 ? "-0" : "-")
      + String(month)
  }

  /// Calendar order.
  public static func < (left: CalendarMonth, right: CalendarMonth) -> Bool {
    (left.year, left.month) < (right.year, right.month)
  }

  /// Reads `YYYY-MM`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = CalendarMonth(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a month: \(text)")
    }
    self = value
  }

  /// Writes `YYYY-MM`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A day of the proleptic Gregorian calendar, as `verified_on` dates are written.
public struct CalendarDay: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  /// The month the day lies in.
  public let month: CalendarMonth
  /// The day of the month, from 1.
  public let day: Int

  /// Reads `YYYY-MM-DD`; nil where there is no such day.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let month = CalendarMonth("\(parts[0])-\(parts[1])"), parts[2].count == 2,
      let day = Int(parts[2]), day >= 1, day <= month.days
    else { return nil }
    self.month = month
    self.day = day
  }

  /// Days since 1970-01-01 (negative before). Howard Hinnant's civil-calendar arithmetic,
  /// https://howardhinnant.github.io/date_algorithms.html, `days_from_civil`.
  public var daysSince1970: Int {
    let shiftedYear = month.month <= 2 ? month.year - 1 : month.year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let monthFromMarch = (month.month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The day so many days after 1970-01-01 (before where negative), within the years 1 to 9999: `civil_from_days` of the
  /// same source.
  public init(daysSince1970 days: Int) {
    precondition((-719_162...2_932_896).contains(days), "day \(days) lies outside the years 1 to 9999")
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let monthOfYear = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    month = CalendarMonth(
      uncheckedYear: yearOfEra + era * 400 + (monthOfYear <= 2 ? 1 : 0), month: monthOfYear)
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
  }

  /// The day of the week: 0 is Monday, 6 is Sunday.
  public var weekday: Int { ((daysSince1970 + 3) % 7 + 7) % 7 }

  /// `YYYY-MM-DD`.
  public var description: String { "\(month)-\(day < 10 ? "0" : "")\(day)" }

  /// Calendar order.
  public static func < (left: CalendarDay, right: CalendarDay) -> Bool {
    (left.month, left.day) < (right.month, right.day)
  }

  /// Reads `YYYY-MM-DD`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = CalendarDay(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a day: \(text)")
    }
    self = value
  }

  /// Writes `YYYY-MM-DD`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
