// SPDX-License-Identifier: GPL-3.0-or-later
// The page that is read: the decision, four numbers, the options, where the answer turns, and what to be wary of. It
// fits one sheet of A4, so long lists are cut here and given in full further back.

import Charts
import Decision
import Foundation
import NumberFormatting
import Uncertainty

/// The first page.
struct FirstPage {
  let subject: ReportSubject

  /// More rows than these don't fit the sheet.
  static let optionLimit = 9
  static let findingLimit = 3
  static let warningLimit = 4
  /// Characters of all warnings on the first page.
  private static let warningLength = 700

  private var result: PlanResult { subject.result }

  var html: Markup {
    """
    <section class='first'>
    <header>
    <p class='masthead'><span>\(name: result.run.title)</span><span>\(subject.horizon) · \
    \(NumberText.count(Double(result.run.draws))) future\(result.run.draws == 1 ? "" : "s") · US dollars of today</span></p>
    <h1>\(headline)</h1>
    \(change)</header>
    \(tiles)
    \(options)
    <div class='columns'>
    <div>\(findings)\(finding)</div>
    \(warnings)
    </div>
    </section>
    """
  }

  /// The decision: what to do in large type, why in smaller.
  private var headline: Markup {
    let sentence = result.decision.sentence
    guard let end = sentence.range(of: ". ") else { return "\(name: sentence)" }
    let (what, why) = (String(sentence[..<end.lowerBound]), String(sentence[end.upperBound...]))
    return "\(name: what). <span class='why'>\(name: why)</span>"
  }

  /// What changed since the run before, on one line.
  private var change: Markup {
    guard let earlier = subject.earlier else { return "" }
    return
      "<p class='since'>\(Findings(subject: subject).changes(since: earlier)) <a href='#changes'>More</a></p>\n"
  }

  // MARK: Tiles

  private var tiles: Markup {
    let best = subject.recommended
    let cost = best.totalCost
    return """
      <dl class='tiles'>
      \(tile("Expected cost, recommended", cost.mean, "P10–P90 \(NumberText.moneyRange(cost.p10, cost.p90))"))
      \(saving)
      \(tile("Bad case (P95)", cost.p95, badCase))
      \(tile("Expected regret if wrong", result.decision.expectedRegret, chance))
      </dl>
      """
  }

  /// How likely the budget is not to last; without one, how bad the bad cases are.
  private var badCase: Markup {
    let best = subject.recommended
    if let uncertainty = result.uncertainty, let budget = uncertainty.budget,
      let chance = uncertainty.options.first(where: { $0.option == best.name })?.probabilityAboveBudget
    {
      let likely = NumberText.probability(chance.estimate, chance.low, chance.high)
      return "Over the budget of \(NumberText.money(budget)) with probability \(likely)"
    }
    return "Mean of the worst 5\(NumberText.space)%: \(NumberText.money(best.conditionalValueAtRisk95))"
  }

  private var chance: Markup {
    let chance = result.decision.probabilityCheapest
    return "Cheapest with probability \(NumberText.probability(chance.estimate, chance.low, chance.high))"
  }

  private var saving: Markup {
    let saving = result.decision.savingAgainstBaseline
    let range: Markup = "P10–P90 \(NumberText.moneyRange(saving.p10, saving.p90))"
    if subject.stays {
      return tile("Saving against today", saving.mean, "Today’s option is the recommended one")
    }
    return tile(
      saving.mean < 0 ? "Extra cost against today" : "Saving against today", saving.mean.magnitude,
      saving.mean < 0 ? "Saving, \(range)" : range)
  }

  private func tile(_ label: Markup, _ dollars: Double, _ note: Markup) -> Markup {
    "<div><dt>\(label)</dt><dd class='big'>\(NumberText.money(dollars))</dd><dd>\(note)</dd></div>"
  }

  // MARK: Options

  private var options: Markup {
    let shown = Self.shown(subject)
    var caption: Markup = "Options by mean cost over \(subject.horizon)"
    if shown.count < subject.ranked.count {
      caption += " (\(shown.count) of \(subject.ranked.count); all in <code>options.csv</code>)"
    }
    return Self.table(subject, shown, caption: caption).html
  }

  /// The cheapest options, and in any case the recommended one and today's.
  static func shown(_ subject: ReportSubject) -> [OptionResult] {
    var left = optionLimit
    let kept = Set([subject.recommended.name, subject.today.name])
    left -= kept.count
    return subject.ranked.filter { option in
      if kept.contains(option.name) { return true }
      left -= 1
      return left >= 0
    }
  }

  static func table(_ subject: ReportSubject, _ options: [OptionResult], caption: Markup) -> HTMLTable {
    var table = HTMLTable(
      caption,
      columns: [
        .text("Option"), .number("Mean"), .number("P10"), .number("P50"), .number("P90"),
        .number("P(cheapest)"), .number("$ per 1M output tokens"), .number("Served within objective"),
      ])
    for option in options {
      let cost = option.totalCost
      let likely = option.probabilityCheapest
      var tags = Markup()
      if option.name == subject.recommended.name { tags += " <span class='tag pick'>recommended</span>" }
      if option.name == subject.today.name { tags += " <span class='tag'>today: do nothing</span>" }
      let level = NumberText.percent(subject.result.decision.requiredServiceLevel, digits: 0)
      if !option.meetsServiceLevel {
        tags += " <span class='tag miss'>serves less than \(level) within its objective</span>"
      }
      table.append(
        [
          "\(name: option.title)\(tags)", "<strong>\(NumberText.money(cost.mean))</strong>",
          "\(NumberText.money(cost.p10))", "\(NumberText.money(cost.p50))", "\(NumberText.money(cost.p90))",
          "\(NumberText.probability(likely.estimate, likely.low, likely.high))",
          "\(NumberText.money(option.costPerMillionOutput.mean))",
          "\(NumberText.attainment(option.serviceLevel))",
        ], kind: option.name == subject.recommended.name ? "picked" : "")
    }
    return table
  }

  // MARK: Lists

  private var findings: Markup {
    let all = Self.breakEvens(subject)
    guard !all.isEmpty else { return "" }
    let items = Self.flips(all, result.options).prefix(Self.findingLimit).map { found -> Markup in
      """
      <li><strong>\(name: subject.title(found.option))</strong> against \(name: subject.title(found.against)): \
      \(name: found.finding)\(Self.range(found))</li>

      """
    }
    let more: Markup =
      all.count > items.count
      ? "<p class='more'>\(all.count - items.count) more under <a href='#break-even'>Break-even</a>.</p>"
      : ""
    return """
      <section><h2>Where the answer turns</h2>
      <ul>
      \(items.joined())</ul>\(more)</section>
      """
  }

  /// The input to find out first, and what that is worth.
  private var finding: Markup {
    guard let uncertainty = result.uncertainty else { return "" }
    let all = NumberText.money(uncertainty.perfectInformation.value)
    let item: Markup
    if let first = Findings.worthFinding(uncertainty) {
      let worth = first.information
      item = """
        <strong><code>\(name: first.name)</code></strong>: worth at most \(NumberText.money(worth.value)) to find out \
        <span class='quiet'>(95\(NumberText.space)% interval \(NumberText.moneyRange(worth.low, worth.high)); \
        everything together \(all))</span>
        """
    } else {
      item = """
        No single input is sure to change the choice; to know everything would be worth \(all) at most
        """
    }
    return """
      <section><h2>Find out first</h2>
      <ul>
      <li>\(item)</li>
      </ul><p class='more'>More under <a href='#information'>What finding out is worth</a>.</p></section>
      """
  }

  /// The first warnings, as many as leave the page on one sheet; one at least.
  private var shownWarnings: ArraySlice<String> {
    var length = 0
    let count = result.warnings.prefix(Self.warningLimit).prefix {
      length += $0.count
      return length <= Self.warningLength
    }.count
    return result.warnings.prefix(max(1, count))
  }

  private var warnings: Markup {
    guard !result.warnings.isEmpty else { return "" }
    let shown = shownWarnings
    let items = shown.map {
      "<li>\(WarningText($0).html)</li>\n" as Markup
    }
    let more: Markup =
      result.warnings.count > shown.count
      ? "<p class='more'>\(result.warnings.count - shown.count) more under <a href='#warnings'>Warnings</a>.</p>"
      : ""
    return """
      <section class='warnings'><h2>Before you rely on it</h2>
      <ul>
      \(items.joined())</ul>\(more)</section>
      """
  }

  /// Break-evens that concern the recommended option come first.
  static func breakEvens(_ subject: ReportSubject) -> [BreakEven] {
    let concerns = { (found: BreakEven) in
      found.option == subject.recommended.name || found.against == subject.recommended.name
    }
    return subject.result.breakEvens.filter(concerns) + subject.result.breakEvens.filter { !concerns($0) }
  }

  /// The break-evens in the order in which they are worth a reader's time: where most futures have a point at which the
  /// answer turns, between options that may be chosen; one of each axis before a second one.
  static func flips(_ all: [BreakEven], _ options: [OptionResult]) -> [BreakEven] {
    let served = Set(options.filter(\.meetsServiceLevel).map(\.name))
    var parts: [[BreakEven]] = [[], [], []]
    for found in all {
      let turns = found.value != nil && max(found.neverShare, found.alwaysShare) < 0.5
      if !turns || !served.contains(found.option) {
        parts[2].append(found)
      } else if parts[0].contains(where: { $0.axis == found.axis }) {
        parts[1].append(found)
      } else {
        parts[0].append(found)
      }
    }
    return parts.flatMap(\.self)
  }

  /// The P10–P90 of a break-even, in brackets.
  static func range(_ found: BreakEven) -> Markup {
    guard let range = found.range else { return "" }
    return " <span class='quiet'>(\(range))</span>"
  }
}
