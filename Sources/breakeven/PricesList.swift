// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven prices list`: every price of a book with its unit, source and date.

import Catalog
import CommandLineKit
import NumberFormatting
import Quantities
import Reporting
import Uncertainty
import YAMLDocument

struct PricesList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List prices with their sources and dates.",
    discussion: """
      All are US dollars: those stated in another currency are converted at its rate, an uncertain rate at its median. \
      Uncertain prices stand as median (10th–90th percentile).
      """,
    examples: [
      "breakeven prices list",
      "breakeven prices list --gpu h100-sxm",
      "breakeven prices list --model llama-4-scout --provider bedrock --json",
      "breakeven prices list --csv prices.csv",
    ])

  @OptionGroup var input: PriceBookArgument
  @Option(help: ArgumentHelp("Only prices of this provider.", valueName: "id"))
  var provider: String?
  @Option(help: ArgumentHelp("Only prices of this model: an id or another name of it.", valueName: "model"))
  var model: String?
  @Option(help: ArgumentHelp("Only prices of this GPU: an id or another name of it.", valueName: "gpu"))
  var gpu: String?
  @Option(help: ArgumentHelp("Only prices of this region.", valueName: "name"))
  var region: String?
  @Option(help: ArgumentHelp("Write a CSV too; - prints it in the place of the table.", valueName: "file"))
  var csv: String?
  @Flag(help: "Print a JSON array in the place of the table.")
  var json = false

  mutating func validate() throws {
    if json, csv == "-" {
      throw ValidationError("'--json' and '--csv -' both print; name a file for the CSV.")
    }
  }

  mutating func run() throws {
    let (data, gaps) = try input.audited()
    for gap in gaps { Terminal.writeDiagnostic("Warning: \(gap)\n") }
    let prices = try filtered(data)
    let rows = prices.map(PriceRow.init)
    if let csv { try ResultOutput(path: csv).finish(PriceRow.csv(rows)) }
    if json { return try Terminal.write(json: rows) }
    if csv == "-" { return }
    if rows.isEmpty {
      Terminal.writeDiagnostic("Note: the price book has no such price\n")
      return
    }
    try Terminal.write(PriceRow.table(rows))
  }

  private func filtered(_ data: ReferenceData) throws -> [ListedPrice] {
    let book = data.prices
    let providers = Set(book.metered.keys).union(book.reserved.keys).sorted()
    if let provider, !providers.contains(provider) {
      throw unknown("provider", provider, providers, "the price book")
    }
    let modelID = try model.map { name in
      guard let found = data.model(named: name) else {
        throw unknown("model", name, data.models.keys.sorted(), "the catalog")
      }
      return found.id
    }
    let gpuID = try gpu.map { name in
      guard let found = data.accelerator(named: name) else {
        throw unknown("gpu", name, data.accelerators.keys.sorted(), "the catalog")
      }
      return found.id
    }
    let regions = Set(book.regionalGPUHour.values.flatMap(\.keys)).sorted()
    if let region, !regions.contains(region) { throw unknown("region", region, regions, "the price book") }
    return book.listed.filter { price in
      (provider == nil || price.provider == provider) && (modelID == nil || price.model == modelID)
        && (gpuID == nil || price.gpu == gpuID) && (region == nil || price.region == region)
    }
  }

  private func unknown(_ option: String, _ name: String, _ names: [String], _ owner: String)
    -> ValidationError
  {
    let remedy = NearestName.remedy(for: name, among: names, all: "it has")
    return ValidationError("'--\(option)' is '\(name)', which \(owner) does not have; \(remedy)")
  }
}

/// A price as it is listed.
private struct PriceRow: Encodable {
  var path: String
  var kind: String
  var provider: String?
  var model: String?
  var gpu: String?
  var region: String?
  var purchase: String?
  var term: String?
  /// US dollars, the median where the price is uncertain.
  var dollars: Double
  var p10: Double?
  var p90: Double?
  var unit: String
  /// The currency it is stated in.
  var currency: String
  /// US dollars for one unit of that currency, the median where it is uncertain.
  var dollarsPerUnit: Double?
  var source: String?
  var verifiedOn: String?
  var place: String?

  init(_ listed: ListedPrice) {
    let price = listed.price
    path = listed.path
    kind = listed.kind.rawValue
    (provider, model, gpu, region) = (listed.provider, listed.model, listed.gpu, listed.region)
    (purchase, term) = (listed.purchase?.rawValue, listed.term?.rawValue)
    dollars = price.median
    if !price.amount.isConstant {
      p10 = price.amount.distribution.quantile(0.1)
      p90 = price.amount.distribution.quantile(0.9)
    }
    unit = listed.unit
    currency = price.exchangeRate?.currency ?? "USD"
    dollarsPerUnit = price.exchangeRate?.dollarsPerUnit.distribution.median
    source = price.provenance?.source
    verifiedOn = price.provenance?.verifiedOn.description
    place = listed.place?.description
  }

  static func table(_ rows: [PriceRow]) -> String {
    var sources: [String] = []
    var table = TextTable(columns: [
      .left("price"), .right("$"), .left("per"), .left("verified"), .left("source"),
    ])
    for row in rows {
      let source = row.source ?? "none"
      let index = sources.firstIndex(of: source) ?? sources.endIndex
      if index == sources.endIndex { sources.append(source) }
      var amount = NumberText.significant(row.dollars)
      if let p10 = row.p10, let p90 = row.p90 {
        amount += " (\(NumberText.significant(p10))–\(NumberText.significant(p90)))"
      }
      let note = row.currency == "USD" ? "" : ", from \(row.currency)"
      table.add(row.path, amount, row.unit + note, row.verifiedOn ?? "–", "[\(index + 1)]")
    }
    let list = sources.enumerated().map { "[\($0.offset + 1)] \($0.element)\n" }.joined()
    return "\(table.rendered)\n\(list)"
  }

  static func csv(_ rows: [PriceRow]) -> String {
    var table = CSVTable(header: [
      "path", "kind", "provider", "model", "gpu", "region", "purchase", "term", "usd", "usd_p10", "usd_p90",
      "per", "currency", "usd_per_unit", "source", "verified_on", "place",
    ])
    for row in rows {
      let words = [row.path, row.kind, row.provider, row.model, row.gpu, row.region, row.purchase, row.term]
      let numbers = [row.dollars, row.p10, row.p90]
      table.append(
        words.map(text) + numbers.map(number) + [.text(row.unit), .text(row.currency)]
          + [number(row.dollarsPerUnit)] + [row.source, row.verifiedOn, row.place].map(text))
    }
    return table.text
  }

  private static func text(_ text: String?) -> CSVTable.Cell { text.map { .text($0) } ?? .empty }

  private static func number(_ value: Double?) -> CSVTable.Cell {
    value.map { .number($0, digits: 9) } ?? .empty
  }
}
