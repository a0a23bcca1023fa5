// SPDX-License-Identifier: GPL-3.0-or-later
// From two priced plans to the answer what the step from one to the other does.

public import Decision
import NumberFormatting
import Scenario

extension WhatIfAnswer {
  /// The answer from the plan before and after the changes.
  /// - Parameters:
  ///   - before: the base.
  ///   - after: the base with the changes.
  ///   - model: the plan after the changes, for its names.
  ///   - base: what the base is, in words.
  ///   - changes: the changes, as `path=value`.
  /// - Complexity: O(options × futures × log futures).
  public init(before: PricedPlan, after: PricedPlan, model: PlanModel, base: String, changes: [String]) {
    // Costs can be subtracted future by future where the futures are drawn alike.
    let arePaired = before.draws == after.draws && before.simulations == after.simulations
    var options = after.options.map { option in
      let old = before.options.first { $0.name == option.name }
      let difference = old.flatMap { old in
        arePaired ? Spread(samples: zip(option.costs, old.costs).map { $0 - $1 }) : nil
      }
      return OptionChange(
        name: option.name, title: option.title, before: old?.outlook, after: option.outlook,
        difference: difference)
    }
    for option in before.options where !after.options.contains(where: { $0.name == option.name }) {
      options.append(
        OptionChange(
          name: option.name, title: option.title, before: option.outlook, after: nil, difference: nil))
    }
    self.init(
      scenario: model.scenario.name, title: model.scenario.title, base: base, changes: changes,
      isPriceOnly: before.quantities != nil && before.quantities == after.quantities,
      draws: after.draws, simulations: after.simulations, before: before.options[before.recommended].name,
      after: after.options[after.recommended].name, sentence: Self.sentence(before, after), options: options)
  }

  private static func sentence(_ before: PricedPlan, _ after: PricedPlan) -> String {
    let (old, new) = (before.options[before.recommended], after.options[after.recommended])
    let (oldMean, newMean) = (old.outlook.totalCost.mean, new.outlook.totalCost.mean)
    let chance = NumberText.percent(new.outlook.probabilityCheapest.estimate, digits: 0)
    if old.name == new.name {
      let was = NumberText.percent(old.outlook.probabilityCheapest.estimate, digits: 0)
      func step(_ before: String, _ after: String) -> String {
        before == after ? "still \(after)" : "\(before) → \(after)"
      }
      let cost = step(NumberText.money(oldMean), NumberText.money(newMean))
      return "The decision stays: \(new.title). P(cheapest) \(step(was, chance)); mean cost \(cost)."
    }
    var sentence =
      "The decision changes: \(old.title) → \(new.title), for \(NumberText.money(newMean)) on average and the "
      + "cheapest in \(chance) of futures"
    if let left = after.options.first(where: { $0.name == old.name }) {
      let more = left.outlook.totalCost.mean - newMean
      sentence +=
        left.outlook.meetsServiceLevel
        ? "; \(old.title) would cost \(NumberText.money(more)) more." : "; \(old.title) would serve too late."
    } else {
      sentence += "; \(old.title) is no longer there."
    }
    return sentence
  }
}
