// SPDX-License-Identifier: GPL-3.0-or-later
// What the sections and tables of break-evens rely on.

import Decision

extension ResultDocument {
  /// Throws where what turns the answer names no option, or has not a value for every cell.
  static func checkFlips(_ result: PlanResult, options: Set<String>) throws(ReportError) {
    guard let flips = result.flips else { return }
    let pair = flips.map.map { [("flips.map.option", $0.option), ("flips.map.against", $0.against)] } ?? []
    let mentioned =
      flips.otherBreakEvens.flatMap {
        [("flips.otherBreakEvens.option", $0.option), ("flips.otherBreakEvens.against", $0.against)]
      } + flips.frontier.map { ("flips.frontier.option", $0.option) }
      + flips.savings.flatMap {
        [("flips.savings.option", $0.option), ("flips.savings.against", $0.against)]
      } + pair + (flips.runnerUp.map { [("flips.runnerUp", $0)] } ?? [])
    for (place, name) in mentioned where !options.contains(name) {
      throw .invalidResult("\(place) is \"\(name)\", which is no option")
    }
    for saving in flips.savings where saving.months.count != flips.savings[0].months.count {
      throw .invalidResult("flips.savings of \"\(saving.option)\" has other months than the first")
    }
    guard let map = flips.map else { return }
    let (columns, rows) = (map.volumes.count, map.gpuPriceFactors.count)
    let isWhole =
      [map.outputTokensPerDay.count, map.cheapest.count, map.evenFactor.count].allSatisfy { $0 == columns }
      && [map.probabilityCheapest, map.probabilityCheaper].allSatisfy {
        $0.count == columns && $0.allSatisfy { $0.count == rows }
      } && map.cheapest.allSatisfy { $0.count == rows && $0.allSatisfy(result.options.indices.contains) }
    guard columns > 1, rows > 1, isWhole else {
      throw .invalidResult("flips.map has not one cell for each volume and GPU price")
    }
    guard (map.volumes + map.gpuPriceFactors).allSatisfy({ $0 > 0 }) else {
      throw .invalidResult("flips.map has a volume or a factor that is not above 0")
    }
  }
}
