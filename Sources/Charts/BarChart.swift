// SPDX-License-Identifier: GPL-3.0-or-later
// Stacked bars with long names: what each option's cost is made of, or what a fleet's hours were spent on.

/// A chart of horizontal stacked bars.
public struct BarChart: Chart {
  /// A bar.
  public struct Row: Sendable, Hashable {
    /// Its name.
    public var label: String
    /// What stands at its end.
    public var note: String
    /// Its segments, by index into the chart's keys.
    public var values: [Double]
    /// Whether its name is set stronger than the others.
    public var isEmphasized: Bool

    /// A bar.
    public init(label: String, note: String, values: [Double], isEmphasized: Bool = false) {
      self.label = label
      self.note = note
      self.values = values
      self.isEmphasized = isEmphasized
    }
  }

  /// Its id, title and description.
  public let head: ChartHead
  let keys: [ChartKey]
  let rows: [Row]
  let axis: ChartAxis

  /// A bar chart; every row has one value per key. Segments are labelled with the axis's text where it fits.
  public init(head: ChartHead, keys: [ChartKey], rows: [Row], axis: ChartAxis) {
    precondition(rows.allSatisfy { $0.values.count == keys.count }, "a row without a value for every key")
    self.head = head
    self.keys = keys
    self.rows = rows
    self.axis = axis
  }

  /// The chart at a width in pixels: names stand at the left of the bars, above them where it is narrow.
  public func svg(width: Double) -> Markup {
    let isNarrow = width < 500
    var drawing = Drawing(head, width: width)
    let keyBottom = drawing.key(keys, left: 0, right: width, top: 2)
    let notes = (rows.map { TextFit.width($0.note, size: 11) }.max() ?? 0) + 8
    let left = isNarrow ? 0.0 : 214
    let right = width - notes
    let slot = isNarrow ? 46.0 : 38
    let top = keyBottom + 8
    let bottom = top + slot * Double(rows.count)
    let x = Scale(.linear, domain: domain, start: left, end: right)
    drawing.horizontalAxis(axis, x, top: top, bottom: bottom, ticks: isNarrow ? 3 : 6)
    drawing.text(axis.title, right, bottom + 32, "muted small", anchor: .end)

    for (index, row) in rows.enumerated() {
      let slotTop = top + slot * Double(index)
      let barTop = isNarrow ? slotTop + 19 : slotTop + 8
      let barHeight = 22.0
      let middle = barTop + barHeight / 2
      let strong: Markup = row.isEmphasized ? "strong" : ""
      if isNarrow {
        drawing.text(TextFit.shortened(row.label, width: width - 4), 0, slotTop + 14, "halo \(strong)")
      } else {
        let lines = TextFit.wrapped(row.label, width: left - 12, lines: 2)
        drawing.lines(lines, left - 10, middle: middle, strong, anchor: .end)
      }
      var above = 0.0
      var below = 0.0
      for (key, value) in zip(keys, row.values) where value != 0 {
        let from = value > 0 ? above : below
        let to = from + value
        if value > 0 { above = to } else { below = to }
        let start = min(x.position(from), x.position(to))
        let end = max(x.position(from), x.position(to))
        drawing.filledRect(slot: key.slot, x: start, y: barTop, width: end - start, height: barHeight)
        let text = axis.label(value)
        if TextFit.width(text, size: 11) + 8 <= end - start {
          drawing.text(
            text, (start + end) / 2, middle + 4, "small inside \(Palette.seriesClass(key.slot))",
            anchor: .middle)
        }
      }
      drawing.text(row.note, x.position(above) + 6, middle + 4, "small \(strong)")
    }
    if !isNarrow { drawing.line("axis", x.position(0), top, x.position(0), bottom) }
    return drawing.svg(height: bottom + 38)
  }

  private var domain: ClosedRange<Double> {
    let high = rows.map { $0.values.filter { $0 > 0 }.reduce(0, +) }.max() ?? 0
    let low = rows.map { $0.values.filter { $0 < 0 }.reduce(0, +) }.min() ?? 0
    guard high > low else { return 0...1 }
    return min(0, low)...max(0, high)
  }
}
