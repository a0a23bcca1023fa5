// SPDX-License-Identifier: GPL-3.0-or-later
// Each section's heading says what its chart shows. The sentences are computed, so they can't outlive their numbers.

import Charts
import Decision
import NumberFormatting

/// One-sentence findings for the sections of a page.
struct Findings {
  let subject: ReportSubject

  private var result: PlanResult { subject.result }
  private var best: OptionResult { subject.recommended }
  private var today: OptionResult { subject.today }

  /// The cumulative distribution: what the recommended option costs at worst in nine of ten futures, and how often
  /// today's option costs more than that.
  var distribution: Markup {
    let bound = best.totalCost.p90
    let first: Markup = "In nine of ten futures \(name: best.title) costs at most \(NumberText.money(bound))"
    if subject.stays { return first + "." }
    let above = share(of: today.costQuantiles, above: bound)
    return first
      + "; \(name: today.title) costs more than that in \(NumberText.percent(above, digits: 0)) of them."
  }

  /// The ranges: who has the lowest mean, and whether the uncertainty is larger than the difference to the next.
  var ranges: Markup {
    guard let first = subject.ranked.first, subject.ranked.count > 1 else {
      return
        "\(name: best.title) costs \(NumberText.moneyRange(best.totalCost.p10, best.totalCost.p90)) (P10–P90)."
    }
    let second = subject.ranked[1]
    let gap = NumberText.money(second.totalCost.mean - first.totalCost.mean)
    let overlap =
      first.totalCost.p90 > second.totalCost.p10
      ? "their P10–P90 ranges overlap" : "their P10–P90 ranges do not overlap"
    return """
      \(name: first.title) has the lowest mean cost, \(NumberText.money(first.totalCost.mean)), \(gap) below \
      \(name: second.title); \(overlap).
      """
  }

  /// Along volume: which option is most often the cheapest, from where to where.
  var alongVolume: Markup {
    var runs: [(winner: Int, from: Double, to: Double)] = []
    for point in result.alongVolume {
      let top = point.probabilityCheapest.max() ?? 0
      guard let winner = point.probabilityCheapest.firstIndex(of: top) else { continue }
      if let last = runs.last, last.winner == winner {
        runs[runs.count - 1].to = point.volume
      } else {
        runs.append((winner, point.volume, point.volume))
      }
    }
    guard let first = runs.first, let last = runs.last else { return "No other volumes were priced." }
    let title = { (run: (winner: Int, from: Double, to: Double)) in result.options[run.winner].title }
    if runs.count == 1 {
      return """
        From \(NumberText.multiple(first.from)) to \(NumberText.multiple(first.to)) of the planned demand \
        \(name: title(first)) is most often the cheapest.
        """
    }
    if runs.count > 4 {
      return """
        The cheapest option changes \(runs.count - 1) times between \(NumberText.multiple(first.from)) and \
        \(NumberText.multiple(last.to)) of the planned demand.
        """
    }
    let parts = runs.enumerated().map { index, run -> Markup in
      let extent: Markup
      if index == 0 {
        extent = "up to \(NumberText.multiple(run.to))"
      } else if index == runs.count - 1 {
        extent = "from \(NumberText.multiple(run.from)) on"
      } else if run.from == run.to {
        extent = "at \(NumberText.multiple(run.from))"
      } else {
        extent = "from \(NumberText.multiple(run.from)) to \(NumberText.multiple(run.to))"
      }
      return "\(name: title(run)) \(extent)"
    }
    return "Most often the cheapest, by multiple of the planned demand: " + parts.joined(separator: ", ")
      + "."
  }

  /// Month by month: from what to what the cost moves, and beside what.
  var monthly: Markup {
    guard let first = best.monthly.first, let last = best.monthly.last else {
      return "No months were priced."
    }
    let moves = { (from: Double, to: Double) -> String in
      let (from, to) = (NumberText.money(from), NumberText.money(to))
      return from == to ? "stays at \(from) a month" : "goes from \(from) to \(to) a month"
    }
    var sentence: Markup = "\(name: best.title) \(moves(first.cost.mean, last.cost.mean))"
    if !subject.stays, let start = today.monthly.first, let end = today.monthly.last {
      sentence += "; \(name: today.title) \(moves(start.cost.mean, end.cost.mean))"
    }
    return sentence + "."
  }

  /// Components: the largest part of the recommended option's cost, and of today's.
  var components: Markup {
    guard let mine = largest(best) else { return "No cost components are known." }
    let first: Markup = "\(mine.share) of what \(name: best.title) costs is \(name: mine.name)"
    guard !subject.stays, let theirs = largest(today) else { return first + "." }
    return first + "; with \(name: today.title) \(theirs.share) is \(name: theirs.name)."
  }

  /// The week: when demand peaks and how much above the mean.
  var demand: Markup {
    let rates = result.demand.hourOfWeekRate
    let peak = rates.max() ?? 0
    let mean = rates.reduce(0, +) / Double(max(1, rates.count))
    guard let hour = rates.firstIndex(of: peak), mean > 0 else {
      return "There is no demand in the first month."
    }
    return """
      Demand peaks on \(CalendarText.weekdays[hour / 24]) at \(hour % 24):00 UTC with \
      \(NumberText.significant(peak)) requests per second, \(NumberText.multiple(peak / mean)) the mean.
      """
  }

  /// Fleets: how much of the paid hours worked.
  func fleets(_ rows: [FleetRow]) -> Markup {
    guard let first = rows.first(where: { $0.option.name == best.name }) ?? rows.first else {
      return "No option has a fleet of its own."
    }
    let total = first.total
    guard total > 0 else { return "\(name: first.option.title) has a fleet that paid for no hours." }
    let busy = first.hours(of: "busy")
    return """
      \(name: first.option.title) pays for \(NumberText.quantity(total)) GPU-hours in its supply \
      \(name: first.supply.name) and works in \(NumberText.percent(busy / total, digits: 0)) of them.
      """
  }

  /// Latency: who meets the service level, and who misses it most.
  var latency: Markup {
    let options = result.options
    let meeting = options.filter(\.meetsServiceLevel).count
    let level = NumberText.percent(result.decision.requiredServiceLevel, digits: 0)
    let count: Markup =
      "\(meeting) of \(options.count) options serve \(level) of requests within their objective"
    let missing = options.filter { !$0.meetsServiceLevel }
    guard let worst = missing.min(by: { $0.serviceLevel < $1.serviceLevel }) else { return count + "." }
    let sentence: Markup = """
      \(count); \(name: worst.title) serves \(NumberText.attainment(worst.serviceLevel)) of requests within their objective
      """
    guard let use = worst.latency.min(by: { $0.serviceLevel < $1.serviceLevel }), worst.latency.count > 1
    else {
      return sentence + "."
    }
    return sentence + ", \(name: use.useCase) only \(NumberText.attainment(use.serviceLevel))."
  }

  /// Break-evens: how many options start to pay somewhere.
  var breakEvens: Markup {
    let paying = result.breakEvens.filter { $0.value != nil }.count
    let count = result.breakEvens.count
    return "\(paying) of \(count) comparisons have a break-even point."
  }

  /// The share of futures above a cost, from 101 quantiles joined by straight lines.
  private func share(of quantiles: [Double], above bound: Double) -> Double {
    guard let first = quantiles.first, bound >= first else { return 1 }
    guard let next = quantiles.firstIndex(where: { $0 > bound }) else { return 0 }
    let (low, high) = (quantiles[next - 1], quantiles[next])
    let below = Double(next - 1) + (bound - low) / (high - low)
    return 1 - below / Double(quantiles.count - 1)
  }

  private func largest(_ option: OptionResult) -> (name: String, share: String)? {
    let total = option.components.map(\.mean).reduce(0, +)
    guard total > 0, let top = option.components.max(by: { $0.mean < $1.mean }) else { return nil }
    return (top.component, NumberText.percent(top.mean / total, digits: 0))
  }
}
