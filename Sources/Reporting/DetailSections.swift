// SPDX-License-Identifier: GPL-3.0-or-later
// The sections behind the first page: each a finding, the chart that shows it, the table of the same numbers and the
// name of the file that holds them all.

import Charts
import Decision
import NumberFormatting

/// The details of a page.
struct DetailSections {
  let subject: ReportSubject

  var findings: Findings { Findings(subject: subject) }
  var result: PlanResult { subject.result }

  var html: Markup {
    var sections: [Markup] = [distribution, ranges]
    if let differences = result.differences { sections.append(self.differences(differences)) }
    if !result.alongVolume.isEmpty { sections.append(alongVolume) }
    if !result.breakEvens.isEmpty { sections.append(breakEvens) }
    sections += flips
    if let uncertainty = result.uncertainty {
      if !findings.moving(uncertainty).isEmpty { sections.append(sensitivity(uncertainty)) }
      sections.append(information(uncertainty))
    }
    if let levers = result.levers { sections.append(self.levers(levers)) }
    if !subject.recommended.monthly.isEmpty { sections.append(monthly) }
    if !subject.components.isEmpty { sections.append(components) }
    let priced = subject.ranked.filter { !($0.useCaseCosts ?? []).isEmpty }
    if !priced.isEmpty { sections.append(unitCosts(priced)) }
    sections.append(demand)
    let fleets = FleetRow.all(result)
    if !fleets.isEmpty { sections.append(self.fleets(fleets)) }
    let loads = ([subject.recommended] + subject.ranked.filter { $0.name != subject.recommended.name })
      .flatMap { option in (option.fleetLoads ?? []).map { (option: option, load: $0) } }
    if !loads.isEmpty { sections.append(self.loads(loads)) }
    if let weeks = result.fleetWeeks, !weeks.isEmpty { sections.append(self.weeks(weeks)) }
    if result.options.contains(where: { !$0.latency.isEmpty }) { sections.append(latency) }
    if let earlier = subject.earlier { sections.append(changes(since: earlier)) }
    return "<section id='details'>\n<h2>The details</h2>\n\(sections.joined())</section>"
  }

  /// A section. `charts` are drawn twice, for wide and for narrow pages; the style sheet shows one of them.
  func section(
    id: Markup, finding: Markup, about: Markup, charts: [any Chart] = [], file: Markup, tables: [HTMLTable]
  ) -> Markup {
    var figures = Markup()
    for chart in charts {
      figures += """
        <figure><div class='wide'>\(chart.svg(width: 840))</div><div class='narrow'>\(chart.svg(width: 358))</div></figure>

        """
    }
    return """
      <section class='detail' id='\(id)'>
      <h3>\(finding)</h3>
      <p class='about'>\(about)</p>
      \(figures)<p class='csv'>Numbers: <code>\(file)</code></p>
      <details><summary>Show as a table</summary>
      \(tables.map(\.html).joined())</details>
      </section>

      """
  }

  /// A chart's description: the finding as plain text is what a chart shows.
  static func plain(_ sentence: Markup) -> String {
    var text = ""
    var isTag = false
    for character in sentence.source {
      switch character {
      case "<": isTag = true
      case ">": isTag = false
      default: if !isTag { text.append(character) }
      }
    }
    for (entity, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
    ] {
      text = text.split(separator: entity, omittingEmptySubsequences: false).joined(separator: character)
    }
    return text
  }

  func head(_ id: String, _ title: String, _ finding: Markup) -> ChartHead {
    ChartHead(id: id, title: title, description: Self.plain(finding))
  }
}
