// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about what a price book says of people and services: units, sources, dates, and where they are listed.

import Catalog
import Foundation
import Testing
import Uncertainty
import YAMLDocument

@Suite("Prices of people and services")
struct PlatformPriceTests {
  /// Loads a price book over the built-in one.
  private func load(_ text: String) throws -> ReferenceData {
    try withBook(text) { try ReferenceData.load(directory: nil, priceBook: $0) }
  }

  private func withBook<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try text.write(to: file, atomically: true, encoding: .utf8)
    return try body(file.path)
  }

  /// The problems of a book, each from its line on.
  private func problems(_ text: String) throws -> [String] {
    try withBook(text) { path in
      do throws(InputProblems) {
        _ = try ReferenceData.load(directory: nil, priceBook: path)
        return []
      } catch {
        return error.diagnostics.map { $0.description.replacing(path + ":", with: "") }
      }
    }
  }

  @Test(
    "a role is a full-time employee's month, whatever its wage is stated for",
    arguments: [("12000", ""), ("144000", ", per: year"), ("69.230769230769232", ", per: hour")])
  func roles(amount: String, per: String) throws {
    let book = try load(
      "people: {dev: {amount: \(amount)\(per), benefits_share: 0.5, source: a, verified_on: 2026-11-22}}"
    ).prices
    let person = try #require(book.people["dev"])
    #expect(abs(person.median - 18_000) < 1e-6)
    #expect(person.amount.name == "prices.people.dev" && person.provenance?.source == "a")
  }

  @Test("people and services are listed with their units, after everything else")
  func listed() throws {
    let book = try load(
      """
      exchange_rates: {EUR: {value: 1.1, source: a, verified_on: 2026-11-22}}
      platform: {disk: {amount: 0.1, currency: EUR, unit: GB-month, source: b, verified_on: 2026-11-22}}
      """
    ).prices
    let last = Array(book.listed.drop { $0.kind != .people })
    #expect(last.first?.path == "people.software-developer" && last.first?.unit == "month")
    #expect(last.allSatisfy { [.people, .platform].contains($0.kind) && $0.place != nil })
    let disk = try #require(last.first { $0.path == "platform.disk" })
    #expect(disk.unit == "GB-month" && abs(disk.price.median - 0.11) < 1e-12)
    #expect(PriceCheck().findings(in: book).isEmpty)
  }

  @Test(
    "a price without source or date, of no unit or below zero is refused where it stands",
    arguments: [
      ("people: {dev: {amount: 5, source: a}}", "1:15: `verified_on` is missing"),
      ("platform: {x: {amount: 5, unit: GB, verified_on: 2026-11-22}}", "1:15: `source` is missing"),
      ("platform: {x: {amount: 5, source: a, verified_on: 2026-11-22}}", "1:15: `unit` is missing"),
      ("platform: {x: {amount: 5, unit: GB, source: a, verified_on: 2026-11-31}}", "1:61: `verified_on` is"),
      ("platform: {x: {amount: 5, unit: MB, source: a, verified_on: 2026-11-22}}", "1:33: `unit` is `MB`"),
      ("platform: {x: {amount: -5, unit: GB, source: a, verified_on: 2026-11-22}}", "1:24: `amount` is -5"),
      ("people: {dev: {amount: 5, per: week, source: a, verified_on: 2026-11-22}}", "1:32: `per` is `week`"),
    ])
  func refused(text: String, message: String) throws {
    let found = try problems(text)
    #expect(found.count == 1 && found[0].hasPrefix(message), "\(found)")
  }

  @Test("an audit keeps a service without a date and tells of it")
  func audited() throws {
    let (data, gaps) = try withBook("platform: {x: {amount: 5, unit: kWh, source: a}}") {
      try ReferenceData.audited(directory: nil, priceBook: $0)
    }
    #expect(data.prices.platform["x"]?.unit == .kilowattHour)
    #expect(gaps.count == 1 && gaps[0].message == "prices.platform.x has no date")
  }

  @Test("every GPU of the catalog says what power it may draw")
  func power() throws {
    let gpus = try ReferenceData.load(directory: nil).accelerators
    #expect(gpus["h100-sxm"]?.thermalDesignPower == 700)
    for gpu in gpus.values { #expect((50...1500).contains(gpu.thermalDesignPower ?? 0), "\(gpu.id)") }
  }
}
