// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces of simulated quantities: kept whole, found again, never mistaken, and gone when nobody needs them.

import Decision
import Foundation
import Store
import Testing

@Suite("Pieces in the store")
struct PieceTests {
  private let early = "2026-02-01T03:00:00Z"
  private let late = "2026-02-03T03:00:00Z"

  private func key(_ draw: Int, volume: Double = 1, inputs: String = "ab") -> StoredPieceKey {
    StoredPieceKey(draw: draw, month: 0, volume: volume, inputs: inputs)
  }

  private func keep(
    _ keys: [StoredPieceKey], of set: String, in store: borrowing RunStore, now: String? = nil
  ) throws {
    try store.keep(
      keys.map { ($0, PieceBlob.sealed([UInt8(truncatingIfNeeded: $0.draw), 7])) }, of: set, scenario: "a",
      now: now ?? early)
  }

  @Test("what is sealed opens again; whatever byte is changed, cut off or added, it does not")
  func seal() throws {
    for bytes in [[], [0], (0..<100).map { UInt8($0) }] as [[UInt8]] {
      let blob = PieceBlob.sealed(bytes)
      #expect(PieceBlob.opened(blob) == bytes)
      #expect(PieceBlob.opened(blob + [0]) == nil && PieceBlob.opened(Array(blob.dropLast())) == nil)
      for place in blob.indices {
        for bit in 0..<8 {
          var damaged = blob
          damaged[place] ^= 1 << UInt8(bit)
          #expect(PieceBlob.opened(damaged) == nil)
        }
      }
    }
    #expect(PieceBlob.opened([]) == nil)
  }

  @Test("pieces are found under their own key and set, in any process, and replaced by a later one")
  func keys() throws {
    let folder = try TemporaryFolder()
    let keys = [key(0), key(1), key(1, volume: 0.25), key(1, inputs: "cd")]
    do {
      let store = try RunStore(path: folder.path("runs.sqlite"))
      try store.commitLazily()
      try keep(keys, of: "one", in: store)
      try keep([key(5)], of: "two", in: store)
    }
    let store = try RunStore(path: folder.path("runs.sqlite"))
    #expect(Set(try store.pieceKeys(of: "one")) == Set(keys) && keys.count == 4)
    #expect(try store.pieceKeys(of: "three").isEmpty)
    #expect(try store.piece(key(1), of: "one").flatMap(PieceBlob.opened) == [1, 7])
    #expect(try store.piece(key(5), of: "one") == nil && store.piece(key(0, volume: 2), of: "one") == nil)
    try store.keep([(key(1), PieceBlob.sealed([9]))], of: "one", scenario: "a", now: late)
    #expect(try store.piece(key(1), of: "one").flatMap(PieceBlob.opened) == [9])
    #expect(try store.pieceKeys(of: "one").count == 4)
    #expect(try store.dropPieces(of: "one") == 4)
    #expect(try store.pieceKeys(of: "one").isEmpty && store.pieceKeys(of: "two").count == 1)
  }

  @Test("pieces go with the last run that they belong to, and not before")
  func runs() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    func save(_ set: String?) throws -> Int64 {
      let result = Fixture.result()
      return try store.save(
        result, json: try Fixture.json(result), costs: Fixture.costs, createdAt: early, pieceSet: set)
    }
    try keep([key(0), key(1)], of: "shared", in: store)
    let (first, second, without) = (try save("shared"), try save("shared"), try save(nil))
    try store.delete([.number(first), .number(without)])
    #expect(try store.pieceKeys(of: "shared").count == 2)
    #expect(try store.delete([.number(second)], isRehearsal: true).count == 1)
    #expect(try store.pieceKeys(of: "shared").count == 2)
    try store.delete([.number(second)])
    #expect(try store.pieceKeys(of: "shared").isEmpty)
    #expect(try store.problems().isEmpty)
  }

  @Test("pieces of interrupted runs go when they are old, those of finished runs only when asked for")
  func orphans() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    try keep([key(0)], of: "old", in: store)
    try keep([key(0)], of: "new", in: store, now: late)
    try keep([key(0)], of: "finished", in: store)
    // What was touched again is as young as the last touch.
    try keep([key(0)], of: "continued", in: store)
    try keep([key(1)], of: "continued", in: store, now: late)
    let result = Fixture.result()
    let run = try store.save(
      result, json: try Fixture.json(result), costs: Fixture.costs, createdAt: early, pieceSet: "finished")
    func left() throws -> [String] {
      try ["old", "new", "finished", "continued"].filter { try !store.pieceKeys(of: $0).isEmpty }
    }
    try store.prune(keeping: .newest(1), isRehearsal: true, unfinishedBefore: "2026-02-02T00:00:00Z")
    #expect(try left().count == 4)
    try store.prune(keeping: .newest(1), unfinishedBefore: "2026-02-02T00:00:00Z")
    #expect(try left() == ["new", "finished", "continued"])
    #expect(try store.dropPieces(untouchedSince: "9999") == 3)
    #expect(try left() == ["finished"])
    #expect(try store.dropPieces(untouchedSince: "9999", evenOfRuns: true) == 1)
    #expect(try left().isEmpty)
    // The run stays, and what it simulated may be stored again.
    #expect(try store.load(.number(run)).costs == Fixture.costs)
    try keep([key(0)], of: "finished", in: store)
    try store.delete([.number(run)])
    #expect(try left().isEmpty && store.problems().isEmpty)
  }

  @Test("the check finds a damaged piece and says whose it is")
  func damage() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    do { try keep([key(0), key(3)], of: "one", in: try RunStore(path: path)) }
    try Database(path: path).execute(
      "UPDATE pieces SET quantities = zeroblob(12) WHERE draw = 3")
    let problems = try RunStore(path: path, access: .existing).problems()
    #expect(problems.count == 1 && problems[0].hasPrefix("a piece of a, draw 3, month 0, volume 1.0"))
  }
}
