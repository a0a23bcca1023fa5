// SPDX-License-Identifier: GPL-3.0-or-later
// The page over all scenarios: what wants attention first, then every scenario with its trend. One file, no network, no
// script, as the reports that it leads to.

import Charts
import NumberFormatting

/// The page of an index.
struct IndexPage {
  let index: ReportIndex

  init(_ index: ReportIndex) { self.index = index }

  /// The whole document, XHTML-compatible.
  var html: Markup {
    let day = String(index.finishedAt.prefix(16)).replacing("T", with: " ")
    return """
      <!DOCTYPE html>
      <html lang='en' xmlns='http://www.w3.org/1999/xhtml'>
      <head>
      <meta charset='utf-8'/>
      <meta name='viewport' content='width=device-width, initial-scale=1'/>
      <meta http-equiv='Content-Security-Policy' content="default-src 'none'; style-src 'unsafe-inline'"/>
      <meta name='generator' content='Breakeven \(index.version)'/>
      <title>Cost decisions, \(day) UTC</title>
      <style>
      \(Self.style)</style>
      </head>
      <body>
      <main>
      <header class='masthead'><span>Breakeven</span><span>Night of \(day) UTC</span></header>
      <h1>\(index.headline)</h1>
      \(attention)<section class='detail'>
      <h2>All scenarios</h2>
      \(table)<p class='about'>P50 and P(cheapest) are those of the option that each night recommended; costs are over \
      the scenario's horizon, discounted. Open dots are nights with an alert.</p>
      </section>
      </main>
      </body>
      </html>

      """
  }

  private static let style: Markup = {
    let own = """
      .spark{width:132px}
      .state{font-weight:600}
      .alert{color:var(--bad)}
      .scenario{min-width:150px}
      .scenario .more{display:block}
      .trend{white-space:nowrap}

      """
    let sheet = ChartStyle.sheet + PageStyle.sheet + own
    precondition(!sheet.contains("<") && !sheet.contains("&"), "a style sheet with markup in it")
    return Markup(stringLiteral: sheet)
  }()

  /// What wants attention; empty where nothing does.
  private var attention: Markup {
    let items = index.entries.flatMap { entry -> [Markup] in
      switch entry.state {
      case .quiet: []
      case .alerts(let sentences):
        sentences.map { "<li><span class='state alert'>Alert</span> \(link(entry)): \($0)</li>\n" }
      case .failed(let lines):
        [
          """
          <li><span class='state alert'>Failed</span> \(link(entry)): \
          \(lines.prefix(5).map { Markup(text: $0) }.joined(separator: "<br/>"))</li>

          """
        ]
      }
    }
    if items.isEmpty { return "" }
    return "<section>\n<h2>Wants attention</h2>\n<ul>\n\(items.joined())</ul>\n</section>\n"
  }

  private var table: Markup {
    var table = HTMLTable(
      "Every scenario as the night left it",
      columns: [
        .text("Scenario"), .text("State"), .text("Recommended"), .number("P50"), .text("Trend of P50"),
        .number("P(cheapest)"), .text("Trend of P(cheapest)"),
      ])
    for (place, entry) in index.entries.enumerated() {
      let last = entry.trend.last
      let change: Markup = entry.change.map { "<br/><span class='quiet'>\($0)</span>" } ?? ""
      table.append([
        scenario(entry), state(entry), entry.recommended.map { "\(name: $0)" } ?? "–",
        (last.map { Markup(text: NumberText.money($0.medianCost)) } ?? "–") + change,
        spark(entry, "cost-\(place)", "P50 of \(entry.name)", { $0.medianCost }, NumberText.money),
        last.map { Markup(text: NumberText.percent($0.probabilityCheapest, digits: 0)) } ?? "–",
        spark(
          entry, "chance-\(place)", "P(cheapest) of \(entry.name)", { $0.probabilityCheapest },
          { NumberText.percent($0, digits: 0) }, domain: 0...1),
      ])
    }
    return table.html
  }

  private func scenario(_ entry: ReportIndex.Entry) -> Markup {
    let usage: Markup = entry.usage.map { "<span class='more'>\($0)</span>" } ?? ""
    return """
      <div class='scenario'>\(link(entry))<span class='more'>\(name: entry.title)</span>\(usage)</div>
      """
  }

  private func link(_ entry: ReportIndex.Entry) -> Markup {
    entry.report.map { "<a href='\($0)'>\(name: entry.name)</a>" } ?? "\(name: entry.name)"
  }

  private func state(_ entry: ReportIndex.Entry) -> Markup {
    switch entry.state {
    case .quiet: "<span class='quiet'>quiet</span>"
    case .alerts(let sentences):
      "<span class='state alert'>\(sentences.count) alert\(sentences.count == 1 ? "" : "s")</span>"
    case .failed: "<span class='state alert'>failed</span>"
    }
  }

  /// A trend, with its first and last value and its range for who cannot see it; nothing where there are no nights.
  private func spark(
    _ entry: ReportIndex.Entry, _ id: String, _ title: String, _ value: (ReportIndex.Night) -> Double,
    _ text: (Double) -> String, domain: ClosedRange<Double>? = nil
  ) -> Markup {
    guard let first = entry.trend.first, let last = entry.trend.last else { return "–" }
    let values = entry.trend.map(value)
    let low = values.min() ?? 0
    let high = values.max() ?? 0
    let description =
      "\(entry.trend.count) night\(entry.trend.count == 1 ? "" : "s") from \(first.day) to \(last.day): "
      + "\(text(value(first))) at first, \(text(value(last))) at last, between \(text(low)) and \(text(high))."
    let line = Sparkline(
      head: ChartHead(id: id, title: title, description: description),
      points: entry.trend.map { Sparkline.Point(value($0), isMarked: $0.hasAlert) }, domain: domain)
    return "<div class='spark'>\(line.svg(width: 132))</div>"
  }
}
