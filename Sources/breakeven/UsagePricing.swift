// SPDX-License-Identifier: GPL-3.0-or-later
// What the models of a log cost by the price book, where the log itself tells no dollars.

import Catalog
import CommandLineKit
import Traces
import Uncertainty
import YAMLDocument

/// Finds the price of each model that a log names.
struct UsagePricing {
  /// What the price book says of a model.
  enum Quote {
    /// It has a price.
    case price(TokenPrice, model: String, provider: String, source: String)
    /// It has none, and why; what would give one.
    case unpriced(reason: String)

    /// The price, if there is one.
    var price: TokenPrice? {
      if case .price(let price, _, _, _) = self { price } else { nil }
    }
  }

  private let reference: ReferenceData
  private let provider: String?
  private let unnamedModel: String?
  private let logFormat: TraceFormat

  /// Opens the price book.
  /// - Parameters:
  ///   - book: a file of prices or a folder of catalog files over the built-in ones; nil for those alone.
  ///   - provider: the provider to take prices of.
  ///   - unnamedModel: the model of requests that name none.
  ///   - logFormat: a log of a provider's own, such as Bedrock's, is priced by that provider.
  init(book: String?, provider: String?, unnamedModel: String?, logFormat: TraceFormat) throws {
    do {
      let isFolder = book.map { InputFile.isFolder($0) } ?? false
      reference = try ReferenceData.load(directory: isFolder ? book : nil, priceBook: isFolder ? nil : book)
    } catch {
      throw ReportedFailure(ExitCode(rawValue: error.exitCode), lines: error.diagnostics.map(\.description))
    }
    try Self.check(reference, provider: provider, unnamedModel: unnamedModel)
    self.provider = provider
    self.unnamedModel = unnamedModel
    self.logFormat = logFormat
  }

  /// Takes a catalog that is open, such as a scenario's with the prices that it gives itself.
  init(_ reference: ReferenceData, provider: String?, logFormat: TraceFormat) {
    self.reference = reference
    self.provider = provider
    unnamedModel = nil
    self.logFormat = logFormat
  }

  private static func check(
    _ reference: ReferenceData, provider: String?, unnamedModel: String?
  ) throws {
    let providers = reference.prices.metered.keys.sorted()
    if let provider, !providers.contains(provider) {
      let remedy = NearestName.remedy(for: provider, among: providers, all: "the price book has")
      throw ValidationError("'--provider' is '\(provider)', which the price book has not; \(remedy)")
    }
    if let unnamedModel, reference.model(named: unnamedModel) == nil {
      let remedy = NearestName.remedy(
        for: unnamedModel, among: reference.models.keys.sorted(), all: "the catalog has")
      throw ValidationError("'--model' is '\(unnamedModel)', which the catalog has not; \(remedy)")
    }
  }

  /// What a model of the log costs.
  /// - Throws: that several providers list it and none was named.
  func quote(for name: String) throws -> Quote {
    let wanted = name.isEmpty ? unnamedModel ?? "" : name
    guard !wanted.isEmpty else {
      return .unpriced(reason: "the log names no model; say which with --model")
    }
    guard let model = reference.model(named: wanted) else {
      return .unpriced(reason: "not in the catalog; \(remedy(for: wanted))")
    }
    let listing = reference.prices.metered.values.filter { $0.models[model.id] != nil }.sorted {
      $0.id < $1.id
    }
    let ids = listing.map(\.id)
    if let provider {
      guard let chosen = listing.first(where: { $0.id == provider }) else {
        let others = ids.isEmpty ? "no provider has one" : "\(ids.joined(separator: ", ")) have one"
        return .unpriced(reason: "\(provider) has no price of \(model.id); \(others)")
      }
      return Self.quote(model.id, chosen)
    }
    // Bedrock's own log was billed by Bedrock, whoever else serves the model.
    if let own = listing.first(where: { $0.id == logFormat.rawValue }) { return Self.quote(model.id, own) }
    guard let only = listing.first else {
      return .unpriced(reason: "no provider of the price book has \(model.id); give one with --prices")
    }
    guard listing.count == 1 else {
      throw ValidationError(
        "The log does not tell what '\(UsageText.shown(wanted))' has cost, and the price book has several prices "
          + "of \(model.id); name one with --provider: \(ids.joined(separator: ", ")).")
    }
    return Self.quote(model.id, only)
  }

  private static func quote(_ model: String, _ provider: MeteredProvider) -> Quote {
    guard let listed = provider.models[model] else {
      return .unpriced(reason: "\(provider.id) has no price of it")
    }
    let (input, output) = (listed.input.amount.distribution, listed.output.amount.distribution)
    let sources = [listed.input, listed.output].compactMap(\.provenance).map {
      "\($0.source), read \($0.verifiedOn)"
    }
    let isCertain = listed.input.amount.isConstant && listed.output.amount.isConstant
    let source = (sources.first ?? "an assumption") + (isCertain ? "" : " (the median of a range)")
    var price = TokenPrice(inputPerMillion: input.median, outputPerMillion: output.median)
    price.cachedInputPerMillion = listed.cachedInput?.median
    return .price(price, model: model, provider: provider.id, source: source)
  }

  /// The model of the catalog that a name may have meant, by its whole and then by less and less of its ending, where
  /// logs say how a model is served: `llama-3.4-70b-instruct` is like `llama-3.3-70b`.
  private func remedy(for name: String) -> String {
    let models = reference.models.values.sorted { $0.id < $1.id }
    let ids = models.map(\.id)
    var words = (name.split(separator: "/").last ?? name[...]).split(separator: "-")
    while words.count > 1 {
      let shortened = words.joined(separator: "-")
      if let id = NearestName.of(shortened, among: ids) { return "did you mean `\(id)`?" }
      let aliased = models.first { NearestName.of(shortened, among: $0.aliases) != nil }
      if let aliased { return "did you mean `\(aliased.id)`?" }
      words.removeLast()
    }
    return NearestName.remedy(for: name, among: ids, all: "the catalog has")
  }
}
