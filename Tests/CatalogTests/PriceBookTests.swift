// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about what a price book may say: currencies, regions, prices of cached tokens and of batches.

import Catalog
import Foundation
import Quantities
import Testing
import Uncertainty
import YAMLDocument

/// Loads a price book over the built-in one; positions name it `book.yaml`.
private func load(_ text: String) throws -> ReferenceData {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let file = folder.appending(path: "book.yaml")
  try text.write(to: file, atomically: true, encoding: .utf8)
  do throws(InputProblems) {
    return try ReferenceData.load(directory: nil, priceBook: file.path)
  } catch {
    throw InputProblems(
      error.diagnostics.map { diagnostic in
        var diagnostic = diagnostic
        diagnostic.position.source = diagnostic.position.source.replacing(folder.path + "/", with: "")
        return diagnostic
      })
  }
}

private func problems(_ text: String) throws -> [String] {
  do {
    _ = try load(text)
    return []
  } catch let error as InputProblems {
    return error.diagnostics.map(\.description)
  }
}

private let quoted = "source: a quote, verified_on: 2026-11-22"

@Suite("Price books")
struct PriceBookTests {
  private func rates(_ value: String, _ price: String = "3") -> String {
    """
    exchange_rates:
      EUR: {value: \(value), \(quoted)}
    gpu_hour:
      h100-sxm:
        on-demand: {amount: \(price), currency: EUR, \(quoted)}
        spot: {amount: 1, \(quoted)}
    """
  }

  @Test("a certain exchange rate is multiplied in")
  func certainRate() throws {
    let book = try load(rates("1.1", "{uniform: [2, 4]}")).prices
    let price = try #require(book.gpuHour["h100-sxm"]?[.onDemand])
    #expect(price.amount.distribution == .uniform(low: 2.2, high: 4.4))
    #expect(price.factors == [price.amount])
    #expect(price.exchangeRate?.currency == "EUR")
    #expect(book.gpuHour["h100-sxm"]?[.spot]?.exchangeRate == nil)
    #expect(book.exchangeRates["EUR"]?.provenance.source == "a quote")
  }

  @Test("an uncertain exchange rate is an input of its own, the amount stands at its median")
  func uncertainRate() throws {
    let price = try #require(
      try load(rates("{uniform: [1, 1.5]}")).prices.gpuHour["h100-sxm"]?[.onDemand])
    #expect(price.amount == UncertainValue(name: "prices.gpu_hour.h100-sxm.on-demand", 3.75))
    let names = price.factors.map(\.name)
    #expect(names.contains("prices.exchange_rates.EUR"))
    // What is paid at the rate's lowest value: 3 euros at a dollar each.
    let paid = price.factors.map { factor in factor.isConstant ? factor.distribution.median : 1.0 }
    #expect(abs(paid.reduce(1, *) - 3) < 1e-12)
    #expect(price.inputs.map(\.0.name) == [price.amount.name, "prices.exchange_rates.EUR"])
  }

  @Test("a price is as old as the older of itself and its rate")
  func age() throws {
    let text = rates("1.1").replacing(
      "EUR: {value: 1.1, \(quoted)", with: "EUR: {value: 1.1, source: x, verified_on: 2026-01-31")
    let price = try #require(try load(text).prices.gpuHour["h100-sxm"]?[.onDemand])
    #expect(price.provenance?.verifiedOn.description == "2026-11-22")
    #expect(price.verifiedOn?.description == "2026-01-31")
  }

  @Test(
    "currencies that cannot be converted are refused at their place",
    arguments: [
      ("currency: GBP", "there is no exchange rate of GBP; add exchange_rates: {GBP: "),
      ("currency: EUX", "there is no exchange rate of EUX; did you mean `EUR`?"),
      ("currency: euro", "`currency` is `euro`; write a code of ISO 4217"),
      ("currency: [EUR]", "`currency` is a list"),
    ])
  func unknownCurrency(key: String, message: String) throws {
    let found = try problems(rates("1.1").replacing("currency: EUR", with: key))
    #expect(found.count == 1 && found[0].hasPrefix("book.yaml:5:"), "\(found)")
    #expect(found.first?.contains(message) == true, "\(found)")
  }

  @Test(
    "rates that are none are refused",
    arguments: [
      ("EUR: {value: 0,", "`value` is 0; it must be above 0"),
      ("EUR: {value: -1.1,", "`value` is -1.1"),
      ("USD: {value: 1.1,", "US dollars have a rate"),
      ("Euro: {value: 1.1,", "`Euro` is no code of a currency"),
    ])
  func wrongRate(entry: String, message: String) throws {
    let found = try problems(rates("1.1").replacing("EUR: {value: 1.1,", with: entry))
    #expect(found.contains { $0.hasPrefix("book.yaml:2:") && $0.contains(message) }, "\(found)")
  }

  @Test("a rate or a price without its date is refused at its place")
  func withoutDate() throws {
    let rate = try problems("exchange_rates:\n  EUR: {value: 1.1, source: x}\n")
    #expect(
      rate == [
        "book.yaml:2:8: `verified_on` is missing from exchange_rates.EUR; add `verified_on`, the day "
          + "somebody last compared them, YYYY-MM-DD"
      ])
    let price = try problems("gpu_hour:\n  mi300x:\n    spot: {amount: 1, source: x}\n")
    #expect(price.count == 1 && price[0].hasPrefix("book.yaml:3:11: `verified_on` is missing"), "\(price)")
    let blank = try problems(
      "gpu_hour:\n  mi300x:\n    spot: {amount: 1, source: ' ', verified_on: 2026-11-22}\n")
    #expect(blank.count == 1 && blank[0].hasPrefix("book.yaml:3:31: `source` is empty"), "\(blank)")
  }

  @Test("a wrong rate is told once, not again by every price in its currency")
  func wrongRateOnce() throws {
    for entry in ["1.1", "{value: 0, \(quoted)}", "{value: 1.1, source: x}"] {
      let found = try problems(
        "exchange_rates:\n  EUR: \(entry)\ngpu_hour:\n  mi300x:\n"
          + "    spot: {amount: 1, currency: EUR, \(quoted)}\n")
      #expect(found.count == 1 && found[0].hasPrefix("book.yaml:2:"), "\(found)")
    }
  }

  @Test("a region has prices of its own, beside those that hold anywhere")
  func regions() throws {
    let book = try load(
      """
      gpu_hour:
        h100-sxm:
          regions:
            us-east-1:
              on-demand: {amount: 6.88, \(quoted)}
              committed-1-year: {amount: 4, \(quoted)}
            eu-north1:
              on-demand: {amount: 2.95, \(quoted)}
      """
    ).prices
    let builtIn = try ReferenceData.load(directory: nil).prices
    #expect(book.gpuHour(of: "h100-sxm", region: nil) == builtIn.gpuHour["h100-sxm"])
    let east = book.gpuHour(of: "h100-sxm", region: "us-east-1")
    #expect(
      east[.onDemand]?.amount
        == UncertainValue(
          name: "prices.gpu_hour.h100-sxm.regions.us-east-1.on-demand", 6.88))
    #expect(east[.committed1Year]?.median == 4 && east[.spot] == nil)
    #expect(book.gpuHour(of: "h100-sxm", region: "nowhere").isEmpty)
    let listed = book.listed.filter { $0.gpu == "h100-sxm" }
    #expect(listed.map(\.region) == [nil, nil, "eu-north1", "us-east-1", "us-east-1"])
    #expect(listed.last?.path == "gpu_hour.h100-sxm.regions.us-east-1.committed-1-year")
    #expect(listed.last?.place?.line == 6)
  }

  private func tokens(_ keys: String) -> String {
    "metered:\n  bedrock:\n    models:\n      llama-4-scout: {\(keys), \(quoted)}\n"
  }

  private func scout(_ keys: String) throws -> MeteredPrice {
    try #require(try load(tokens(keys)).prices.metered["bedrock"]?.models["llama-4-scout"])
  }

  @Test("cached tokens and batches have prices where the book gives them")
  func tiers() throws {
    let plain = try scout("input: 0.17, output: 0.66")
    #expect(plain.cachedInput == nil && plain.batchInput == nil && plain.batchOutput == nil)
    let full = try scout("input: 0.17, output: 0.66, cached_input: 0.02, batch: {input: 0.08, output: 0.3}")
    #expect(
      full.cachedInput?.amount == UncertainValue(name: "prices.api.bedrock.llama-4-scout.cached_input", 0.02))
    #expect(
      full.batchInput?.amount == UncertainValue(name: "prices.api.bedrock.llama-4-scout.batch.input", 0.08))
    #expect(full.batchOutput?.median == 0.3 && full.batchFactor == nil)
    let half = try scout("input: 0.17, output: 0.66, batch_factor: 0.5")
    #expect(half.batchInput?.median == 0.085 && half.batchOutput?.median == 0.33)
  }

  @Test("a batch price that is a share of an uncertain price moves with it")
  func sharedUncertainty() throws {
    let half = try scout("input: {uniform: [0.1, 0.3]}, output: 0.66, batch_factor: 0.5")
    let batch = try #require(half.batchInput)
    #expect(abs(batch.median - 0.1) < 1e-12)
    // At the 90th percentile of the price on demand, the batch costs half of that.
    let paid = batch.factors.reduce(1) { $0 * $1.distribution.quantile(0.9) }
    #expect(abs(paid - half.input.amount.distribution.quantile(0.9) / 2) < 1e-12)
    #expect(batch.factors.contains { $0.name == half.input.amount.name })
  }

  @Test(
    "two ways to price batches at once, and a share of nothing, are refused",
    arguments: [
      ("batch_factor: 0.5, batch: {input: 1, output: 1}", "gives `batch` and `batch_factor`"),
      ("batch_factor: 0", "it must be above 0"), ("batch: {input: 0.1}", "`output` is missing"),
      ("cached_input: -1", "`cached_input` is -1"), ("cached_input: .nan", "`.nan`, which is not a number"),
      ("batch_factor: 1e400", "`1e400`, which is not a number"),
    ])
  func wrongTiers(keys: String, message: String) throws {
    let found = try problems(tokens("input: 0.17, output: 0.66, \(keys)"))
    #expect(found.count == 1 && found[0].hasPrefix("book.yaml:4:") && found[0].contains(message), "\(found)")
  }

  @Test("Bedrock's batches cost half, and price lists' names of providers are known")
  func shipped() throws {
    let book = try ReferenceData.load(directory: nil).prices
    for tokens in try #require(book.metered["bedrock"]).models.values {
      #expect(tokens.batchInput?.median == tokens.input.median / 2)
      #expect(tokens.batchOutput?.median == tokens.output.median / 2)
    }
    #expect(book.meteredProvider(named: "bedrock_converse")?.id == "bedrock")
    #expect(book.meteredProvider(named: "fireworks_ai")?.id == "fireworks")
    #expect(book.meteredProvider(named: "fireworks")?.id == "fireworks")
    #expect(book.meteredProvider(named: "nobody") == nil)
    #expect(book.listed.allSatisfy { $0.place != nil && $0.price.provenance != nil })
  }
}
