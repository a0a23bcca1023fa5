// SPDX-License-Identifier: GPL-3.0-or-later
// What things cost, each price with its source and date.

public import Quantities
public import Uncertainty
public import YAMLDocument

/// How GPU-hours are bought.
public enum PurchaseType: String, Sendable, Hashable, CaseIterable, Codable {
  /// By the hour, any time.
  case onDemand = "on-demand"
  /// One year committed.
  case committed1Year = "committed-1-year"
  /// Three years committed.
  case committed3Year = "committed-3-year"
  /// A block of capacity bought ahead.
  case capacityBlock = "capacity-block"
  /// Interruptible.
  case spot
}

/// How long reserved throughput is committed for.
public enum ReservedTerm: String, Sendable, Hashable, CaseIterable, Codable {
  case none
  case oneMonth = "1-month"
  case sixMonths = "6-months"

  /// The months committed for; 0 without commitment.
  public var months: Int {
    switch self {
    case .none: 0
    case .oneMonth: 1
    case .sixMonths: 6
    }
  }
}

/// The token prices of one model at one provider, $ per 1M tokens, and the API's latency.
public struct MeteredPrice: Sendable, Hashable {
  /// $ per 1M input tokens.
  public var input: Price
  /// $ per 1M output tokens.
  public var output: Price
  /// $ per 1M input tokens that the provider finds in its prompt cache; nil where none is known to differ.
  public var cachedInput: Price?
  /// $ per 1M input tokens of the batch tier, which answers within hours; nil where there is none.
  public var batchInput: Price?
  /// $ per 1M output tokens of the batch tier; nil where there is none.
  public var batchOutput: Price?
  /// The share of the prices on demand that batches cost, where the batch prices are stated so.
  public private(set) var batchFactor: Double?
  /// The day after which the provider no longer serves the model, where announced.
  public var endOfLife: CalendarDay?

  /// Token prices.
  public init(input: Price, output: Price, endOfLife: CalendarDay?) {
    self.input = input
    self.output = output
    self.endOfLife = endOfLife
  }

  /// Prices batches by prices of their own.
  public mutating func priceBatches(input: Price, output: Price) {
    (batchInput, batchOutput, batchFactor) = (input, output, nil)
  }

  /// Prices batches at a share of the prices on demand, which they then move with.
  /// - Parameters:
  ///   - factor: the share, above 0.
  ///   - path: the path of the model's prices, which names the new ones.
  public mutating func priceBatches(at factor: Double, path: String) {
    batchFactor = factor
    batchInput = input.scaled(by: factor, name: "\(path).batch.input")
    batchOutput = output.scaled(by: factor, name: "\(path).batch.output")
  }
}

/// A pay-per-token provider: its latency and its prices per model id.
public struct MeteredProvider: Sendable, Hashable {
  /// The book's id, such as `bedrock`.
  public var id: String
  /// The name people know.
  public var name: String
  /// Further names under which price lists know it.
  public var aliases: [String] = []
  /// Time to first token beyond the prompt's own, seconds.
  public var firstTokenLatency: Double
  /// Time per output token after the first, seconds.
  public var timePerOutputToken: Double
  /// Where the latency figures come from.
  public var provenance: Provenance
  /// Prices by model id.
  public var models: [String: MeteredPrice]
  /// A factor on every token price of the provider, for what is believed of its prices over the horizon.
  public var priceFactor: UncertainValue

  /// A provider. Without `priceFactor` its prices stay as they are.
  public init(
    id: String, name: String, firstTokenLatency: Double, timePerOutputToken: Double,
    provenance: Provenance, models: [String: MeteredPrice], priceFactor: UncertainValue? = nil
  ) {
    self.priceFactor = priceFactor ?? UncertainValue(name: "prices.api.\(id).factor", 1)
    self.id = id
    self.name = name
    self.firstTokenLatency = firstTokenLatency
    self.timePerOutputToken = timePerOutputToken
    self.provenance = provenance
    self.models = models
  }
}

/// Reserved throughput (Provisioned Throughput) of one model at one provider.
public struct ReservedOffer: Sendable, Hashable {
  /// Input tokens per minute that one unit serves.
  public var inputTokensPerMinute: UncertainValue
  /// Output tokens per minute that one unit serves.
  public var outputTokensPerMinute: UncertainValue
  /// $ per unit-hour, by term.
  public var unitHour: [ReservedTerm: Price]
  /// Where the throughput figures come from.
  public var provenance: Provenance

  /// An offer.
  public init(
    inputTokensPerMinute: UncertainValue, outputTokensPerMinute: UncertainValue,
    unitHour: [ReservedTerm: Price], provenance: Provenance
  ) {
    self.inputTokensPerMinute = inputTokensPerMinute
    self.outputTokensPerMinute = outputTokensPerMinute
    self.unitHour = unitHour
    self.provenance = provenance
  }
}

/// A reserved-throughput provider: its latency and its offers per model id.
public struct ReservedProvider: Sendable, Hashable {
  /// The book's id, such as `bedrock-provisioned`.
  public var id: String
  /// The name people know.
  public var name: String
  /// Time to first token beyond the prompt's own, seconds.
  public var firstTokenLatency: Double
  /// Time per output token after the first, seconds.
  public var timePerOutputToken: Double
  /// Where the latency figures come from.
  public var provenance: Provenance
  /// Offers by model id.
  public var models: [String: ReservedOffer]
  /// How it accounts for what its units serve.
  public var accounting = ReservedAccounting()

  /// A provider with two budgets a minute.
  public init(
    id: String, name: String, firstTokenLatency: Double, timePerOutputToken: Double,
    provenance: Provenance, models: [String: ReservedOffer]
  ) {
    self.id = id
    self.name = name
    self.firstTokenLatency = firstTokenLatency
    self.timePerOutputToken = timePerOutputToken
    self.provenance = provenance
    self.models = models
  }
}

/// Every price at hand.
public struct PriceBook: Sendable, Hashable {
  /// Pay-per-token providers by id.
  public var metered: [String: MeteredProvider]
  /// Reserved-throughput providers by id.
  public var reserved: [String: ReservedProvider]
  /// $ per GPU-hour, by GPU id and purchase type, wherever the region does not matter.
  public var gpuHour: [String: [PurchaseType: Price]]
  /// $ per GPU-hour of a region, by GPU id, region and purchase type.
  public var regionalGPUHour: [String: [String: [PurchaseType: Price]]] = [:]
  /// $ per month of one full-time employee, by role.
  public var people: [String: Price] = [:]
  /// Prices of further services by id.
  public var platform: [String: PlatformPrice] = [:]
  /// The exchange rates that prices were converted at, by currency.
  public var exchangeRates: [String: ExchangeRate] = [:]
  /// Where a price or rate stands in its file, by the name of its amount.
  public var places: [String: SourcePosition] = [:]

  /// A price book.
  public init(
    metered: [String: MeteredProvider], reserved: [String: ReservedProvider],
    gpuHour: [String: [PurchaseType: Price]]
  ) {
    self.metered = metered
    self.reserved = reserved
    self.gpuHour = gpuHour
  }

  /// The prices of a GPU's hours by purchase type: those of a region, or those for anywhere.
  public func gpuHour(of gpu: String, region: String?) -> [PurchaseType: Price] {
    guard let region else { return gpuHour[gpu] ?? [:] }
    return regionalGPUHour[gpu]?[region] ?? [:]
  }

  /// The pay-per-token provider of an id or alias.
  public func meteredProvider(named name: String) -> MeteredProvider? {
    if let provider = metered[name] { return provider }
    return metered.values.filter { $0.aliases.contains(name) }.min { $0.id < $1.id }
  }
}

/// Everything the catalog files say.
public struct ReferenceData: Sendable, Hashable {
  /// Models by id.
  public var models: [String: LanguageModel]
  /// GPUs by id.
  public var accelerators: [String: Accelerator]
  /// Inference engines by id.
  public var engines: [String: ServingEngine]
  /// Prices.
  public var prices: PriceBook
  /// A digest (SHA-256, hexadecimal) of the files read, for provenance.
  public var digest: String

  /// Reference data.
  public init(
    models: [String: LanguageModel], accelerators: [String: Accelerator],
    engines: [String: ServingEngine], prices: PriceBook, digest: String
  ) {
    self.models = models
    self.accelerators = accelerators
    self.engines = engines
    self.prices = prices
    self.digest = digest
  }
}
