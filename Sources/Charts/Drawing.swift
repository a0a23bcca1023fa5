// SPDX-License-Identifier: GPL-3.0-or-later
// The marks that charts are made of, written as SVG elements.

/// An SVG drawing in the making.
struct Drawing {
  /// Where a text is held.
  enum Anchor {
    case start, middle, end
  }

  let head: ChartHead
  let width: Double
  /// Unique among all drawings of a page: a chart may stand in it at several widths.
  let id: Markup
  private var body = Markup()
  private var hatches: [Int] = []

  init(_ head: ChartHead, width: Double) {
    self.head = head
    self.width = width
    self.id = "\(head.id)-\(width)"
  }

  mutating func line(_ kind: Markup, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
    body += "<path class='\(kind)' d='M\(x1) \(y1)L\(x2) \(y2)'/>"
  }

  mutating func path(_ kind: Markup, _ data: Markup) {
    body += "<path class='\(kind)' d='\(data)'/>"
  }

  mutating func rect(_ kind: Markup, x: Double, y: Double, width: Double, height: Double) {
    body += "<rect class='\(kind)' x='\(x)' y='\(y)' width='\(width)' height='\(height)'/>"
  }

  mutating func circle(_ kind: Markup, _ x: Double, _ y: Double, radius: Double) {
    body += "<circle class='\(kind)' cx='\(x)' cy='\(y)' r='\(radius)'/>"
  }

  mutating func diamond(_ kind: Markup, _ x: Double, _ y: Double, radius r: Double) {
    body += "<path class='\(kind)' d='M\(x - r) \(y)L\(x) \(y - r)L\(x + r) \(y)L\(x) \(y + r)Z'/>"
  }

  mutating func text(_ string: String, _ x: Double, _ y: Double, _ kind: Markup = "", anchor: Anchor = .start)
  {
    let held: Markup
    switch anchor {
    case .start: held = ""
    case .middle: held = " text-anchor='middle'"
    case .end: held = " text-anchor='end'"
    }
    let named: Markup = kind.source.isEmpty ? "" : " class='\(kind)'"
    body += "<text x='\(x)' y='\(y)'\(held)\(named)>\(string)</text>"
  }

  /// Lines of a text around a middle height.
  mutating func lines(
    _ lines: [String], _ x: Double, middle: Double, _ kind: Markup = "", anchor: Anchor = .start
  ) {
    let top = middle - Double(lines.count - 1) * TextFit.lineHeight / 2 + 4
    for (index, line) in lines.enumerated() {
      text(line, x, top + Double(index) * TextFit.lineHeight, kind, anchor: anchor)
    }
  }

  /// A filled shape in a series' colour; every second slot is hatched as well, in one of three directions, so that
  /// neighbours differ by more than colour.
  mutating func filled(slot: Int, _ data: Markup) {
    path("fill \(Palette.seriesClass(slot))", data)
    guard slot % 2 == 1 else { return }
    let hatch = slot / 2 % 3
    if !hatches.contains(hatch) { hatches.append(hatch) }
    body += "<path fill='url(#\(id)-h\(hatch))' d='\(data)'/>"
  }

  /// A filled rectangle in a series' colour.
  mutating func filledRect(slot: Int, x: Double, y: Double, width: Double, height: Double) {
    filled(slot: slot, "M\(x) \(y)h\(width)v\(height)h\(-width)Z")
  }

  /// The finished element.
  func svg(height: Double) -> Markup {
    var patterns = Markup()
    for hatch in hatches.sorted() {
      let angle = [45, -45, 90][hatch]
      patterns += """
        <pattern id='\(id)-h\(hatch)' width='6' height='6' patternUnits='userSpaceOnUse' \
        patternTransform='rotate(\(angle))'><path class='hatch' d='M0 3H6'/></pattern>
        """
    }
    let defs: Markup = hatches.isEmpty ? "" : "<defs>\(patterns)</defs>"
    return """
      <svg xmlns='http://www.w3.org/2000/svg' class='chart' id='\(id)' role='img' \
      viewBox='0 0 \(width) \(height)' aria-labelledby='\(id)-t \(id)-d'>\
      <title id='\(id)-t'>\(head.title)</title><desc id='\(id)-d'>\(head.description)</desc>\
      \(defs)\(body)</svg>
      """
  }
}

extension Drawing {
  /// Horizontal grid lines with their values at the left of a plot.
  mutating func verticalAxis(_ axis: ChartAxis, _ scale: Scale, left: Double, right: Double, ticks: Int) {
    for tick in scale.ticks(ticks) {
      let y = scale.position(tick)
      line("grid", left, y, right, y)
      text(axis.label(tick), left - 6, y + 4, "muted small", anchor: .end)
    }
  }

  /// Vertical grid lines with their values below a plot; values that would touch the one before are left out.
  mutating func horizontalAxis(_ axis: ChartAxis, _ scale: Scale, top: Double, bottom: Double, ticks: Int) {
    var free = -Double.infinity
    for tick in scale.ticks(ticks) {
      let x = scale.position(tick)
      let label = axis.label(tick)
      let half = TextFit.width(label, size: 11) / 2
      line("grid", x, top, x, bottom)
      guard x - half > free else { continue }
      text(label, max(half, min(x, width - half - 1)), bottom + 16, "muted small", anchor: .middle)
      free = x + half + 6
    }
  }

  /// A key: swatches with names in rows of the drawing's width. Returns the height below the last row.
  mutating func key(_ keys: [ChartKey], left: Double, right: Double, top: Double) -> Double {
    var x = left
    var y = top
    for key in keys {
      let label = TextFit.shortened(key.label, width: right - left - 18, size: 11)
      let wide = 16 + TextFit.width(label, size: 11)
      if x > left, x + wide > right {
        x = left
        y += 18
      }
      filledRect(slot: key.slot, x: x, y: y, width: 11, height: 11)
      text(label, x + 16, y + 9.5, "small")
      x += wide + 14
    }
    return y + 18
  }
}
