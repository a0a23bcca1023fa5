// SPDX-License-Identifier: GPL-3.0-or-later
// The run that a report is held against: the last one of its scenario that came to something else. A run that only
// repeats another is passed over, so that repeating a run repeats its report.

public import Decision
public import Foundation

extension RunStore {
  /// The newest run of a result's scenario, without a name of its own, whose result differs; nil where there is none.
  /// - Parameters:
  ///   - scenario: the scenario's id.
  ///   - json: the result; the command in it does not count.
  /// - Complexity: passes over the fingerprints of the runs that only repeat the result, and reads one more.
  public func lastDiffering(scenario: String, json: Data) throws(StoreError) -> StoredRun? {
    guard let text = String(validating: json, as: UTF8.self) else {
      throw .invalidRun(reason: "its JSON is not UTF-8")
    }
    let found = try database.integer(
      """
      SELECT id FROM runs LEFT JOIN results ON run_id = id
      WHERE scenario = ?1 AND name IS NULL AND fingerprint IS NOT ?2 ORDER BY id DESC LIMIT 1
      """, [.text(scenario), .integer(try fingerprint(of: text))])
    guard let found else { return nil }
    return try load(.number(found))
  }

  /// What a run's report was held against when it was stored; nil where there was nothing.
  /// - Throws: `damaged`, or what SQLite says.
  public func earlierRun(of run: Int64) throws(StoreError) -> EarlierRun? {
    let row = try database.prepare("SELECT earlier_id, day, comparison FROM earlier_runs WHERE run_id = ?1")
    try row.bind([.integer(run)])
    guard try row.step() else { return nil }
    do {
      return EarlierRun(
        run: row.integer(0), day: row.text(1),
        comparison: try JSONDecoder().decode(RunComparison.self, from: Data(row.bytes(2))))
    } catch {
      throw .damaged(path: path, reason: "run \(run) has a comparison that cannot be read")
    }
  }

  func insertEarlier(_ earlier: EarlierRun, run: Int64) throws(StoreError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let json = try? encoder.encode(earlier.comparison) else {
      throw .invalidRun(reason: "a figure of its comparison is not finite")
    }
    try database.prepare(
      "INSERT INTO earlier_runs (run_id, earlier_id, day, comparison) VALUES (?1, ?2, ?3, ?4)",
      action: "write"
    ).run([
      .integer(run), .integer(earlier.run), .text(earlier.day),
      .text(String(decoding: json, as: UTF8.self)),
    ])
  }
}
