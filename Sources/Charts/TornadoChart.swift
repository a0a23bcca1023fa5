// SPDX-License-Identifier: GPL-3.0-or-later
// What each input moves, the largest first: bars from the mean to where the outcome lies at the input's low and high end.

/// A tornado chart.
public struct TornadoChart: Chart {
  /// An input.
  public struct Row: Sendable, Hashable {
    /// Its name.
    public var label: String
    /// The outcome where the input is at its low end.
    public var atLow: Double
    /// The outcome where it is at its high end.
    public var atHigh: Double
    /// What stands at the row's end.
    public var note: String

    /// An input.
    public init(label: String, atLow: Double, atHigh: Double, note: String) {
      self.label = label
      self.atLow = atLow
      self.atHigh = atHigh
      self.note = note
    }
  }

  /// Its id, title and description.
  public let head: ChartHead
  let lowKey: String
  let highKey: String
  let noteTitle: String
  let middle: Double
  let middleLabel: String
  let rows: [Row]
  let axis: ChartAxis

  /// A tornado chart.
  /// - Parameters:
  ///   - head: id, title and description.
  ///   - lowKey: what the bar of the low end stands for.
  ///   - highKey: what the bar of the high end stands for.
  ///   - noteTitle: what the notes are.
  ///   - middle: the outcome where all inputs are as uncertain as ever.
  ///   - middleLabel: its name.
  ///   - rows: in the order in which they are drawn.
  ///   - axis: the outcome's axis.
  public init(
    head: ChartHead, lowKey: String, highKey: String, noteTitle: String, middle: Double,
    middleLabel: String, rows: [Row], axis: ChartAxis
  ) {
    self.head = head
    self.lowKey = lowKey
    self.highKey = highKey
    self.noteTitle = noteTitle
    self.middle = middle
    self.middleLabel = middleLabel
    self.rows = rows
    self.axis = axis
  }

  private static let slots = (low: 0, high: 1)

  /// The chart at a width in pixels: names stand at the left of the bars, above them where it is narrow.
  public func svg(width: Double) -> Markup {
    let isNarrow = width < 500
    var drawing = Drawing(head, width: width)
    let keyBottom = drawing.key(
      [
        ChartKey(label: lowKey, slot: Self.slots.low), ChartKey(label: highKey, slot: Self.slots.high),
      ], left: 0, right: width, top: 0)
    let noteWidth = ([noteTitle] + rows.map(\.note)).map { TextFit.width($0, size: 11) }.max() ?? 0
    let left = isNarrow ? 4.0 : 250
    let right = width - (isNarrow ? 8 : noteWidth + 16)
    let slot = isNarrow ? 40.0 : 28
    let top = keyBottom + 20
    let bottom = top + slot * Double(rows.count)
    let values = rows.flatMap { [$0.atLow, $0.atHigh] } + [middle]
    let domain = Ticks.widened(from: values.min() ?? 0, to: values.max() ?? 1, count: 6)
    let x = Scale(.linear, domain: domain, start: left, end: right)
    drawing.horizontalAxis(axis, x, top: top, bottom: bottom, ticks: isNarrow ? 3 : 6)
    drawing.text(axis.title, right, bottom + 32, "muted small", anchor: .end)
    drawing.text(noteTitle, width - 2, top - 6, "muted small", anchor: .end)
    let zero = x.position(middle)
    for (index, row) in rows.enumerated() {
      let slotTop = top + slot * Double(index)
      let barTop = isNarrow ? slotTop + 18 : slotTop + 5
      for (value, slot) in [(row.atLow, Self.slots.low), (row.atHigh, Self.slots.high)] {
        let end = x.position(value)
        guard (end - zero).magnitude >= 0.1 else { continue }
        drawing.filledRect(
          slot: slot, x: min(zero, end), y: barTop, width: (end - zero).magnitude, height: 18)
      }
      if isNarrow {
        let room = width - TextFit.width(row.note, size: 11) - 12
        drawing.text(TextFit.shortened(row.label, width: room, size: 11), 0, slotTop + 13, "small halo")
        drawing.text(row.note, width - 2, slotTop + 13, "small halo", anchor: .end)
      } else {
        let label = TextFit.shortened(row.label, width: left - 12, size: 11.5)
        drawing.text(label, left - 10, barTop + 13, "small", anchor: .end)
        drawing.text(row.note, width - 2, barTop + 13, "small", anchor: .end)
      }
    }
    drawing.line("mark", zero, top - 4, zero, bottom)
    let half = TextFit.width(middleLabel, size: 11) / 2
    let limit = width - TextFit.width(noteTitle, size: 11) - 10 - half
    drawing.text(
      middleLabel, max(half, min(zero, limit)), top - 8, "small", anchor: .middle)
    return drawing.svg(height: bottom + 38)
  }
}
