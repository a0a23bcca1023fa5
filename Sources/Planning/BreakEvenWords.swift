// SPDX-License-Identifier: GPL-3.0-or-later
// What a break-even says in words, the same way on every axis.

import Decision
import NumberFormatting

enum BreakEvenWords {
  /// The finding of a break-even whose numbers are known.
  ///
  /// The point at which mean costs are equal leads, since the choice by mean cost hangs on it; not where fewer than a tenth
  /// of the futures have a break-even at all. Without one, the median of the futures that do, where most do. Otherwise
  /// never or always, with the share of futures.
  /// - Parameters:
  ///   - at: a value of the axis in words.
  ///   - always: what always means on the axis.
  ///   - never: what never does.
  static func finding(
    _ found: BreakEven, at: (Double) -> String, always: String, never: String
  ) -> String {
    let side = found.pays ?? .from
    let word = found.axis == "payback" ? "in" : side.rawValue
    if let point = found.point, found.value != nil { return "\(word) \(at(point))" }
    if let value = found.value, found.neverShare < 0.5, found.alwaysShare < 0.5 {
      return "\(word) \(at(value.p50)) in the median future"
    }
    func share(_ share: Double) -> String { "in \(NumberText.percent(share, digits: 0)) of futures" }
    return found.alwaysShare >= found.neverShare
      ? "always: \(always), \(share(found.alwaysShare))" : "never: \(never), \(share(found.neverShare))"
  }
}
