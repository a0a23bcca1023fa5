// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about what a check of a price book finds: each kind where it is, and nothing in a book that is good.

import Catalog
import Foundation
import Quantities
import Testing
import YAMLDocument

@Suite("Checks of prices")
struct PriceFindingTests {
  /// The findings in a book of GPU-hours and Scout's tokens, as `line:column kind message`.
  private func findings(
    _ text: String, asOf: String? = "2026-11-24", maximumAge: Int = 90, factor: Double = 4
  ) throws -> [String] {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml").path
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    let (data, gaps) = try ReferenceData.audited(directory: nil, priceBook: file)
    let check = PriceCheck(
      asOf: asOf.flatMap { CalendarDay($0) }, maximumAge: maximumAge, outlierFactor: factor)
    return check.findings(in: data.prices, of: file, catalog: data, gaps: gaps).map {
      "\($0.diagnostic.position.line):\($0.diagnostic.position.column) \($0.kind.rawValue) \($0.diagnostic.message)"
    }
  }

  private let fresh = "source: a quote, verified_on: 2026-11-22"

  private func gpu(_ purchases: String...) -> String {
    "gpu_hour:\n  mi300x:\n" + purchases.map { "    \($0)\n" }.joined()
  }

  private func scout(_ keys: String) -> String {
    "metered:\n  bedrock:\n    models:\n      llama-4-scout: {\(keys), \(fresh)}\n"
  }

  @Test("a good book has none, the shipped one neither")
  func good() throws {
    #expect(try findings(gpu("on-demand: {amount: 3, \(fresh)}", "spot: {amount: 1, \(fresh)}")).isEmpty)
    #expect(try findings(scout("input: 0.17, output: 0.66, cached_input: 0.1, batch_factor: 0.5")).isEmpty)
    let shipped = try ReferenceData.audited(directory: nil)
    #expect(
      shipped.gaps.isEmpty && PriceCheck().findings(in: shipped.data.prices, catalog: shipped.data).isEmpty)
  }

  @Test("a price is stale the day after its last good one")
  func stale() throws {
    let book = gpu("spot: {amount: 1, source: x, verified_on: 2026-08-25}")
    #expect(try findings(book, asOf: "2026-11-23").isEmpty)
    #expect(
      try findings(book, asOf: "2026-11-24") == [
        "3:20 stale gpu_hour.mi300x.spot was verified on 2026-08-25, 91 days before 2026-11-24"
      ])
    #expect(try findings(book, asOf: "2026-11-24", maximumAge: 91).isEmpty)
    // Without a day, the latest one in the book counts, which the built-in entries have.
    #expect(try findings(book, asOf: nil, maximumAge: 80).count == 1)
    let tokens = scout("input: 0.17, output: 0.66").replacing("2026-11-22", with: "2026-08-25")
    #expect(try findings(tokens).map { $0.prefix(10) } == ["4:30 stale"], "a model's prices are told once")
  }

  @Test("a price from after the day, and an old exchange rate")
  func days() throws {
    let late = gpu("spot: {amount: 1, source: x, verified_on: 2026-11-25}")
    #expect(
      try findings(late) == ["3:20 future gpu_hour.mi300x.spot was verified on 2026-11-25, after 2026-11-24"])
    let rate = "exchange_rates:\n  EUR: {value: 1.1, source: x, verified_on: 2025-01-01}\n"
    #expect(
      try findings(rate) == [
        "2:3 stale the exchange rate of EUR was verified on 2025-01-01, 692 days before 2026-11-24"
      ])
  }

  @Test("a price without its source or date")
  func missing() throws {
    #expect(
      try findings(gpu("spot: {amount: 1, verified_on: 2026-11-22}", "on-demand: {amount: 3, source: x}"))
        == [
          "3:11 missing prices.gpu_hour.mi300x.spot has no source",
          "4:16 missing prices.gpu_hour.mi300x.on-demand has no date",
        ])
    #expect(
      try findings(gpu("spot: {amount: 1, source: ' ', verified_on: 2026-11-22}"))
        == ["3:11 missing prices.gpu_hour.mi300x.spot has no source"])
    let bare = "metered:\n  bedrock:\n    models:\n      llama-4-scout: {input: 0.17, output: 0.66}\n"
    #expect(
      try findings(bare) == [
        "4:22 missing prices.api.bedrock.llama-4-scout has no source",
        "4:22 missing prices.api.bedrock.llama-4-scout has no date",
      ])
  }

  @Test("a price far from the median of its kind, by more than the factor")
  func outliers() throws {
    // Beside 0.10 and 0.15 of the other providers.
    #expect(try findings(scout("input: 0.5, output: 0.66"), factor: 4).isEmpty)
    #expect(
      try findings(scout("input: 1.7, output: 6.6"), factor: 4) == [
        "4:30 outlier api.bedrock.llama-4-scout.input is $1.7, 11.33 times the median of 3, $0.15",
        "4:43 outlier api.bedrock.llama-4-scout.output is $6.6, 11 times the median of 3, $0.6",
      ])
    func regions(_ amounts: Double...) -> String {
      "gpu_hour:\n  mi300x:\n    regions:\n"
        + amounts.enumerated().map { "      r\($0.offset): {on-demand: {amount: \($0.element), \(fresh)}}\n" }
        .joined()
    }
    #expect(try findings(regions(2, 2.1, 0.4), factor: 4).map { $0.prefix(12) } == ["6:32 outlier"])
    // Of two nobody knows which one is wrong.
    #expect(try findings(regions(9.8, 4.2), factor: 2).count == 2)
    #expect(try findings(regions(9.8, 4.2), factor: 4).isEmpty)
  }

  @Test(
    "discounts that are dearer than what they are discounts on",
    arguments: [
      (
        "input: 0.17, output: 0.66, batch: {input: 0.2, output: 0.3}",
        "batch.input at $0.2 is dearer than input on demand at $0.17"
      ),
      (
        "input: 0.17, output: 0.66, batch: {input: 0.1, output: 0.7}",
        "batch.output at $0.7 is dearer than output on demand at $0.66"
      ),
      (
        "input: 0.17, output: 0.66, cached_input: 0.18", "cached_input at $0.18 is dearer than input at $0.17"
      ),
      ("input: 0.66, output: 0.17", "input at $0.66 is dearer than output at $0.17"),
    ])
  func tokenOrder(keys: String, message: String) throws {
    let found = try findings(scout(keys)).filter { $0.contains(" order ") }
    #expect(found.count == 1 && found[0].hasPrefix("4:") && found[0].hasSuffix(message), "\(found)")
  }

  @Test(
    "GPU-hours and units in the wrong order",
    arguments: [
      ("committed-1-year", 4.0, "gpu_hour.mi300x.committed-1-year at $4 is dearer than on-demand at $3"),
      ("spot", 3.5, "gpu_hour.mi300x.spot at $3.5 is dearer than on-demand at $3"),
    ])
  func hourOrder(purchase: String, amount: Double, message: String) throws {
    let book = gpu("on-demand: {amount: 3, \(fresh)}", "\(purchase): {amount: \(amount), \(fresh)}")
    let found = try findings(book)
    #expect(found.count == 1 && found[0].hasPrefix("4:") && found[0].hasSuffix(message), "\(found)")
  }

  @Test("three years dearer than one, six months dearer than one")
  func terms() throws {
    let years = gpu(
      "committed-1-year: {amount: 2, \(fresh)}", "committed-3-year: {amount: 2.5, \(fresh)}")
    #expect(
      try findings(years).map { $0.contains("committed-3-year at $2.5 is dearer than committed-1-year") } == [
        true
      ])
    let units = """
      reserved:
        bedrock-provisioned:
          models:
            llama-4-scout:
              unit_hour:
                6-months: {amount: 30, \(fresh)}
      """
    #expect(
      try findings(units).map { $0.contains("6-months at $30 is dearer than 1-month at $19.8997") } == [true])
  }

  @Test("a model or GPU that the catalog does not have is told once, with what was probably meant")
  func unknown() throws {
    let hours = gpu("on-demand: {amount: 3, \(fresh)}", "spot: {amount: 1, \(fresh)}")
    #expect(
      try findings(hours.replacing("mi300x", with: "mi300"))
        == ["3:25 unknown gpu_hour.mi300.on-demand prices a GPU that the catalog does not have"])
    let tokens = scout("input: 0.17, output: 0.66, cached_input: 0.1").replacing("scout", with: "scuot")
    #expect(
      try findings(tokens)
        == ["4:30 unknown api.bedrock.llama-4-scuot.input prices a model that the catalog does not have"])
  }

  @Test("a price of nothing, and a model that is no longer served")
  func endedAndFree() throws {
    #expect(try findings(gpu("spot: {amount: 0, \(fresh)}")) == ["3:20 free gpu_hour.mi300x.spot is 0"])
    let ended = scout("input: 0.17, output: 0.66, end_of_life: 2026-11-23")
    #expect(
      try findings(ended) == ["4:30 ended bedrock served llama-4-scout only until 2026-11-23"])
    #expect(try findings(ended, asOf: "2026-11-23").isEmpty)
  }
}
