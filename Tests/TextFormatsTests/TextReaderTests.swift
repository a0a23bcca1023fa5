// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about lines: every spelling of a text reads alike, whatever the size of the chunks and the compression.

import Foundation
import Testing
import TextFormats

@Suite("Lines of a text")
struct TextReaderTests {
  @Test(
    "line ends, a missing last one and a byte order mark change nothing",
    arguments: [
      "one\ntwo\n\nfour\n", "one\ntwo\n\nfour", "one\r\ntwo\r\n\r\nfour\r\n", "one\r\ntwo\r\n\r\nfour",
      "\u{FEFF}one\ntwo\r\n\nfour\n",
    ], [16, 17, 19, 4096])
  func spellings(text: String, chunk: Int) {
    #expect(lines([UInt8](text.utf8), chunk: chunk) == .success(["one", "two", "", "four"]))
  }

  @Test("texts of random lines are cut as by a split at line feeds", arguments: 0..<40)
  func randomLines(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let expected = (0..<next(60)).map { _ in String(repeating: "x", count: next(next(4) == 0 ? 300 : 9)) + "é"
    }
    let text = expected.joined(separator: "\n") + (next(2) == 0 && !expected.isEmpty ? "\n" : "")
    #expect(lines([UInt8](text.utf8), chunk: 16 + next(50)) == .success(expected), "seed \(seed)")
  }

  @Test("an empty text has no lines, one line feed has one")
  func empty() {
    #expect(lines([]) == .success([]))
    #expect(lines([0x0A]) == .success([""]))
    #expect(lines([0xEF, 0xBB, 0xBF]) == .success([]))
  }

  @Test("a NUL byte is refused with its line and column", arguments: [16, 4096])
  func nul(chunk: Int) {
    let found = problem(lines([UInt8]("first line\nab\u{0}c\nlast\n".utf8), chunk: chunk))
    #expect(found == "t:2:3: a NUL byte; this is not text: name the text file it was made from")
  }

  @Test(
    "a line beyond the limit is refused with its number, one at the limit is not", arguments: [16, 100, 4096])
  func longLine(chunk: Int) {
    let text = "short\n" + String(repeating: "y", count: 200) + "\nend\n"
    #expect(
      problem(lines([UInt8](text.utf8), limit: 199, chunk: chunk))
        == "t:2:1: the line is longer than 199 bytes, the most that is read; is this a text file?")
    #expect((try? lines([UInt8](text.utf8), limit: 200, chunk: chunk).get())?.count == 3)
  }

  @Test("after a line beyond the limit reading can go on with the next, numbered rightly")
  func skipping() throws {
    let text = "short\n" + String(repeating: "y", count: 5000) + "\nend\n"
    var reader = TextReader(bytes: [UInt8](text.utf8), file: "t", limit: 100, chunk: 64)
    #expect(try reader.nextLine() != nil)
    do {
      _ = try reader.nextLine()
      Issue.record("accepted")
    } catch {
      try reader.skipLine()
    }
    let line = try #require(try reader.nextLine())
    #expect(String(decoding: reader.bytes[line], as: UTF8.self) == "end")
    #expect(reader.lineNumber == 3)
    #expect(reader.bytes.count < 1000)
  }

  @Test(
    "gzip is told by its first bytes; several members read as one; zeros may follow", arguments: [16, 4096])
  func gzip(chunk: Int) {
    #expect(lines(gzipHello, chunk: chunk) == .success(["hello", "world"]))
    #expect(lines(gzipHello + gzipHello, chunk: chunk) == .success(["hello", "world", "hello", "world"]))
    #expect(
      lines(gzipHello + [UInt8](repeating: 0, count: 600), chunk: chunk) == .success(["hello", "world"]))
  }

  @Test("gzip cut anywhere is an error that says so, never a shorter text", arguments: 2..<32)
  func truncatedGzip(length: Int) {
    #expect(
      problem(lines(Array(gzipHello[..<length]))).contains("the gzip data ends early; the file is truncated"))
    #expect(problem(lines(gzipHello + gzipHello[..<length])).contains("truncated"))
  }

  @Test("damaged gzip and text after gzip are refused")
  func damagedGzip() {
    var damaged = gzipHello
    damaged[24] ^= 0x10
    #expect(problem(lines(damaged)).contains("the gzip data is damaged"))
    #expect(
      problem(lines(gzipHello + [UInt8]("text".utf8))).contains("what follows the gzip data is not gzip"))
  }

  @Test("files read like their bytes; missing ones and folders are unreadable")
  func files() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "text-\(UUID().uuidString).gz")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(gzipHello).write(to: file)
    var reader = try TextReader(path: file.path)
    var count = 0
    while try reader.nextLine() != nil { count += 1 }
    #expect(count == 2)
    for path in ["/nowhere/at/all.csv", FileManager.default.temporaryDirectory.path] {
      let found = #expect(throws: TextProblem.self) { _ = try TextReader(path: path).file }
      #expect(found?.isUnreadable == true && found?.line == 0)
      #expect(found?.description.hasPrefix("\(path): cannot be read") == true)
    }
  }
}
