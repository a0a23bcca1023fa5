// SPDX-License-Identifier: GPL-3.0-or-later
// Ranges as dots and whiskers, in groups that may have a limit: cost P10–P50–P90, latency against its objective.

/// A chart of ranges.
public struct RangeChart: Chart {
  /// What the marks of a row stand for, in the field's words.
  public struct Legend: Sendable, Hashable {
    /// Where the whisker begins.
    public var low: String
    /// The dot.
    public var dot: String
    /// Where the whisker ends; empty where every row is one dot.
    public var high: String
    /// The diamond; empty where rows have none.
    public var diamond: String

    /// The marks' names. The dot may stand at the whisker's beginning: then `low` is empty.
    public init(low: String, dot: String, high: String, diamond: String = "") {
      self.low = low
      self.dot = dot
      self.high = high
      self.diamond = diamond
    }
  }

  /// A range.
  public struct Row: Sendable, Hashable {
    /// Its name and colour.
    public var key: ChartKey
    /// Where the whisker begins.
    public var low: Double
    /// The dot.
    public var dot: Double
    /// Where the whisker ends.
    public var high: Double
    /// The diamond, where there is one.
    public var diamond: Double?
    /// What stands at the row's end.
    public var note: String
    /// Whether its name is set stronger than the others.
    public var isEmphasized: Bool

    /// A range.
    public init(
      key: ChartKey, low: Double, dot: Double, high: Double, diamond: Double? = nil, note: String,
      isEmphasized: Bool = false
    ) {
      self.key = key
      self.low = low
      self.dot = dot
      self.high = high
      self.diamond = diamond
      self.note = note
      self.isEmphasized = isEmphasized
    }
  }

  /// Rows held against one limit.
  public struct Group: Sendable, Hashable {
    /// Its title; empty for none.
    public var title: String
    /// The limit, where there is one.
    public var limit: Double?
    /// The limit in words.
    public var limitLabel: String
    /// Its rows.
    public var rows: [Row]

    /// A group of rows.
    public init(title: String = "", limit: Double? = nil, limitLabel: String = "", rows: [Row]) {
      self.title = title
      self.limit = limit
      self.limitLabel = limitLabel
      self.rows = rows
    }
  }

  /// Its id, title and description.
  public let head: ChartHead
  let legend: Legend
  let groups: [Group]
  let axis: ChartAxis

  /// A chart of ranges.
  public init(head: ChartHead, legend: Legend, groups: [Group], axis: ChartAxis) {
    self.head = head
    self.legend = legend
    self.groups = groups
    self.axis = axis
  }

  /// The chart at a width in pixels: names stand at the left of the ranges, above them where it is narrow.
  public func svg(width: Double) -> Markup {
    let isNarrow = width < 500
    var drawing = Drawing(head, width: width)
    let notes = (groups.flatMap(\.rows).map { TextFit.width($0.note, size: 11) }.max() ?? 0) + 14
    let left = isNarrow ? 8.0 : 226
    let right = width - (isNarrow ? 12 : notes)
    let slot = isNarrow ? 38.0 : 32
    let top = 30.0
    let heights = groups.map { Double($0.rows.count) * slot + ($0.title.isEmpty ? 0 : 24) + 8 }
    let bottom = top + heights.reduce(0, +)
    let x = Scale(axis.kind, domain: domain, start: left, end: right)
    sample(at: left, width: width, into: &drawing)
    drawing.horizontalAxis(axis, x, top: top, bottom: bottom, ticks: isNarrow ? 4 : 7)
    drawing.text(axis.title, right, bottom + 32, "muted small", anchor: .end)

    var y = top
    for (group, height) in zip(groups, heights) {
      let rowsTop = y + (group.title.isEmpty ? 0 : 24)
      if !group.title.isEmpty {
        // A limit's label stands on the same line.
        let room = group.limit == nil ? right : isNarrow ? 130 : 210
        drawing.text(TextFit.shortened(group.title, width: room), 0, y + 18, "strong halo")
      }
      for (index, row) in group.rows.enumerated() {
        draw(row, x, slotTop: rowsTop + Double(index) * slot, isNarrow: isNarrow, into: &drawing)
      }
      if let limit = group.limit {
        let position = x.position(limit)
        drawing.line("limit", position, y + 22, position, y + height - 6)
        let half = TextFit.width(group.limitLabel, size: 11) / 2
        drawing.text(
          group.limitLabel, min(max(position, half), width - half - 1), y + 18, "small limitword halo",
          anchor: .middle)
      }
      y += height
    }
    return drawing.svg(height: bottom + 38)
  }

  private func draw(_ row: Row, _ x: Scale, slotTop: Double, isNarrow: Bool, into drawing: inout Drawing) {
    let kind = Palette.seriesClass(row.key.slot)
    let strong: Markup = row.isEmphasized ? "strong " : ""
    let middle = slotTop + (isNarrow ? 26 : 16)
    if isNarrow {
      let noteWidth = TextFit.width(row.note, size: 11)
      drawing.text(
        TextFit.shortened(row.key.label, width: drawing.width - noteWidth - 14, size: 11), 0, slotTop + 14,
        "\(strong)small halo")
      drawing.text(row.note, drawing.width - 2, slotTop + 14, "\(strong)small halo", anchor: .end)
    } else {
      let lines = TextFit.wrapped(row.key.label, width: x.start - 16, lines: 2, size: 11.5)
      drawing.lines(lines, x.start - 12, middle: middle, "\(strong)small", anchor: .end)
      drawing.text(row.note, drawing.width - 2, middle + 4, "\(strong)small", anchor: .end)
    }
    glyph(
      kind, low: x.position(row.low), dot: x.position(row.dot), high: x.position(row.high),
      diamond: row.diamond.map(x.position), y: middle, into: &drawing)
  }

  private func glyph(
    _ kind: Markup, low: Double, dot: Double, high: Double, diamond: Double?, y: Double,
    into drawing: inout Drawing
  ) {
    drawing.path(
      "whisker \(kind)",
      "M\(low) \(y)H\(high)M\(high) \(y - 5)v10M\(low) \(y - 5)v10")
    if let diamond { drawing.diamond("open \(kind)", diamond, y, radius: 5) }
    drawing.circle("dot \(kind)", dot, y, radius: 5)
  }

  /// A sample range above the plot that names its marks.
  private func sample(at left: Double, width: Double, into drawing: inout Drawing) {
    let y = 10.0
    var x = left
    func word(_ text: String, _ drawing: inout Drawing) {
      guard !text.isEmpty else { return }
      drawing.text(text, x, y + 4, "muted small")
      x += TextFit.width(text, size: 11) + 6
    }
    word(legend.low, &drawing)
    // Rows of one dot each have no whisker to name.
    if !legend.high.isEmpty {
      let start = x + 4
      let end = start + 56
      let dot = legend.low.isEmpty ? start : start + 22
      glyph("neutral", low: start, dot: dot, high: end, diamond: nil, y: y, into: &drawing)
      x = end + 8
      word(legend.high, &drawing)
      x += 8
    }
    drawing.circle("dot neutral", x, y, radius: 5)
    x += 10
    word(legend.dot, &drawing)
    guard !legend.diamond.isEmpty else { return }
    x += 8
    drawing.diamond("open neutral", x, y, radius: 5)
    x += 10
    word(legend.diamond, &drawing)
  }

  private var domain: ClosedRange<Double> {
    let rows = groups.flatMap(\.rows)
    var values = rows.flatMap { [$0.low, $0.dot, $0.high] + ($0.diamond.map { [$0] } ?? []) }
    values += groups.compactMap(\.limit)
    if axis.kind == .logarithmic {
      values = values.filter { $0 > 0 }
      let low = values.min() ?? 1
      let high = values.max() ?? 10
      // A little air at both ends, so that no mark is cut.
      return (low / 1.15)...max(high * 1.15, low * 2)
    }
    guard let low = values.min(), let high = values.max() else { return 0...1 }
    return Ticks.widened(from: min(0, low), to: high, count: 8)
  }
}
