// SPDX-License-Identifier: GPL-3.0-or-later
// How well a run determines its numbers: what the engines were fitted to, how the futures grew in number, what was
// predicted, and which sizes were found.

import Charts
import Decision
import NumberFormatting
import Uncertainty

extension BackMatter {
  /// The engines' coefficients and what they were fitted to.
  var calibration: Markup {
    guard let engines = result.engines, !engines.isEmpty else { return "" }
    var table = HTMLTable(
      "Coefficients of the engines. <span class='csv'>engines.csv</span>",
      columns: [.text("Engine"), .text("Coefficient"), .number("Value"), .number("Relative error")])
    for engine in engines {
      for one in engine.coefficients {
        table.append([
          "\(name: engine.engine)", "<code>\(name: one.name)</code>", "\(NumberText.significant(one.value))",
          one.relativeError > 0 ? "±\(NumberText.space)\(NumberText.percent(one.relativeError))" : "–",
        ])
      }
    }
    let sources = engines.map { engine -> Markup in
      """
      <li><strong>\(name: engine.engine)</strong>: \(name: engine.source) <span class='quiet'>(verified \
      \(engine.verifiedOn))</span></li>

      """
    }
    return """
      <section id='calibration'><h3>Calibration</h3>
      <p class='about'>Latency and throughput of fleets follow from these coefficients; their errors, which hang \
      together, are among the uncertain inputs. A scenario may give a pool others.</p>
      <ul>
      \(sources.joined())</ul>
      <details><summary>Show as a table</summary>
      \(table.html)</details></section>
      """
  }

  /// The rounds of a run and where the scatter comes from.
  var convergence: Markup {
    guard let convergence = result.convergence, !convergence.rounds.isEmpty else { return "" }
    var rounds = HTMLTable(
      "What was known after each round. <span class='csv'>convergence.csv</span>",
      columns: [
        .number("Futures"), .number("Simulations"), .text("Recommended"), .number("Its mean cost"),
        .number("95\(NumberText.space)% interval"), .number("P(cheapest)"),
      ])
    for round in convergence.rounds {
      let chance = round.probabilityCheapest
      rounds.append([
        "\(NumberText.count(Double(round.draws)))", "\(NumberText.count(Double(round.simulations)))",
        "\(name: subject.title(round.option))", round.meanCost.map { "\(NumberText.money($0.value))" } ?? "–",
        round.meanCost.map { "\(NumberText.moneyRange($0.low, $0.high))" } ?? "–",
        "\(NumberText.probability(chance.estimate, chance.low, chance.high))",
      ])
    }
    let ending: Markup
    switch convergence.ending {
    case .asAsked: ending = "The run ended with as many futures as were asked for."
    case .target: ending = "The run ended when its intervals were as narrow as asked for."
    case .maximum:
      ending = "The run ended at the most futures allowed; its intervals are wider than asked for."
    }
    return """
      <section id='convergence'><h3>Convergence</h3>
      <p class='about'>\(ending)\(origin(convergence))</p>
      \(rounds.html)</section>
      """
  }

  /// What more of which would narrow the intervals.
  private func origin(_ convergence: ConvergenceResult) -> Markup {
    guard
      let own = convergence.variances.first(where: { $0.option == subject.recommended.name }),
      own.betweenSimulations + own.withinSimulations > 0
    else { return "" }
    let share = own.betweenSimulations / (own.betweenSimulations + own.withinSimulations)
    return """
       \(NumberText.percent(share, digits: 0)) of the variance of \(name: subject.recommended.title) lies between \
      simulations (demand, throughput, interruptions), the rest between the prices of one.
      """
  }

  /// What was predicted instead of simulated.
  var fidelity: Markup {
    guard let fidelity = result.fidelity else { return "" }
    let outcome: Markup =
      fidelity.fellBack
      ? """
      Predictions erred by more than \(NumberText.percent(fidelity.errorLimit)) of a mean cost, so that everything was \
      simulated.
      """
      : """
      \(NumberText.count(Double(fidelity.simulated))) physical draws were simulated and \
      \(NumberText.count(Double(fidelity.predicted))) predicted from them.
      """
    var table = HTMLTable(
      "How far simulated draws are predicted wrong from the others. <span class='csv'>fidelity.csv</span>",
      columns: [
        .text("Option"), .number("Error of the cost"), .number("Error of the share within objective"),
      ])
    for one in fidelity.options {
      table.append([
        "\(name: subject.title(one.option))", "\(NumberText.percent(one.costError))",
        "\(NumberText.percent(one.serviceLevelError))",
      ])
    }
    return """
      <section id='fidelity'><h3>Fidelity</h3>
      <p class='about'>\(outcome)</p>
      \(fidelity.options.isEmpty ? "" : table.html)</section>
      """
  }

  /// Sizes that the scenario left open.
  var sizes: Markup {
    guard let sizes = result.sizes, !sizes.isEmpty else { return "" }
    let items = sizes.map { "<li>\(name: $0.sentence)</li>\n" as Markup }
    return """
      <section id='sizes'><h3>Sizes</h3>
      <p class='about'>The scenario left these open; they were found before the run.</p>
      <ul>
      \(items.joined())</ul></section>
      """
  }
}
