// SPDX-License-Identifier: GPL-3.0-or-later
// Months and weekdays in words. Foundation's formatters follow a locale, which a report must not.

/// Names of months and weekdays.
enum CalendarText {
  /// From Monday, as the result counts hours of the week.
  static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `2026-12` as `Dec 2026`; anything else as it is.
  static func month(_ text: String) -> String {
    let parts = text.split(separator: "-")
    guard parts.count == 2, let number = Int(parts[1]), months.indices.contains(number - 1) else {
      return text
    }
    return "\(months[number - 1]) \(parts[0])"
  }

  /// The number of a day `YYYY-MM-DD` counted from some day; nil where it is none. Differences are days between.
  ///
  /// Gregorian calendar, years counted from March so that a leap day is a year's last.
  static func dayNumber(_ text: String) -> Int? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
      (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let shifted = month > 2 ? year : year - 1
    let monthFromMarch = (month + 9) % 12
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * monthFromMarch + 2) / 5 + day
  }
}
