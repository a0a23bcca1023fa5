// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes and purchases for people and programs: cost against size, and who pays for which GPU.

import CommandLineKit
import Decision
import Foundation
import NumberFormatting
import Reporting

/// What `breakeven size` prints.
struct SizeReport {
  let results: [SizingResult]

  private struct Document: Encodable {
    var schemaVersion = 1
    var options: [SizingResult]
  }

  /// One JSON object.
  var json: String {
    get throws { try JSONText.of(Document(options: results)) }
  }

  /// The sizes tried, one a line.
  var csv: String {
    var table = CSVTable(header: [
      "option", "supply", "model", "unit", "size", "gpus", "mean_cost_usd", "service_level_share",
      "refused_share", "is_present", "is_best",
    ])
    for result in results {
      for base in result.bases {
        for point in base.points {
          table.append([
            .text(result.option), .text(base.supply), .text(base.model), .text(base.unit),
            .integer(point.size), point.gpus.map { .integer($0) } ?? .empty, .dollars(point.cost),
            .number(point.serviceLevel, digits: 6), .number(point.refusedShare, digits: 6),
            .flag(point.size == base.present),
            .flag(point.size == base.best),
          ])
        }
      }
    }
    return table.text
  }

  /// Tables, charts, and the proposals in sentences.
  var text: String { results.map(text).joined(separator: "\n") }

  private func text(_ result: SizingResult) -> String {
    var text = "\(result.title): sizes over \(result.months) months\n\n"
    for choice in result.choices { text += choice.sentence + "\n\n" }
    for base in result.bases { text += self.text(base, result) + "\n" }
    for purchase in result.purchases { text += self.text(purchase) + "\n" }
    for note in result.notes { text += "Note: \(note)\n" }
    if !result.bases.isEmpty || !result.purchases.isEmpty {
      text +=
        "Ranges are P10–P90 over \(result.priceFutures) futures of \(result.physicalFutures) simulations each "
        + "of the present and the proposed.\n"
    }
    return text
  }

  private func text(_ base: BaseStudy, _ result: SizingResult) -> String {
    var table = TextTable(columns: [
      .right(base.unit == "units" ? "Units" : "Replicas"), .right("GPUs"), .right("Mean cost"),
      .right("In time"), .right("Refused"), .left(""),
    ])
    for point in base.points {
      var marks: [String] = []
      if point.size == base.best { marks.append("best") }
      if point.size == base.present { marks.append("present") }
      if point.serviceLevel < result.requiredServiceLevel { marks.append("too late") }
      table.add(
        "\(point.size)", point.gpus.map { "\($0)" } ?? "–", NumberText.money(point.cost),
        NumberText.attainment(point.serviceLevel), NumberText.percent(point.refusedShare),
        marks.joined(separator: ", "))
    }
    let chart = TerminalChart(columns: min(Terminal.columns, 80), rows: 8) { NumberText.axisMoney($0) }
    let line = TerminalChart.Line(
      points: base.points.map { TerminalChart.Line.Point(x: Double($0.size), y: $0.cost) })
    let drawn = base.points.count > 3 ? chart.lines([line]) + "\n" : ""
    let unit = base.best == 1 ? String(base.unit.dropLast()) : base.unit
    let verdict =
      base.bestIsGoodEnough
      ? "cost\(base.best == 1 ? "s" : "") least among the sizes that serve \(NumberText.percent(result.requiredServiceLevel, digits: 0)) "
        + "of requests in time"
      : "serve\(base.best == 1 ? "s" : "") best; no size serves \(NumberText.percent(result.requiredServiceLevel, digits: 0)) of requests "
        + "in time"
    let change =
      base.best == base.present
      ? "It is the present size: \(NumberText.money(base.bestCost.mean)) "
        + "(\(NumberText.moneyRange(base.bestCost.p10, base.bestCost.p90)))."
      : "It costs \(NumberText.money(base.bestCost.mean)) "
        + "(\(NumberText.moneyRange(base.bestCost.p10, base.bestCost.p90))), the present "
        + "\(base.present) \(NumberText.money(base.presentCost.mean)) "
        + "(\(NumberText.moneyRange(base.presentCost.p10, base.presentCost.p90)))."
    return """
      \(base.supply), \(base.model): the whole option's cost against \(base.unit)
      \(drawn)\(table.rendered)
      \(base.best) \(unit) \(verdict). \(change)
      Tried: \(base.method).

      """
  }

  private func text(_ study: PurchaseStudy) -> String {
    var offers = TextTable(columns: [
      .left("Purchase"), .right("$ per GPU-hour"), .right("Pays above"),
    ])
    for offer in study.offers {
      let threshold = offer.threshold.map { share in
        share <= 1 ? "\(NumberText.percent(share)) of hours" : "never (\(NumberText.percent(share)))"
      }
      offers.add(offer.purchase, NumberText.money(offer.price), threshold ?? "–")
    }
    var curve = TextTable(columns: [.left("GPUs"), .right("Needed in")])
    for (gpus, share) in Self.steps(study.hoursShareOfGPU) {
      curve.add(gpus, "\(NumberText.percent(share)) of hours")
    }
    let verdict =
      study.present == study.proposed
      ? "The present purchase is the cheapest: \(Self.words(study.present))."
      : "Cheapest: \(Self.words(study.proposed)), \(NumberText.money(study.proposedMedianCost)) for its hours at "
        + "median prices; the present purchase, \(Self.words(study.present)), "
        + "\(NumberText.money(study.presentMedianCost)). The whole option costs "
        + "\(NumberText.money(study.proposedCost.mean)) "
        + "(\(NumberText.moneyRange(study.proposedCost.p10, study.proposedCost.p90))) instead of "
        + "\(NumberText.money(study.presentCost.mean)) "
        + "(\(NumberText.moneyRange(study.presentCost.p10, study.presentCost.p90))), less in "
        + "\(NumberText.percent(study.cheaperShare, digits: 0)) of futures."
    return """
      \(study.supply), \(study.gpu): how its hours are bought
      \(offers.rendered)
      \(curve.rendered)
      \(verdict)

      """
  }

  private static func words(_ layers: [PurchaseStudy.Layer]) -> String {
    if layers.count == 1, layers[0].gpus == nil { return "all \(layers[0].purchase)" }
    return layers.map { layer in
      layer.gpus.map { "\($0) GPU\($0 == 1 ? "" : "s") \(layer.purchase)" } ?? "the rest \(layer.purchase)"
    }.joined(separator: ", ")
  }

  /// GPUs that are needed equally often, together.
  private static func steps(_ shares: [Double]) -> [(String, Double)] {
    var result: [(String, Double)] = []
    var first = 0
    for index in shares.indices where index + 1 == shares.count || shares[index + 1] < shares[first] - 1e-9 {
      result.append((first == index ? "\(index + 1)" : "\(first + 1)–\(index + 1)", shares[first]))
      first = index + 1
    }
    return result
  }
}
