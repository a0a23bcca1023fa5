// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader should know of prices that move: which do, how, and which were said to but do not matter.

import NumberFormatting
import Scenario
import Uncertainty

extension PlanModel {
  /// One sentence of all paths that some price follows, and one for each that none does.
  var pathNotes: [String] {
    let paths = scenario.pricePaths
    let used = paths.filter { price.followed.contains($0.name) }
    var notes = paths.filter { !price.followed.contains($0.name) }.map {
      "price_paths.\($0.name): no option pays a price that follows it, so it changes nothing"
    }
    if !used.isEmpty {
      let words = used.map { "\($0.prices.joined(separator: ", ")) (\($0.course.words))" }
      notes.append("Prices move over the horizon: \(words.joined(separator: "; "))")
    }
    return notes
  }
}

extension PricePath.Course {
  /// The course in a few words.
  fileprivate var words: String {
    func median(_ value: UncertainValue) -> String {
      NumberText.significant(value.distribution.quantile(0.5))
    }
    return switch self {
    case .steps(let steps): "times " + steps.map { median($0.value) }.joined(separator: ", then ")
    case .levels(let steps): "to $" + steps.map { median($0.value) }.joined(separator: ", then $")
    case .trend(let perMonth):
      "\(NumberText.percent(perMonth.distribution.quantile(0.5), digits: 1)) a month"
    case .meanReverting(let speed, let volatility, let longRun):
      "mean-reverting to \(median(longRun)) times, speed \(median(speed)) and volatility \(median(volatility)) a year"
    }
  }
}
