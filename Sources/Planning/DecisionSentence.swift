// SPDX-License-Identifier: GPL-3.0-or-later
// The answer in a few sentences: what to do up to which volume, how sure that is, and what it costs.

import Decision
import NumberFormatting
import Scenario

extension PlanModel {
  /// The decision in a few sentences; the first one says what to do, and the next is about that option.
  func decisionSentence(_ result: PlanResult) -> String {
    let decision = result.decision
    guard let chosen = result.options.first(where: { $0.name == decision.option }),
      let baseline = result.options.first(where: { $0.name == decision.baseline })
    else { return "" }
    let probability = decision.probabilityCheapest
    let interval =
      "\(NumberText.percent(probability.low, digits: 0)) – \(NumberText.percent(probability.high, digits: 0))"
    let futures = "\(NumberText.count(Double(result.run.draws))) future\(result.run.draws == 1 ? "" : "s")"
    let share =
      "\(NumberText.percent(probability.estimate, digits: 0)) of \(futures) (95 % interval \(interval))"
    let turn = turn(result)
    let verdict =
      probability.estimate >= 0.5
      ? "\(turn.isEmpty ? "It" : "At planned demand it") is the cheapest in \(share)"
      : "A close call\(turn.isEmpty ? "" : " at planned demand"): it is the cheapest in only \(share)"
    let rival = result.options.filter { $0.name != chosen.name }
      .max { $0.probabilityCheapest.estimate < $1.probabilityCheapest.estimate }
    let oftener =
      rival.map { rival in
        rival.probabilityCheapest.estimate > probability.estimate
          ? " (\(rival.title) in \(NumberText.percent(rival.probabilityCheapest.estimate, digits: 0)), but at a "
            + "higher mean)" : ""
      } ?? ""
    let cost =
      "and costs \(NumberText.money(chosen.totalCost.mean)) over \(result.run.months) months (P10–P90 "
      + "\(NumberText.moneyRange(chosen.totalCost.p10, chosen.totalCost.p90)))"
    if chosen.name == baseline.name {
      return "Keep \(chosen.title)\(turn). \(verdict)\(oftener), \(cost)."
    }
    let saving = decision.savingAgainstBaseline
    let difference =
      "\(NumberText.money(saving.mean)) less than today on average (P10–P90 "
      + "\(NumberText.moneyRange(saving.p10, saving.p90)))"
    return
      "Move from \(baseline.title) to \(chosen.title)\(turn). \(verdict)\(oftener), \(cost), \(difference)."
  }

  /// From and up to which volume the recommended option is the cheapest by mean cost, and which are before and after it:
  /// " until about 31 M output tokens a day (1.31× the plan); then …", ", the cheapest on average from about …". Empty where
  /// it is along the whole axis.
  private func turn(_ result: PlanResult) -> String {
    guard let frontier = result.flips?.frontier,
      let place = frontier.firstIndex(where: {
        $0.from <= 1 && 1 <= $0.to && $0.option == result.decision.option
      })
    else { return "" }
    func title(_ stretch: FrontierStretch) -> String {
      result.options.first { $0.name == stretch.option }?.title ?? stretch.option
    }
    func volume(_ multiple: Double, _ tokens: Double) -> String {
      "about \(NumberText.quantity(tokens)) output tokens a day (\(NumberText.multiple(multiple)) the plan)"
    }
    let here = frontier[place]
    let start = place > 0 ? " from \(volume(here.from, here.outputTokensPerDayFrom))" : ""
    let end = place + 1 < frontier.count ? " until \(volume(here.to, here.outputTokensPerDayTo))" : ""
    let isKept = result.decision.option == result.decision.baseline
    var turn = isKept && place == 0 ? end : start + end
    if !turn.isEmpty, !(isKept && place == 0) { turn = ", the cheapest on average\(turn)" }
    // That today's option is what to keep below needs no words.
    if place > 0, frontier[place - 1].option != result.decision.baseline {
      turn += "; below that \(title(frontier[place - 1]))"
    }
    if place + 1 < frontier.count { turn += "; then \(title(frontier[place + 1]))" }
    return turn
  }
}
