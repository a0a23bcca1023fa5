// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps what runs were made from; a text that many runs share, such as the catalog, is kept once.

import Foundation

extension RunStore {
  /// What a run was made from; nil where that was not kept, as of runs of older versions.
  /// - Throws: `damaged` where it cannot be read, or what SQLite says.
  public func inputs(of run: Int64) throws(StoreError) -> RunInputs? {
    let row = try database.prepare(
      "SELECT folder, catalog_folder, overrides, settings FROM run_inputs WHERE run_id = ?1")
    try row.bind([.integer(run)])
    guard try row.step() else { return nil }
    let rows = try database.prepare(
      """
      SELECT role, name, text FROM run_texts JOIN texts ON texts.id = text_id WHERE run_id = ?1
      ORDER BY role, name
      """)
    try rows.bind([.integer(run)])
    var texts: [String: [RunInputs.Text]] = [:]
    while try rows.step() {
      texts[rows.text(0), default: []].append(RunInputs.Text(name: rows.text(1), text: rows.text(2)))
    }
    do {
      guard let scenario = texts["scenario"]?.first else { throw CocoaError(.coderReadCorrupt) }
      return RunInputs(
        scenario: scenario, folder: row.text(0),
        overrides: try JSONDecoder().decode([String].self, from: Data(row.bytes(2))),
        catalog: texts["catalog"] ?? [], overlays: texts["overlay"] ?? [],
        catalogFolder: row.isNull(1) ? nil : row.text(1),
        settings: try JSONDecoder().decode(RunInputs.Settings.self, from: Data(row.bytes(3))))
    } catch {
      throw .damaged(path: path, reason: "what run \(run) was made from cannot be read")
    }
  }

  /// Keeps what a run was made from; inside the caller's transaction.
  func insertInputs(_ inputs: RunInputs, run: Int64) throws(StoreError) {
    let insertion = try database.prepare(
      "INSERT INTO run_inputs (run_id, folder, catalog_folder, overrides, settings) VALUES (?1, ?2, ?3, ?4, ?5)",
      action: "write")
    try insertion.run([
      .integer(run), .text(inputs.folder), inputs.catalogFolder.map(SQLValue.text) ?? .null,
      .text(try Self.json(inputs.overrides)), .text(try Self.json(inputs.settings)),
    ])
    try insert([inputs.scenario], as: "scenario", run: run)
    try insert(inputs.catalog, as: "catalog", run: run)
    try insert(inputs.overlays, as: "overlay", run: run)
  }

  /// Deletes texts that no run refers to any more; inside the caller's transaction.
  func removeUnusedTexts() throws(StoreError) {
    try database.execute(
      "DELETE FROM texts WHERE NOT EXISTS (SELECT 1 FROM run_texts WHERE text_id = texts.id)", action: "write"
    )
  }

  private func insert(_ texts: [RunInputs.Text], as role: String, run: Int64) throws(StoreError) {
    for text in texts {
      let sum = SQLValue.integer(Int64(bitPattern: PieceBlob.checksum(Array(text.text.utf8)[...])))
      try database.prepare(
        """
        INSERT INTO texts (checksum, text) SELECT ?1, ?2
        WHERE NOT EXISTS (SELECT 1 FROM texts WHERE checksum = ?1 AND text = ?2)
        """, action: "write"
      ).run([sum, .text(text.text)])
      try database.prepare(
        """
        INSERT INTO run_texts (run_id, role, name, text_id)
        VALUES (?1, ?2, ?3, (SELECT id FROM texts WHERE checksum = ?4 AND text = ?5))
        """, action: "write"
      ).run([.integer(run), .text(role), .text(text.name), sum, .text(text.text)])
    }
  }

  private static func json(_ value: some Encodable) throws(StoreError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw .invalidRun(reason: "what it was made from cannot be written: \(error)")
    }
  }
}
