// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences about the choice: what it saves, what it hangs on, what is worth finding out.

import Charts
import Decision
import NumberFormatting
import Uncertainty

extension Findings {
  /// What the choice saves, and how often it is wrong.
  func differences(_ differences: [CostDifference]) -> Markup {
    let parts = differences.map { one -> Markup in
      let against = subject.title(one.against)
      let mean = one.saving.mean
      let amount = NumberText.money(mean.magnitude)
      let word: Markup = mean < 0 ? "costs \(amount) more than" : "saves \(amount) against"
      return """
        \(word) \(name: against) on average and costs less in \(NumberText.percent(one.cheaperShare, digits: 0)) of \
        futures
        """
    }
    return "\(name: subject.recommended.title) \(parts.joined(separator: "; it "))."
  }

  /// The inputs that move the recommended option's cost, the largest swing first.
  func moving(_ uncertainty: UncertaintyResult) -> [(input: InputSensitivity, effect: InputEffect)] {
    let all = uncertainty.inputs.compactMap { input -> (input: InputSensitivity, effect: InputEffect)? in
      guard let effect = input.effects.first(where: { $0.option == subject.recommended.name }),
        effect.costAtP10 != effect.costAtP90
      else { return nil }
      return (input, effect)
    }
    return all.enumerated().sorted { one, other in
      let (left, right) = (one.element.effect.swing, other.element.effect.swing)
      return left != right ? left > right : one.offset < other.offset
    }.map(\.element)
  }

  /// What moves the cost most.
  func sensitivity(_ uncertainty: UncertaintyResult) -> Markup {
    guard let (input, effect) = moving(uncertainty).first else {
      return "No uncertain input moves the cost of \(name: subject.recommended.title)."
    }
    return """
      \(name: input.name) moves the cost of \(name: subject.recommended.title) most: from \
      \(NumberText.money(min(effect.costAtP10, effect.costAtP90))) to \
      \(NumberText.money(max(effect.costAtP10, effect.costAtP90))) between its P10 and P90, \
      \(NumberText.percent(effect.firstOrderIndex.value, digits: 0)) of the variance.
      """
  }

  /// The input that is worth most to find out, where it is worth anything beyond chance.
  static func worthFinding(_ uncertainty: UncertaintyResult) -> InputSensitivity? {
    let surely = uncertainty.inputs.filter { $0.information.low >= 1 }
    return surely.max { $0.information.value < $1.information.value }
  }

  /// What is worth finding out first.
  func information(_ uncertainty: UncertaintyResult) -> Markup {
    let all = uncertainty.perfectInformation
    guard let first = Self.worthFinding(uncertainty) else {
      return """
        No single input is sure to change the choice; knowing everything would be worth \
        \(NumberText.money(all.value)) at most.
        """
    }
    return """
      Find out \(name: first.name) first: that is worth at most \(NumberText.money(first.information.value)), knowing \
      everything \(NumberText.money(all.value)).
      """
  }
}

extension InputEffect {
  /// How far the cost lies apart between the input's P10 and P90.
  fileprivate var swing: Double { (costAtP90 - costAtP10).magnitude }
}
