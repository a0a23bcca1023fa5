// SPDX-License-Identifier: GPL-3.0-or-later
// What a comparison of two runs must notice, and what it must not.

import Decision
import Testing

@Suite("Comparing runs")
struct RunComparisonTests {
  @Test("a run compared with itself shows no change anywhere")
  func same() {
    let comparison = RunComparison(from: Fixture.result(), to: Fixture.result())
    #expect(!comparison.decisionFlips && comparison.inputs.isEmpty)
    #expect(comparison.options.allSatisfy { $0.change == .same } && comparison.options.count == 2)
    #expect(comparison.breakEvens.allSatisfy { $0.change == .same } && comparison.breakEvens.count == 2)
  }

  @Test("options are told apart as added, removed, changed and the same, in the later run's order")
  func options() throws {
    var (old, new) = (Fixture.result(), Fixture.result())
    old.options = ["gone", "kept", "dearer"].map { Fixture.option($0, mean: 1000) }
    new.options = ["new", "dearer", "kept"].map { Fixture.option($0, mean: 1000) }
    new.options[1].totalCost = Fixture.spread(1250)
    let rows = RunComparison(from: old, to: new).options
    #expect(rows.map(\.name) == ["new", "dearer", "kept", "gone"])
    #expect(rows.map(\.change) == [.added, .changed, .same, .removed])
    #expect(rows[1].p50.relativeChange == 0.25 && rows[2].p50.relativeChange == 0)
    #expect(rows[0].p50.old == nil && rows[0].p50.relativeChange == nil && rows[3].p50.new == nil)
    #expect(rows[1].probabilityCheapest.old == rows[1].probabilityCheapest.new)
  }

  @Test("each figure of an option makes it a changed one")
  func figures() {
    let changes: [(inout OptionResult) -> Void] = [
      { $0.totalCost.mean += 1 }, { $0.totalCost.p50 += 1 }, { $0.totalCost.p90 += 1 },
      { $0.probabilityCheapest.estimate -= 0.01 }, { $0.serviceLevel -= 0.01 },
    ]
    for change in changes {
      var new = Fixture.result()
      change(&new.options[1])
      #expect(RunComparison(from: Fixture.result(), to: new).options.map(\.change) == [.same, .changed])
    }
  }

  @Test("a flip of the decision, and everything put in that differs, is said")
  func inputs() {
    var new = Fixture.result(seed: 5)
    new.decision.option = "api"
    new.decision.baseline = "own"
    new.run.catalogDigest = "cc"
    let comparison = RunComparison(from: Fixture.result(seed: 4), to: new)
    #expect(comparison.decisionFlips && comparison.oldOption == "own" && comparison.newOption == "api")
    #expect(comparison.inputs.map(\.name) == ["catalog", "seed", "baseline"])
    #expect(
      comparison.inputs.map(\.old) == ["bb", "4", "api"]
        && comparison.inputs.map(\.new) == ["cc", "5", "own"])
  }

  @Test("a fall from a negative value is a fall, and a change from nothing has no share")
  func relativeChange() {
    typealias Figure = RunComparison.Figure
    #expect(Figure(old: -100, new: -150).relativeChange == -0.5)
    #expect(Figure(old: -100, new: 50).relativeChange == 1.5)
    #expect(Figure(old: 0, new: 50).relativeChange == nil)
  }
}
