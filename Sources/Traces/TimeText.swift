// SPDX-License-Identifier: GPL-3.0-or-later
// Times as logs write them, read from bytes: millions a second, so no String and no Date in between.

import Quantities
import TextFormats

/// Reads times as nanoseconds since 1970-01-01T00:00Z, or since a trace's own zero.
struct TimeText {
  /// How the times of a file are written, as its first one tells.
  enum Style: Hashable {
    /// `YYYY-MM-DD hh:mm:ss`, `T` for the space, up to nine digits of a fraction, and an offset such as `+02:00` or `Z`.
    case calendar
    /// A number of this many nanoseconds.
    case number(Int64)
  }

  /// The style, once a time was read.
  private(set) var style: Style?
  /// Whether times are dates: they are calendar times, or numbers that count from 1970.
  private(set) var hasCalendar = false
  private let unit: TraceColumns.TimeUnit?
  /// The day last read, as its ten bytes, and its nanoseconds; rows share their days.
  private var day: (high: UInt64, low: UInt64, nanoseconds: Int64) = (0, 0, 0)

  /// A reader of times.
  /// - Parameter unit: the unit of numbers; by the size of the first where nil.
  init(unit: TraceColumns.TimeUnit? = nil) { self.unit = unit }

  /// What a time should look like, for messages.
  var example: String {
    switch style {
    case .number: "a number of seconds such as 12.5"
    case .calendar, nil: "a time such as 2023-11-16 18:17:03.9799600"
    }
  }

  /// The time that a range writes; nil where it writes none, or one in another style than the first.
  @inline(__always)
  mutating func nanoseconds(_ bytes: borrowing [UInt8], _ range: Range<Int>) -> Int64? {
    switch style {
    case .calendar: return calendar(bytes, range)
    case .number(let unit): return number(bytes, range, unit: unit)
    case nil: return first(bytes, range)
    }
  }

  private mutating func first(_ bytes: borrowing [UInt8], _ range: Range<Int>) -> Int64? {
    if let time = calendar(bytes, range) {
      style = .calendar
      hasCalendar = true
      return time
    }
    guard let value = DecimalBytes.number(bytes, range) else { return nil }
    let scale: Int64 =
      if let unit {
        unit.nanoseconds
      } else {
        // A time since 1970 has 10 digits in seconds, 13 in milliseconds, 16 in microseconds, 19 in nanoseconds.
        switch abs(value) {
        case ..<1e11: 1_000_000_000
        case ..<1e14: 1_000_000
        case ..<1e17: 1000
        default: 1
        }
      }
    guard let time = number(bytes, range, unit: scale) else { return nil }
    style = .number(scale)
    // Less than three years from zero is a trace's own clock.
    hasCalendar = abs(time) >= 100_000_000 * 1_000_000_000
    return time
  }

  /// A decimal number times a unit, exact to the nanosecond.
  private func number(_ bytes: borrowing [UInt8], _ range: Range<Int>, unit: Int64) -> Int64? {
    let span = bytes.span
    var index = range.lowerBound
    let isNegative = index < range.upperBound && span[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    var whole: Int64 = 0
    let start = index
    while index < range.upperBound, span[index] &- 48 < 10 {
      guard index - start < 19 else { return nil }
      let (tens, overflow) = whole.multipliedReportingOverflow(by: 10)
      let (sum, more) = tens.addingReportingOverflow(Int64(span[index] &- 48))
      if overflow || more { return nil }
      whole = sum
      index += 1
    }
    guard index > start else { return nil }
    let (scaled, overflow) = whole.multipliedReportingOverflow(by: unit)
    if overflow { return nil }
    var nanoseconds = scaled
    if index < range.upperBound, span[index] == UInt8(ascii: ".") {
      index += 1
      var rest = unit
      while index < range.upperBound, span[index] &- 48 < 10 {
        rest /= 10
        nanoseconds += Int64(span[index] &- 48) * rest
        index += 1
      }
    }
    if index < range.upperBound {
      // An exponent: rare, and as exact as a double is.
      guard let value = DecimalBytes.number(bytes, range), abs(value) * Double(unit) < 9e18 else {
        return nil
      }
      return Int64((value * Double(unit)).rounded())
    }
    return isNegative ? -nanoseconds : nanoseconds
  }

  @inline(__always)
  private mutating func calendar(_ bytes: borrowing [UInt8], _ range: Range<Int>) -> Int64? {
    guard range.count >= 19 else { return nil }
    let span = bytes.span
    let start = range.lowerBound
    func two(_ offset: Int) -> Int64 {
      let tens = span[start + offset] &- 48
      let ones = span[start + offset + 1] &- 48
      return tens < 10 && ones < 10 ? Int64(tens) * 10 + Int64(ones) : 1000
    }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for offset in 0..<8 { high = high << 8 | UInt64(span[start + offset]) }
    for offset in 8..<10 { low = low << 8 | UInt64(span[start + offset]) }
    if high != day.high || low != day.low {
      guard let nanoseconds = Self.day(bytes, start) else { return nil }
      day = (high, low, nanoseconds)
    }
    let separator = span[start + 10]
    let (hour, minute, second) = (two(11), two(14), two(17))
    // A leap second is 60; it counts as the first of the next minute.
    guard separator == UInt8(ascii: " ") || separator == UInt8(ascii: "T"),
      span[start + 13] == UInt8(ascii: ":"), span[start + 16] == UInt8(ascii: ":"), hour < 24, minute < 60,
      second < 61
    else { return nil }
    var time = day.nanoseconds + (hour * 3600 + minute * 60 + second) * 1_000_000_000
    var index = start + 19
    if index < range.upperBound, span[index] == UInt8(ascii: ".") {
      index += 1
      let first = index
      var unit: Int64 = 100_000_000
      while index < range.upperBound, span[index] &- 48 < 10 {
        time += Int64(span[index] &- 48) * unit
        unit /= 10
        index += 1
      }
      guard index > first, index - first <= 9 else { return nil }
    }
    if index == range.upperBound { return time }
    return Self.offset(bytes, index..<range.upperBound).map { time - $0 }
  }

  /// The nanoseconds of `Z`, `+02:00` or `+0200`.
  private static func offset(_ bytes: borrowing [UInt8], _ range: Range<Int>) -> Int64? {
    let first = bytes[range.lowerBound]
    if first == UInt8(ascii: "Z") { return range.count == 1 ? 0 : nil }
    let sign: Int64 = first == UInt8(ascii: "+") ? 1 : first == UInt8(ascii: "-") ? -1 : 0
    let hasColon = range.count == 6 && bytes[range.lowerBound + 3] == UInt8(ascii: ":")
    guard sign != 0, hasColon || range.count == 5,
      let hours = DecimalBytes.wholeNumber(bytes, range.lowerBound + 1..<range.lowerBound + 3), hours < 24,
      let minutes = DecimalBytes.wholeNumber(bytes, range.upperBound - 2..<range.upperBound), minutes < 60
    else { return nil }
    return sign * Int64(hours * 3600 + minutes * 60) * 1_000_000_000
  }

  /// The nanoseconds from 1970 to the start of a day.
  private static func day(_ bytes: borrowing [UInt8], _ start: Int) -> Int64? {
    // Nanoseconds since 1970 and their differences fit 64 bits up to 2262; a log of other years is a mistake.
    guard let year = DecimalBytes.wholeNumber(bytes, start..<start + 4), (1970..<2200).contains(year),
      DecimalBytes.wholeNumber(bytes, start + 5..<start + 7) != nil,
      DecimalBytes.wholeNumber(bytes, start + 8..<start + 10) != nil,
      let day = CalendarDay(String(decoding: bytes[start..<start + 10], as: UTF8.self))
    else { return nil }
    return Int64(day.daysSince1970) * 86_400_000_000_000
  }
}
