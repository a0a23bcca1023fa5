// SPDX-License-Identifier: GPL-3.0-or-later
// Lines over a continuous axis, each named where it runs: cumulative distributions, and anything along volume.

/// A line chart.
public struct LineChart: Chart {
  /// A line.
  public struct Series: Sendable, Hashable {
    /// Its name and colour.
    public var key: ChartKey
    /// Its points in ascending order of x.
    public var points: [Point]
    /// Whether it is drawn thicker than the others.
    public var isEmphasized: Bool

    /// A line.
    public init(key: ChartKey, points: [Point], isEmphasized: Bool = false) {
      self.key = key
      self.points = points
      self.isEmphasized = isEmphasized
    }
  }

  /// A point of a line.
  public struct Point: Sendable, Hashable {
    /// Along the horizontal axis.
    public var x: Double
    /// Along the vertical axis.
    public var y: Double

    /// A point.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// How points are joined.
  public enum Joint: Sendable, Hashable {
    /// By straight lines.
    case straight
    /// By steps: a value holds until the next point.
    case step
  }

  /// A height worth a line across the plot.
  public struct Guide: Sendable, Hashable {
    /// The height.
    public var value: Double
    /// Its name, set at the line's right end.
    public var label: String

    /// A guide.
    public init(value: Double, label: String) {
      self.value = value
      self.label = label
    }
  }

  /// Its id, title and description.
  public let head: ChartHead
  let series: [Series]
  let joint: Joint
  let xAxis: ChartAxis
  let yAxis: ChartAxis
  let yDomain: ClosedRange<Double>?
  let guides: [Guide]

  /// A line chart. `yDomain` fixes the vertical axis; without it, it runs from zero to the highest point.
  public init(
    head: ChartHead, series: [Series], joint: Joint = .straight, xAxis: ChartAxis, yAxis: ChartAxis,
    yDomain: ClosedRange<Double>? = nil, guides: [Guide] = []
  ) {
    self.head = head
    self.series = series
    self.joint = joint
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.yDomain = yDomain
    self.guides = guides
  }

  /// The chart at a width in pixels: names of lines that find no free place stand in a key below.
  public func svg(width: Double) -> Markup {
    let isNarrow = width < 500
    let height = isNarrow ? 400.0 : 390
    var drawing = Drawing(head, width: width)
    let left = isNarrow ? 40.0 : 48
    let right = width - (guides.isEmpty ? 14 : 40)
    let top = 26.0
    let bottom = height - 38

    let x = horizontalScale(from: left, to: right)
    let y = Scale(yAxis.kind, domain: verticalDomain, start: bottom, end: top)
    drawing.text(yAxis.title, 0, 12, "muted small")
    drawing.verticalAxis(yAxis, y, left: left, right: right, ticks: 5)
    drawing.horizontalAxis(xAxis, x, top: top, bottom: bottom, ticks: isNarrow ? 4 : 8)
    drawing.text(xAxis.title, right, height - 5, "muted small", anchor: .end)
    for guide in guides {
      let level = y.position(guide.value)
      drawing.line("mark", left, level, right, level)
      drawing.text(guide.label, right + 5, level + 4, "muted small")
    }

    let lines = series.map { one in
      corners(of: one).map { LabelPlacement.Point(x: x.position($0.x), y: y.position($0.y)) }
    }
    // The emphasized line is drawn last, over the others.
    let order =
      series.indices.filter { !series[$0].isEmphasized } + series.indices.filter { series[$0].isEmphasized }
    for index in order {
      let bold: Markup = series[index].isEmphasized ? " bold" : ""
      drawing.path(
        "line \(Palette.seriesClass(series[index].key.slot))\(bold)", Self.data(lines[index]))
    }
    let placement = LabelPlacement(
      bounds: .init(left: left + 2, top: top, right: right, bottom: bottom - 2), lines: lines,
      guides: guides.map { y.position($0.value) })
    let wraps = series.map { one in Self.wraps(one.key.label, isNarrow: isNarrow) }
    let labels = placement.labels(
      wraps.map { wraps in
        wraps.map { lines in
          .init(
            width: (lines.map { TextFit.width($0) }.max() ?? 0) + 4,
            height: Double(lines.count) * TextFit.lineHeight + 2)
        }
      })
    var unnamed: [Series] = []
    for (index, one) in series.enumerated() {
      guard let label = labels[index] else {
        unnamed.append(one)
        continue
      }
      let strong: Markup = one.isEmphasized ? " strong" : ""
      drawing.lines(
        wraps[index][label.size], label.box.left + 2, middle: (label.box.top + label.box.bottom) / 2,
        "label halo \(Palette.seriesClass(one.key.slot))\(strong)")
    }
    guard !unnamed.isEmpty else { return drawing.svg(height: height) }
    let end = key(unnamed, top: height + 14, into: &drawing)
    return drawing.svg(height: end)
  }

  /// Samples of lines with their names, in rows; returns the height below them.
  private func key(_ unnamed: [Series], top: Double, into drawing: inout Drawing) -> Double {
    var x = 0.0
    var y = top
    for one in unnamed {
      let label = TextFit.shortened(one.key.label, width: drawing.width - 46)
      let wide = 42 + TextFit.width(label)
      if x > 0, x + wide > drawing.width {
        x = 0
        y += 20
      }
      let kind = Palette.seriesClass(one.key.slot)
      let bold: Markup = one.isEmphasized ? " bold" : ""
      drawing.line("line \(kind)\(bold)", x, y, x + 34, y)
      drawing.text(label, x + 42, y + 4, one.isEmphasized ? "strong" : "")
      x += wide + 18
    }
    return y + 12
  }

  /// The ways to break a name, the flattest first; a way that gives the same lines as another is left out.
  private static func wraps(_ label: String, isNarrow: Bool) -> [[String]] {
    var result: [[String]] = []
    for (width, lines) in isNarrow ? [(96.0, 2), (80, 4)] : [(170.0, 2), (110, 3), (84, 4)] {
      let wrapped = TextFit.wrapped(label, width: width, lines: lines)
      if !result.contains(wrapped) { result.append(wrapped) }
    }
    // What must be cut to fit is taken only where every way cuts.
    let whole = result.filter { !$0.contains { $0.hasSuffix("…") } }
    return whole.isEmpty ? result : whole
  }

  private func corners(of one: Series) -> [Point] {
    guard joint == .step else { return one.points }
    var result: [Point] = []
    for point in one.points {
      if let last = result.last { result.append(Point(x: point.x, y: last.y)) }
      result.append(point)
    }
    return result
  }

  private func horizontalScale(from left: Double, to right: Double) -> Scale {
    let values = series.flatMap { $0.points.map(\.x) }.filter { xAxis.kind == .linear || $0 > 0 }
    let low = values.min() ?? 1
    let high = max(values.max() ?? 1, low)
    if xAxis.kind == .logarithmic {
      return Scale(.logarithmic, domain: low...(high > low ? high : low * 10), start: left, end: right)
    }
    return Scale(.linear, domain: low...(high > low ? high : low + 1), start: left, end: right)
  }

  private var verticalDomain: ClosedRange<Double> {
    if let yDomain { return yDomain }
    let values = series.flatMap { $0.points.map(\.y) }.filter { yAxis.kind == .linear || $0 > 0 }
    let high = values.max() ?? 1
    if yAxis.kind == .logarithmic {
      let low = values.min() ?? 1
      return low...(high > low ? high : low * 10)
    }
    return Ticks.widened(from: min(0, values.min() ?? 0), to: high, count: 5)
  }

  private static func data(_ points: [LabelPlacement.Point]) -> Markup {
    var data = Markup()
    for (index, point) in points.enumerated() {
      data +=
        index == 0
        ? "M\(point.x) \(point.y)" : index == 1 ? "L\(point.x) \(point.y)" : " \(point.x) \(point.y)"
    }
    return data
  }
}
