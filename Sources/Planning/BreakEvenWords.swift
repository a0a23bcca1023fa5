// SPDX-License-Identifier: GPL-3.0-or-later
// What a break-even says in words, the same way on every axis.

import Decision
import NumberFormatting

enum BreakEvenWords {
  /// The finding of a break-even whose numbers are known: its verdict, with the share of futures where there is no value.
  /// - Parameters:
  ///   - at: a value of the axis in words.
  ///   - always: what always means on the axis.
  ///   - never: what never does.
  static func finding(
    _ found: BreakEven, at: (Double) -> String, always: String, never: String
  ) -> String {
    let word = found.axis == "payback" ? "in" : (found.pays ?? .from).rawValue
    func share(_ share: Double) -> String { "in \(NumberText.percent(share, digits: 0)) of futures" }
    return switch found.verdict {
    case .at(let point): "\(word) \(at(point))"
    case .median(let median): "\(word) \(at(median)) in the median future"
    case .always: "always: \(always), \(share(found.alwaysShare))"
    case .never: "never: \(never), \(share(found.neverShare))"
    }
  }
}
