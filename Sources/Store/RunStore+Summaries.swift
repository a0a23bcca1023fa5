// SPDX-License-Identifier: GPL-3.0-or-later
// What all pieces of a plan come to, as one block: a question about other prices reads this and no piece.

extension RunStore {
  /// The sealed bytes (`PieceBlob`) of a plan's quantities; nil where there are none.
  /// - Parameter digest: of everything that they follow from.
  public func summary(_ digest: String) throws(StoreError) -> [UInt8]? {
    let row = try database.prepare("SELECT quantities FROM summaries WHERE digest = ?1")
    try row.bind([.text(digest)])
    return try row.step() ? row.bytes(0) : nil
  }

  /// Keeps a plan's quantities, in the place of those of the same digest. They go with their set of pieces.
  /// - Parameters:
  ///   - blob: bytes as `PieceBlob` seals them.
  ///   - digest: of everything that they follow from.
  ///   - set: the digest of the set of pieces that they sum up, which is made where there is none.
  ///   - scenario: the scenario whose run simulated them, for people.
  ///   - now: the time, ISO 8601 in UTC.
  public func keepSummary(
    _ blob: [UInt8], as digest: String, of set: String, scenario: String, now: String
  ) throws(StoreError) {
    try database.transaction { () throws(StoreError) in
      let row = try pieceSet(set, scenario: scenario, now: now)
      try database.prepare(
        "INSERT OR REPLACE INTO summaries (piece_set, digest, quantities) VALUES (?1, ?2, ?3)",
        action: "write"
      ).run([.integer(row), .text(digest), .blob(blob)])
    }
  }
}
