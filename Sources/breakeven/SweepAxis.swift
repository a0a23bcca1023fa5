// SPDX-License-Identifier: GPL-3.0-or-later
// An axis as it is typed: `path=from..to:n`, with `log` behind the count where neighbours have a common ratio.

import CommandLineKit
import Foundation
import YAMLDocument

/// A number of the scenario that is moved through a range.
struct SweepAxis: Hashable {
  /// The path that is set.
  let path: String
  /// Its values, ascending or descending.
  let values: [Double]
  /// Whether neighbours have a common ratio.
  let isLogarithmic: Bool

  /// Points that one axis, and two together, may have: more than any terminal shows.
  private static let mostValues = 1000
  private static let mostPoints = 10_000

  /// The axes of the texts, one or two.
  /// - Throws: what is wrong with them.
  static func axes(_ texts: [String]) throws(ValidationError) -> [SweepAxis] {
    guard texts.count <= 2 else {
      throw ValidationError("--sweep is given \(texts.count) times; a sweep has one or two axes.")
    }
    var axes: [SweepAxis] = []
    for text in texts { axes.append(try SweepAxis(text)) }
    if axes.count == 2, axes[0].path == axes[1].path {
      throw ValidationError("Both sweeps change \(axes[0].path); the second needs a path of its own.")
    }
    let points = axes.reduce(1) { $0 * $1.values.count }
    if points > mostPoints {
      throw ValidationError("The sweep has \(points) points; ask for at most \(mostPoints).")
    }
    return axes
  }

  /// An axis.
  /// - Throws: what is wrong with the text.
  private init(_ text: String) throws(ValidationError) {
    func wrong(_ reason: String) -> ValidationError {
      ValidationError(
        "--sweep is '\(text)': \(reason); write path=from..to:n, such as demand.volume=0.5..4:8, or "
          + "demand.volume=0.5..4:8log.")
    }
    guard let change = Override(text) else { throw wrong("it needs a path and a range") }
    guard let dots = change.value.firstRange(of: ".."), let colon = change.value.lastIndex(of: ":"),
      colon > dots.lowerBound
    else { throw wrong("'\(change.value)' is no range") }
    let (first, last) = (
      change.value[..<dots.lowerBound].trimmingCharacters(in: .whitespaces),
      change.value[dots.upperBound..<colon].trimmingCharacters(in: .whitespaces)
    )
    for end in [first, last] where Self.number(end) == nil { throw wrong("'\(end)' is no number") }
    guard let from = Self.number(first), let to = Self.number(last) else { throw wrong("it has no ends") }
    var count = change.value[change.value.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    let isLogarithmic = count.hasSuffix("log")
    if isLogarithmic { count.removeLast("log".count) }
    count = count.trimmingCharacters(in: .whitespaces)
    guard let values = Int(count), count.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw wrong("'\(count)' is no number of points")
    }
    guard values >= 2 else {
      throw wrong("\(values) point\(values == 1 ? " is" : "s are") no range, at least 2 are needed")
    }
    guard values <= Self.mostValues else { throw wrong("an axis has at most \(Self.mostValues) points") }
    guard from != to else { throw wrong("both ends are \(Self.text(from))") }
    if isLogarithmic, !(from > 0 && to > 0) {
      throw wrong("equal ratios need ends above 0")
    }
    path = change.path
    self.isLogarithmic = isLogarithmic
    self.values = (0..<values).map { index in
      if index == 0 { return from }
      if index == values - 1 { return to }
      let share = Double(index) / Double(values - 1)
      let value = isLogarithmic ? from * pow(to / from, share) : from + share * (to - from)
      // 0.3 rather than 0.30000000000000004: what is set is what is shown.
      return Double(String(format: "%.9g", value)) ?? value
    }
  }

  /// A value as it is set, as short as it can be.
  static func text(_ value: Double) -> String {
    let short = String(format: "%.9g", value)
    return Double(short) == value ? short : "\(value)"
  }

  private static func number(_ text: String) -> Double? {
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }
}
