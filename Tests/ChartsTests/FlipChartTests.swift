// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the map of chances and the band of savings as they are drawn.

import Charts
import Foundation
import FoundationXML
import NumberFormatting
import Testing

@Suite("Maps and bands")
struct FlipChartTests {
  static let axis = ChartAxis(title: "Multiple", kind: .logarithmic) { DecimalText.trimmed($0, digits: 2) }
  static let steps = (0..<17).map { 0.25 * pow(16, Double($0) / 16) }

  /// Even chances where the price is the volume, from 0.5 to 2; elsewhere there are none.
  static let map = FlipMap(
    head: Gallery.head("map"), xs: steps, ys: steps,
    chances: steps.map { x in steps.map { 1 / (1 + pow($0 / x, 4)) } },
    even: steps.map { (0.49...2.01).contains($0) ? $0 : nil }, xAxis: axis, yAxis: axis,
    likely: "One & only", unlikely: "The <other>")

  static let band = BandChart(
    head: Gallery.head("band"), columns: (1...36).map { "month \($0)" },
    series: .init(key: Gallery.keys[0], values: (1...36).map { Double($0) * 1000 - 9000 }),
    low: (1...36).map { Double($0) * 500 - 9000 }, high: (1...36).map { Double($0) * 1700 - 9000 },
    band: "P10–P90", others: [.init(key: Gallery.keys[1], values: (1...36).map { Double(-100 * $0) })],
    axis: ChartAxis(title: "Saved") { "$" + DecimalText.trimmed($0, digits: 0) })

  static let charts: [any Chart] = [map, band]

  @Test("they are well-formed, named and small at both widths", arguments: Gallery.widths)
  func anatomy(width: Double) {
    for chart in Self.charts {
      let svg = chart.svg(width: width).source
      #expect(svg.utf8.count <= 15_000, "\(chart.head.id): \(svg.utf8.count) bytes")
      let parser = XMLParser(data: Data(svg.utf8))
      let reader = ChartReader()
      parser.delegate = reader
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
      #expect(reader.root["role"] == "img" && reader.texts["title"] == "Chart of \(chart.head.id) & more")
      let box = (reader.root["viewBox"] ?? "").split(separator: " ").compactMap { Double($0) }
      #expect(box.count == 4 && box[2] == width && reader.highest < (box.last ?? 0))
      #expect(!svg.contains("nan") && !svg.contains("inf"))
      #expect(svg == chart.svg(width: width).source)
    }
  }

  @Test("the map has every cell, and its line no more than there are even chances")
  func cells() {
    let paths = Self.map.svg(width: 840).source.components(separatedBy: "<path ")
    let cells = paths.filter { $0.hasPrefix("class='h") }.reduce(0) { $0 + $1.count { $0 == "Z" } }
    #expect(cells == 17 * 17)
    // The first of the two is the line, the second its sample in the legend.
    let line = paths.first { $0.hasPrefix("class='peak'") } ?? ""
    #expect(line.count { $0 == "M" } == 1 && line.count { $0 == "L" } == 8)
    // The legend says what dark and light mean, and which mark is the plan.
    let svg = Self.map.svg(width: 358).source
    for words in ["One &amp; only", "The &lt;other&gt;", "as likely as not", "as planned"] {
      #expect(svg.contains(words), "\(words)")
    }
  }

  @Test("a line of even chances is broken where there are none")
  func gap() {
    let even: [Double?] = [1, 1, nil, 1, 1]
    let map = FlipMap(
      head: Gallery.head("gap"), xs: [1, 2, 4, 8, 16], ys: [0.5, 1],
      chances: Array(repeating: [1, 0], count: 5), even: even, xAxis: Self.axis, yAxis: Self.axis,
      likely: "a", unlikely: "b")
    let paths = map.svg(width: 840).source.components(separatedBy: "<path ")
    let line = paths.first { $0.hasPrefix("class='peak'") } ?? ""
    #expect(line.count { $0 == "M" } == 2 && line.count { $0 == "L" } == 2)
  }
}
