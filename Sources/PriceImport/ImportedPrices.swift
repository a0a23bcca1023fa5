// SPDX-License-Identifier: GPL-3.0-or-later
// What an importer has made of a price list, and what it could make nothing of: nothing is dropped without a word.

public import Catalog
public import Quantities
public import TextFormats

/// The price lists that can be imported.
public enum PriceListFormat: String, Sendable, Hashable, CaseIterable {
  /// LiteLLM's `model_prices_and_context_window.json`: $ per token by model name.
  case litellm
  /// A SkyPilot catalog, `vms.csv`: $ per instance-hour, on demand and spot.
  case skypilot

  /// What every entry's source begins with: by this an import knows the entries of an earlier one.
  public var title: String {
    switch self {
    case .litellm: "LiteLLM model price list"
    case .skypilot: "SkyPilot catalog"
    }
  }
}

/// What an import goes by.
public struct PriceImportRequest: Sendable {
  /// Models, GPUs and providers that names are looked up in.
  public var reference: ReferenceData
  /// Only the prices of this provider or cloud; the cloud of a SkyPilot table that does not name it.
  public var provider: String?
  /// The day on which the list was read.
  public var verifiedOn: CalendarDay

  /// A request.
  public init(reference: ReferenceData, provider: String?, verifiedOn: CalendarDay) {
    self.reference = reference
    self.provider = provider
    self.verifiedOn = verifiedOn
  }
}

/// What an importer has made of a price list.
public struct ImportedPrices: Sendable, Hashable {
  /// Why rows are not among the entries.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// The catalog has no such model.
    case unknownModel = "of models that the catalog does not have"
    /// Another model was made from one that the catalog has.
    case derivative = "of models made from one of the catalog's"
    /// The price book has no such provider.
    case unknownProvider = "of providers that the price book does not have"
    /// The request asked for another provider.
    case otherProvider = "of other providers"
    /// The row has no price per input and output token.
    case unpriced = "without a price"
    /// The price is zero, which says that there is none.
    case free = "with a price of 0"
    /// Another row prices the same model of the same provider.
    case otherName = "for other names of a model that was imported"
    /// The catalog has no such GPU.
    case unknownGPU = "of GPUs that the catalog does not have"
    /// The row has no GPU.
    case noGPU = "without a GPU"
    /// The row prices the GPUs of an instance without the instance.
    case noInstance = "of GPUs whose instance is priced elsewhere"
    /// Another instance type is cheaper for each GPU.
    case dearerInstance = "of instance types that are not the cheapest of their region"
    /// The spot price is the price on demand, which says that no discount is known.
    case noDiscount = "with a spot price that is the price on demand"
    /// The same row stands in the list already.
    case repeated = "that repeat another"
  }

  /// The entries, in the order of their paths.
  public var entries: [BookEntry] = []
  /// The names in rows that are not among the entries, by reason, each once, in the order of the list.
  public private(set) var leftOut: [Reason: [String]] = [:]
  /// Rows that are not among the entries, by reason.
  public private(set) var leftOutRows: [Reason: Int] = [:]
  /// What should be looked at though nothing is wrong.
  public var warnings: [TextProblem] = []

  init() {}

  mutating func leave(_ name: String, _ reason: Reason) {
    leftOutRows[reason, default: 0] += 1
    guard seen.insert("\(reason.rawValue) \(name)").inserted else { return }
    leftOut[reason, default: []].append(name)
  }

  private var seen: Set<String> = []
}

/// A price list refused as a whole, with everything that is wrong with it.
public struct PriceListProblems: Error, Sendable, Hashable {
  /// The problems, in the order of the list; at least one.
  public var problems: [TextProblem]
}

extension PriceListFormat {
  /// The format of a list, by its first character: what begins as JSON is LiteLLM's or none.
  public static func detected(in text: inout TextReader) -> PriceListFormat {
    let first = text.peek(4096).first { $0 > 0x20 && $0 < 0x80 }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? .litellm : .skypilot
  }

  /// Reads a list.
  ///
  /// - Throws: everything that is wrong with rows that would be imported, and what keeps the list from being read on.
  public func prices(
    in text: consuming TextReader, for request: PriceImportRequest
  ) throws(PriceListProblems) -> ImportedPrices {
    switch self {
    case .litellm: try LiteLLMImport.prices(in: text, for: request)
    case .skypilot: try SkyPilotImport.prices(in: text, for: request)
    }
  }
}
