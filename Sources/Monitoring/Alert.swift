// SPDX-License-Identifier: GPL-3.0-or-later
// Thresholds against a night's result: which were crossed, and the sentence that says by how much.

public import Decision
import NumberFormatting
public import Scenario

/// A threshold that was crossed.
public struct Alert: Sendable, Hashable, Codable {
  /// Which thresholds there are, under the names that a scenario gives them.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The decision is unsure.
    case probabilityCheapestBelow = "p_cheapest_below"
    /// A bad future costs too much.
    case p90Above = "p90_above"
    /// The plan is near the volume at which another option pays.
    case breakEvenWithin = "break_even_within"
    /// Another option is recommended than before.
    case decisionChanges = "decision_changes"
    /// The cost is another than before.
    case costChangesBy = "cost_changes_by"
    /// More is spent than planned.
    case spendAbovePlan = "spend_above_plan"
    /// More is asked than planned.
    case volumeAbovePlan = "volume_above_plan"
  }

  /// The threshold.
  public var kind: Kind
  /// What crossed it, with both numbers, in one line.
  public var sentence: String

  /// An alert.
  public init(kind: Kind, sentence: String) {
    self.kind = kind
    self.sentence = sentence
  }
}

extension AlertThresholds {
  /// The thresholds that are set.
  public var kinds: [Alert.Kind] {
    Alert.Kind.allCases.filter { kind in
      switch kind {
      case .probabilityCheapestBelow: probabilityCheapestBelow != nil
      case .p90Above: p90Above != nil
      case .breakEvenWithin: breakEvenWithin != nil
      case .decisionChanges: decisionChanges
      case .costChangesBy: costChangesBy != nil
      case .spendAbovePlan: spendAbovePlan != nil
      case .volumeAbovePlan: volumeAbovePlan != nil
      }
    }
  }

  /// The thresholds that a night crosses, in the order of `Alert.Kind`.
  /// - Parameters:
  ///   - result: tonight's result.
  ///   - before: the last good run's; nil in the first night, which no change can cross.
  ///   - usage: the usage logs against the plan; nil where there are none.
  public func crossed(
    by result: PlanResult, before: PlanResult?, usage: UsageAgainstPlan?
  ) -> [Alert] {
    kinds.flatMap { kind -> [Alert] in
      let sentences: [String] =
        switch kind {
        case .probabilityCheapestBelow: unsure(result).map { [$0] } ?? []
        case .p90Above: dear(result).map { [$0] } ?? []
        case .breakEvenWithin: nearBreakEvens(result)
        case .decisionChanges: flip(result, before).map { [$0] } ?? []
        case .costChangesBy: change(result, before).map { [$0] } ?? []
        case .spendAbovePlan: spend(usage).map { [$0] } ?? []
        case .volumeAbovePlan: volume(usage).map { [$0] } ?? []
        }
      return sentences.map { Alert(kind: kind, sentence: $0) }
    }
  }

  private func unsure(_ result: PlanResult) -> String? {
    let estimate = result.decision.probabilityCheapest.estimate
    guard let limit = probabilityCheapestBelow, estimate < limit else { return nil }
    return "P(cheapest) of \(result.decision.option) is \(NumberText.percent(estimate)), below "
      + NumberText.percent(limit)
  }

  private func dear(_ result: PlanResult) -> String? {
    guard let limit = p90Above, let cost = result.recommended?.totalCost.p90, cost > limit else { return nil }
    return "P90 of \(result.decision.option) is \(NumberText.money(cost)), above \(NumberText.money(limit))"
  }

  /// Break-evens of the recommended option that most futures have: others do not touch the decision, or say nothing of
  /// the plan.
  private func nearBreakEvens(_ result: PlanResult) -> [String] {
    guard let limit = breakEvenWithin else { return [] }
    return result.volumeBreakEvens.compactMap { breakEven, value in
      let isOurs = [breakEven.option, breakEven.against].contains(result.decision.option)
      guard isOurs, (value - 1).magnitude <= limit, breakEven.neverShare + breakEven.alwaysShare <= 0.5
      else { return nil }
      return
        "\(breakEven.option) breaks even with \(breakEven.against) at \(NumberText.multiple(value)) the planned "
        + "volume, within \(NumberText.percent(limit, digits: 0))"
    }
  }

  private func flip(_ result: PlanResult, _ before: PlanResult?) -> String? {
    guard let before, before.decision.option != result.decision.option else { return nil }
    return "the decision changes: \(before.decision.option) → \(result.decision.option)"
  }

  private func change(_ result: PlanResult, _ before: PlanResult?) -> String? {
    guard let limit = costChangesBy, let new = result.recommended,
      let old = before?.options.first(where: { $0.name == new.name }), old.totalCost.p50 != 0
    else { return nil }
    let share = (new.totalCost.p50 - old.totalCost.p50) / old.totalCost.p50.magnitude
    guard share.magnitude > limit else { return nil }
    return "P50 of \(new.name) goes from \(NumberText.money(old.totalCost.p50)) to "
      + "\(NumberText.money(new.totalCost.p50)) (\(Alert.signed(share))), by more than \(NumberText.percent(limit, digits: 0))"
  }

  private func spend(_ usage: UsageAgainstPlan?) -> String? {
    guard let limit = spendAbovePlan, let usage, let excess = usage.spendExcess, excess > limit,
      let actual = usage.measured.dollars, let planned = usage.plannedSpend
    else { return nil }
    return "\(NumberText.money(actual)) was spent where the plan has \(NumberText.money(planned)) "
      + "(\(Alert.signed(excess))), over \(NumberText.percent(limit, digits: 0)) above"
  }

  private func volume(_ usage: UsageAgainstPlan?) -> String? {
    guard let limit = volumeAbovePlan, let usage, let excess = usage.volumeExcess, excess > limit,
      let planned = usage.plannedRequests
    else { return nil }
    return "\(NumberText.quantity(usage.measured.requests)) requests came where the plan has "
      + "\(NumberText.quantity(planned)) (\(Alert.signed(excess))), over \(NumberText.percent(limit, digits: 0)) above"
  }
}

extension Alert {
  /// A change with its sign: `+12.3 %`.
  static func signed(_ share: Double) -> String { (share > 0 ? "+" : "") + NumberText.percent(share) }
}

extension PlanResult {
  /// The recommended option.
  var recommended: OptionResult? { options.first { $0.name == decision.option } }

  /// Break-evens by volume with their medians, where they have one.
  var volumeBreakEvens: [(breakEven: BreakEven, value: Double)] {
    breakEvens.compactMap { breakEven in
      guard breakEven.axis == "volume", let value = breakEven.value else { return nil }
      return (breakEven, value.p50)
    }
  }
}
