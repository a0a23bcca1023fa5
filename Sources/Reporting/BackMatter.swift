// SPDX-License-Identifier: GPL-3.0-or-later
// What stands behind the numbers: the inputs with their sources, what the model leaves out, and how to get the same
// report again.

import Charts
import Decision
import NumberFormatting

/// The back of the page.
struct BackMatter {
  let subject: ReportSubject

  private var result: PlanResult { subject.result }

  var html: Markup {
    """
    <section id='back'>
    <h2>What this rests on</h2>
    \(warnings)
    \(assumptions)
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
    let items = result.warnings.map { "<li>\(name: $0)</li>\n" as Markup }
    return "<section id='warnings'><h3>Warnings</h3>\n<ul>\n\(items.joined())</ul></section>"
  }

  private var assumptions: Markup {
    guard !result.assumptions.isEmpty else { return "" }
    var table = HTMLTable(
      "Uncertain inputs and prices, as sampled. <span class='csv'>assumptions.csv</span>",
      columns: [
        .text("Input"), .text("Distribution"), .number("P10"), .number("P50"), .number("P90"), .text("Unit"),
        .text("Source"), .text("Verified"),
      ])
    for one in result.assumptions {
      table.append([
        "<code>\(name: one.name)</code>", "\(name: one.distribution)", "\(NumberText.significant(one.p10))",
        "\(NumberText.significant(one.p50))", "\(NumberText.significant(one.p90))", "\(name: one.unit)",
        "<span class='source'>\(name: one.source)</span>",
        "<span class='date'>\(one.verifiedOn ?? "–")</span>",
      ])
    }
    return "<section class='assumptions'><h3>Assumptions</h3>\n\(table.html)</section>"
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

  private static let limits: [Markup] = [
    "Options are compared on cost and latency. How good the models’ answers are is not part of the comparison.",
    """
    Where only part of the hours is simulated (see Provenance), it stands for the rest; an event that falls between, \
    such as a one-day campaign, is seen only as far as the demand’s noise covers it.
    """,
    """
    All options of a future meet the same demand and the same prices, so differences between options are surer than each \
    option’s cost alone.
    """,
    """
    Ranges say what follows from the distributions under Assumptions. A price or a workload outside of them is not \
    covered by any percentile here.
    """,
    """
    Costs that the scenario does not state count as zero. Taxes, negotiated credits and the price of switching back are \
    among them unless stated.
    """,
    """
    Latency comes from a model of batched serving on the stated hardware. Networks outside the data centre add to it.
    """,
  ]

  private static let glossary: [(Markup, Markup)] = [
    ("TTFT", "Time to first token: from a request’s arrival to the first token of its answer."),
    ("TPOT", "Time per output token: the mean time between tokens after the first."),
    (
      "P10, P50, P90, P95, P99",
      """
      Percentiles: 10, 50, 90, 95 or 99 of 100 futures (for latency: of 100 requests) are at or below the value. P50 is \
      the median.
      """
    ),
    ("Future", "One draw of all uncertain inputs, from demand growth to the price of a GPU-hour."),
    (
      "P(cheapest)",
      """
      The share of futures in which an option costs least, with its 95\(NumberText.space)% interval in brackets.
      """
    ),
    (
      "Regret",
      """
      What the chosen option costs above the one that turned out cheapest. Its mean over futures is what a wrong choice \
      costs, and the most that perfect foresight could be worth.
      """
    ),
    (
      "Worst 5\(NumberText.space)%",
      "The mean cost over the most expensive twentieth of futures (CVaR95, conditional value at risk)."
    ),
    (
      "Served within objective",
      "Requests that met both their TTFT and their TPOT objective, among all that arrived."
    ),
    (
      "Service level",
      "The share of requests that an option must serve within objective in order to be recommended."
    ),
    (
      "Break-even",
      "The value of an axis (volume or utilization) from which an option costs no more than the one it is held against."
    ),
    (
      "GPU-hours: busy, idle, booting, draining",
      "What a paid hour was spent on; only busy hours answer requests."
    ),
  ]
}
