// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about tables: RFC 4180, and what is refused with its place.

import Testing
import TextFormats

@Suite("CSV tables")
struct CSVReaderTests {
  @Test("fields may hold delimiters, line ends and doubled quotes", arguments: [16, 23, 4096])
  func quotes(chunk: Int) {
    let text = "a,b,c\r\n1,\"x, y\",3\n\"\",\"say \"\"hi\"\"\",\"two\r\nlines\"\n\"\"\"\",,\"\n\n\"\r\n"
    #expect(
      table(text, chunk: chunk)
        == .success([
          ["a", "b", "c"], ["1", "x, y", "3"], ["", "say \"hi\"", "two\r\nlines"], ["\"", "", "\n\n"],
        ]))
  }

  @Test("random tables survive being written with quotes and read again", arguments: 0..<50)
  func roundTrip(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let pieces = ["a", ",", "\"", "\n", "\r\n", "é", " ", "long text", ""]
    let width = 2 + next(4)
    let records = (0..<1 + next(9)).map { _ in
      (0..<width).map { _ in (0..<next(5)).map { _ in pieces[next(pieces.count)] }.joined() }
    }
    let header = (0..<width).map { "column\($0)" }
    let written = ([header] + records).map { record in
      record.map { field in
        field.contains { ",\"\n\r\r\n".contains($0) } || next(3) == 0
          ? "\"\(field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
          : field
      }.joined(separator: ",")
    }.joined(separator: "\n")
    // A record of one empty field is a blank line, which is passed over: tables here have two columns or more.
    #expect(table(written, chunk: 16 + next(40)) == .success([header] + records), "seed \(seed)")
  }

  @Test("semicolons and tabs part fields where the names have no comma")
  func delimiters() {
    #expect(table("a;b\n1,5;2\n") == .success([["a", "b"], ["1,5", "2"]]))
    #expect(table("a\tb\n1\t2\n") == .success([["a", "b"], ["1", "2"]]))
    #expect(table("a,b;c\n1,2;3\n") == .success([["a", "b;c"], ["1", "2;3"]]))
  }

  @Test(
    "what is wrong is said with its place",
    arguments: [
      ("", "t:1:1: the file is empty; a table starts with a line of column names"),
      ("a,b\n1\n", "t:2:1: the row has 1 of 2 columns; is the file truncated?"),
      ("a,b\n1,2\n3,4,5\n", "t:3:5: the row has 3 of 2 columns; is the file truncated?"),
      ("a,a\n", "t:1:3: the column a stands twice; rename one of them"),
      ("a,b\n1,\"x\n\n\n", "t:2:3: the quote that opens here is never closed; close it, or remove it"),
      ("a,b\n1,\"x\"y\n", "t:2:6: text after a closing quote; double a quote that belongs to the field"),
      (
        "a,b\n1,x\"y\n",
        "t:2:4: a quote within a field that does not begin with one; quote the whole field and double the quote"
      ),
      ("a,b\n\"1\n2\",x\n1\n", "t:4:1: the row has 1 of 2 columns; is the file truncated?"),
    ])
  func refusals(text: String, message: String) {
    #expect(problem(table(text)) == message)
  }

  @Test("after a refused record the next line is read, also after a quote that is never closed")
  func recovery() throws {
    let text = "a,b\n1,2\n3\n4,\"open\n5,6\n"
    var table = try CSVReader(TextReader(bytes: [UInt8](text.utf8), file: "t"))
    var records: [[String]] = []
    var refused = 0
    while true {
      do {
        guard try table.nextRecord() else { break }
        records.append(table.fields.indices.map { table.string($0) })
      } catch {
        refused += 1
        try table.recover()
      }
    }
    #expect(refused == 2)
    #expect(records == [["1", "2"], ["5", "6"]])
  }

  @Test("numbers are read as the standard library reads them, or not at all")
  func numbers() throws {
    let good = [
      "0", "12", "1.5", "-2.25", "+3", "1e3", "2.5E-3", "123456789012345678901234567890", ".5", "7.",
    ]
    let bad = ["", "x", "1x", "--1", "1e", "inf", "nan", "0x10", "1 2", "1e999"]
    for text in good + bad {
      var table = try CSVReader(TextReader(bytes: [UInt8]("a,b\n\(text),1\n".utf8), file: "t"))
      #expect(try table.nextRecord())
      let expected = good.contains(text) ? Double(text.hasSuffix(".") ? String(text.dropLast()) : text) : nil
      #expect(table.number(0) == expected, "\(text)")
    }
  }
}
