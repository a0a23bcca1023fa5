// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces of simulated quantities, kept as they finish: an interrupted run goes on from them, and a run that differs in
// nothing but prices needs no other.

/// What of a piece's inputs differs within its set.
public struct StoredPieceKey: Sendable, Hashable {
  /// The physical draw, from 0.
  public var draw: Int
  /// The simulated month, from 0.
  public var month: Int
  /// The multiple of the planned volume.
  public var volume: Double
  /// Digest of the draw's physical inputs.
  public var inputs: String

  /// A key.
  public init(draw: Int, month: Int, volume: Double, inputs: String) {
    self.draw = draw
    self.month = month
    self.volume = volume
    self.inputs = inputs
  }

  fileprivate var columns: [SQLValue] {
    [.integer(Int64(draw)), .integer(Int64(month)), .real(volume), .text(inputs)]
  }
}

/// A piece's bytes as they lie in the store: one byte of layout, the bytes, and their FNV-1a checksum.
public enum PieceBlob {
  /// The layout of what `sealed` returns.
  public static let layout: UInt8 = 1

  /// The bytes with their layout and checksum around them.
  public static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    let body = [layout] + bytes
    let sum = checksum(body[...])
    return body + stride(from: UInt64(0), to: 64, by: 8).map { UInt8(truncatingIfNeeded: sum >> $0) }
  }

  /// The bytes within; nil where they have another layout, or are not those that were sealed.
  public static func opened(_ blob: [UInt8]) -> [UInt8]? {
    guard blob.count >= 9, blob[0] == layout else { return nil }
    let end = blob.count - 8
    let sum = (0..<8).reduce(UInt64(0)) { $0 | UInt64(blob[end + $1]) << UInt64(8 * $1) }
    return sum == checksum(blob[..<end]) ? Array(blob[1..<end]) : nil
  }

  /// FNV-1a, 64 bits (Fowler, Noll, Vo; RFC 9923): finds damage, resists no forger.
  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}

extension RunStore {
  /// Lets this connection's commits reach the disk later: a killed process loses none, a power cut the last ones, and
  /// the file stays sound either way (https://www.sqlite.org/pragma.html#pragma_synchronous). Pieces can be simulated
  /// again.
  public func commitLazily() throws(StoreError) { try database.execute("PRAGMA synchronous = NORMAL") }

  /// The keys of the pieces of a set.
  public func pieceKeys(of set: String) throws(StoreError) -> [StoredPieceKey] {
    let rows = try database.prepare(
      """
      SELECT draw, month, volume, inputs FROM pieces JOIN piece_sets ON piece_sets.id = piece_set
      WHERE digest = ?1
      """)
    try rows.bind([.text(set)])
    var keys: [StoredPieceKey] = []
    while try rows.step() {
      keys.append(
        StoredPieceKey(
          draw: Int(rows.integer(0)), month: Int(rows.integer(1)), volume: rows.real(2), inputs: rows.text(3))
      )
    }
    return keys
  }

  /// The sealed bytes of a piece (`PieceBlob`); nil where there is no such piece.
  public func piece(_ key: StoredPieceKey, of set: String) throws(StoreError) -> [UInt8]? {
    let row = try database.prepare(
      """
      SELECT quantities FROM pieces
      WHERE piece_set = (SELECT id FROM piece_sets WHERE digest = ?1)
        AND draw = ?2 AND month = ?3 AND volume = ?4 AND inputs = ?5
      """)
    try row.bind([.text(set)] + key.columns)
    return try row.step() ? row.bytes(0) : nil
  }

  /// Keeps pieces, all of them or none, each in the place of one of the same key.
  /// - Parameters:
  ///   - pieces: keys, and bytes as `PieceBlob` seals them.
  ///   - set: the digest of everything that the set's pieces have in common.
  ///   - scenario: the scenario whose run simulated them, for people.
  ///   - now: the time, ISO 8601 in UTC.
  public func keep(
    _ pieces: [(key: StoredPieceKey, blob: [UInt8])], of set: String, scenario: String, now: String
  ) throws(StoreError) {
    try database.transaction { () throws(StoreError) in
      let row = try pieceSet(set, scenario: scenario, now: now)
      let insertion = try database.prepare(
        """
        INSERT OR REPLACE INTO pieces (piece_set, draw, month, volume, inputs, quantities)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """, action: "write")
      for (key, blob) in pieces { try insertion.run([.integer(row)] + key.columns + [.blob(blob)]) }
    }
  }

  /// The number of a set of pieces, which is made where there is none; inside the caller's transaction.
  func pieceSet(_ digest: String, scenario: String, now: String) throws(StoreError) -> Int64 {
    let row = try database.prepare(
      """
      INSERT INTO piece_sets (digest, scenario, touched_at) VALUES (?1, ?2, ?3)
      ON CONFLICT (digest) DO UPDATE SET touched_at = max(touched_at, excluded.touched_at)
      """, action: "write")
    try row.run([.text(digest), .text(scenario), .text(now)])
    return try database.integer("SELECT id FROM piece_sets WHERE digest = ?1", [.text(digest)]) ?? 0
  }

  /// Deletes the pieces of a set.
  /// - Returns: how many there were.
  @discardableResult
  public func dropPieces(of set: String) throws(StoreError) -> Int {
    try database.transaction { () throws(StoreError) in
      try database.prepare(
        "DELETE FROM pieces WHERE piece_set = (SELECT id FROM piece_sets WHERE digest = ?1)", action: "write"
      ).run([.text(set)])
      return Int(try database.integer("SELECT changes()") ?? 0)
    }
  }

  /// Deletes pieces that belong to no run and have not been touched since a time.
  /// - Parameters:
  ///   - time: ISO 8601 in UTC; an interrupted run may be continued until then.
  ///   - evenOfRuns: also those of finished runs, which then are simulated again where they are needed.
  /// - Returns: how many were deleted.
  @discardableResult
  public func dropPieces(untouchedSince time: String, evenOfRuns: Bool = false) throws(StoreError) -> Int {
    try database.transaction { () throws(StoreError) in
      try removeOrphanPieces(untouchedSince: time, evenOfRuns: evenOfRuns)
    }
  }

  /// Deletes sets of pieces inside the caller's transaction.
  @discardableResult
  func removeOrphanPieces(untouchedSince time: String, evenOfRuns: Bool = false) throws(StoreError) -> Int {
    // Runs do not go with their pieces.
    let orphans =
      evenOfRuns
      ? "SELECT id FROM piece_sets WHERE touched_at < ?1"
      : """
      SELECT id FROM piece_sets
      WHERE touched_at < ?1 AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.piece_set = piece_sets.id)
      """
    try database.prepare("DELETE FROM pieces WHERE piece_set IN (\(orphans))", action: "write")
      .run([.text(time)])
    let count = try database.integer("SELECT changes()") ?? 0
    try database.prepare("DELETE FROM summaries WHERE piece_set IN (\(orphans))", action: "write")
      .run([.text(time)])
    if !evenOfRuns {
      try database.prepare("DELETE FROM piece_sets WHERE id IN (\(orphans))", action: "write")
        .run([.text(time)])
    }
    return Int(count)
  }

  /// Deletes the pieces of sets that no run refers to any more; inside the caller's transaction.
  func removePieces(left sets: [Int64]) throws(StoreError) {
    let deletion = try database.prepare(
      """
      DELETE FROM piece_sets WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.piece_set = ?1)
      """, action: "write")
    for set in sets { try deletion.run([.integer(set)]) }
  }

  /// Pieces whose bytes are not those that were stored, in words.
  func pieceProblems() throws(StoreError) -> [String] {
    let rows = try database.prepare(
      """
      SELECT scenario, draw, month, volume, quantities FROM pieces
      JOIN piece_sets ON piece_sets.id = piece_set ORDER BY pieces.id
      """)
    var problems: [String] = []
    while try rows.step() {
      if PieceBlob.opened(rows.bytes(4)) != nil { continue }
      problems.append(
        "a piece of \(rows.text(0)), draw \(rows.integer(1)), month \(rows.integer(2)), volume \(rows.real(3)), "
          + "is damaged: the next run simulates it again")
    }
    let summaries = try database.prepare(
      """
      SELECT scenario, quantities FROM summaries JOIN piece_sets ON piece_sets.id = piece_set
      ORDER BY summaries.id
      """)
    while try summaries.step() {
      if PieceBlob.opened(summaries.bytes(1)) != nil { continue }
      problems.append(
        "the summary of pieces of \(summaries.text(0)) is damaged: the next run makes it anew from its pieces"
      )
    }
    return problems
  }
}
