// SPDX-License-Identifier: GPL-3.0-or-later
// Lines over two axes in the terminal: how one quantity follows another.

extension TerminalChart {
  /// A line: its name and its points.
  public struct Line: Sendable, Hashable {
    /// A point.
    public struct Point: Sendable, Hashable {
      /// Where it stands on the horizontal axis.
      public var x: Double
      /// Where it stands on the vertical axis.
      public var y: Double

      /// A point.
      public init(x: Double, y: Double) {
        self.x = x
        self.y = y
      }
    }

    /// The name, for the key below the chart; empty leaves it out.
    public var name: String
    /// The points, in any order.
    public var points: [Point]

    /// A line.
    public init(name: String = "", points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// Lines on common axes. In Braille a cell has two by four dots and lines are told apart by the key's order at their
  /// right ends only; in ASCII each line has a sign of its own, and so has each in Unicode where there are several.
  ///
  /// - Parameters:
  ///   - lines: the lines; points that are not finite are left out.
  ///   - fromZero: whether the vertical axis begins at 0 rather than at the least value.
  ///   - xText: makes a value of the horizontal axis into text.
  /// - Returns: lines of text, the last one ended too; empty without points.
  /// - Complexity: O(points log points + columns·rows·lines).
  public func lines(
    _ lines: [Line], fromZero: Bool = true,
    xText: (Double) -> String = { "\(Int($0.rounded()))" }
  ) -> String {
    let curves = lines.map { line in
      line.points.filter { $0.x.isFinite && $0.y.isFinite }.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    }
    let all = curves.flatMap { $0 }
    guard let left = all.map(\.x).min(), let right = all.map(\.x).max(), let high = all.map(\.y).max(),
      let low = all.map(\.y).min()
    else { return "" }
    let bottom = fromZero ? min(0, low) : low
    let top = high > bottom ? high : bottom + 1
    let axis = Axis(top: valueText(top), bottom: valueText(bottom))
    let width = max(8, columns - axis.width - 2)
    // One line alone gets the fine grid of Braille; several need signs that tell them apart.
    let isFine = characters == .unicode && curves.count == 1
    var grid = Grid(width: width, height: rows, isFine: isFine)
    let signs =
      characters == .unicode
      ? ["●", "○", "▲", "△", "■", "□", "◆", "◇"] : ["*", "o", "+", "x", "#", "@", "%", "="]
    for (index, curve) in curves.enumerated() {
      grid.draw(
        curve.map { point in
          (
            right > left ? (point.x - left) / (right - left) : 0.5, (point.y - bottom) / (top - bottom)
          )
        }, sign: UInt8(1 + index % signs.count))
    }
    var text: [String] = []
    for row in 0..<rows {
      text.append(
        axis.label(isTop: row == 0, isBottom: false, characters) + grid.text(row: row, signs: signs))
    }
    text.append(axis.baseline(characters, width: width))
    let (first, last) = (xText(left), xText(right))
    let between = max(1, width - first.unicodeScalars.count - last.unicodeScalars.count)
    text.append(axis.margin + first + String(repeating: " ", count: between) + last)
    if lines.contains(where: { !$0.name.isEmpty }) && !isFine {
      let key = lines.enumerated().map { signs[$0.offset % signs.count] + " " + $0.element.name }
      text += Self.wrapped(key, width: width).map { axis.margin + $0 }
    }
    return text.map { Self.trimmed($0) + "\n" }.joined()
  }

  /// Entries of a key on as few lines as hold them whole.
  private static func wrapped(_ entries: [String], width: Int) -> [String] {
    var lines: [String] = []
    for entry in entries {
      if let last = lines.last, last.unicodeScalars.count + 3 + entry.unicodeScalars.count <= width {
        lines[lines.count - 1] = last + "   " + entry
      } else {
        lines.append(entry)
      }
    }
    return lines
  }

  /// The plotting area as small cells.
  private struct Grid {
    let width: Int
    let height: Int
    /// Small cells of a character, across and down: two by four Braille dots.
    let across: Int
    let down: Int
    /// Which line passes a small cell, from 1; 0 is none.
    var cells: [UInt8]

    init(width: Int, height: Int, isFine: Bool) {
      self.width = width
      self.height = height
      (across, down) = isFine ? (2, 4) : (1, 1)
      cells = [UInt8](repeating: 0, count: width * across * height * down)
    }

    /// Draws through points in the unit square, ordered by the first coordinate: one small cell in each column.
    mutating func draw(_ points: [(x: Double, y: Double)], sign: UInt8) {
      let (columns, lines) = (width * across, height * down)
      func place(_ share: Double, _ count: Int) -> Int {
        min(count - 1, max(0, Int((share * Double(count - 1)).rounded())))
      }
      func set(_ column: Int, _ y: Double) {
        cells[(lines - 1 - place(y, lines)) * columns + column] = sign
      }
      for point in points { set(place(point.x, columns), point.y) }
      for (from, to) in zip(points, points.dropFirst()) {
        let (start, end) = (place(from.x, columns), place(to.x, columns))
        for column in stride(from: start + 1, to: end, by: 1) {
          let share = Double(column - start) / Double(end - start)
          set(column, from.y + (to.y - from.y) * share)
        }
      }
    }

    func text(row: Int, signs: [String]) -> String {
      let columns = width * across
      return (0..<width).map { column -> String in
        guard across == 2 else {
          let sign = cells[row * columns + column]
          return sign == 0 ? " " : signs[Int(sign) - 1]
        }
        // Dots 1, 2, 3, 7 stand on the left from above, 4, 5, 6, 8 on the right (Unicode block 2800).
        let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
        var code: UInt32 = 0
        for down in 0..<4 {
          for across in 0..<2 where cells[(row * 4 + down) * columns + column * 2 + across] != 0 {
            code |= bits[down][across]
          }
        }
        return code == 0 ? " " : Unicode.Scalar(0x2800 + code).map { String(Character($0)) } ?? " "
      }.joined()
    }
  }
}
