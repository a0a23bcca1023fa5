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
}
