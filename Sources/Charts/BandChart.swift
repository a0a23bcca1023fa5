// SPDX-License-Identifier: GPL-3.0-or-later
// Something that grows from month to month and nobody knows how fast: a median with a band of four futures in five.

/// Lines over equally spaced columns, one of them with a band around it, and a line at zero.
public struct BandChart: Chart {
  /// A line.
  public struct Series: Sendable, Hashable {
    /// Its name and colour.
    public var key: ChartKey
    /// Its value in each column.
    public var values: [Double]

    /// A line.
    public init(key: ChartKey, values: [Double]) {
      self.key = key
      self.values = values
    }
  }

  /// Its id, title and description.
  public let head: ChartHead
  let columns: [String]
  let series: Series
  let low: [Double]
  let high: [Double]
  let others: [Series]
  let band: String
  let axis: ChartAxis

  /// A chart.
  /// - Parameters:
  ///   - columns: names of the columns, at least one.
  ///   - series: the line with the band.
  ///   - low: the band's lower edge in each column.
  ///   - high: its upper edge.
  ///   - band: what the band is, in words.
  ///   - others: further lines, thinner.
  public init(
    head: ChartHead, columns: [String], series: Series, low: [Double], high: [Double], band: String,
    others: [Series], axis: ChartAxis
  ) {
    precondition(
      !columns.isEmpty
        && ([low, high] + (others + [series]).map(\.values)).allSatisfy { $0.count == columns.count },
      "a line without its \(columns.count) columns")
    self.head = head
    self.columns = columns
    self.series = series
    self.low = low
    self.high = high
    self.band = band
    self.others = others
    self.axis = axis
  }

  /// The chart at a width in pixels.
  public func svg(width: Double) -> Markup {
    let isNarrow = width < 500
    var drawing = Drawing(head, width: width)
    let (left, right, top, bottom) = (isNarrow ? 54.0 : 60, width - 12, 26.0, isNarrow ? 260.0 : 300)
    let all = low + high + series.values + others.flatMap(\.values) + [0]
    let domain = Ticks.widened(from: all.min() ?? 0, to: all.max() ?? 1, count: 5)
    let y = Scale(.linear, domain: domain, start: bottom, end: top)
    let step = (right - left) / Double(max(1, columns.count - 1))
    func points(_ values: [Double]) -> [(x: Double, y: Double)] {
      values.enumerated().map { (left + step * Double($0.offset), y.position($0.element)) }
    }
    drawing.text(axis.title, 0, 12, "muted small")
    drawing.path("h2", Self.data(points(high) + points(low).reversed()) + "Z")
    drawing.verticalAxis(axis, y, left: left, right: right, ticks: 5)
    drawing.line("mark", left, y.position(0), right, y.position(0))
    for other in others {
      drawing.path("line \(Palette.seriesClass(other.key.slot))", Self.data(points(other.values)))
    }
    drawing.path("line bold \(Palette.seriesClass(series.key.slot))", Self.data(points(series.values)))
    var free = 0.0
    for (index, column) in columns.enumerated() {
      let wide = TextFit.width(column, size: 11)
      let start = min(max(left + step * Double(index) - wide / 2, 0), width - wide)
      guard start > free else { continue }
      drawing.text(column, start, bottom + 16, "muted small")
      free = start + wide + 8
    }
    var row = bottom + 38
    drawing.rect("h2", x: 0, y: row - 6, width: 34, height: 12)
    drawing.text(TextFit.shortened(band, width: width - 46), 42, row + 4)
    for one in [series] + others {
      row += 20
      let kind = Palette.seriesClass(one.key.slot)
      drawing.line(one == series ? "line bold \(kind)" : "line \(kind)", 0, row, 34, row)
      drawing.text(
        TextFit.shortened(one.key.label, width: width - 46), 42, row + 4, one == series ? "strong" : "")
    }
    return drawing.svg(height: row + 12)
  }

  private static func data(_ points: [(x: Double, y: Double)]) -> Markup {
    var data = Markup()
    for (index, point) in points.enumerated() {
      data += "\((index == 0 ? "M" : "L") as Markup)\(point.x) \(point.y)"
    }
    return data
  }
}
