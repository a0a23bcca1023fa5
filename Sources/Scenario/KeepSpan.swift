// SPDX-License-Identifier: GPL-3.0-or-later
// How long stored runs are kept, as people write it: the same words on the command line and in a scenario.

/// What is kept of a scenario's runs.
public enum KeepSpan: Sendable, Hashable, CustomStringConvertible {
  /// The runs of so many days.
  case days(Int)
  /// So many of the newest runs.
  case runs(Int)

  /// What is kept where nobody says otherwise.
  public static let standard = KeepSpan.days(90)

  /// What would be right, in words.
  public static let expectation =
    "a number of runs as 20, of days as 90d or '90 days', or of weeks as 12w, from 1 on"

  /// Reads `90d`, `90 days`, `12w`, `12 weeks`, `20` or `20 runs`; nil for anything else, and beyond 100 years of days.
  public init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    var unit = text.dropFirst(digits.count)
    if unit.first == " " { unit.removeFirst() }
    guard let count = Int(digits), (1...36_500).contains(count) else { return nil }
    switch unit {
    case "", "run", "runs": self = .runs(count)
    case "d", "day", "days": self = .days(count)
    case "w", "week", "weeks":
      guard count <= 36_500 / 7 else { return nil }
      self = .days(7 * count)
    default: return nil
    }
  }

  /// As it is typed: `90d` or `20`.
  public var description: String {
    switch self {
    case .days(let count): "\(count)d"
    case .runs(let count): "\(count)"
    }
  }
}
