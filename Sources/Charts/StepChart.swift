// SPDX-License-Identifier: GPL-3.0-or-later
// Layers that change in steps and stand on each other: GPUs hour by hour over a week, or over the hours of a year
// sorted by how many there are.

/// A chart of stacked steps over a continuous axis.
public struct StepChart: Chart {
  /// A layer.
  public struct Layer: Sendable, Hashable {
    /// Its name and colour.
    public var key: ChartKey
    /// Its height between each two edges, zero or more.
    public var values: [Double]

    /// A layer.
    public init(key: ChartKey, values: [Double]) {
      self.key = key
      self.values = values
    }
  }

  /// A named place of the horizontal axis.
  public struct Tick: Sendable, Hashable {
    /// Where it is.
    public var value: Double
    /// Its name; it stands at the place's right where `isStretch`, else below it.
    public var label: String

    /// A place.
    public init(value: Double, label: String) {
      self.value = value
      self.label = label
    }
  }

  /// Its id, title and description.
  public let head: ChartHead
  let edges: [Double]
  let layers: [Layer]
  let ticks: [Tick]
  let isStretch: Bool
  let xTitle: String
  let yAxis: ChartAxis
  let marks: [Double]
  let markLabel: String

  /// A chart of stacked steps.
  /// - Parameters:
  ///   - head: id, title and description.
  ///   - edges: where the steps begin and end, ascending: one more than each layer has values.
  ///   - layers: the lowest first.
  ///   - ticks: the named places of the horizontal axis.
  ///   - isStretch: whether a tick names the stretch to the next one, as a day does, and not a point.
  ///   - xTitle: what the horizontal axis measures.
  ///   - yAxis: the vertical axis.
  ///   - marks: places where something happened, marked above the plot.
  ///   - markLabel: what happened there; stands in the key.
  public init(
    head: ChartHead, edges: [Double], layers: [Layer], ticks: [Tick], isStretch: Bool = false,
    xTitle: String, yAxis: ChartAxis, marks: [Double] = [], markLabel: String = ""
  ) {
    precondition(
      layers.allSatisfy { $0.values.count + 1 == edges.count }, "a layer without a value for every step")
    self.head = head
    self.edges = edges
    self.layers = layers
    self.ticks = ticks
    self.isStretch = isStretch
    self.xTitle = xTitle
    self.yAxis = yAxis
    self.marks = marks
    self.markLabel = markLabel
  }

  /// The chart at a width in pixels: the key stands above the plot.
  public func svg(width: Double) -> Markup {
    let isNarrow = width < 500
    var drawing = Drawing(head, width: width)
    let shown = layers.filter { $0.values.contains { $0 > 0 } }
    var top = drawing.key(shown.map(\.key), left: 0, right: width, top: 0)
    if !marks.isEmpty {
      Self.mark(&drawing, x: 5, y: top + 6)
      drawing.text(markLabel, 16, top + 9.5, "small")
      top += 18
    }
    drawing.text(yAxis.title, 0, top + 12, "muted small")
    top += marks.isEmpty ? 24 : 34
    let left = isNarrow ? 34.0 : 48
    let right = width - 10
    let bottom = top + (isNarrow ? 150 : 190)
    let x = Scale(
      .linear, domain: (edges.first ?? 0)...max(edges.last ?? 1, (edges.first ?? 0) + 1e-9), start: left,
      end: right)
    var sums = Array(repeating: 0.0, count: max(0, edges.count - 1))
    for layer in shown { sums = zip(sums, layer.values).map { $0 + max(0, $1) } }
    let y = Scale(
      .linear, domain: Ticks.widened(from: 0, to: max(sums.max() ?? 1, 1e-9), count: 4), start: bottom,
      end: top)
    drawing.verticalAxis(yAxis, y, left: left, right: right, ticks: 4)
    // From the top layer down, each from the axis up: what is below paints over it, so that one edge is enough.
    for layer in shown.reversed() {
      drawing.filled(slot: layer.key.slot, outline(sums, x, y))
      sums = zip(sums, layer.values).map { $0 - max(0, $1) }
    }
    drawing.line("axis", left, bottom, right, bottom)
    for place in marks { Self.mark(&drawing, x: x.position(place), y: top - 8) }
    names(x, top: top, bottom: bottom, into: &drawing)
    drawing.text(xTitle, right, bottom + 34, "muted small", anchor: .end)
    return drawing.svg(height: bottom + 40)
  }

  /// The steps of a height over the axis, equal ones joined.
  private func outline(_ heights: [Double], _ x: Scale, _ y: Scale) -> Markup {
    guard let first = edges.first, let last = edges.last else { return "" }
    var data: Markup = "M\(x.position(first)) \(y.start)"
    var level = y.start
    for (index, height) in heights.enumerated() {
      // To whole pixels: finer steps cannot be seen, and a week of several fleets would outgrow a chart's 15 kB.
      let next = y.position(height).rounded()
      guard next != level else { continue }
      data += "H\(x.position(edges[index]))V\(next)"
      level = next
    }
    return data + "H\(x.position(last))V\(y.start)Z"
  }

  /// Names of places, as many as don't touch.
  private func names(_ x: Scale, top: Double, bottom: Double, into drawing: inout Drawing) {
    var free = -Double.infinity
    for (index, tick) in ticks.enumerated() {
      let position = x.position(tick.value)
      if isStretch, index > 0 { drawing.line("grid", position, top, position, bottom) }
      drawing.line("axis", position, bottom, position, bottom + 4)
      let wide = TextFit.width(tick.label, size: 11)
      let end = isStretch ? (ticks.dropFirst(index + 1).first.map { x.position($0.value) } ?? x.end) : 0
      let wanted = isStretch ? (position + end - wide) / 2 : position - wide / 2
      let left = max(0, min(wanted, drawing.width - wide))
      guard left > free else { continue }
      drawing.text(tick.label, left, bottom + 17, "muted small")
      free = left + wide + 6
    }
  }

  private static func mark(_ drawing: inout Drawing, x: Double, y: Double) {
    drawing.path("limitmark", "M\(x - 3.5) \(y - 4)h7L\(x) \(y + 4)Z")
  }
}
