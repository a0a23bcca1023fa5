// SPDX-License-Identifier: GPL-3.0-or-later
// Every kind of chart, at both widths, against golden files. BREAKEVEN_RECORD=1 writes them anew and fails.

import Charts
import Foundation
import FoundationXML
import NumberFormatting
import Testing

/// One chart of every kind.
enum Gallery {
  static let money = ChartAxis(title: "Cost, $") { "$" + DecimalText.trimmed($0, digits: 2) }
  static let keys = ["Alpha", "A rather long name: beta, gamma and delta", "<Gamma>"].enumerated().map {
    ChartKey(label: $0.element, slot: $0.offset)
  }

  static func head(_ id: String) -> ChartHead {
    ChartHead(id: id, title: "Chart of \(id) & more", description: "What <\(id)> shows.")
  }

  static let all: [any Chart] = [
    LineChart(
      head: head("line"),
      series: keys.enumerated().map { index, key in
        .init(
          key: key,
          points: (0...20).map { .init(x: 100 + Double($0) * Double(8 + 5 * index), y: Double($0) / 20) },
          isEmphasized: index == 0)
      }, xAxis: money, yAxis: ChartAxis(title: "Share") { DecimalText.trimmed($0, digits: 1) },
      yDomain: 0...1,
      guides: [.init(value: 0.5, label: "P50")]),
    LineChart(
      head: head("step"),
      series: [.init(key: keys[0], points: [.init(x: 1, y: 1), .init(x: 10, y: 3), .init(x: 100, y: 2)])],
      joint: .step,
      xAxis: ChartAxis(title: "Volume", kind: .logarithmic) { DecimalText.trimmed($0, digits: 1) },
      yAxis: money),
    AreaChart(
      head: head("area"), xs: [0.25, 0.5, 1, 2, 4],
      layers: [
        .init(key: keys[0], values: [0.9, 0.7, 0.4, 0.2, 0.1]),
        .init(key: keys[1], values: [0.1, 0.3, 0.58, 0.78, 0.88]),
        .init(key: keys[2], values: [0, 0, 0.02, 0.02, 0.02]),
      ], xAxis: ChartAxis(title: "Volume", kind: .logarithmic) { DecimalText.trimmed($0, digits: 2) + "×" },
      yAxis: ChartAxis(title: "Share") { DecimalText.trimmed($0, digits: 1) }, yMaximum: 1,
      guide: .init(value: 1, label: "as planned")),
    ColumnChart(
      head: head("column"), keys: keys,
      panels: ["Recommended", "Today"].map { title in
        .init(
          title: title, columns: (1...6).map { "2026-0\($0)" },
          segments: (1...6).map { [Double($0) * 10, 30, $0 == 1 ? 45 : 0] })
      }, axis: money),
    BarChart(
      head: head("bar"), keys: keys,
      rows: [
        .init(label: "First & best", note: "$95", values: [60, 30, 5], isEmphasized: true),
        .init(label: "One with a credit", note: "$70", values: [90, 0, -20]),
      ], axis: money),
    WaterfallChart(
      head: head("waterfall"),
      rows: [
        .init(label: "Everything on one & the same", note: "$900", before: nil, after: 900),
        .init(label: "A measure", note: "−$860", before: 900, after: 40),
        .init(label: "One that costs", note: "+$20", before: 40, after: 60),
        .init(label: "With all of them", note: "$60", before: nil, after: 60),
      ], axis: ChartAxis(title: "Cost, $", kind: .logarithmic) { "$" + DecimalText.trimmed($0, digits: 2) }),
    HeatMap(
      head: head("heat"), rows: ["Mon", "Tue", "Wed"], columns: (0..<24).map(String.init),
      values: (0..<3).map { row in (0..<24).map { Double(($0 * 7 + row * 5) % 23) } }, unit: "per second"
    ) { DecimalText.trimmed($0, digits: 1) },
    RangeChart(
      head: head("range"), legend: .init(low: "P10", dot: "P50", high: "P90", diamond: "mean"),
      groups: [
        .init(
          title: "classify", limit: 300, limitLabel: "limit 300",
          rows: keys.enumerated().map { index, key in
            let base = 40.0 * Double(index + 1)
            return .init(
              key: key, low: base, dot: base * 2, high: base * 4, diamond: base * 2.2, note: "\(Int(base))",
              isEmphasized: index == 1)
          })
      ], axis: ChartAxis(title: "ms", kind: .logarithmic) { DecimalText.trimmed($0, digits: 1) }),
    StepChart(
      head: head("steps"), edges: (0...168).map(Double.init),
      layers: keys.enumerated().map { index, key in
        .init(key: key, values: (0..<168).map { Double(($0 * (7 + index)) % (11 - 3 * index)) })
      }, ticks: (0..<7).map { .init(value: Double($0 * 24), label: "Day \($0)") }, isStretch: true,
      xTitle: "Hour", yAxis: ChartAxis(title: "GPUs") { DecimalText.trimmed($0, digits: 1) },
      marks: [30, 31, 100], markLabel: "requests interrupted"),
    StepChart(
      head: head("duration"), edges: [0, 0.2, 0.7, 1],
      layers: [.init(key: keys[0], values: [4, 4, 4]), .init(key: keys[1], values: [8, 2, 0])],
      ticks: [0, 0.5, 1].map { .init(value: $0, label: DecimalText.trimmed($0, digits: 1)) },
      xTitle: "Share of hours", yAxis: ChartAxis(title: "GPUs") { DecimalText.trimmed($0, digits: 1) }),
    TornadoChart(
      head: head("tornado"), lowKey: "at P10", highKey: "at P90", noteTitle: "index", middle: 50,
      middleLabel: "mean 50",
      rows: [
        .init(label: "demand.volume", atLow: 30, atHigh: 75, note: "61 %"),
        .init(
          label: "prices.<x>.a-long-name-that-does-not-fit.in-the-room-there-is", atLow: 58, atHigh: 42,
          note: "8 %"),
        .init(label: "nothing", atLow: 50, atHigh: 50, note: "0 %"),
      ], axis: money),
  ]

  static let widths = [840.0, 358]

  /// Every chart at every width.
  static let cases = all.flatMap { chart in widths.map { (chart.head.id, $0) } }

  static func svg(_ id: String, _ width: Double) -> String {
    all.first { $0.head.id == id }?.svg(width: width).source ?? ""
  }
}

/// Checks what every chart must have.
final class ChartReader: NSObject, XMLParserDelegate {
  var path: [String] = []
  var root: [String: String] = [:]
  var ids: [String] = []
  var texts: [String: String] = [:]
  var references: [String] = []
  var highest = 0.0

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if path.isEmpty { root = attributes }
    path.append(name)
    if let id = attributes["id"] { ids.append(id) }
    if let fill = attributes["fill"], fill.hasPrefix("url(#") {
      references.append(String(fill.dropFirst(5).dropLast()))
    }
    if name == "text", let y = attributes["y"].flatMap(Double.init) { highest = max(highest, y) }
  }
  func parser(_ parser: XMLParser, foundCharacters string: String) {
    texts[path.last ?? "", default: ""] += string
  }
  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    path.removeLast()
  }
}

@Suite("Charts")
struct ChartTests {
  @Test("a chart is well-formed, named, described, small, and its ids are its own", arguments: Gallery.cases)
  func anatomy(id: String, width: Double) throws {
    let svg = Gallery.svg(id, width)
    #expect(svg.utf8.count <= 15_000, "\(svg.utf8.count) bytes")
    let parser = XMLParser(data: Data(svg.utf8))
    let reader = ChartReader()
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(reader.root["role"] == "img")
    #expect(reader.texts["title"] == "Chart of \(id) & more")
    #expect(reader.texts["desc"] == "What <\(id)> shows.")
    let labels = (reader.root["aria-labelledby"] ?? "").split(separator: " ").map(String.init)
    #expect(labels.count == 2 && labels.allSatisfy(reader.ids.contains))
    #expect(Set(reader.ids).count == reader.ids.count)
    #expect(reader.ids.allSatisfy { $0.hasPrefix("\(id)-") })
    #expect(reader.references.allSatisfy(reader.ids.contains), "a fill that nothing defines")
    let box = (reader.root["viewBox"] ?? "").split(separator: " ").compactMap { Double($0) }
    #expect(box.count == 4 && box[2] == width)
    #expect(reader.highest < (box.last ?? 0), "text below the drawing")
    #expect(!svg.contains("nan") && !svg.contains("inf") && !svg.contains("–'"))
  }

  @Test("the same chart gives the same bytes", arguments: Gallery.cases)
  func deterministic(id: String, width: Double) {
    #expect(Gallery.svg(id, width) == Gallery.svg(id, width))
  }

  @Test("a chart equals its golden file", arguments: Gallery.cases)
  func golden(id: String, width: Double) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/\(id)-\(Int(width)).svg")
    // One element a line, so that a difference is seen in review.
    let svg =
      Gallery.svg(id, width).split(separator: "><", omittingEmptySubsequences: false)
      .joined(separator: ">\n<") + "\n"
    if ProcessInfo.processInfo.environment["BREAKEVEN_RECORD"] == "1" {
      try Data(svg.utf8).write(to: file)
      Issue.record("recorded \(file.lastPathComponent); look at it, then run without BREAKEVEN_RECORD")
      return
    }
    let recorded = try String(decoding: Data(contentsOf: file), as: UTF8.self)
    #expect(svg == recorded, "\(file.lastPathComponent) differs; BREAKEVEN_RECORD=1 records it anew")
  }

  @Test(
    "a line or an area that finds no place for its name is named in a key below",
    arguments: Gallery.widths)
  func crowded(width: Double) throws {
    let keys = (0..<10).map { ChartKey(label: "Option number \($0)", slot: $0) }
    let lines = LineChart(
      head: Gallery.head("crowded-lines"),
      series: keys.map { key in
        .init(key: key, points: (0...100).map { .init(x: Double($0 + key.slot), y: Double($0 * $0)) })
      }, xAxis: Gallery.money, yAxis: Gallery.money)
    let areas = AreaChart(
      head: Gallery.head("crowded-areas"), xs: [1, 2, 3],
      layers: keys.map { .init(key: $0, values: [0.02, 0.1, $0.slot == 9 ? 0.1 : 0.02]) },
      xAxis: Gallery.money, yAxis: Gallery.money, yMaximum: 1)
    for chart in [lines, areas] as [any Chart] {
      let reader = ChartReader()
      let parser = XMLParser(data: Data(chart.svg(width: width).source.utf8))
      parser.delegate = reader
      #expect(parser.parse())
      // A name may be broken into lines, so spaces don't count.
      let text = (reader.texts["text"] ?? "").filter { $0 != " " }
      for key in keys {
        #expect(text.contains(key.label.filter { $0 != " " }), "\(chart.head.id) \(key.label)")
      }
    }
  }

  @Test(
    "charts of nothing, of one value and of equal values are drawn all the same", arguments: Gallery.widths)
  func degenerate(width: Double) {
    let key = ChartKey(label: "only", slot: 9)
    let axis = Gallery.money
    let charts: [any Chart] = [
      LineChart(head: Gallery.head("a"), series: [], xAxis: axis, yAxis: axis),
      LineChart(
        head: Gallery.head("b"), series: [.init(key: key, points: [.init(x: 3, y: 0)])], xAxis: axis,
        yAxis: axis),
      AreaChart(
        head: Gallery.head("c"), xs: [1], layers: [.init(key: key, values: [1])],
        xAxis: ChartAxis(title: "", kind: .logarithmic) { "\($0)" }, yAxis: axis, yMaximum: 1),
      ColumnChart(head: Gallery.head("d"), keys: [key], panels: [], axis: axis),
      ColumnChart(
        head: Gallery.head("e"), keys: [key], panels: [.init(title: "", columns: ["x"], segments: [[0]])],
        axis: axis),
      BarChart(
        head: Gallery.head("f"), keys: [key], rows: [.init(label: "", note: "", values: [0])], axis: axis),
      HeatMap(head: Gallery.head("g"), rows: ["x"], columns: ["y"], values: [[0]], unit: "") { "\($0)" },
      RangeChart(
        head: Gallery.head("h"), legend: .init(low: "", dot: "P50", high: "P90"),
        groups: [.init(rows: [.init(key: key, low: 0, dot: 0, high: 0, note: "")])],
        axis: ChartAxis(title: "", kind: .logarithmic) { "\($0)" }),
      StepChart(head: Gallery.head("i"), edges: [], layers: [], ticks: [], xTitle: "", yAxis: axis),
      StepChart(
        head: Gallery.head("j"), edges: [2, 2], layers: [.init(key: key, values: [0])], ticks: [], xTitle: "",
        yAxis: axis),
      TornadoChart(
        head: Gallery.head("k"), lowKey: "", highKey: "", noteTitle: "", middle: 0, middleLabel: "",
        rows: [.init(label: "", atLow: 0, atHigh: 0, note: "")], axis: axis),
    ]
    for chart in charts {
      let svg = chart.svg(width: width).source
      #expect(XMLParser(data: Data(svg.utf8)).parse(), "\(chart.head.id)")
      #expect(!svg.contains("nan") && !svg.contains("inf") && !svg.contains("–"), "\(chart.head.id)")
    }
  }
}
