// SPDX-License-Identifier: GPL-3.0-or-later
// A forecast that lies beside bills must have their columns, with values they could have, and add up to the plan.

import Decision
import Foundation
import Reporting
import Testing

@Suite("FOCUS 1.2")
struct FocusTests {
  /// The columns whose feature level is Mandatory in FOCUS 1.2, and whether they may be null.
  static let mandatory: [(String, nullable: Bool)] = [
    ("BilledCost", false), ("BillingAccountId", false), ("BillingAccountName", true),
    ("BillingCurrency", false),
    ("BillingPeriodEnd", false), ("BillingPeriodStart", false), ("ChargeCategory", false),
    ("ChargeClass", true),
    ("ChargeDescription", true), ("ChargePeriodEnd", false), ("ChargePeriodStart", false),
    ("ContractedCost", false),
    ("EffectiveCost", false), ("InvoiceIssuerName", false), ("ListCost", false), ("PricingQuantity", false),
    ("PricingUnit", false), ("ProviderName", false), ("PublisherName", false), ("ServiceCategory", false),
    ("ServiceName", false), ("ServiceSubcategory", false),
  ]

  static func records(_ result: PlanResult, option: String? = nil) throws -> [[String: String]] {
    CSVReader.records(Data(try FocusExport.text(result, option: option).utf8))
  }

  @Test("every mandatory column is there and filled, with allowed values")
  func columns() throws {
    let text = try FocusExport.text(Fixture.charged)
    let header = CSVReader.rows(Data(text.utf8))[0]
    for (column, _) in Self.mandatory { #expect(header.contains(column), "\(column)") }
    #expect(header.allSatisfy { $0.wholeMatch(of: /(x_)?[A-Z][A-Za-z]{1,48}/) != nil })
    let allowed: [String: Set<String>] = [
      "ChargeCategory": ["Usage", "Purchase"], "ChargeClass": [""],
      "ChargeFrequency": ["Usage-Based", "Recurring", "One-Time"],
      "PricingCategory": ["Standard", "Dynamic"], "BillingCurrency": ["USD"],
      "ServiceCategory": ["AI and Machine Learning", "Compute", "Other"],
      "ServiceSubcategory": ["Generative AI", "Virtual Machines", "Other (Other)"],
      "PricingUnit": ["1000000 Tokens", "GPU-Hours", "Unit-Hours", "Months", "Units"],
      "x_Forecast": ["true"],
    ]
    for option in Fixture.charged.options {
      for record in try Self.records(Fixture.charged, option: option.name) {
        for (column, nullable) in Self.mandatory where !nullable {
          #expect(record[column]?.isEmpty == false, "\(column)")
        }
        for (column, values) in allowed { #expect(values.contains(record[column] ?? "?"), "\(column)") }
        // A subcategory has one parent.
        let parents = [
          "Generative AI": "AI and Machine Learning", "Virtual Machines": "Compute", "Other (Other)": "Other",
        ]
        #expect(parents[record["ServiceSubcategory"] ?? ""] == record["ServiceCategory"])
        // Numeric Format: no exponent, no sign but a minus, no grouping.
        for column in ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "PricingQuantity"] {
          #expect(record[column]?.wholeMatch(of: /-?\d+(\.\d+)?/) != nil, "\(column)")
        }
      }
    }
  }

  @Test("a charge's period is its month in UTC, its end excluded, over the turn of a year too")
  func periods() throws {
    let records = try Self.records(Fixture.charged)
    let december = try #require(records.first)
    #expect(december["ChargePeriodStart"] == "2026-12-01T00:00:00Z")
    #expect(december["ChargePeriodEnd"] == "2027-01-01T00:00:00Z")
    let ends = Set(records.map { "\($0["BillingPeriodStart"] ?? "")/\($0["BillingPeriodEnd"] ?? "")" })
    #expect(ends.count == 12)
    #expect(
      records.allSatisfy {
        $0["BillingPeriodStart"] == $0["ChargePeriodStart"] && $0["BillingPeriodEnd"] == $0["ChargePeriodEnd"]
      })
  }

  @Test("the costs of a month add up to the month's components; nothing is billed that is not in the plan")
  func sums() throws {
    let result = Fixture.charged
    for option in result.options {
      let records = try Self.records(result, option: option.name)
      #expect(records.allSatisfy { $0["x_Option"] == option.name })
      for month in option.monthly {
        let rows = records.filter { $0["ChargePeriodStart"]?.hasPrefix(month.month) == true }
        let sum = rows.compactMap { $0["BilledCost"].flatMap(Double.init) }.reduce(0, +)
        #expect(abs(sum - month.components.map(\.mean).reduce(0, +)) < 1e-4)
        let units = rows.compactMap { $0["PricingQuantity"].flatMap(Double.init) }.reduce(0, +)
        #expect(abs(units * 2 - sum) < 1e-4)
      }
    }
  }

  @Test("without a name it is the recommended option; another name is refused with those there are")
  func options() throws {
    #expect(try Set(Self.records(Fixture.charged).map { $0["x_Option"] }) == ["base-with-burst"])
    #expect {
      try FocusExport.text(Fixture.charged, option: "gone")
    } throws: {
      "\($0)".contains("'gone'") && "\($0)".contains("base-with-burst")
    }
    // Documents of before quantities were kept.
    #expect(throws: ReportError.self) { try FocusExport.text(Fixture.result) }
  }

  @Test("a document whose charges are not of its months is refused")
  func contradiction() {
    var result = Fixture.charged
    result.options[1].charges?[0].costs.removeLast()
    #expect(throws: ReportError.self) { try FocusExport.text(result) }
  }
}
