// SPDX-License-Identifier: GPL-3.0-or-later
// The result of a run twice: whole and compressed, for the program, and in the parts that queries ask for, as JSON.
// Ninety nights of a dozen scenarios would otherwise take most of a gigabyte.

import Decision
import Foundation

extension RunStore {
  /// What queries are left with: a result without the parts that its tables and charts are made of.
  func queriedPart(of json: String, options: Int) throws(StoreError) -> String {
    let paths =
      Self.longParts.map { "$.\($0)" }
      + (0..<options).flatMap { option in Self.longOptionParts.map { "$.options[\(option)].\($0)" } }
    // SQLite takes a limited number of arguments, so one option's parts go at a time.
    var rest = json
    for start in stride(from: 0, to: paths.count, by: Self.pathsAtOnce) {
      let some = paths[start..<min(start + Self.pathsAtOnce, paths.count)]
      let places = some.indices.map { "?\($0 - start + 2)" }.joined(separator: ", ")
      rest = try text(of: "SELECT json_remove(json(?1), \(places))", [.text(rest)] + some.map { .text($0) })
    }
    return rest
  }

  /// Keeps a result whole.
  func insertResult(_ json: String, run: Int64) throws(StoreError) {
    let bytes = Array(try text(of: "SELECT json(?1)", [.text(json)]).utf8)
    guard let compressed = CompressedBytes.compressed(bytes) else {
      throw .invalidRun(reason: "there is no memory to compress its result")
    }
    try database.prepare(
      "INSERT INTO results (run_id, fingerprint, bytes, result) VALUES (?1, ?2, ?3, ?4)", action: "write"
    ).run([
      .integer(run), .integer(try fingerprint(of: json)), .integer(Int64(bytes.count)), .blob(compressed),
    ])
  }

  /// A result as it was saved, without its indentation; nil where the run was stored before results were compressed.
  /// - Throws: `damaged`, or what SQLite says.
  func wholeResult(of run: Int64) throws(StoreError) -> Data? {
    let row = try database.prepare("SELECT bytes, result FROM results WHERE run_id = ?1")
    try row.bind([.integer(run)])
    guard try row.step() else { return nil }
    guard let bytes = CompressedBytes.restored(row.bytes(1), count: Int(row.integer(0))) else {
      throw .damaged(path: path, reason: "the result of run \(run) cannot be read")
    }
    return Data(bytes)
  }

  /// What tells results apart: FNV-1a of the document without its command, as SQLite's integer.
  func fingerprint(of json: String) throws(StoreError) -> Int64 {
    let document = try text(of: "SELECT json_remove(json(?1), '$.run.command')", [.text(json)])
    return Int64(bitPattern: PieceBlob.checksum(Array(document.utf8)[...]))
  }

  /// Results that are not as they were stored, in words.
  func resultProblems() throws(StoreError) -> [String] {
    let rows = try database.prepare("SELECT run_id, fingerprint, bytes, result FROM results ORDER BY run_id")
    var problems: [String] = []
    while try rows.step() {
      let run = rows.integer(0)
      guard let bytes = CompressedBytes.restored(rows.bytes(3), count: Int(rows.integer(2))),
        let json = String(validating: bytes, as: UTF8.self)
      else {
        problems.append("run \(run): its result cannot be read")
        continue
      }
      if try fingerprint(of: json) != rows.integer(1) {
        problems.append("run \(run): its result is not the one that was stored")
      }
    }
    return problems
  }

  /// The one text that a query gives.
  private func text(of sql: String, _ values: [SQLValue]) throws(StoreError) -> String {
    let row = try database.prepare(sql)
    try row.bind(values)
    guard try row.step(), !row.isNull(0) else { throw .invalidRun(reason: "its JSON is not a document") }
    return row.text(0)
  }

  private static var longParts: [String] {
    ["alongVolume", "breakEvens", "demand", "differences", "fleetWeeks", "flips", "levers", "uncertainty"]
  }

  private static var longOptionParts: [String] {
    [
      "charges", "costQuantiles", "fleetLoads", "latency", "monthly", "supplies", "useCaseCosts",
    ]
  }

  private static var pathsAtOnce: Int { 64 }
}
