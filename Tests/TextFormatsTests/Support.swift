// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of this module share: texts in memory and in files, plain and compressed.

import Foundation
import Testing
import TextFormats

/// The lines of a text, or its problem.
func lines(_ bytes: [UInt8], limit: Int = TextReader.defaultLimit, chunk: Int = 1 << 18) -> Result<
  [String], TextProblem
> {
  do throws(TextProblem) {
    var text = TextReader(bytes: bytes, file: "t", limit: limit, chunk: chunk)
    var lines: [String] = []
    while let line = try text.nextLine() { lines.append(String(decoding: text.bytes[line], as: UTF8.self)) }
    return .success(lines)
  } catch {
    return .failure(error)
  }
}

/// The records of a table, columns first, or its problem.
func table(_ text: String, chunk: Int = 1 << 18) -> Result<[[String]], TextProblem> {
  do throws(TextProblem) {
    var table = try CSVReader(TextReader(bytes: [UInt8](text.utf8), file: "t", chunk: chunk))
    var records = [table.columns]
    while try table.nextRecord() { records.append(table.fields.indices.map { table.string($0) }) }
    return .success(records)
  } catch {
    return .failure(error)
  }
}

/// The documents of a JSON text, or its problem.
func documents(_ bytes: [UInt8], tolerant: Bool = false, chunk: Int = 1 << 18) -> Result<
  [JSONValue], TextProblem
> {
  do throws(TextProblem) {
    return .success(
      try JSONReader.documents(
        TextReader(bytes: bytes, file: "t", chunk: chunk), toleratesNonFinite: tolerant))
  } catch {
    return .failure(error)
  }
}

/// The same of a text.
func documents(_ text: String, tolerant: Bool = false, chunk: Int = 1 << 18) -> Result<
  [JSONValue], TextProblem
> {
  documents([UInt8](text.utf8), tolerant: tolerant, chunk: chunk)
}

/// The problem of a result that must be one.
func problem<Value>(_ result: Result<Value, TextProblem>) -> String {
  switch result {
  case .success: "none"
  case .failure(let problem): problem.description
  }
}

/// `hello\nworld\n` as gzip compresses it (level 9, no name, no time).
let gzipHello: [UInt8] = [
  0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7, 0x2a, 0xcf,
  0x2f, 0xca, 0x49, 0xe1, 0x02, 0x00, 0xff, 0x5d, 0xc5, 0xc4, 0x0c, 0x00, 0x00, 0x00,
]
