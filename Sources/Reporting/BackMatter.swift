// SPDX-License-Identifier: GPL-3.0-or-later
// What stands behind the numbers: the inputs with their sources, what the model leaves out, and how to get the same
// report again.

import Charts
import Decision
import NumberFormatting

/// The back of the page.
struct BackMatter {
  let subject: ReportSubject

  var result: PlanResult { subject.result }

  var html: Markup {
    """
    <section id='back'>
    <h2>What this rests on</h2>
    \(warnings)
    \(assumptions)
    \(calibration)
    \(convergence)
    \(fidelity)
    \(sizes)
    <section><h3>Limits of the model</h3>
    <ul>
    \(Self.limits.map { "<li>\($0)</li>\n" as Markup }.joined())</ul></section>
    \(provenance)
    <section><h3>Glossary</h3>
    <dl class='glossary'>
    \(Self.glossary.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>\n" as Markup }.joined())</dl></section>
    </section>
    """
  }

  private var warnings: Markup {
    guard !result.warnings.isEmpty else { return "" }
    let items = result.warnings.map { "<li>\(WarningText($0).html)</li>\n" as Markup }
    return "<section id='warnings'><h3>Warnings</h3>\n<ul>\n\(items.joined())</ul></section>"
  }

  private var assumptions: Markup {
    guard !result.assumptions.isEmpty else { return "" }
    var table = HTMLTable(
      """
      Uncertain inputs and prices, as sampled; days from the last check against the source to the first day of the \
      horizon. <span class='csv'>assumptions.csv</span>
      """,
      columns: [
        .text("Input"), .text("Distribution"), .number("P10"), .number("P50"), .number("P90"), .text("Unit"),
        .text("Source"), .text("Verified"), .number("Days old"),
      ])
    for one in result.assumptions {
      table.append([
        "<code>\(Self.breakable(one.name))</code>",
        "\(name: one.distribution)", "\(NumberText.significant(one.p10))",
        "\(NumberText.significant(one.p50))", "\(NumberText.significant(one.p90))", "\(name: one.unit)",
        "<span class='source'>\(source(one))</span>",
        "<span class='date'>\(one.verifiedOn ?? "–")</span>", "\(age(one.verifiedOn))",
      ])
    }
    return "<section class='assumptions'><h3>Assumptions</h3>\n\(table.html)</section>"
  }

  /// A path that may go on in a new line after each of its dots and underscores.
  private static func breakable(_ path: String) -> Markup {
    var html: Markup = "<bdi>"
    var part = ""
    for character in path {
      part.append(character)
      if character == "." || character == "_" {
        html += "\(part)<wbr/>"
        part = ""
      }
    }
    return html + "\(part)</bdi>"
  }

  /// Where an input comes from; what the calibration of an engine says at length is told once, there.
  private func source(_ one: Assumption) -> Markup {
    guard let engine = (result.engines ?? []).first(where: { $0.source == one.source }) else {
      return "\(name: one.source)"
    }
    return "<a href='#calibration'>calibration</a> of \(name: engine.engine)"
  }

  /// Days from a day to the first of the horizon; a clock has no part in a report that is the same every day.
  private func age(_ day: String?) -> String {
    guard let day, let checked = CalendarText.dayNumber(day),
      let start = CalendarText.dayNumber(result.run.startMonth + "-01")
    else { return "–" }
    return NumberText.count(Double(start - checked))
  }

  private var provenance: Markup {
    let run = result.run
    let simulated = NumberText.count(Double(result.fidelity?.simulated ?? run.simulations))
    var draws = "\(simulated) draws of the physical inputs simulated"
    if let fidelity = result.fidelity, fidelity.predicted > 0 {
      draws += " and \(NumberText.count(Double(fidelity.predicted))) predicted from them"
    }
    let facts: [(Markup, Markup)] = [
      ("Program", "Breakeven \(run.version)"),
      ("Scenario", "\(name: run.title) (<code>\(name: run.scenario)</code>)"),
      ("Scenario, SHA-256", "<code class='digest'>\(run.scenarioDigest)</code>"),
      ("Catalog and prices, SHA-256", "<code class='digest'>\(run.catalogDigest)</code>"),
      ("Seed", "<code>\(String(run.seed))</code>"),
      (
        "Futures",
        """
        \(NumberText.count(Double(run.draws))) priced, \(draws), \
        \(NumberText.quantity(Double(run.simulatedRequests))) requests
        """
      ),
      ("Hours simulated", "\(name: run.representation)"),
      ("To reproduce", "<code class='command'>\(name: run.command)</code>"),
    ]
    let traces = (run.availabilityTraces ?? []).map { trace -> (Markup, Markup) in
      ("SHA-256 of \(name: trace.path)", "<code class='digest'>\(trace.digest)</code>")
    }
    let items = (facts + traces).map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>\n" as Markup }
    return """
      <section><h3>Provenance</h3>
      <dl class='facts'>
      \(items.joined())</dl>
      <p class='quiet'>The same scenario, catalog, version and seed give this report again, byte for byte. The whole \
      result is in <code>result.json</code>.</p></section>
      """
  }
}
