// SPDX-License-Identifier: GPL-3.0-or-later
// The terminal's charts: what is drawn stands where its value says, within the width, in characters there are.

import CommandLineKit
import Testing

@Suite("Terminal charts")
struct TerminalChartTests {
  @Test("bars have eight heights a line, a baseline, and labels under their values")
  func bars() {
    let chart = TerminalChart(columns: 20, rows: 2, characters: .unicode)
    let text = chart.bars([0, 4, 8, 16, 12], labels: ["a", "b", "c", "d", "e"])
    let expected = [
      "16 ┤         ███▄▄▄", "   │   ▄▄▄█████████", " 0 └───────────────", "    a  b  c  d  e",
    ]
    #expect(text == expected.map { $0 + "\n" }.joined())
  }

  @Test("without Unicode everything is ASCII")
  func ascii() {
    let chart = TerminalChart(columns: 40, rows: 4, characters: .ascii)
    let bars = chart.bars([1, nil, 3, 2], labels: ["Mon", "Tue"])
    let lines = chart.lines([
      .init(name: "one", points: [.init(x: 0, y: 0), .init(x: 1, y: 4)]),
      .init(name: "two", points: [.init(x: 0, y: 4), .init(x: 1, y: 0)]),
    ])
    #expect(bars.unicodeScalars.allSatisfy(\.isASCII) && lines.unicodeScalars.allSatisfy(\.isASCII))
    #expect(bars.contains("#") && lines.contains("* one   o two"))
  }

  @Test("no line is wider than asked, whatever the number of values", arguments: [1, 7, 24, 168, 5000])
  func width(count: Int) {
    for columns in [20, 60, 133] {
      let chart = TerminalChart(columns: columns, rows: 5, characters: .unicode) { "\(Int($0)) req/s" }
      let values = (0..<count).map { Double($0 % 13) }
      let points = values.enumerated().map { TerminalChart.Line.Point(x: Double($0.offset), y: $0.element) }
      for text in [chart.bars(values, labels: ["start", "middle"]), chart.lines([.init(points: points)])] {
        #expect(!text.isEmpty)
        for line in text.split(separator: "\n") {
          #expect(line.unicodeScalars.count <= columns, "\(line)")
        }
      }
    }
  }

  @Test(
    "a key of many names goes on to further lines, and breaks no name that fits", arguments: [40, 60, 200])
  func key(columns: Int) {
    let names = (1...7).map { "option number \($0)" }
    let chart = TerminalChart(columns: columns, rows: 4, characters: .unicode)
    let text = chart.lines(
      names.map { .init(name: $0, points: [.init(x: 0, y: 0), .init(x: 1, y: 1)]) })
    #expect(names.allSatisfy { text.contains(" \($0)") })
    for line in text.split(separator: "\n") {
      #expect(line.unicodeScalars.count <= columns, "\(line)")
    }
  }

  @Test("what is above nothing is seen, and a gap is not")
  func smallValues() {
    let chart = TerminalChart(columns: 20, rows: 1, characters: .unicode)
    let line = chart.bars([1000, 0.01, 0, nil, .nan, 1000]).split(separator: "\n")[0]
    #expect(line.hasSuffix("┤██▁▁      ██"), "\(line)")
  }

  @Test("nothing to show is nothing")
  func nothing() {
    let chart = TerminalChart(columns: 40, characters: .unicode)
    #expect(chart.bars([]) == "" && chart.bars([nil, .infinity]) == "" && chart.lines([]) == "")
    #expect(chart.lines([.init(points: [.init(x: .nan, y: 1)])]) == "")
  }

  @Test("a line goes from corner to corner")
  func diagonal() {
    let chart = TerminalChart(columns: 20, rows: 4, characters: .unicode)
    let text = chart.lines([.init(points: [.init(x: 0, y: 0), .init(x: 10, y: 100)])])
    let rows = text.split(separator: "\n").map(String.init)
    #expect(rows[0].hasPrefix("100 ┤") && rows[4].hasPrefix("  0 └"))
    // The bottom left and the top right cell hold a dot.
    let bottom = Array(rows[3])
    #expect(bottom[5] != " ", "\(text)")
    #expect(Array(rows[0]).count == 20, "\(text)")
    #expect(rows[5].hasSuffix("10") && rows[5].contains("0"))
  }
}
