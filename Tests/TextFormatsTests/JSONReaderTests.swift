// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about JSON: RFC 8259 to the letter, every value with its place, Foundation's reader as the oracle.

import Foundation
import Testing
import TextFormats

@Suite("JSON documents")
struct JSONReaderTests {
  @Test("a tree holds every kind of value, in order, with places", arguments: [16, 4096])
  func tree(chunk: Int) throws {
    let text = """
      {"a": [1, -2.5, 1e3, 12345678901234567], "b": {"c": null, "d": true},
       "e": "x\\u00e9\\n\\ud83d\\ude00\\/", "": false, "a": "second"}
      """
    let root = try #require(try documents(text, chunk: chunk).get().first)
    #expect(root["a"]?.elements?.map(\.double) == [1, -2.5, 1000, Double(12_345_678_901_234_567 as Int64)])
    #expect(root["a"]?[3]?.int64 == 12_345_678_901_234_567)
    #expect(root["a"]?[1]?.int64 == nil && root["a"]?[9] == nil)
    #expect(root["b"]?["c"]?.isNull == true && root["b"]?["d"]?.bool == true)
    #expect(root["e"]?.string == "xé\n😀/")
    #expect(root.members?.map(\.key) == ["a", "b", "e", ""])
    #expect(root["e"]?.line == 2 && root["e"]?.column == 7)
    #expect(root["b"]?["d"].map { $0.problem(file: "f", "m").description } == "f:1:64: m")
  }

  @Test("documents may follow one another with or without white space, and in an array")
  func streams() throws {
    #expect(try documents("{}\n{} [1]\n\n").get().count == 3)
    #expect(try documents("").get().isEmpty)
    for text in [
      "{\"v\":1}\n{\"v\":2}\n{\"v\":3}", "[{\"v\":1},{\"v\":2},\n{\"v\":3}]",
      "[]{\"v\":1}[{\"v\":2}]{\"v\":3}",
    ] {
      var reader = JSONReader(TextReader(bytes: [UInt8](text.utf8), file: "t", chunk: 16))
      var values: [Int64?] = []
      while try reader.nextDocument() { values.append(try reader.readValue()["v"]?.int64) }
      #expect(values == [1, 2, 3], "\(text)")
    }
  }

  @Test(
    "what is wrong is said with its place",
    arguments: [
      ("{\"a\": }", "t:1:7: a value is needed here; a text must stand in quotes"),
      (
        "{\"a\": 01}",
        "t:1:7: '01' is not a value; a number, a text in quotes or true, false or null is needed"
      ),
      ("{\"a\" 1}", "t:1:6: a colon is needed between a key and its value"),
      ("{a: 1}", "t:1:2: a key in quotes is needed here"),
      ("{\"a\": 1,}", "t:1:9: nothing follows the comma; remove it"),
      ("[1 2]", "t:1:4: a comma or ] is needed here"),
      ("[1,\n 2", "t:2:3: the document ends where an element or ] should stand; is the file truncated?"),
      ("{\"a\": \"x\ny\"}", "t:1:9: the line ends within a text; is a quote missing?"),
      ("{\"a\": \"x", "t:1:7: the quote that opens here is never closed; is the file truncated?"),
      ("\"\\x\"", "t:1:2: an unknown escape; one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u is needed"),
      ("\"\\ud83dx\"", "t:1:2: half of a surrogate pair; both halves are needed"),
      ("\"\\ude00\"", "t:1:2: half of a surrogate pair; both halves are needed"),
      ("\"\\u12g4\"", "t:1:2: \\u needs four hexadecimal digits"),
      ("{\"a\": Infinity}", "t:1:7: a bare Infinity, which JSON does not have; write a number, or null"),
      ("[-Infinity]", "t:1:2: a bare -Infinity, which JSON does not have; write a number, or null"),
      ("[NaN]", "t:1:2: a bare NaN, which JSON does not have; write a number, or null"),
      ("[nul]", "t:1:2: a value is needed here; a text must stand in quotes"),
      ("[1e999]", "t:1:2: the number 1e999 is beyond the largest double"),
      ("{\"a\": \"\u{0}\"}", "t:1:8: a NUL byte; this is not text: name the text file it was made from"),
      ("\u{1}", "t:1:1: a control character between JSON values; remove it"),
    ])
  func refusals(text: String, message: String) {
    #expect(problem(documents(text)) == message)
    #expect(problem(documents(text, chunk: 16)) == message)
  }

  @Test("bare infinities are numbers where they are tolerated")
  func tolerance() throws {
    let values = try documents("[Infinity, -Infinity, NaN]", tolerant: true).get()[0].elements
    #expect(
      values?[0].double == .infinity && values?[1].double == -.infinity && values?[2].double?.isNaN == true)
  }

  @Test("256 levels are read and 257 refused, when skipped too")
  func levels() throws {
    let deep = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
    #expect(try documents(deep).get().count == 1)
    #expect(problem(documents("[\(deep)]")).contains("nested deeper than 256 levels"))
    for (text, isGood) in [(deep, true), ("[\(deep)]", false)] {
      var reader = JSONReader(TextReader(bytes: [UInt8](text.utf8), file: "t"), splitsArrays: false)
      #expect(try reader.nextDocument())
      #expect((try? reader.skipValue()) != nil || !isGood)
    }
  }

  @Test(
    "bytes that are not UTF-8 are refused where they stand",
    arguments: [
      [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xFF],
      [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
    ] as [[UInt8]])
  func encoding(bytes: [UInt8]) {
    let text: [UInt8] = [UInt8]("[\"é€😀 ".utf8) + bytes + [UInt8]("\"]".utf8)
    #expect(problem(documents(text)) == "t:1:13: bytes that are not UTF-8; convert the file to UTF-8")
  }

  @Test(
    "only the keys asked for are read; the first of equals counts, escaped keys too", arguments: [16, 4096])
  func keys(chunk: Int) throws {
    let text = """
      {"body": {"prompt": "long \\" text", "n": [1, {"id": 9}]}, "\\u0069d": 1, "id": 2, "ids": [3, 18446744073709551615]}
      {"id": "77", "x": null}
      """
    var reader = JSONReader(TextReader(bytes: [UInt8](text.utf8), file: "t", chunk: chunk))
    let keys = JSONKeys(["id", "ids"])
    var found: [Int64?] = []
    var numbers: [UInt64] = []
    while try reader.nextDocument() {
      try reader.beginObject()
      var seen: UInt64 = 0
      while let key = try reader.nextKey(of: keys, seen: &seen) {
        switch key {
        case 0: found.append(try reader.readInt64())
        case 1: try reader.readWholeNumbers(into: &numbers)
        default: try reader.skipValue()
        }
      }
    }
    #expect(found == [1, 77])
    #expect(numbers == [3, .max])
  }

  @Test("hashes are equal for values written alike and differ otherwise")
  func hashes() throws {
    var reader = JSONReader(
      TextReader(bytes: [UInt8]("{\"a\":[1,2]} {\"a\":[1,2]} {\"a\":[1,3]}".utf8), file: "t", chunk: 16))
    var hashes: [UInt64] = []
    while try reader.nextDocument() { hashes.append(try reader.hashValue()) }
    #expect(hashes[0] == hashes[1] && hashes[0] != hashes[2] && !hashes.contains(0))
  }

  @Test("after a refused line the next document is read; in a spread-out array, the next element")
  func recovery() throws {
    for text in [
      "{\"v\": 1}\n{\"v\": [1, \n{\"v\": 2}\n{\"v\": \"x\n{\"v\": 3}\n",
      "[\n{\"v\":\n 1},\n{\"v\":\n oops, \"w\": {}},\n{\"v\": 2},\n{\"v\": 3}\n]",
    ] {
      var reader = JSONReader(TextReader(bytes: [UInt8](text.utf8), file: "t"))
      var values: [Int64?] = []
      for _ in 0..<10 {
        do {
          guard try reader.nextDocument() else { break }
          values.append(try reader.readValue()["v"]?.int64)
        } catch {
          try reader.recover()
        }
      }
      #expect(values == [1, 2, 3], "\(text)")
    }
  }

  @Test("10,000 mutations of good documents never crash, and what is accepted Foundation accepts too")
  func mutations() throws {
    let good = [UInt8](
      #"{"a": [1, -2.5e3, "x\u00e9\n😀", null, true], "b": {"c": [[], {}]}, "d": "é", "e": 0.125}"#.utf8)
    var state: UInt64 = 20_261_124
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let fragments = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "1", "-", ".", "e", "null", " ", "\n", "\u{0}",
    ]
    .map { [UInt8]($0.utf8) }
    var accepted = 0
    for trial in 0..<10_000 {
      var bytes = good
      for _ in 0...next(2) {
        let place = next(bytes.count)
        switch next(5) {
        case 0: bytes[place] = UInt8(next(256))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: fragments[next(fragments.count)], at: place)
        case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + next(20))], at: place)
        default: bytes = Array(bytes[0...place])
        }
        if bytes.isEmpty { bytes = good }
      }
      switch documents(bytes, chunk: 16 + next(100)) {
      case .failure(let problem):
        #expect(problem.line >= 1 && problem.column >= 1 && !problem.message.isEmpty)
      case .success(let trees) where trees.count == 1:
        accepted += 1
        let oracle = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        #expect(oracle != nil, "trial \(trial): \(String(decoding: bytes, as: UTF8.self))")
      case .success: break
      }
    }
    #expect((500...9500).contains(accepted))
  }
}
