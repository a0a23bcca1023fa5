// SPDX-License-Identifier: GPL-3.0-or-later
// Cells come back as they went in, through a parser that shares nothing with the writer.

import Foundation
import Reporting
import Testing

@Suite("CSV")
struct CSVTableTests {
  static let texts = [
    "plain", "with, comma", "with \"quotes\"", "\"", "two\nlines", "carriage\r\nreturn", "", " spaced ",
    "ünïcödé ×",
    "שלום", "a;b\tc", "'quoted'", "12", "\u{1F99}",
  ]

  @Test("every text comes back as it was", arguments: texts)
  func roundTrip(text: String) {
    var table = CSVTable(header: ["a", text, "c"])
    table.append([.text("x"), .text(text), .text("y")])
    table.append([.text(text), .empty, .text(text)])
    let rows = CSVReader.rows(Data(table.text.utf8))
    #expect(rows == [["a", text, "c"], ["x", text, "y"], [text, "", text]])
  }

  @Test(
    "a text that a spreadsheet would compute is shown instead",
    arguments: [
      "=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0",
      "=HYPERLINK(\"http://x\",\"y\")", "＝1",
    ])
  func formulas(text: String) {
    var table = CSVTable(header: ["a"])
    table.append([.text(text)])
    #expect(CSVReader.rows(Data(table.text.utf8))[1] == ["'" + text])
  }

  @Test("numbers are never neutralized: -5 stays a number")
  func numbers() {
    var table = CSVTable(header: ["a", "b", "c", "d", "e"])
    table.append([.dollars(-5), .number(-0.25, digits: 6), .integer(-7), .flag(true), .empty])
    #expect(table.text == "a,b,c,d,e\n-5.00,-0.25,-7,true,\n")
  }

  @Test("text before a formula's sign is left alone")
  func harmless() {
    var table = CSVTable(header: ["a", "b"])
    table.append([.text("a=b"), .text("1-2")])
    #expect(table.text == "a,b\na=b,1-2\n")
  }
}
