// SPDX-License-Identifier: GPL-3.0-or-later
// Small charts for the terminal: a shape is seen at once that a column of numbers hides.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Charts made of characters: bars over time, and lines over two axes.
///
///     let chart = TerminalChart()
///     print(chart.bars(requestsPerHour, labels: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]))
public struct TerminalChart: Sendable, Hashable {
  /// What characters the terminal shows.
  public enum Characters: Sendable, Hashable {
    /// Blocks of eight heights, and Braille dots.
    case unicode
    /// Letters and signs only.
    case ascii
  }

  /// Columns that a chart may take, at least 20.
  public var columns: Int
  /// Lines of the plotting area.
  public var rows: Int
  /// What characters the terminal shows.
  public var characters: Characters
  /// Makes a value of the vertical axis into text.
  public var valueText: @Sendable (Double) -> String

  /// Two charts are alike that look alike but for the text of their values.
  public static func == (left: TerminalChart, right: TerminalChart) -> Bool {
    (left.columns, left.rows, left.characters) == (right.columns, right.rows, right.characters)
  }

  /// Feeds what equality looks at.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(columns)
    hasher.combine(rows)
    hasher.combine(characters)
  }

  /// A chart.
  /// - Parameters:
  ///   - columns: the width; `COLUMNS` of the environment, or else 80.
  ///   - rows: lines of the plotting area.
  ///   - characters: what the terminal shows; by the environment's locale where absent.
  ///   - valueText: makes a value of the vertical axis into text; whole numbers where absent.
  public init(
    columns: Int = Terminal.columns, rows: Int = 8, characters: Characters? = nil,
    valueText: @escaping @Sendable (Double) -> String = { "\(Int($0.rounded()))" }
  ) {
    self.columns = max(20, columns)
    self.rows = max(1, rows)
    self.characters = characters ?? Self.charactersOfLocale
    self.valueText = valueText
  }

  /// Unicode where the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set names UTF-8, as POSIX has it.
  public static var charactersOfLocale: Characters {
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      guard let value = unsafe getenv(name) else { continue }
      let text = unsafe String(cString: value).lowercased()
      if text.isEmpty { continue }
      return text.contains("utf-8") || text.contains("utf8") ? .unicode : .ascii
    }
    return .ascii
  }

  /// Bars side by side from a common zero.
  ///
  /// More values than columns are averaged in groups of equal width, so that none of them is left out; fewer get several
  /// columns each, where they fit.
  /// - Parameters:
  ///   - values: what to show, in order; nil is a gap. Values below 0 and infinite ones are shown as gaps.
  ///   - labels: texts below, spread evenly over the width.
  /// - Returns: lines, the last one ended too; empty without values.
  /// - Complexity: O(values + columns·rows).
  public func bars(_ values: [Double?], labels: [String] = []) -> String {
    let shown = values.map { value in value.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } }
    guard let greatest = shown.compactMap({ $0 }).max() else { return "" }
    var room = columns - Axis(top: valueText(greatest), bottom: valueText(0)).width - 2
    var (cells, top) = ([Double?](), greatest)
    var scale = Axis(top: "", bottom: "")
    // The axis goes up to what is drawn, and a mean may have a longer text than the greatest value: then there is less
    // room, and the means are others.
    for _ in 0..<4 {
      cells = Self.resampled(shown, room: max(1, room))
      top = cells.compactMap { $0 }.max() ?? greatest
      scale = Axis(top: valueText(top), bottom: valueText(0))
      if cells.count + scale.width + 2 <= columns { break }
      room = columns - scale.width - 2
    }
    let levels = characters == .unicode ? 8 : 1
    let heights = cells.map { cell -> Int in
      guard let cell, top > 0 else { return 0 }
      let height = Int((cell / top * Double(rows * levels)).rounded())
      // What is there is seen, however small.
      return cell > 0 ? max(1, height) : 0
    }
    var lines: [String] = []
    for row in (0..<rows).reversed() {
      let line = heights.map { symbol(ofHeight: $0 - row * levels, levels: levels) }.joined()
      lines.append(scale.label(isTop: row == rows - 1, isBottom: false, characters) + line)
    }
    lines.append(scale.baseline(characters, width: cells.count))
    if !labels.isEmpty { lines.append(scale.margin + Self.spread(labels, over: cells.count)) }
    return lines.map { Self.trimmed($0) + "\n" }.joined()
  }

  private func symbol(ofHeight height: Int, levels: Int) -> String {
    if height <= 0 { return " " }
    if characters == .ascii { return "#" }
    return ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"][min(height, levels) - 1]
  }

  /// The values in at most `room` cells: means of groups, or each value several times.
  private static func resampled(_ values: [Double?], room: Int) -> [Double?] {
    guard values.count > room else {
      let times = max(1, room / max(1, values.count))
      return values.flatMap { [Double?](repeating: $0, count: min(times, 4)) }
    }
    return (0..<room).map { cell in
      let group = values[(cell * values.count / room)..<((cell + 1) * values.count / room)].compactMap { $0 }
      return group.isEmpty ? nil : group.reduce(0, +) / Double(group.count)
    }
  }

  /// Labels at the starts of equal parts of a width; those that would touch their neighbour are left out.
  static func spread(_ labels: [String], over width: Int) -> String {
    var line = ""
    for (index, label) in labels.enumerated() {
      let start = index * width / labels.count
      let used = line.unicodeScalars.count
      if used > 0 && used >= start { continue }
      if start + label.unicodeScalars.count > max(width, label.unicodeScalars.count) { continue }
      line += String(repeating: " ", count: start - used) + label
    }
    return line
  }

  static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }

  /// The vertical axis: numbers at its ends and a line.
  struct Axis {
    let top: String
    let bottom: String
    var width: Int { max(top.unicodeScalars.count, bottom.unicodeScalars.count) }
    var margin: String { String(repeating: " ", count: width + 2) }

    func label(isTop: Bool, isBottom: Bool, _ characters: Characters) -> String {
      let text = isTop ? top : isBottom ? bottom : ""
      let padding = String(repeating: " ", count: width - text.unicodeScalars.count)
      let line = characters == .unicode ? (text.isEmpty ? "│" : "┤") : "|"
      return padding + text + " " + line
    }

    func baseline(_ characters: Characters, width cells: Int) -> String {
      let padding = String(repeating: " ", count: width - bottom.unicodeScalars.count)
      return padding + bottom + " "
        + (characters == .unicode
          ? "└" + String(repeating: "─", count: cells) : "+" + String(repeating: "-", count: cells))
    }
  }
}
