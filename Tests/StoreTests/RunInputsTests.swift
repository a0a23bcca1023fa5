// SPDX-License-Identifier: GPL-3.0-or-later
// What a run was made from comes back word for word, is kept once however many runs share it, and goes with them; and
// runs answer to the names they were given.

import Decision
import Foundation
import Store
import Testing

@Suite("Inputs, names and summaries of runs")
struct RunInputsTests {
  private static func inputs(_ scenario: String, catalog: String = "prices: 1") -> RunInputs {
    var settings = RunInputs.Settings()
    (settings.seed, settings.draws, settings.target) = (.max, 512, 0.01)
    return RunInputs(
      scenario: .init(name: "a.yaml", text: scenario), folder: "/somewhere",
      overrides: ["a=b", "c={d: 'e'}"],
      catalog: [.init(name: "gpus.yaml", text: catalog), .init(name: "prices.yaml", text: "ünits")],
      overlays: [.init(name: "prices.yaml", text: catalog)], catalogFolder: nil, settings: settings)
  }

  private static func save(
    _ store: borrowing RunStore, inputs: RunInputs? = nil, name: String? = nil, scenario: String = "a"
  ) throws -> Int64 {
    let result = Fixture.result(scenario: scenario)
    return try store.save(
      result, json: try Fixture.json(result), costs: Fixture.costs, createdAt: Fixture.createdAt,
      inputs: inputs, name: name)
  }

  @Test("a run's texts, overrides and settings come back as they were; a run without any has none")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    let inputs = Self.inputs("name: 'a'\r\n")
    let run = try Self.save(store, inputs: inputs)
    let without = try Self.save(store)
    #expect(try store.inputs(of: run) == inputs)
    #expect(try store.inputs(of: without) == nil && store.inputs(of: 99) == nil)
    var other = inputs
    (other.catalogFolder, other.settings) = ("catalog", .init())
    let second = try Self.save(store, inputs: other)
    #expect(try store.inputs(of: second) == other)
    #expect(try store.problems().isEmpty)
  }

  @Test("a text that runs share is kept once, and as long as one of them is there")
  func sharing() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    let database = try Database(path: store.path, access: .readOnly)
    func texts() throws -> Int64? { try database.integer("SELECT count(*) FROM texts") }
    let first = try Self.save(store, inputs: Self.inputs("one"))
    #expect(try texts() == 3)
    let second = try Self.save(store, inputs: Self.inputs("two"))
    #expect(try texts() == 4)
    try store.delete([.number(first)])
    #expect(try texts() == 3)
    #expect(try store.inputs(of: second) == Self.inputs("two"))
    try store.delete([.number(second)])
    #expect(try texts() == 0)
  }

  @Test("a name is found before a scenario's, is no part of its history, and is kept when old runs go")
  func names() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    let first = try Self.save(store)
    let named = try Self.save(store, name: "cheap")
    let last = try Self.save(store)
    let other = try Self.save(store, name: "other")
    func number(_ text: String) throws -> Int64 { try store.number(of: try #require(RunReference(text))) }
    #expect(try number("cheap") == named && number("a") == last && number("a~1") == first)
    #expect(try number("latest") == other && number("latest~2") == named)
    #expect(throws: StoreError.noSuchRun(.recent(scenario: "cheap", back: 1), path: store.path)) {
      try number("cheap~1")
    }
    #expect(try store.predecessor(of: last) == first && store.predecessor(of: named) == first)
    #expect(try store.list().map(\.name) == ["other", nil, "cheap", nil])
    for taken in ["cheap", "a"] {
      let owner = taken == "a" ? last : named
      #expect(throws: StoreError.nameTaken(taken, run: taken == "a" ? other : owner, path: store.path)) {
        try Self.save(store, name: taken)
      }
    }
    #expect(try store.list().count == 4)
    #expect(try store.prune(keeping: .newest(1)).map(\.id) == [first])
    try store.delete([.number(named)])
    #expect(try number("latest") == other)
    // A name that has become free may be given again.
    #expect(try Self.save(store, name: "cheap") == number("cheap"))
    #expect(throws: (any Error).self) { try Self.save(store, name: "") }
  }

  @Test("a summary is found by its digest, replaced by a later one, checked, and goes with its set")
  func summaries() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    let store = try RunStore(path: path)
    let now = Fixture.createdAt
    func keep(_ bytes: [UInt8], _ digest: String, of set: String) throws {
      try store.keepSummary(PieceBlob.sealed(bytes), as: digest, of: set, scenario: "a", now: now)
    }
    try keep([1, 2], "x", of: "one")
    try keep([3], "y", of: "one")
    try keep([4], "z", of: "two")
    try keep([5], "x", of: "one")
    #expect(try store.summary("x").flatMap(PieceBlob.opened) == [5])
    #expect(try store.summary("w") == nil && store.problems().isEmpty)
    try Database(path: path).execute("UPDATE summaries SET quantities = zeroblob(12) WHERE digest = 'y'")
    #expect(try store.problems().count == 1 && store.problems()[0].hasPrefix("the summary of pieces of a is"))
    let result = Fixture.result()
    _ = try store.save(
      result, json: try Fixture.json(result), costs: Fixture.costs, createdAt: now, pieceSet: "two")
    try store.dropPieces(untouchedSince: "9999")
    #expect(try store.summary("x") == nil && store.summary("z") != nil)
    try store.dropPieces(untouchedSince: "9999", evenOfRuns: true)
    #expect(try store.summary("z") == nil && store.problems().isEmpty)
  }
}
