// SPDX-License-Identifier: GPL-3.0-or-later
// Stacked columns in panels that share one axis: two options' costs month by month, comparable at a glance.

/// A chart of stacked columns in one or more panels.
public struct ColumnChart: Chart {
  /// A panel.
  public struct Panel: Sendable, Hashable {
    /// Its title.
    public var title: String
    /// The columns' names.
    public var columns: [String]
    /// The segments of each column from the axis outwards, by index into the chart's keys.
    public var segments: [[Double]]

    /// A panel. `segments[column][key]` is the value of a key in a column.
    public init(title: String, columns: [String], segments: [[Double]]) {
      self.title = title
      self.columns = columns
      self.segments = segments
    }
  }

  /// Its id, title and description.
  public let head: ChartHead
  let keys: [ChartKey]
  let panels: [Panel]
  let axis: ChartAxis

  /// A column chart; every column has one value per key.
  public init(head: ChartHead, keys: [ChartKey], panels: [Panel], axis: ChartAxis) {
    precondition(
      panels.allSatisfy { panel in
        panel.columns.count == panel.segments.count && panel.segments.allSatisfy { $0.count == keys.count }
      }, "a column without a value for every key")
    self.head = head
    self.keys = keys
    self.panels = panels
    self.axis = axis
  }

  /// The chart at a width in pixels: panels stand side by side, one above the other where it is narrow.
  public func svg(width: Double) -> Markup {
    let isNarrow = width < 500
    let plotHeight = isNarrow ? 170.0 : 240
    let panelHeight = plotHeight + 66
    var drawing = Drawing(head, width: width)
    drawing.text(axis.title, 0, 12, "muted small")
    let across = isNarrow ? 1 : max(1, panels.count)
    let panelWidth = width / Double(across)
    for (index, panel) in panels.enumerated() where !panel.columns.isEmpty {
      let column = Double(index % across)
      let row = Double(index / across)
      let left = column * panelWidth
      draw(
        panel, left: left, right: left + panelWidth - (isNarrow ? 0 : 10), top: 20 + row * panelHeight,
        plotHeight: plotHeight, into: &drawing)
    }
    let rows = (panels.count + across - 1) / across
    return drawing.svg(height: 20 + Double(max(1, rows)) * panelHeight)
  }

  /// Zero, and the highest and lowest column of all panels.
  private var domain: ClosedRange<Double> {
    let columns = panels.flatMap(\.segments)
    let high = columns.map { $0.filter { $0 > 0 }.reduce(0, +) }.max() ?? 0
    let low = columns.map { $0.filter { $0 < 0 }.reduce(0, +) }.min() ?? 0
    guard high > low else { return 0...1 }
    return Ticks.widened(from: low, to: high, count: 5)
  }

  private func draw(
    _ panel: Panel, left: Double, right: Double, top: Double, plotHeight: Double, into drawing: inout Drawing
  ) {
    let isNarrow = drawing.width < 500
    let names = isNarrow ? 104.0 : 124
    let plotLeft = left + (isNarrow ? 44 : 50)
    let plotRight = right - names - 10
    let plotTop = top + 26
    let plotBottom = plotTop + plotHeight
    let y = Scale(.linear, domain: domain, start: plotBottom, end: plotTop)
    let bands = BandScale(count: panel.columns.count, start: plotLeft, end: plotRight, gap: 0.22)

    let title = TextFit.shortened(panel.title, width: right - left - 4)
    drawing.text(title, left, top + 12, "strong")
    drawing.verticalAxis(axis, y, left: plotLeft, right: plotRight, ticks: 5)
    var wanted: [(middle: Double, slot: Int, label: String)] = []
    for (column, values) in panel.segments.enumerated() {
      var above = 0.0
      var below = 0.0
      for (key, value) in zip(keys, values) where value != 0 {
        let from = value > 0 ? above : below
        let to = from + value
        if value > 0 { above = to } else { below = to }
        let upper = min(y.position(from), y.position(to))
        let lower = max(y.position(from), y.position(to))
        drawing.filledRect(
          slot: key.slot, x: bands.position(column), y: upper, width: bands.bandwidth, height: lower - upper)
        if column == panel.segments.count - 1 {
          wanted.append(((upper + lower) / 2, key.slot, key.label))
        }
      }
    }
    nameEarlier(panel, bands, y, into: &drawing)
    columnNames(panel, bands, plotBottom, into: &drawing)
    name(
      wanted, at: bands.position(panel.columns.count - 1) + bands.bandwidth, width: names, plotTop,
      plotBottom, &drawing)
  }

  /// Names what the last column lacks, such as a one-off cost, beside the column in which it is largest.
  private func nameEarlier(_ panel: Panel, _ bands: BandScale, _ y: Scale, into drawing: inout Drawing) {
    for (index, key) in keys.enumerated() where panel.segments.last?[index] == 0 {
      let values = panel.segments.map { $0[index] }
      guard let largest = values.max(), largest > 0, let column = values.firstIndex(of: largest) else {
        continue
      }
      let below = panel.segments[column][..<index].filter { $0 > 0 }.reduce(0, +)
      let edge = bands.position(column) + bands.bandwidth + 6
      let lines = TextFit.wrapped(key.label, width: max(40, bands.end - edge), lines: 2, size: 11)
      drawing.lines(
        lines, edge, middle: y.position(below + largest / 2),
        "small label halo \(Palette.seriesClass(key.slot))")
    }
  }

  /// Names below the columns, as many as fit.
  private func columnNames(_ panel: Panel, _ bands: BandScale, _ bottom: Double, into drawing: inout Drawing)
  {
    let widest = panel.columns.map { TextFit.width($0, size: 11) }.max() ?? 0
    let every = max(1, Int(((widest + 6) / bands.slot).rounded(.up)))
    for (index, name) in panel.columns.enumerated() where index % every == 0 {
      // The first name may not run into the axis at its left, so all of them start with their column.
      if every > 1 {
        drawing.text(name, bands.position(index), bottom + 16, "muted small")
      } else {
        drawing.text(name, bands.middle(index), bottom + 16, "muted small", anchor: .middle)
      }
    }
  }

  /// Names the last column's segments at its right, pushed apart where they are thin.
  private func name(
    _ segments: [(middle: Double, slot: Int, label: String)], at edge: Double, width: Double, _ top: Double,
    _ bottom: Double, _ drawing: inout Drawing
  ) {
    let sorted = segments.enumerated().sorted {
      ($0.element.middle, $0.offset) < ($1.element.middle, $1.offset)
    }.map(\.element)
    let texts = sorted.map { TextFit.wrapped($0.label, width: width - 6, lines: 2, size: 11) }
    let heights = texts.map { Double($0.count) * TextFit.lineHeight + 2 }
    let centres = TextFit.spread(sorted.map(\.middle), heights: heights, from: top - 4, to: bottom + 10)
    for (index, segment) in sorted.enumerated() {
      let kind = Palette.seriesClass(segment.slot)
      drawing.path(
        "leader \(kind)", "M\(edge + 1) \(segment.middle)L\(edge + 9) \(centres[index])")
      drawing.lines(texts[index], edge + 12, middle: centres[index], "small label \(kind)")
    }
  }
}
