// SPDX-License-Identifier: GPL-3.0-or-later
// Two axes and a chance: where in the plane of volume and price an answer holds, where it turns, and where the plan lies.

/// A map of chances over two logarithmic axes with the line of even chances.
public struct FlipMap: Chart {
  /// Its id, title and description.
  public let head: ChartHead
  let xs: [Double]
  let ys: [Double]
  let chances: [[Double]]
  let even: [Double?]
  let xAxis: ChartAxis
  let yAxis: ChartAxis
  let likely: String
  let unlikely: String

  /// A map.
  /// - Parameters:
  ///   - xs: values of the horizontal axis, positive, ascending in equal ratios; at least two.
  ///   - ys: values of the vertical axis, likewise.
  ///   - chances: 0 to 1, by x, then y.
  ///   - even: by x, the y at which the chance is a half; nil where there is none.
  ///   - likely: what holds where the chance is 1.
  ///   - unlikely: what holds where it is 0.
  public init(
    head: ChartHead, xs: [Double], ys: [Double], chances: [[Double]], even: [Double?], xAxis: ChartAxis,
    yAxis: ChartAxis, likely: String, unlikely: String
  ) {
    precondition(
      xs.count > 1 && ys.count > 1 && xs[0] > 0 && ys[0] > 0 && chances.count == xs.count
        && even.count == xs.count && chances.allSatisfy { $0.count == ys.count },
      "\(xs.count) by \(ys.count) cells and other numbers of chances")
    self.head = head
    self.xs = xs
    self.ys = ys
    self.chances = chances
    self.even = even
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.likely = likely
    self.unlikely = unlikely
  }

  /// The chart at a width in pixels.
  public func svg(width: Double) -> Markup {
    let isNarrow = width < 500
    var drawing = Drawing(head, width: width)
    let (left, right, top) = (isNarrow ? 44.0 : 52, width - 8, 22.0)
    let (slot, high) = ((right - left) / Double(xs.count), isNarrow ? 15.0 : 18)
    let bottom = top + high * Double(ys.count)
    // The middle of a cell stands for its value.
    let x = Scale(
      .logarithmic, domain: xs[0]...xs[xs.count - 1], start: left + slot / 2, end: right - slot / 2)
    let y = Scale(
      .logarithmic, domain: ys[0]...ys[ys.count - 1], start: bottom - high / 2, end: top + high / 2)
    drawing.text(yAxis.title, 0, 12, "muted small")
    let steps = Palette.light.heat.count
    for step in 0..<steps {
      var data = Markup()
      for (column, row) in chances.enumerated() {
        for (index, chance) in row.enumerated() where min(steps - 1, Int(chance * Double(steps))) == step {
          let (cellX, cellY) = (left + slot * Double(column), bottom - high * Double(index + 1))
          data += "M\(cellX) \(cellY)h\(slot - 1)v\(high - 1)h\(1 - slot)Z"
        }
      }
      if !data.source.isEmpty { drawing.path("h\(step + 1)", data) }
    }
    axes(x, y, left: left, right: right, bottom: bottom, into: &drawing)
    var line = Markup()
    var isDrawn = false
    for (value, even) in zip(xs, even) {
      // A gap in the line is one in the values: nothing is drawn across it.
      if let even { line += "\((isDrawn ? "L" : "M") as Markup)\(x.position(value)) \(y.position(even))" }
      isDrawn = even != nil
    }
    if !line.source.isEmpty { drawing.path("peak", line) }
    if x.domain.contains(1), y.domain.contains(1) {
      drawing.diamond("open neutral", x.position(1), y.position(1), radius: 6)
    }
    let height = legend(top: bottom + 46, into: &drawing)
    return drawing.svg(height: height)
  }

  private func axes(
    _ x: Scale, _ y: Scale, left: Double, right: Double, bottom: Double, into drawing: inout Drawing
  ) {
    var free = 0.0
    for value in xs {
      let label = xAxis.label(value)
      let half = TextFit.width(label, size: 11) / 2
      guard x.position(value) - half > free else { continue }
      drawing.text(label, x.position(value), bottom + 14, "muted small", anchor: .middle)
      free = x.position(value) + half + 6
    }
    for (index, value) in ys.enumerated() where index % 2 == 0 {
      drawing.text(yAxis.label(value), left - 6, y.position(value) + 4, "muted small", anchor: .end)
    }
    drawing.text(xAxis.title, right, bottom + 30, "muted small", anchor: .end)
  }

  /// The ramp with what its ends mean, and samples of the line and the mark; returns the height below them.
  private func legend(top: Double, into drawing: inout Drawing) -> Double {
    let steps = Palette.light.heat.count
    var y = top
    let wide = drawing.width - 30
    drawing.rect("h1", x: 0, y: y, width: 22, height: 12)
    drawing.text(TextFit.shortened(unlikely, width: wide, size: 11), 30, y + 10, "small")
    y += 18
    drawing.rect("h\(steps)", x: 0, y: y, width: 22, height: 12)
    drawing.text(TextFit.shortened(likely, width: wide, size: 11), 30, y + 10, "small")
    y += 18
    drawing.line("peak", 0, y + 6, 22, y + 6)
    drawing.text("as likely as not", 30, y + 10, "small")
    drawing.diamond("open neutral", 150, y + 6, radius: 6)
    drawing.text("as planned", 164, y + 10, "small")
    return y + 20
  }
}
