// SPDX-License-Identifier: GPL-3.0-or-later
// Turns a price book, checked against its key tables, into prices in US dollars. Their values carry the names that a
// scenario's `prices:` gives them, so that `--set` finds them.

import Quantities
import Uncertainty
import YAMLDocument

/// Decodes one merged price book.
struct PriceBookDecoding {
  private let context: DecodingContext
  /// Whether a price without source or date is kept, with a warning in the place of a problem.
  private let isAudit: Bool
  private var rates: [String: ExchangeRate] = [:]
  /// The currencies whose rates are there but wrong, which has been reported: one mistake is told once.
  private var wrongRates: Set<String> = []
  private var places: [String: SourcePosition] = [:]

  /// The book in `root`.
  /// - Parameter isAudit: whether a price may lack its source or date, each a warning of `context` then.
  static func book(_ root: YAMLNode, _ context: DecodingContext, isAudit: Bool = false) -> PriceBook {
    var decoding = PriceBookDecoding(context: context, isAudit: isAudit)
    return decoding.book(root)
  }

  private init(context: DecodingContext, isAudit: Bool) {
    self.context = context
    self.isAudit = isAudit
  }

  private mutating func book(_ root: YAMLNode) -> PriceBook {
    var book = PriceBook(metered: [:], reserved: [:], gpuHour: [:])
    let table = isAudit ? PriceBookKeys.audited : PriceBookKeys.book
    guard let view = context.mapping(root, table, path: "") else { return book }
    decodeRates(view.mapping("exchange_rates"))
    for (id, entry) in view.mapping("metered")?.namedMappings() ?? [] {
      book.metered[id] = meteredProvider(id, entry)
    }
    for (id, entry) in view.mapping("reserved")?.namedMappings() ?? [] {
      book.reserved[id] = reservedProvider(id, entry)
    }
    for (gpu, entry) in view.mapping("gpu_hour")?.namedMappings() ?? [] {
      let path = "prices.gpu_hour.\(gpu)"
      book.gpuHour[gpu] = purchases(entry, path)
      for (region, part) in entry.mapping("regions")?.namedMappings() ?? [] {
        book.regionalGPUHour[gpu, default: [:]][region] = purchases(part, "\(path).regions.\(region)")
      }
    }
    for (role, entry) in view.mapping("people")?.namedMappings() ?? [] {
      book.people[role] = person(entry, "prices.people.\(role)")
    }
    for (id, entry) in view.mapping("platform")?.namedMappings() ?? [] {
      let unit = entry.choice("unit", as: PlatformUnit.self)
      guard let price = price(of: entry, name: "prices.platform.\(id)"), let unit else { continue }
      book.platform[id] = PlatformPrice(price: price, unit: unit)
    }
    book.exchangeRates = rates
    book.places = places
    return book
  }

  private mutating func decodeRates(_ view: MappingView?) {
    guard let view else { return }
    for (code, entry) in view.namedMappings() {
      let place = view.namedEntries.first { $0.key == code }?.keyPosition ?? entry.position
      let (value, provenance) = (entry.uncertain("value"), entry.provenance())
      guard ExchangeRate.isCode(code), code != "USD" else {
        context.report(
          place, code == "USD" ? "US dollars have a rate" : "`\(code)` is no code of a currency",
          remedy: code == "USD"
            ? "rates are US dollars for one unit of another currency"
            : "write three capital letters of ISO 4217, such as EUR")
        continue
      }
      guard var value, let provenance else { continue }
      value.name = "prices.exchange_rates.\(code)"
      places[value.name] = place
      rates[code] = ExchangeRate(currency: code, dollarsPerUnit: value, provenance: provenance)
    }
    wrongRates = Set(view.namedEntries.map(\.key)).subtracting(rates.keys)
  }

  /// The rate of an entry's currency, nil for US dollars; nothing where the currency is not known, which has been
  /// reported then.
  private func rate(_ view: MappingView) -> ExchangeRate?? {
    if view["currency"] == nil { return .some(nil) }
    guard let code = view.text("currency") else { return nil }
    if code == "USD" { return .some(nil) }
    if let rate = rates[code] { return rate }
    if wrongRates.contains(code) { return nil }
    let place = view.position(of: "currency")
    guard ExchangeRate.isCode(code) else {
      context.report(
        place, "`currency` is `\(code)`", remedy: "write a code of ISO 4217, such as USD or EUR")
      return nil
    }
    let known = ["USD"] + rates.keys.sorted()
    let nearest = NearestName.of(code, among: known).map { "did you mean `\($0)`? Else " } ?? ""
    context.report(
      place, "there is no exchange rate of \(code)",
      remedy: "\(nearest)add exchange_rates: {\(code): {value: …, source: …, verified_on: …}}")
    return nil
  }

  /// Where an entry's prices come from; nothing where that is missing and must not be.
  private func provenance(_ view: MappingView, _ what: String) -> Provenance?? {
    if !isAudit {
      guard let provenance = view.provenance() else { return nil }
      return .some(provenance)
    }
    let (source, day) = (view.text("source"), view.day("verified_on"))
    // A value that is wrong has been reported as such.
    if view["source"] == nil || source?.allSatisfy(\.isWhitespace) == true {
      context.warn(
        view.position, "\(what) has no source", remedy: "add `source`, the page that states it")
    }
    if view["verified_on"] == nil {
      context.warn(
        view.position, "\(what) has no date",
        remedy: "add `verified_on`, the day somebody last compared it, YYYY-MM-DD")
    }
    guard let source, let day else { return .some(nil) }
    return Provenance(source: source, verifiedOn: day)
  }

  private mutating func purchases(_ view: MappingView, _ path: String) -> [PurchaseType: Price] {
    var prices: [PurchaseType: Price] = [:]
    for purchase in PurchaseType.allCases {
      prices[purchase] = price(view, purchase.rawValue, name: "\(path).\(purchase.rawValue)")
    }
    return prices
  }

  private mutating func price(_ view: MappingView, _ key: String, name: String) -> Price? {
    view.mapping(key).flatMap { price(of: $0, name: name) }
  }

  /// The cost of a full-time employee, $ per month.
  private mutating func person(_ view: MappingView, _ name: String) -> Price? {
    let months = (view.choice("per", as: WorkingTime.self) ?? .month).perMonth
    let benefits = view.number("benefits_share") ?? 0
    guard var price = price(of: view, name: name) else { return nil }
    price.amount.distribution = price.amount.distribution.scaled(by: months * (1 + benefits))
    return price
  }

  private mutating func price(of entry: MappingView, name: String) -> Price? {
    let amount = entry.uncertain("amount")
    let (provenance, rate) = (provenance(entry, name), rate(entry))
    guard var amount, let provenance, let rate else { return nil }
    amount.name = name
    places[name] = entry.position(of: "amount")
    return Price(amount: amount, provenance: provenance, convertedAt: rate)
  }

  private func latency(
    _ view: MappingView
  ) -> (firstToken: Double, perToken: Double, provenance: Provenance)? {
    guard let entry = view.mapping("latency") else { return nil }
    let (first, next) = (entry.number("first_token_seconds"), entry.number("seconds_per_output_token"))
    let provenance = entry.provenance()
    guard let first, let next, let provenance else { return nil }
    return (first, next, provenance)
  }

  private mutating func meteredProvider(_ id: String, _ view: MappingView) -> MeteredProvider? {
    let (name, latency, aliases) = (view.text("name"), latency(view), view.texts("aliases"))
    var models: [String: MeteredPrice] = [:]
    for (model, entry) in view.mapping("models")?.namedMappings() ?? [] {
      models[model] = tokenPrices("prices.api.\(id).\(model)", entry)
    }
    guard let name, let latency else { return nil }
    var provider = MeteredProvider(
      id: id, name: name, firstTokenLatency: latency.firstToken, timePerOutputToken: latency.perToken,
      provenance: latency.provenance, models: models)
    provider.aliases = aliases
    return provider
  }

  private mutating func tokenPrices(_ path: String, _ entry: MappingView) -> MeteredPrice? {
    let endOfLife = entry.day("end_of_life")
    let (provenance, rate) = (provenance(entry, path), rate(entry))
    var found: [String: Price] = [:]
    func read(_ view: MappingView, _ key: String, _ prefix: String) {
      guard var amount = view.uncertain(key) else { return }
      amount.name = "\(path).\(prefix)\(key)"
      places[amount.name] = view.position(of: key)
      guard let provenance, let rate else { return }
      found[prefix + key] = Price(amount: amount, provenance: provenance, convertedAt: rate)
    }
    for key in ["input", "output", "cached_input"] { read(entry, key, "") }
    let batch = entry.mapping("batch")
    for key in ["input", "output"] { if let batch { read(batch, key, "batch.") } }
    let factor = entry.number("batch_factor")
    if entry["batch"] != nil, entry["batch_factor"] != nil {
      context.report(
        entry.position(of: "batch_factor"), "\(path) gives `batch` and `batch_factor`",
        remedy: "keep only one of them")
    }
    guard let input = found["input"], let output = found["output"] else { return nil }
    var price = MeteredPrice(input: input, output: output, endOfLife: endOfLife)
    price.cachedInput = found["cached_input"]
    if let factor {
      price.priceBatches(at: factor, path: path)
      for key in ["input", "output"] { places["\(path).batch.\(key)"] = entry.position(of: "batch_factor") }
    } else if let input = found["batch.input"], let output = found["batch.output"] {
      price.priceBatches(input: input, output: output)
    }
    return price
  }

  private mutating func reservedProvider(_ id: String, _ view: MappingView) -> ReservedProvider? {
    let (name, latency) = (view.text("name"), latency(view))
    var models: [String: ReservedOffer] = [:]
    for (model, entry) in view.mapping("models")?.namedMappings() ?? [] {
      models[model] = offer("prices.reserved.\(id).\(model)", entry)
    }
    guard let name, let latency else { return nil }
    var provider = ReservedProvider(
      id: id, name: name, firstTokenLatency: latency.firstToken, timePerOutputToken: latency.perToken,
      provenance: latency.provenance, models: models)
    provider.accounting = ReservedAccounting(of: view)
    return provider
  }

  private mutating func offer(_ path: String, _ entry: MappingView) -> ReservedOffer? {
    var unitHour: [ReservedTerm: Price] = [:]
    if let terms = entry.mapping("unit_hour") {
      for term in ReservedTerm.allCases {
        unitHour[term] = price(terms, term.rawValue, name: "\(path).unit_hour.\(term.rawValue)")
      }
    }
    guard let throughput = entry.mapping("throughput") else { return nil }
    let input = throughput.uncertain("input_tokens_per_minute")
    let output = throughput.uncertain("output_tokens_per_minute")
    let provenance = throughput.provenance()
    guard var input, var output, let provenance else { return nil }
    input.name = "\(path).input_tokens_per_minute"
    output.name = "\(path).output_tokens_per_minute"
    return ReservedOffer(
      inputTokensPerMinute: input, outputTokensPerMinute: output, unitHour: unitHour, provenance: provenance)
  }
}
