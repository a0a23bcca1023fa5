// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the trace reader: every spelling of a good file reads alike, every bad one is refused with its place.

import Foundation
import Quantities
import Testing
import Workload

private let header = "TIMESTAMP,ContextTokens,GeneratedTokens"

@Suite("Azure trace reader")
struct AzureTraceTests {
  private let three = [
    (time: 0.0, inputTokens: Int32(4808), outputTokens: Int32(10)),
    (time: 0.052, inputTokens: 3180, outputTokens: 8),
    (time: 61.5, inputTokens: 110, outputTokens: 27),
  ]

  @Test(
    "line ends, a missing last one, blank lines, further and reordered columns change nothing",
    arguments: [
      "\(header)\n2023-11-16 18:17:03.948,4808,10\n2023-11-16 18:17:04.000,3180,8\n2023-11-16 18:18:05.448,110,27\n",
      "\(header)\n2023-11-16 18:17:03.948,4808,10\n2023-11-16 18:17:04,3180,8\n2023-11-16 18:18:05.448,110,27",
      "\(header)\r\n2023-11-16 18:17:03.9480000,4808,10\r\n2023-11-16 18:17:04.0,3180,8\r\n"
        + "2023-11-16 18:18:05.448,110,27\r\n",
      "\(header)\r\n2023-11-16 18:17:03.948,4808,10\r\n2023-11-16T18:17:04,3180,8\r\n2023-11-16 18:18:05.448,110,27",
      "\(header)\n\n2023-11-16 18:17:03.948,4808,10\n2023-11-16 18:17:04,3180,8\n\n2023-11-16 18:18:05.448,110,27\n\n",
      "GeneratedTokens,region,TIMESTAMP,ContextTokens\n10,eu,2023-11-16 18:17:03.948,4808\n"
        + "8,,2023-11-16 18:17:04,3180\n27,us,2023-11-16 18:18:05.448,110\n",
      " ContextTokens , TIMESTAMP,GeneratedTokens ,note\r\n4808,2023-11-16 18:17:03.948,10,\r\n"
        + "3180,2023-11-16 18:17:04,8,a b\r\n110,2023-11-16 18:18:05.448,27,x",
    ])
  func spellings(text: String) throws {
    let rows = try readTrace(text).get().rows
    #expect(rows.count == three.count)
    for (row, expected) in zip(rows, three) {
      #expect(abs(row.time - expected.time) < 1e-9)
      #expect(row.inputTokens == expected.inputTokens && row.outputTokens == expected.outputTokens)
    }
  }

  @Test("a fraction of n digits is read to the nanosecond", arguments: 0...9)
  func fractions(digits: Int) throws {
    let written = "123456789".prefix(digits)
    let fraction = digits == 0 ? "" : ".\(written)"
    let trace = try readTrace("\(header)\n2024-05-10 00:00:00,1,1\n2024-05-10 00:00:00\(fraction),1,1\n")
      .get()
    let expected = Double("0.\(written)0") ?? .nan
    #expect(abs(trace.span - expected) < 1e-12)
  }

  @Test(
    "an offset moves a time to UTC",
    arguments: [
      ("2024-05-10 12:00:00Z", 0.0), ("2024-05-10 12:00:00.5Z", 0.5), ("2024-05-10 12:00:00+00:00", 0),
      ("2024-05-10 14:00:00+02:00", 0), ("2024-05-10 17:30:01.25+05:30", 1.25),
      ("2024-05-10 04:00:00-08:00", 0), ("2024-05-11 01:45:00+13:45", 0), ("2024-05-09 23:30:00-12:30", 0),
    ])
  func offsets(time: String, expected: Double) throws {
    let trace = try readTrace("\(header)\n2024-05-10 12:00:00,1,1\n\(time),1,1\n").get()
    #expect(trace.span == expected)
  }

  @Test(
    "days, months and years border without a gap",
    arguments: [
      ("2023-11-16 23:59:59", "2023-11-17 00:00:00"), ("2023-11-30 23:59:59", "2023-12-01 00:00:00"),
      ("2023-12-31 23:59:59", "2024-01-01 00:00:00"), ("2024-02-28 23:59:59", "2024-02-29 00:00:00"),
      ("2024-02-29 23:59:59", "2024-03-01 00:00:00"), ("2023-02-28 23:59:59", "2023-03-01 00:00:00"),
      ("2100-02-28 23:59:59", "2100-03-01 00:00:00"), ("2023-12-31 23:59:60", "2024-01-01 00:00:01"),
    ])
  func borders(before: String, after: String) throws {
    let trace = try readTrace("\(header)\n\(before),1,1\n\(after),1,1\n").get()
    #expect(trace.span == 1)
    #expect(trace.period == 2)
  }

  @Test("a trace whose rows share one time stands for an hour, for it has no rate")
  func oneTime() throws {
    let row = "2023-11-16 18:17:03,5,5\n"
    #expect(try readTrace("\(header)\n\(row)").get().period == 3600)
    #expect(try readTrace("\(header)\n\(row)\(row)\(row)").get().period == 3600)
  }

  @Test(
    "a bad file is refused with the place of its first fault",
    arguments: [
      (
        "",
        "t.csv:1:1: the file is empty; a trace starts with the line TIMESTAMP,ContextTokens,GeneratedTokens"
      ),
      (header, "t.csv:1:1: the trace has no rows below its header"),
      ("\(header)\n", "t.csv:2:1: the trace has no rows below its header"),
      ("\(header)\r\n\r\n", "t.csv:3:1: the trace has no rows below its header"),
      (
        "TIMESTAMP,ContextTokens\n2023-11-16 18:17:03,1\n",
        "t.csv:1:1: the column GeneratedTokens is missing; the first line must name TIMESTAMP, ContextTokens, "
          + "GeneratedTokens"
      ),
      (
        "2023-11-16 18:17:03,1,1\n",
        "t.csv:1:1: the column TIMESTAMP is missing; the first line must name TIMESTAMP, ContextTokens, "
          + "GeneratedTokens"
      ),
      (
        "\(header)\n2023-11-16 18:17:03.2,1,1\n2023-11-16 18:17:03.1999999,1,1\n",
        "t.csv:3:1: the time is before that of the row above; sort the trace by TIMESTAMP"
      ),
      (
        "ContextTokens,TIMESTAMP,GeneratedTokens\n1,2023-11-16 18:17:03Z,1\n1,2023-11-16 18:17:03+01:00,1\n",
        "t.csv:3:3: the time is before that of the row above; sort the trace by TIMESTAMP"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,1,1\n2023-11-16 18:17:04,12",
        "t.csv:3:21: the row has 2 of 3 columns; is the file truncated?"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,1,1\r\n2023-11-16 18:1",
        "t.csv:3:1: the row has 1 of 3 columns; is the file truncated?"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,1,1,1\n",
        "t.csv:2:25: the row has 4 of 3 columns; is the file truncated?"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,0,1\n",
        "t.csv:2:21: ContextTokens is '0'; a whole number of tokens from 1 is needed"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,1,-5\n",
        "t.csv:2:23: GeneratedTokens is '-5'; a whole number of tokens from 1 is needed"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,1,2147483648\n",
        "t.csv:2:23: GeneratedTokens is '2147483648'; a whole number of tokens from 1 is needed"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,99999999999999999999999999,1\n",
        "t.csv:2:21: ContextTokens is '99999999999999999999999999'; a whole number of tokens from 1 is needed"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,,1\n",
        "t.csv:2:21: ContextTokens is ''; a whole number of tokens from 1 is needed"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,1.0,1\n",
        "t.csv:2:21: ContextTokens is '1.0'; a whole number of tokens from 1 is needed"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,1,\u{0}\u{0}2\n",
        "t.csv:2:23: GeneratedTokens is '\u{FFFD}\u{FFFD}2'; a whole number of tokens from 1 is needed"
      ),
    ])
  func refusals(text: String, message: String) {
    guard case .failure(let problem) = readTrace(text) else {
      Issue.record("accepted: \(text)")
      return
    }
    #expect(problem.description == message)
  }

  @Test(
    "a time that is none is refused where it stands",
    arguments: [
      "yesterday", "", "2023-11-16", "2023-11-16 18:17", "2023-11-16 24:00:00", "2023-11-16 18:60:00",
      "2023-11-16 18:17:61", "2023-13-01 00:00:00", "2023-02-29 00:00:00", "2023-00-10 00:00:00",
      "2023-11-31 00:00:00", "2023/11/16 18:17:03", "2023-11-16_18:17:03", "2023-11-16 18.17.03",
      "2023-11-16 18:17:03.", "2023-11-16 18:17:03.1234567891", "2023-11-16 18:17:03+2",
      "2023-11-16 18:17:03ZZ",
      "2023-11-16 18:17:03+25:00", "2023-11-16 18:17:03+01:60", "2023-11-16 18:17:03 UTC",
      "+202-11-16 18:17:03",
      "2023-+1-16 18:17:03", "2023-11-+6 18:17:03", "0000-01-01 00:00:00", "1969-12-31 23:59:59",
      "2262-04-12 00:00:00", "9999-12-31 23:59:59", "20231-11-16 18:17:0",
    ])
  func times(time: String) {
    let good = "2023-11-16 18:17:03,1,1\n"
    guard case .failure(let problem) = readTrace("\(header)\n\(good)\(time),1,1\n") else {
      Issue.record("accepted: \(time)")
      return
    }
    #expect(
      problem.description
        == "t.csv:3:1: TIMESTAMP is '\(time)'; a time such as 2023-11-16 18:17:03.9799600 is needed")
  }

  @Test("NUL bytes and other binary are refused with a message fit for a terminal")
  func binary() {
    for bytes in [
      [UInt8](repeating: 0, count: 5000), [UInt8]("\(header)\n".utf8) + [UInt8](repeating: 0, count: 100),
      [UInt8]("\(header)\n\u{1B}[31m2023-11-16 18:1\u{0},1,1\n".utf8), (0...255).map { UInt8($0) },
    ] {
      guard case .failure(let problem) = readTrace(bytes) else {
        Issue.record("accepted \(bytes.count) bytes of nothing")
        continue
      }
      #expect(problem.line >= 1)
      #expect(!problem.description.utf8.contains { $0 < 32 || $0 == 127 })
    }
  }

  @Test("a file on disk reads like its bytes, and its problems carry its path")
  func files() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "trace-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    let text = "\(header)\n2023-11-16 18:17:03,5,6\n2023-11-16 18:17:04.5,7,8\n"
    try Data(text.utf8).write(to: file)
    #expect(try RequestTrace(azure: file.path) == readTrace(text).get())
    try Data("\(header)\nnow,1,1".utf8).write(to: file)
    let problem = #expect(throws: TraceProblem.self) { try RequestTrace(azure: file.path) }
    #expect(problem?.description.hasPrefix("\(file.path):2:1: TIMESTAMP is 'now'") == true)
  }

  @Test("a file that is not there, or a folder, is a problem of the file as a whole")
  func unreadable() {
    for path in ["/nowhere/trace.csv", FileManager.default.temporaryDirectory.path] {
      let problem = #expect(throws: TraceProblem.self) { try RequestTrace(azure: path) }
      #expect(problem?.line == 0)
      #expect(problem?.description.hasPrefix("\(path): cannot be read") == true)
    }
  }

  @Test("3,000 mutations of a good file never crash the reader, and what it accepts is in order")
  func mutations() {
    var random = CounterRandom(seed: 20231116, draw: 0, purpose: .testing)
    func pick(_ count: Int) -> Int { min(count - 1, Int(random.nextUniform() * Double(count))) }
    let fragments = [
      "\u{0}", "\n", "\r\n", ",", "-", "+", ":", ".", "9", "99999999999", "Z", " ", "2023-11-16", "é",
      "\u{FEFF}",
    ].map { [UInt8]($0.utf8) }
    var good = [UInt8]("\(header)\r\n".utf8)
    for row in 0..<12 {
      good += [UInt8]("2023-11-16 18:17:\(10 + row).9799600,\(100 + row * 37),\(1 + row)\r\n".utf8)
    }
    var accepted = 0
    for _ in 0..<3000 {
      var bytes = good
      for _ in 0...pick(2) {
        let place = pick(max(1, bytes.count))
        switch pick(6) {
        case 0: bytes[place] = UInt8(pick(256))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: fragments[pick(fragments.count)], at: place)
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + pick(60)))
        case 4: bytes = Array(bytes[0..<max(1, place)])
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + pick(60))], at: place)
        }
        if bytes.isEmpty { bytes = good }
      }
      switch readTrace(bytes) {
      case .success(let trace):
        accepted += 1
        #expect(trace.rows.first?.time == 0)
        #expect(zip(trace.rows, trace.rows.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(trace.rows.allSatisfy { $0.inputTokens >= 1 && $0.outputTokens >= 1 })
        #expect(trace.period > 0 && trace.period.isFinite)
      case .failure(let problem):
        #expect(!problem.message.isEmpty && problem.column >= 0)
      }
    }
    // Neither all nor none: the mutations reach both ways out.
    #expect((100...2900).contains(accepted))
  }
}
