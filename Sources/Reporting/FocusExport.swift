// SPDX-License-Identifier: GPL-3.0-or-later
// A forecast in the columns of the bills that it is to be held against: the FinOps Open Cost and Usage Specification
// (FOCUS) 1.2, https://focus.finops.org/focus-specification/v1-2/.

public import Decision

/// An option's forecast as a FOCUS 1.2 data set.
public enum FocusExport {
  /// The version of the specification whose columns are written.
  public static let version = "1.2"

  /// The data set as CSV: one row per charge of the option and month.
  /// - Parameters:
  ///   - result: the result.
  ///   - option: the option's id; the recommended one where nil.
  /// - Throws: `ReportError.noSuchPart` where there is no such option, or the document is of before quantities were
  ///   kept; `ReportError.invalidResult` for one that contradicts itself.
  public static func text(_ result: PlanResult, option: String? = nil) throws(ReportError) -> String {
    try ResultDocument.check(result)
    let name = option ?? result.decision.option
    guard let option = result.options.first(where: { $0.name == name }) else {
      let names = result.options.map(\.name).joined(separator: ", ")
      throw .noSuchPart("there is no option '\(name)'; the run's options are \(names)")
    }
    guard let charges = option.charges else {
      throw .noSuchPart("the run is of a version that kept no quantities; run `breakeven plan` again")
    }
    var table = CSVTable(columns: columns)
    for (place, month) in option.monthly.enumerated() {
      let period = try Period(month.month)
      for charge in charges {
        table.append(row(charge, place, period, option: option, of: result))
      }
    }
    return table.text
  }

  /// The mandatory columns, those that say how a charge is priced, and our own, which the specification lets begin with
  /// `x_`.
  private static let columns: [CSVTable.Column] = [
    .init("BilledCost", .number), .init("BillingAccountId", .string), .init("BillingAccountName", .string),
    .init("BillingCurrency", .string), .init("BillingPeriodEnd", .string),
    .init("BillingPeriodStart", .string), .init("ChargeCategory", .string), .init("ChargeClass", .string),
    .init("ChargeDescription", .string), .init("ChargeFrequency", .string),
    .init("ChargePeriodEnd", .string), .init("ChargePeriodStart", .string),
    .init("ContractedCost", .number), .init("EffectiveCost", .number), .init("InvoiceIssuerName", .string),
    .init("ListCost", .number), .init("PricingCategory", .string), .init("PricingQuantity", .number),
    .init("PricingUnit", .string), .init("ProviderName", .string), .init("PublisherName", .string),
    .init("RegionId", .string), .init("RegionName", .string), .init("ServiceCategory", .string),
    .init("ServiceName", .string), .init("ServiceSubcategory", .string),
    .init("x_Forecast", .boolean), .init("x_Scenario", .string), .init("x_Option", .string),
    .init("x_Component", .string), .init("x_Supply", .string), .init("x_Item", .string),
    .init("x_ScenarioDigest", .string),
  ]

  private static func row(
    _ charge: OptionCharge, _ month: Int, _ period: Period, option: OptionResult, of result: PlanResult
  ) -> [CSVTable.Cell] {
    let cost = CSVTable.Cell.number(charge.costs[month], digits: 6)
    let service = Service(charge)
    // Who is not named is not to be empty: a report that groups by provider should show what it does not know.
    let party = CSVTable.Cell.text(
      charge.provider ?? (charge.supply == nil ? "In house" : "Unnamed provider"))
    func optional(_ text: String?) -> CSVTable.Cell { text.map { .text($0) } ?? .empty }
    return [
      cost, .text("forecast-\(result.run.scenario)"), .text("Forecast: \(result.run.title)"), .text("USD"),
      .text(period.end), .text(period.start), .text(service.category), .empty,
      .text(description(of: charge, option)), .text(service.frequency), .text(period.end),
      .text(period.start), cost, cost, party, cost, .text(service.pricing),
      .number(charge.quantities[month], digits: 6), .text(service.unit), party, party,
      optional(charge.region), optional(charge.region), .text(service.kind), .text(service.name),
      .text(service.subkind), .flag(true), .text(result.run.scenario), .text(option.name),
      .text(charge.component), optional(charge.supply), optional(charge.item),
      .text(result.run.scenarioDigest),
    ]
  }

  private static func description(of charge: OptionCharge, _ option: OptionResult) -> String {
    let item = charge.item.map { " of \($0)" } ?? ""
    let supply = charge.supply.map { " at \($0)" } ?? ""
    return "Forecast of \(charge.component)\(item)\(supply), option \(option.name)"
  }
}

extension FocusExport {
  /// A month as the specification writes points in time, its end excluded.
  private struct Period {
    let start: String
    let end: String

    init(_ month: String) throws(ReportError) {
      let parts = month.split(separator: "-").compactMap { Int($0) }
      guard parts.count == 2, (1...9998).contains(parts[0]), (1...12).contains(parts[1]) else {
        throw .invalidResult("\"\(month)\" is no month")
      }
      let next = parts[1] == 12 ? (parts[0] + 1, 1) : (parts[0], parts[1] + 1)
      start = Self.text(parts[0], parts[1])
      end = Self.text(next.0, next.1)
    }

    private static func text(_ year: Int, _ month: Int) -> String {
      func padded(_ value: Int, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - String(value).count)) + String(value)
      }
      return "\(padded(year, 4))-\(padded(month, 2))-01T00:00:00Z"
    }
  }

  /// A charge in the specification's words: its allowed values, and its form of units.
  private struct Service {
    /// ChargeCategory.
    let category: String
    /// ChargeFrequency.
    let frequency: String
    /// PricingCategory. What buys a commitment is priced at a standard rate; committed is what draws on one.
    let pricing: String
    /// PricingUnit.
    let unit: String
    /// ServiceCategory.
    let kind: String
    /// ServiceSubcategory.
    let subkind: String
    /// ServiceName.
    let name: String

    init(_ charge: OptionCharge) {
      switch charge.kind {
      case .usage: (category, frequency, pricing) = ("Usage", "Usage-Based", "Standard")
      case .interruptible: (category, frequency, pricing) = ("Usage", "Usage-Based", "Dynamic")
      case .commitment, .recurring: (category, frequency, pricing) = ("Purchase", "Recurring", "Standard")
      case .once: (category, frequency, pricing) = ("Purchase", "One-Time", "Standard")
      }
      switch charge.unit {
      case .millionTokens:
        unit = "1000000 Tokens"
        (kind, subkind, name) = ("AI and Machine Learning", "Generative AI", "Model inference by the token")
      case .unitHours:
        unit = "Unit-Hours"
        (kind, subkind, name) = ("AI and Machine Learning", "Generative AI", "Reserved model throughput")
      case .gpuHours:
        unit = "GPU-Hours"
        (kind, subkind, name) = ("Compute", "Virtual Machines", "GPU instances")
      case .months:
        unit = "Months"
        (kind, subkind, name) = ("Other", "Other (Other)", charge.component)
      case .units:
        unit = "Units"
        (kind, subkind, name) = ("Other", "Other (Other)", charge.component)
      }
    }
  }
}
