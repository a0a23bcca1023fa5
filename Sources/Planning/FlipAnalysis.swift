// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that could turn the answer, asked of every pair of options.

import Decision
import Numerics
import Scenario

extension PlanModel {
  /// The break-evens against today's option and of the recommended one against the next best, and all else that turns the
  /// answer.
  func flips(
    _ quantities: PlanQuantities, _ priced: [PricedOption], prices: PlanPrices, volumes: VolumeAnalysis,
    comparison: Comparison, threads: Int
  ) -> (shown: [BreakEven], rest: FlipResult) {
    let today = scenario.options.firstIndex { $0.name == scenario.baseline } ?? 0
    let splits = parallelMap(count: options.count, threads: threads) { option in
      CostSplit(
        options[option], priced[option], prices: prices.lines[option], discounts: prices.discounts)
    }
    let backlogs = quantities.physical.enumerated().map { draw, values in
      Backlogs(demand.drawn(values, draw: UInt32(draw)))
    }
    let saturated = options.indices.map { option in
      self.saturated(
        option, priced[option], quantities: quantities, prices: prices.draws, backlogs: backlogs,
        threads: threads)
    }
    @Sendable func payback(_ option: Int, against other: Int) -> PaybackAnalysis {
      PaybackAnalysis(
        options[option].definition.name, costs: priced[option].monthlyCosts,
        against: options[other].definition.name, costs: priced[other].monthlyCosts,
        discounts: prices.discounts)
    }
    @Sendable func breakEvens(_ option: Int, _ other: Int, isExact: Bool) -> [BreakEven] {
      func pair(_ option: Int, _ other: Int) -> OptionPair {
        OptionPair(
          option: (options[option].definition.name, splits[option]),
          other: (options[other].definition.name, splits[other]))
      }
      func utilization(_ option: Int, _ other: Int) -> BreakEven? {
        utilizationBreakEven(
          option, against: other, saturated[option], priced: priced[option], prices: prices.draws)
      }
      func throughput(_ option: Int, _ other: Int) -> BreakEven? {
        saturated[option].flatMap { pair(option, other).throughput(planned: $0.outputPerReplicaSecond) }
      }
      // What only GPUs of one's own have is asked of the other where the option has none.
      return [
        volumes.breakEven(option, against: other, isExact: isExact),
        utilization(option, other) ?? utilization(other, option),
        pair(option, other).breakEven(of: .gpuHours), pair(option, other).breakEven(of: .outputTokens),
        throughput(option, other) ?? throughput(other, option),
        payback(option, against: other).breakEven(),
      ].compactMap(\.self)
    }
    let pairs = pairs(today: today, comparison)
    let found = parallelMap(count: pairs.all.count, threads: threads) { index in
      breakEvens(pairs.all[index].option, pairs.all[index].other, isExact: index < pairs.shown)
    }
    let changed = options.indices.filter { $0 != today }
    let mapped = comparison.recommended == today ? comparison.runnerUp : comparison.recommended
    let hour = mapped.flatMap { splits[$0].gpuHours ?? splits[today].gpuHours }?.unitPrices
    let result = FlipResult(
      runnerUp: comparison.runnerUp.map { options[$0].definition.name },
      otherBreakEvens: Array(found.dropFirst(pairs.shown).joined()), frontier: volumes.frontier(),
      map: mapped.flatMap { mapped in
        hour.map { hour in
          volumes.map(
            mapped, against: today, plannedGPUHour: hour.reduce(0, +) / Double(hour.count),
            threads: threads)
        }
      },
      savings: parallelMap(count: changed.count, threads: threads) { index in
        payback(changed[index], against: today).saving(from: scenario.horizon.start)
      })
    return (Array(found.prefix(pairs.shown).joined()), result)
  }

  /// All pairs of options, each once: those against today's, the recommended against the next best, and the rest, the later
  /// in the scenario against the earlier.
  private func pairs(
    today: Int, _ comparison: Comparison
  ) -> (all: [(option: Int, other: Int)], shown: Int) {
    var all = options.indices.filter { $0 != today }.map { (option: $0, other: today) }
    let recommended = comparison.recommended
    let rival = comparison.runnerUp.flatMap { [$0, recommended].contains(today) ? nil : $0 }
    if let rival { all.append((recommended, rival)) }
    let shown = all.count
    for option in options.indices {
      for other in 0..<option where option != today && other != today {
        if let rival, Set([option, other]) == Set([recommended, rival]) { continue }
        all.append((option, other))
      }
    }
    return (all, shown)
  }
}
