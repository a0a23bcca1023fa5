// SPDX-License-Identifier: GPL-3.0-or-later
// How far a break-even spreads over futures, in the same words in the terminal, on the page and in Markdown.

public import Decision
import NumberFormatting

extension BreakEven {
  /// The P10–P90 over the futures that have a break-even, and the share that has none where the finding does not say so
  /// already; nil where no future has one.
  public var range: String? {
    guard let value else { return nil }
    let ends = [value.p10, value.p90].map { NumberText.breakEven($0, axis: axis) }
    let range = "P10–P90 \(ends[0]) – \(ends[1])"
    switch verdict {
    case .never, .always: return "\(range) where there is one"
    case .at, .median:
      return neverShare > 0
        ? "\(range); never in \(NumberText.percent(neverShare, digits: 0)) of futures" : range
    }
  }
}
