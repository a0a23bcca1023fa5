// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody who looks after a price book should look at: prices that are old, out of line, or at odds with each
// other. Nothing here is certainly wrong; everything here deserves a look before a decision rests on it.

public import Quantities
import Uncertainty
public import YAMLDocument

/// Something about a price that deserves a look.
public struct PriceFinding: Sendable, Hashable {
  /// What is the matter.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// It lacks its source or date.
    case missing
    /// It was verified too long ago.
    case stale
    /// It was verified after the day of the check.
    case future
    /// It is far from the median of its kind.
    case outlier
    /// It contradicts another: a discount that is dearer than what it is a discount on.
    case order
    /// It prices a model or GPU that the catalog does not have, so that nothing can take it.
    case unknown
    /// What it prices is no longer served.
    case ended
    /// It is zero.
    case free
  }

  /// What is the matter.
  public var kind: Kind
  /// Where, in what words, and what to do.
  public var diagnostic: Diagnostic

  /// A finding.
  public init(_ kind: Kind, _ diagnostic: Diagnostic) {
    self.kind = kind
    self.diagnostic = diagnostic
  }
}

/// What a check of prices goes by.
public struct PriceCheck: Sendable, Hashable {
  /// The day on which prices are looked at; nil for the latest on which one of them was verified.
  public var asOf: CalendarDay?
  /// Days after which a price is stale.
  public var maximumAge: Int
  /// How many times the median of its kind, or its inverse, a price may be.
  public var outlierFactor: Double

  /// A check.
  public init(asOf: CalendarDay? = nil, maximumAge: Int = 90, outlierFactor: Double = 4) {
    self.asOf = asOf
    self.maximumAge = maximumAge
    self.outlierFactor = outlierFactor
  }

  /// The findings of a book, in the order of their places.
  ///
  /// - Parameters:
  ///   - source: the file whose prices are judged, by comparison with those of all; nil for every file.
  ///   - catalog: the models and GPUs that may be priced; nil where none is unknown.
  ///   - gaps: what `ReferenceData.audited` has told.
  /// - Complexity: O(*n* log *n*) in the prices.
  public func findings(
    in book: PriceBook, of source: String? = nil, catalog: ReferenceData? = nil, gaps: [Diagnostic] = []
  ) -> [PriceFinding] {
    let prices = book.listed
    let day =
      asOf
      ?? (prices.compactMap { $0.price.provenance?.verifiedOn }
      + book.exchangeRates.values.map(\.provenance.verifiedOn)).max()
    var found = gaps.map { PriceFinding(.missing, $0) }
    if let catalog { found += strangers(among: prices, catalog) }
    if let day {
      for price in prices {
        // The prices of one model share their date: it is told once.
        let isToken = price.model != nil && price.term == nil
        if isToken, price.kind != .input { continue }
        let name = isToken ? "api.\(price.provider ?? "").\(price.model ?? "")" : price.path
        found += age(price.price.provenance?.verifiedOn, day, name, price.place)
      }
      for rate in book.exchangeRates.values {
        let name = rate.dollarsPerUnit.name
        found += age(
          rate.provenance.verifiedOn, day, "the exchange rate of \(rate.currency)", book.places[name])
      }
      found += ends(book, day)
    }
    found += prices.compactMap(free) + outliers(prices) + contradictions(book)
    return
      found.filter { source == nil || $0.diagnostic.position.source == source }.enumerated()
      .sorted { ($0.element.diagnostic.position, $0.offset) < ($1.element.diagnostic.position, $1.offset) }
      .map(\.element)
  }

  private func age(
    _ verified: CalendarDay?, _ day: CalendarDay, _ name: String, _ place: SourcePosition?
  ) -> [PriceFinding] {
    guard let verified, let place else { return [] }
    let days = day.daysSince1970 - verified.daysSince1970
    if days < 0 {
      return [
        PriceFinding(
          .future,
          Diagnostic(
            place, "\(name) was verified on \(verified), after \(day)", remedy: "correct `verified_on`"))
      ]
    }
    guard days > maximumAge else { return [] }
    return [
      PriceFinding(
        .stale,
        Diagnostic(
          place, "\(name) was verified on \(verified), \(days) days before \(day)",
          remedy: "look it up again and renew `verified_on`"))
    ]
  }

  private func ends(_ book: PriceBook, _ day: CalendarDay) -> [PriceFinding] {
    var found: [PriceFinding] = []
    for provider in book.metered.values.sorted(by: { $0.id < $1.id }) {
      for (model, tokens) in provider.models.sorted(by: { $0.key < $1.key }) {
        guard let end = tokens.endOfLife, end < day, let place = book.places[tokens.input.amount.name] else {
          continue
        }
        found.append(
          PriceFinding(
            .ended,
            Diagnostic(
              place, "\(provider.id) served \(model) only until \(end)",
              remedy: "remove the entry, or correct `end_of_life`")))
      }
    }
    return found
  }

  /// What the catalog does not have, each once: somebody has probably mistyped its id.
  private func strangers(among prices: [ListedPrice], _ catalog: ReferenceData) -> [PriceFinding] {
    let (models, gpus) = (catalog.models.keys.sorted(), catalog.accelerators.keys.sorted())
    var told: Set<String> = []
    return prices.compactMap { price in
      guard let id = price.model ?? price.gpu, let place = price.place else { return nil }
      let (noun, ids) = price.model == nil ? ("GPU", gpus) : ("model", models)
      guard !ids.contains(id),
        told.insert("\(price.kind == .unitHour) \(price.provider ?? "") \(id)").inserted
      else { return nil }
      return PriceFinding(
        .unknown,
        Diagnostic(
          place, "\(price.path) prices a \(noun) that the catalog does not have",
          remedy: NearestName.remedy(for: id, among: ids, all: "it has")))
    }
  }

  private func free(_ listed: ListedPrice) -> PriceFinding? {
    guard listed.price.median == 0, let place = listed.place else { return nil }
    return PriceFinding(
      .free,
      Diagnostic(
        place, "\(listed.path) is 0", remedy: "remove it where it only means that the price is not known"))
  }
}

/// Prices beside others of their kind.
extension PriceCheck {
  /// Prices far from the median of theirs: of a model's tokens among providers, of a GPU's hours among regions. Of two
  /// prices that differ by more than the factor nobody knows which one is wrong: both are told.
  private func outliers(_ prices: [ListedPrice]) -> [PriceFinding] {
    var groups: [String: [ListedPrice]] = [:]
    for price in prices where price.price.median > 0 {
      // A price for anywhere is often a range over providers: it is not one of the regions.
      if price.kind == .gpuHour, price.region == nil { continue }
      if [.unitHour, .people, .platform].contains(price.kind) { continue }
      let purchase = price.purchase?.rawValue ?? ""
      let thing = price.model ?? price.gpu ?? ""
      groups["\(price.kind.rawValue) \(thing) \(purchase)", default: []].append(price)
    }
    var found: [PriceFinding] = []
    for (_, group) in groups.sorted(by: { $0.key < $1.key }) where group.count > 1 {
      let medians = group.map(\.price.median)
      let middle = Distribution.empirical(medians.sorted()).median
      for (price, median) in zip(group, medians) {
        let other = group.count == 2 ? medians.reduce(0, +) - median : middle
        guard let place = price.place, max(median / other, other / median) > outlierFactor else { continue }
        let what =
          group.count == 2
          ? "the only other price, \(dollars(other))" : "the median of \(group.count), \(dollars(other))"
        let ratio = plain((median / other * 100).rounded() / 100)
        found.append(
          PriceFinding(
            .outlier,
            Diagnostic(
              place, "\(price.path) is \(dollars(median)), \(ratio) times \(what)",
              remedy: "check its unit and its source")))
      }
    }
    return found
  }

  /// Prices that should not be above another of the same thing.
  private func contradictions(_ book: PriceBook) -> [PriceFinding] {
    var found: [PriceFinding] = []
    func expect(_ low: Price?, _ lowName: String, atMost high: Price?, _ highName: String) {
      guard let low, let high, let place = book.places[low.amount.name] else { return }
      guard low.median > high.median else { return }
      found.append(
        PriceFinding(
          .order,
          Diagnostic(
            place,
            "\(lowName) at \(dollars(low.median)) is dearer than \(highName) at \(dollars(high.median))",
            remedy: "check that they are not swapped and have one unit")))
    }
    for provider in book.metered.values.sorted(by: { $0.id < $1.id }) {
      for (model, tokens) in provider.models.sorted(by: { $0.key < $1.key }) {
        let name = "api.\(provider.id).\(model)"
        expect(tokens.input, "\(name).input", atMost: tokens.output, "output")
        expect(tokens.cachedInput, "\(name).cached_input", atMost: tokens.input, "input")
        expect(tokens.batchInput, "\(name).batch.input", atMost: tokens.input, "input on demand")
        expect(tokens.batchOutput, "\(name).batch.output", atMost: tokens.output, "output on demand")
      }
    }
    for provider in book.reserved.values.sorted(by: { $0.id < $1.id }) {
      for (model, offer) in provider.models.sorted(by: { $0.key < $1.key }) {
        let name = "reserved.\(provider.id).\(model).unit_hour"
        for (longer, shorter) in [(ReservedTerm.oneMonth, ReservedTerm.none), (.sixMonths, .oneMonth)] {
          expect(
            offer.unitHour[longer], "\(name).\(longer.rawValue)", atMost: offer.unitHour[shorter],
            shorter == .none ? "no commitment" : shorter.rawValue)
        }
      }
    }
    for gpu in Set(book.gpuHour.keys).union(book.regionalGPUHour.keys).sorted() {
      let regions: [String?] = [nil] + (book.regionalGPUHour[gpu] ?? [:]).keys.sorted()
      for region in regions {
        let prices = book.gpuHour(of: gpu, region: region)
        let name = "gpu_hour.\(gpu)" + (region.map { ".regions.\($0)" } ?? "")
        for discounted in [PurchaseType.committed1Year, .committed3Year, .spot] {
          expect(
            prices[discounted], "\(name).\(discounted.rawValue)", atMost: prices[.onDemand], "on-demand")
        }
        expect(
          prices[.committed3Year], "\(name).committed-3-year", atMost: prices[.committed1Year],
          "committed-1-year")
      }
    }
    return found
  }

  private func dollars(_ amount: Double) -> String { "$\(plain((amount * 10_000).rounded() / 10_000))" }
}

extension Price {
  /// The median amount, US dollars per unit.
  public var median: Double { amount.distribution.median }
}
