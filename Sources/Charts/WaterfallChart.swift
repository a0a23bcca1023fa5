// SPDX-License-Identifier: GPL-3.0-or-later
// From one amount to another by steps: what each of several measures takes away.

/// A chart of floating horizontal bars, one a step, each beginning where the one above it ends.
public struct WaterfallChart: Chart {
  /// A bar.
  public struct Row: Sendable, Hashable {
    /// Its name.
    public var label: String
    /// What stands beside it.
    public var note: String
    /// The amount before the step; nil for a whole amount, drawn from the axis's start.
    public var before: Double?
    /// The amount after it, or the whole amount.
    public var after: Double

    /// A bar.
    public init(label: String, note: String, before: Double?, after: Double) {
      self.label = label
      self.note = note
      self.before = before
      self.after = after
    }
  }

  /// Its id, title and description.
  public let head: ChartHead
  let rows: [Row]
  let axis: ChartAxis

  /// A waterfall. On a logarithmic axis, where amounts must be positive, equal shares have equal lengths.
  public init(head: ChartHead, rows: [Row], axis: ChartAxis) {
    precondition(
      axis.kind == .linear || rows.allSatisfy { min($0.before ?? $0.after, $0.after) > 0 },
      "an amount of 0 on a logarithmic axis")
    self.head = head
    self.rows = rows
    self.axis = axis
  }

  /// The chart at a width in pixels: names stand at the left of the bars, above them where it is narrow.
  public func svg(width: Double) -> Markup {
    let isNarrow = width < 500
    var drawing = Drawing(head, width: width)
    let notes = (rows.map { TextFit.width($0.note, size: 11) }.max() ?? 0) + 10
    let left = isNarrow ? 0.0 : 214
    let slot = isNarrow ? 44.0 : 32
    let (top, bottom) = (8.0, 8 + slot * Double(rows.count))
    let x = Scale(axis.kind, domain: domain, start: left, end: max(left + 40, width - notes))
    drawing.horizontalAxis(axis, x, top: top, bottom: bottom, ticks: isNarrow ? 3 : 6)
    drawing.text(axis.title, width, bottom + 32, "muted small", anchor: .end)
    for (index, row) in rows.enumerated() {
      let slotTop = top + slot * Double(index)
      let barTop = isNarrow ? slotTop + 19 : slotTop + 6
      let height = 20.0
      let strong: Markup = row.before == nil ? "strong" : ""
      if isNarrow {
        drawing.text(TextFit.shortened(row.label, width: width - 4), 0, slotTop + 14, "halo \(strong)")
      } else {
        let lines = TextFit.wrapped(row.label, width: left - 12, lines: 2)
        drawing.lines(lines, left - 10, middle: barTop + height / 2, strong, anchor: .end)
      }
      let from = row.before.map { x.position($0) } ?? left
      let to = x.position(row.after)
      // Whole amounts are plain, what is taken away is hatched, what is added has a colour of its own.
      let kind = row.before.map { row.after <= $0 ? 1 : 4 } ?? 0
      drawing.filledRect(
        slot: kind, x: min(from, to), y: barTop, width: max(1, abs(to - from)), height: height)
      if index + 1 < rows.count {
        drawing.line("mark", to, barTop + height, to, barTop + slot)
      }
      drawing.text(row.note, max(from, to) + 6, barTop + height / 2 + 4, "small halo \(strong)")
    }
    return drawing.svg(height: bottom + 38)
  }

  private var domain: ClosedRange<Double> {
    let amounts = rows.flatMap { [$0.before ?? $0.after, $0.after] }
    let (low, high) = (amounts.min() ?? 0, amounts.max() ?? 1)
    switch axis.kind {
    case .linear: return min(0, low)...max(high, low + 1)
    // A whole amount has some length, however small it is beside the others.
    case .logarithmic: return (low / 2)...max(high, low)
    }
  }
}
