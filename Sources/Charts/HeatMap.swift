// SPDX-License-Identifier: GPL-3.0-or-later
// A table of numbers seen as shades: when in the week demand comes. The highest and lowest cell are outlined and
// told in words, so the shades need not be read exactly.

/// A heat map.
public struct HeatMap: Chart {
  /// Its id, title and description.
  public let head: ChartHead
  let rows: [String]
  let columns: [String]
  let values: [[Double]]
  let unit: String
  let label: @Sendable (Double) -> String

  /// A heat map of `values[row][column]`; `unit` follows a value in words.
  public init(
    head: ChartHead, rows: [String], columns: [String], values: [[Double]], unit: String,
    label: @escaping @Sendable (Double) -> String
  ) {
    precondition(
      values.count == rows.count && values.allSatisfy { $0.count == columns.count }, "a row without its cells"
    )
    self.head = head
    self.rows = rows
    self.columns = columns
    self.values = values
    self.unit = unit
    self.label = label
  }

  /// A cell's place.
  private struct Cell {
    var row: Int
    var column: Int
    var value: Double
  }

  /// The chart at a width in pixels: columns are as wide as fits.
  public func svg(width: Double) -> Markup {
    let isNarrow = width < 500
    var drawing = Drawing(head, width: width)
    let left = isNarrow ? 34.0 : 48
    let slot = (width - left - 2) / Double(max(1, columns.count))
    let high = isNarrow ? 24.0 : 27
    let top = 4.0
    let bottom = top + high * Double(rows.count)
    let cells = values.enumerated().flatMap { row, line in
      line.enumerated().map { Cell(row: row, column: $0.offset, value: $0.element) }
    }
    let low = cells.map(\.value).min() ?? 0
    let peak = cells.map(\.value).max() ?? 0
    let steps = Palette.light.heat.count

    // One path per shade keeps 168 cells at 3 kB.
    for step in 0..<steps {
      var data = Markup()
      for cell in cells where Self.step(cell.value, low, peak, steps) == step {
        let x = left + slot * Double(cell.column)
        let y = top + high * Double(cell.row)
        data += "M\(x) \(y)h\(slot - 1.5)v\(high - 1.5)h\(1.5 - slot)Z"
      }
      if !data.source.isEmpty { drawing.path("h\(step + 1)", data) }
    }
    for (index, row) in rows.enumerated() {
      drawing.text(row, left - 8, top + high * (Double(index) + 0.5) + 3, "muted small", anchor: .end)
    }
    let every = max(1, Int((24 / slot).rounded(.up)))
    for (index, column) in columns.enumerated() where index % every == 0 {
      drawing.text(column, left + slot * (Double(index) + 0.5), bottom + 14, "muted small", anchor: .middle)
    }
    func outline(_ kind: Markup, _ value: Double) -> Cell? {
      guard let cell = cells.first(where: { $0.value == value }) else { return nil }
      drawing.rect(
        kind, x: left + slot * Double(cell.column) - 0.5, y: top + high * Double(cell.row) - 0.5,
        width: slot - 0.5,
        height: high - 0.5)
      return cell
    }
    let lowest = outline("low", low)
    let highest = outline("peak", peak)

    // The ramp, with the values at its ends.
    var y = bottom + 30
    let lowText = label(low)
    let rampLeft = left + TextFit.width(lowText, size: 11) + 8
    drawing.text(lowText, left, y + 10, "muted small")
    for step in 0..<steps {
      drawing.rect("h\(step + 1)", x: rampLeft + Double(step) * 22, y: y, width: 22, height: 12)
    }
    let rampRight = rampLeft + Double(steps) * 22
    drawing.text("\(label(peak)) \(unit)", rampRight + 8, y + 10, "muted small")
    var x = left
    if isNarrow { y += 24 } else { x = rampRight + TextFit.width("\(label(peak)) \(unit)", size: 11) + 40 }
    let marks = [(highest, "peak", "highest"), (lowest, "low", "lowest")] as [(Cell?, Markup, String)]
    for case let (cell?, kind, word) in marks {
      drawing.rect(kind, x: x + 1, y: y, width: 14, height: 12)
      let text = "\(word): \(rows[cell.row]) \(columns[cell.column]):00, \(label(cell.value))"
      drawing.text(text, x + 22, y + 10, "small")
      x += 22 + TextFit.width(text, size: 11) + 24
      if isNarrow {
        x = left
        y += 20
      }
    }
    return drawing.svg(height: y + (isNarrow ? 0 : 18))
  }

  private static func step(_ value: Double, _ low: Double, _ high: Double, _ steps: Int) -> Int {
    guard high > low else { return 0 }
    return min(steps - 1, Int((value - low) / (high - low) * Double(steps)))
  }
}
