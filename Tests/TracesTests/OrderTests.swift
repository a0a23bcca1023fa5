// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about order and tolerance: what runs back is sorted within the window, what cannot be read is skipped and counted.

import Foundation
import Testing
import TextFormats
import Traces

/// A Mooncake log of these milliseconds, each row with a block that tells it.
private func mooncake(_ milliseconds: [Int]) -> String {
  milliseconds.enumerated().map {
    "{\"timestamp\": \($1), \"input_length\": 600, \"output_length\": \($0 + 1), \"hash_ids\": [\($0), \($0 + 1)]}\n"
  }.joined()
}

@Suite("Order and tolerance")
struct OrderTests {
  @Test(
    "rows that run back within the window come out sorted with their blocks, and are counted",
    arguments: 0..<4)
  func sorting(seed: Int) throws {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    // More rows than are read at once, so that some leave before the last are read.
    let times = (0..<10_000).map { $0 * 50 + next(59_000) }
    let log = try read(mooncake(times)).get()
    #expect(log.records.count == times.count, "seed \(seed)")
    let expected = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    #expect(log.records.map { Int($0.time) } == expected.map { times[$0] * 1_000_000 })
    #expect(log.blocks == expected.flatMap { [UInt64($0), UInt64($0 + 1)] })
    var latest = Int.min
    let back = times.filter { time in
      defer { latest = max(latest, time) }
      return time < latest
    }.count
    #expect(log.warnings.count == 1 && log.warnings[0].hasPrefix("\(back) rows ran back in time, by up to 5"))
  }

  @Test("a minute back is sorted, more is refused with its line; a wider window sorts it")
  func window() throws {
    #expect(try read(mooncake([0, 60_000, 0])).get().records.map(\.outputTokens) == [1, 3, 2])
    #expect(
      problem(mooncake([0, 60_001, 0]))
        == "log:3:1: the time runs back by 60.001 s, more than the 60 s within which rows are sorted; sort the file by "
        + "time")
    let wide = TraceReadingOptions(sortWindow: 3600)
    #expect(try read(mooncake([0, 3_600_000, 0]), options: wide).get().records.count == 3)
  }

  @Test("rows of one time keep the order of the file")
  func ties() throws {
    let log = try read(mooncake([5, 5, 3, 5, 3])).get()
    #expect(log.records.map(\.outputTokens) == [3, 5, 1, 2, 4])
  }

  @Test("--skip-bad skips so many bad rows, counts them and tells the first; one more is refused")
  func skipping() throws {
    let text =
      mooncake([0]) + "{\"timestamp\": 1\n" + mooncake([2]) + "oops\n{\"timestamp\": 3}\n" + mooncake([4])
    let log = try read(text, options: TraceReadingOptions(format: .mooncake, skipBad: 3)).get()
    #expect(log.records.map { $0.time / 1_000_000 } == [0, 2, 4])
    #expect(log.skipped == 3)
    #expect(
      log.warnings.count == 1
        && log.warnings[0].hasPrefix("3 rows skipped that could not be read; the first: log:"))
    #expect(
      problem(text, options: TraceReadingOptions(skipBad: 2))
        == "log:5:1: input_length is missing; timestamp, input_length and output_length are needed")
    let table =
      "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,1,1\nx,1,1\n2023-11-16 18:17:04,2\n"
      + "2023-11-16 18:17:05,3,\u{0}\n2023-11-16 18:17:06,4,4\n"
    let rows = try read(table, options: TraceReadingOptions(skipBad: 3)).get()
    #expect(rows.records.map(\.inputTokens) == [1, 4] && rows.skipped == 3)
  }

  @Test("a row of a gibibyte is refused with its line in bounded memory, or skipped")
  func longRow() throws {
    let text =
      [UInt8]("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,".utf8)
      + [UInt8](repeating: UInt8(ascii: "9"), count: 1 << 20) + [UInt8](",1\n2023-11-16 18:17:04,5,6\n".utf8)
    // The limit is lowered, so that the test need not write a gibibyte: 1 MiB over 64 KiB is as 1 GiB over 64 MiB.
    func log(skipBad: Int) -> Result<ReadLog, TextProblem> {
      do throws(TextProblem) {
        let reader = TextReader(bytes: text, file: "log", limit: 1 << 16)
        return .success(try ReadLog(reader, options: TraceReadingOptions(skipBad: skipBad)))
      } catch {
        return .failure(error)
      }
    }
    guard case .failure(let problem) = log(skipBad: 0) else {
      Issue.record("accepted")
      return
    }
    #expect(
      problem.description
        == "log:2:1: the line is longer than 65536 bytes, the most that is read; is this a text file?")
    #expect(try log(skipBad: 1).get().records.map(\.inputTokens) == [5])
  }

  @Test(
    "a NUL byte, a bare infinity, bytes that are not UTF-8 and an open line are refused with their place",
    arguments: [
      (
        "{\"timestamp\": Infinity, ",
        "log:2:15: a bare Infinity, which JSON does not have; write a number, or null"
      ),
      (
        "{\"timestamp\": 1, \"x\": \"a\u{0}",
        "log:2:25: a NUL byte; this is not text: name the text file it was made from"
      ),
      (
        "{\"timestamp\": 1, \"x\": \"",
        "log:2:23: the quote that opens here is never closed; is the file truncated?"
      ),
      (
        "{\"timestamp\": -5, \"input_length\": -1, ",
        "log:2:35: -1 tokens; a number from 0 to 2,147,483,647 is needed"
      ),
      (
        "{\"timestamp\": \"noon\", ",
        "log:2:15: 'noon' is no time here; a number of seconds such as 12.5 is needed"
      ),
    ])
  func spoiltLines(line: String, message: String) {
    #expect(problem(mooncake([0]) + line) == message)
  }

  @Test("an unknown format is refused with the names of those there are")
  func unknown() {
    for text in ["a,b\n1,2\n", "{\"a\": 1}\n", "hello\n"] {
      let message = problem(text)
      #expect(
        message.hasPrefix("log:1:1: the file has the ") && message.contains("azure, burstgpt, mooncake"))
    }
    #expect(problem("{\"a\": 1}", options: TraceReadingOptions(format: .azure)).contains("this is JSON"))
    #expect(problem("a,b\n", options: TraceReadingOptions(format: .mooncake)).contains("this is no JSON"))
  }
}
