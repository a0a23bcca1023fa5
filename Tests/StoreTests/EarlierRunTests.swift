// SPDX-License-Identifier: GPL-3.0-or-later
// What a run is held against: the newest run of its scenario that came to something else, kept beside it for good.

import Decision
import Foundation
import Store
import Testing

@Suite("The run before")
struct EarlierRunTests {
  /// A run of a scenario that differs from the others by its seed; its command counts for nothing.
  private static func result(_ scenario: String, _ seed: UInt64, command: String) -> PlanResult {
    var result = Fixture.result(scenario: scenario, seed: seed)
    result.run.command = "breakeven \(command)"
    return result
  }

  @Test("repeats of a result, other scenarios and runs with a name are passed over")
  func lastDiffering() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    func before(_ result: PlanResult) throws -> Int64? {
      try store.lastDiffering(scenario: result.run.scenario, json: Fixture.json(result))?.summary.id
    }
    let first = Self.result("a", 1, command: "plan a.yaml")
    #expect(try before(first) == nil)
    try Fixture.save(first, in: store)
    #expect(try before(Self.result("a", 1, command: "plan ./a.yaml --threads 1")) == nil)
    #expect(try before(Self.result("a", 2, command: "plan a.yaml")) == 1)
    try Fixture.save(Self.result("b", 7, command: "plan b.yaml"), in: store)
    let other = Self.result("a", 9, command: "what-if a.yaml")
    _ = try store.save(
      other, json: Fixture.json(other), costs: Fixture.costs, createdAt: Fixture.createdAt, name: "question")
    #expect(try before(Self.result("a", 2, command: "plan a.yaml")) == 1)
    try Fixture.save(Self.result("a", 2, command: "plan a.yaml"), in: store)
    try Fixture.save(Self.result("a", 2, command: "plan a.yaml --quiet"), in: store)
    #expect(try before(Self.result("a", 2, command: "plan a.yaml")) == 1)
    #expect(try before(first) == 5)
    #expect(try before(Self.result("c", 1, command: "plan c.yaml")) == nil)
  }

  @Test("what had changed is kept when the run before is deleted, and goes with its own run")
  func kept() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    let (old, new) = (Fixture.result(seed: 1), Fixture.result(seed: 2))
    try Fixture.save(old, in: store)
    let earlier = EarlierRun(run: 1, day: "2026-02-01", comparison: RunComparison(from: old, to: new))
    _ = try store.save(
      new, json: Fixture.json(new), costs: Fixture.costs, createdAt: Fixture.createdAt, earlier: earlier)
    #expect(try store.earlierRun(of: 1) == nil)
    #expect(try store.earlierRun(of: 2) == earlier)
    #expect(earlier.comparison.inputs.map(\.name) == ["seed"])
    _ = try store.delete([.number(1)], isRehearsal: false)
    #expect(try store.earlierRun(of: 2) == earlier)
    _ = try store.delete([.number(2)], isRehearsal: false)
    #expect(try store.earlierRun(of: 2) == nil)
  }
}
