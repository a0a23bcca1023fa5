// SPDX-License-Identifier: GPL-3.0-or-later
// Shares that add up, along a continuous axis: which option is cheapest at which volume. Layers are named inside.

/// A chart of stacked areas.
public struct AreaChart: Chart {
  /// A layer.
  public struct Layer: Sendable, Hashable {
    /// Its name and colour.
    public var key: ChartKey
    /// Its height at each x, zero or more.
    public var values: [Double]

    /// A layer.
    public init(key: ChartKey, values: [Double]) {
      self.key = key
      self.values = values
    }
  }

  /// A value of the horizontal axis worth a line.
  public struct Guide: Sendable, Hashable {
    /// The value.
    public var value: Double
    /// Its name, set above the plot.
    public var label: String

    /// A guide.
    public init(value: Double, label: String) {
      self.value = value
      self.label = label
    }
  }

  /// Its id, title and description.
  public let head: ChartHead
  let xs: [Double]
  let layers: [Layer]
  let xAxis: ChartAxis
  let yAxis: ChartAxis
  let yMaximum: Double
  let guide: Guide?

  /// A stacked area chart over ascending `xs`; every layer has a value for each of them.
  public init(
    head: ChartHead, xs: [Double], layers: [Layer], xAxis: ChartAxis, yAxis: ChartAxis, yMaximum: Double,
    guide: Guide? = nil
  ) {
    precondition(layers.allSatisfy { $0.values.count == xs.count }, "a layer without a value for every x")
    self.head = head
    self.xs = xs
    self.layers = layers
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.yMaximum = yMaximum
    self.guide = guide
  }

  /// A layer in pixels.
  private struct Band {
    var key: ChartKey
    var top: [Double]
    var bottom: [Double]
  }

  /// The chart at a width in pixels: names of layers too thin for them stand in a key below.
  public func svg(width: Double) -> Markup {
    let isNarrow = width < 500
    let plotHeight = isNarrow ? 230.0 : 270
    var drawing = Drawing(head, width: width)
    let left = isNarrow ? 44.0 : 48
    let right = width - 14
    let top = 38.0
    let bottom = top + plotHeight
    let low = xs.first ?? 1
    let high = xs.last ?? 1
    let x = Scale(xAxis.kind, domain: low...(high > low ? high : low * 2), start: left, end: right)
    let y = Scale(.linear, domain: 0...yMaximum, start: bottom, end: top)

    drawing.text(yAxis.title, 0, 12, "muted small")
    drawing.verticalAxis(yAxis, y, left: left, right: right, ticks: 5)
    let positions = xs.map(x.position)
    let bands = stacked(y)
    for band in bands {
      var data = Markup()
      for (index, position) in positions.enumerated() {
        data += index == 0 ? "M\(position) \(band.top[index])" : "L\(position) \(band.top[index])"
      }
      for index in positions.indices.reversed() { data += "L\(positions[index]) \(band.bottom[index])" }
      drawing.filled(slot: band.key.slot, data + "Z")
    }
    ticks(x, bottom: bottom, into: &drawing)
    drawing.text(xAxis.title, right, bottom + 34, "muted small", anchor: .end)
    if let guide, x.domain.contains(guide.value) {
      let position = x.position(guide.value)
      drawing.line("mark", position, top - 4, position, bottom)
      let half = TextFit.width(guide.label, size: 11) / 2
      drawing.text(
        guide.label, min(max(position, half), width - half), top - 8, "small", anchor: .middle)
    }
    var unnamed: [ChartKey] = []
    for band in bands where !label(band, positions, &drawing, avoiding: guide.map { x.position($0.value) }) {
      unnamed.append(band.key)
    }
    guard !unnamed.isEmpty else { return drawing.svg(height: bottom + 40) }
    drawing.text("Too thin to name above:", 0, bottom + 56, "muted small")
    let end = drawing.key(unnamed, left: 0, right: width, top: bottom + 64)
    return drawing.svg(height: end + 2)
  }

  /// A tick at every x that has values: between them the areas are only joined up.
  private func ticks(_ x: Scale, bottom: Double, into drawing: inout Drawing) {
    var free = 0.0
    for value in xs {
      let position = x.position(value)
      let label = xAxis.label(value)
      let wide = TextFit.width(label, size: 11)
      drawing.line("axis", position, bottom, position, bottom + 3)
      let left = min(position - wide / 2, drawing.width - wide)
      guard left > free else { continue }
      drawing.text(label, left, bottom + 16, "muted small")
      free = left + wide + 6
    }
  }

  /// The layers that are anywhere above zero, first layer lowest.
  private func stacked(_ y: Scale) -> [Band] {
    var floor = xs.map { _ in 0.0 }
    var bands: [Band] = []
    for layer in layers where layer.values.contains(where: { $0 > 0 }) {
      let ceiling = zip(floor, layer.values).map { $0 + max(0, $1) }
      bands.append(Band(key: layer.key, top: ceiling.map(y.position), bottom: floor.map(y.position)))
      floor = ceiling
    }
    return bands
  }

  /// Sets a layer's name where it is thickest over the name's whole width; false where it fits nowhere.
  private func label(
    _ band: Band, _ positions: [Double], _ drawing: inout Drawing, avoiding guide: Double?
  ) -> Bool {
    guard let first = positions.first, let last = positions.last else { return false }
    for limit in [280.0, 150, 96] {
      let lines = TextFit.wrapped(band.key.label, width: limit, lines: limit < 200 ? 2 : 1)
      let half = (lines.map { TextFit.width($0) }.max() ?? 0) / 2 + 5
      let needed = Double(lines.count) * TextFit.lineHeight + 4
      var best: (x: Double, middle: Double, room: Double)?
      var x = first + half
      while x <= last - half {
        // The name's extent, sampled: the room is from the lowest point of the upper edge to the highest of the lower.
        let samples = (0...8).map { x - half + Double($0) * half / 4 }
        let ceiling = samples.map { Self.height(band.top, positions, $0) }.max() ?? 0
        let floor = samples.map { Self.height(band.bottom, positions, $0) }.min() ?? 0
        var room = floor - ceiling
        if let guide, (x - half...x + half).contains(guide) { room *= 0.3 }
        if room >= needed, room > (best?.room ?? 0) + 0.5 { best = (x, (floor + ceiling) / 2, room) }
        x += 6
      }
      if let best {
        drawing.lines(
          lines, best.x, middle: best.middle, "inside strong \(Palette.seriesClass(band.key.slot))",
          anchor: .middle)
        return true
      }
    }
    return false
  }

  /// The height of an edge at a pixel between its points.
  private static func height(_ edge: [Double], _ positions: [Double], _ x: Double) -> Double {
    guard let next = positions.firstIndex(where: { $0 >= x }) else { return edge.last ?? 0 }
    guard next > 0 else { return edge[next] }
    let share = (x - positions[next - 1]) / (positions[next] - positions[next - 1])
    return edge[next - 1] + share * (edge[next] - edge[next - 1])
  }
}
