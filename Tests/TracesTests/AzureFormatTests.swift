// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about tables of requests: every spelling of a good file reads alike, every bad one is refused with its place.

import Testing
import TextFormats
import Traces
import Workload

private let header = "TIMESTAMP,ContextTokens,GeneratedTokens"

@Suite("Azure data sets")
struct AzureFormatTests {
  @Test(
    "line ends, a missing last one, blank lines, further and reordered columns change nothing",
    arguments: [
      "\(header)\n2023-11-16 18:17:03.948,4808,10\n2023-11-16 18:17:04.000,3180,8\n2023-11-16 18:18:05.448,110,27\n",
      "\(header)\n2023-11-16 18:17:03.948,4808,10\n2023-11-16 18:17:04,3180,8\n2023-11-16 18:18:05.448,110,27",
      "\u{FEFF}\(header)\r\n2023-11-16 18:17:03.9480000,4808,10\r\n2023-11-16 18:17:04.0,3180,8\r\n"
        + "2023-11-16 18:18:05.448,110,27\r\n",
      "\(header)\r\n2023-11-16 18:17:03.948,4808,10\r\n2023-11-16T18:17:04,3180,8\r\n2023-11-16 18:18:05.448,110,27",
      "\(header)\n\n2023-11-16 18:17:03.948,4808,10\n2023-11-16 18:17:04,3180,8\n\n2023-11-16 18:18:05.448,110,27\n\n",
      "GeneratedTokens,region,TIMESTAMP,ContextTokens\n10,eu,2023-11-16 18:17:03.948,4808\n"
        + "8,,2023-11-16 18:17:04,3180\n27,us,2023-11-16 18:18:05.448,110\n",
      " ContextTokens , TIMESTAMP,GeneratedTokens ,note\r\n4808,\"2023-11-16 18:17:03.948\",10,\"a, b\"\r\n"
        + "3180,2023-11-16 18:17:04,8,a b\r\n110,2023-11-16 18:18:05.448,27,x",
    ], [64, 1 << 18])
  func spellings(text: String, chunk: Int) throws {
    let log = try read(text, chunk: chunk).get()
    #expect(log.format == .azure && log.hasCalendar && log.warnings.isEmpty)
    #expect(log.seconds.map { ($0 * 1e6).rounded() } == [0, 52_000, 61_500_000])
    #expect(log.records.map(\.inputTokens) == [4808, 3180, 110])
    #expect(log.records.map(\.outputTokens) == [10, 8, 27])
  }

  @Test("a fraction of n digits is read to the nanosecond", arguments: 0...9)
  func fractions(digits: Int) throws {
    let written = "123456789".prefix(digits)
    let fraction = digits == 0 ? "" : ".\(written)"
    let log = try read("\(header)\n2024-05-10 00:00:00,1,1\n2024-05-10 00:00:00\(fraction),1,1\n").get()
    let expected = Int64(written + String(repeating: "0", count: 9 - digits)) ?? 0
    #expect(log.records[1].time - log.records[0].time == expected)
  }

  @Test(
    "an offset moves a time to UTC",
    arguments: [
      ("2024-05-10 12:00:00Z", 0.0), ("2024-05-10 12:00:00.5Z", 0.5), ("2024-05-10 12:00:00+00:00", 0),
      ("2024-05-10 14:00:00+02:00", 0), ("2024-05-10 17:30:01.25+05:30", 1.25),
      ("2024-05-10 14:00:01+0200", 1),
      ("2024-05-10 04:00:00-08:00", 0), ("2024-05-11 01:45:00+13:45", 0), ("2024-05-09 23:30:00-12:30", 0),
    ])
  func offsets(time: String, expected: Double) throws {
    let log = try read("\(header)\n2024-05-10 12:00:00,1,1\n\(time),1,1\n").get()
    #expect(log.seconds[1] == expected)
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
    #expect(try read("\(header)\n\(before),1,1\n\(after),1,1\n").get().seconds[1] == 1)
  }

  @Test(
    "a time that is none is refused where it stands",
    arguments: [
      "yesterday", "", "2023-11-16", "2023-11-16 18:17", "2023-11-16 24:00:00", "2023-11-16 18:60:00",
      "2023-11-16 18:17:61", "2023-13-01 00:00:00", "2023-02-29 00:00:00", "2023-00-10 00:00:00",
      "2023-11-31 00:00:00", "2023/11/16 18:17:03", "2023-11-16_18:17:03", "2023-11-16 18.17.03",
      "2023-11-16 18:17:03.", "2023-11-16 18:17:03.1234567891", "2023-11-16 18:17:03+2",
      "2023-11-16 18:17:03ZZ", "2023-11-16 18:17:03+25:00", "2023-11-16 18:17:03+01:60",
      "2023-11-16 18:17:03 UTC", "+202-11-16 18:17:03", "2023-+1-16 18:17:03", "2023-11-+6 18:17:03",
      "0000-01-01 00:00:00", "1969-12-31 23:59:59", "2262-04-12 00:00:00", "9999-12-31 23:59:59",
      "20231-11-16 18:17:0", "1700156223",
    ])
  func times(time: String) {
    let good = "2023-11-16 18:17:03,1,1\n"
    #expect(
      problem("\(header)\n\(good)\(time),1,1\n")
        == "log:3:1: TIMESTAMP is '\(time)'; a time such as 2023-11-16 18:17:03.9799600 is needed")
  }

  @Test(
    "a bad file is refused with the place of its first fault",
    arguments: [
      ("", "log:1:1: the file is empty; a table starts with a line of column names"),
      (
        "TIMESTAMP,ContextTokens\n2023-11-16 18:17:03,1\n",
        "log:1:1: the column GeneratedTokens is missing; the first line must name TIMESTAMP, ContextTokens, "
          + "GeneratedTokens"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,1,1\n2023-11-16 18:17:04,12",
        "log:3:21: the row has 2 of 3 columns; is the file truncated?"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,1,-5\n",
        "log:2:23: GeneratedTokens is '-5'; a whole number of tokens is needed"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,1,2147483648\n",
        "log:2:23: GeneratedTokens is '2147483648'; a whole number of tokens is needed"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,99999999999999999999999999,1\n",
        "log:2:21: ContextTokens is '99999999999999999999999999'; a whole number of tokens is needed"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,1.5,1\n",
        "log:2:21: ContextTokens is '1.5'; a whole number of tokens is needed"
      ),
      (
        "\(header)\n2023-11-16 18:17:03,1,\u{0}2\n",
        "log:2:23: a NUL byte; this is not text: name the text file it was made from"
      ),
    ])
  func refusals(text: String, message: String) {
    #expect(problem(text) == message)
  }

  @Test("lengths of 0 are kept, counted and told: no input as 1 token, no output as a failed request")
  func zeros() throws {
    let log = try read(
      "\(header)\n2023-11-16 18:17:03,0,5\n2023-11-16 18:17:04,7,0\n2023-11-16 18:17:05,7,\n"
    )
    .get()
    #expect(log.records.map(\.inputTokens) == [1, 7, 7])
    #expect(log.records.map(\.hasFailed) == [false, true, true])
    #expect(
      log.warnings.sorted() == [
        "1 row that the log calls failed: kept as failed requests",
        "1 row with 0 input tokens: counted as 1, for no prompt is empty",
        "1 row with 0 output tokens: kept as failed requests",
        "1 row without a number of output tokens: kept as failed requests",
      ])
  }
}
