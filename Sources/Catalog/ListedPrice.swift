// SPDX-License-Identifier: GPL-3.0-or-later
// The prices of a book one by one, for whoever lists, checks or exports them.

import Uncertainty
public import YAMLDocument

/// One price of a book and what it is for.
public struct ListedPrice: Sendable, Hashable {
  /// What is priced.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Input tokens on demand.
    case input
    /// Output tokens on demand.
    case output
    /// Input tokens found in a prompt cache.
    case cachedInput = "cached_input"
    /// Input tokens of the batch tier.
    case batchInput = "batch.input"
    /// Output tokens of the batch tier.
    case batchOutput = "batch.output"
    /// Hours of a unit of reserved throughput.
    case unitHour = "unit_hour"
    /// Hours of a GPU.
    case gpuHour = "gpu_hour"
    /// Months of full-time work.
    case people
    /// Further services.
    case platform

    /// What the price is per.
    public var unit: String {
      switch self {
      case .input, .output, .cachedInput, .batchInput, .batchOutput: "1M tokens"
      case .unitHour: "unit-hour"
      case .gpuHour: "GPU-hour"
      case .people: "month"
      case .platform: "unit"
      }
    }
  }

  /// What is priced.
  public var kind: Kind
  /// The provider's id; nil for GPU-hours.
  public var provider: String?
  /// The provider's name; nil for GPU-hours.
  public var providerName: String?
  /// The model's id; nil for GPU-hours.
  public var model: String?
  /// The GPU's id; nil for tokens and units.
  public var gpu: String?
  /// The region; nil where the price holds anywhere, and for tokens and units.
  public var region: String?
  /// How GPU-hours are bought; nil for others.
  public var purchase: PurchaseType?
  /// How long units are committed for; nil for others.
  public var term: ReservedTerm?
  /// What a price of a further service is per; nil for others.
  public var serviceUnit: PlatformUnit?
  /// The price.
  public var price: Price
  /// Where it stands in its file; nil where it has no file.
  public var place: SourcePosition?

  /// What the price is per.
  public var unit: String { serviceUnit?.rawValue ?? kind.unit }

  /// The path of the price within `prices:` of a scenario, such as `api.bedrock.llama-4-scout.input`.
  public var path: String {
    let name = price.amount.name
    return name.hasPrefix("prices.") ? String(name.dropFirst("prices.".count)) : name
  }
}

extension PriceBook {
  /// Every price: tokens by provider and model, units by provider, model and term, then GPU-hours by GPU, region and
  /// purchase type, the price for anywhere first, then people and further services.
  ///
  /// - Complexity: O(*n* log *n*).
  public var listed: [ListedPrice] {
    tokenPrices + unitPrices + gpuHour.keys.sorted().flatMap(gpuPrices)
      + regionalGPUHour.keys.filter { gpuHour[$0] == nil }.sorted().flatMap(gpuPrices)
      + people.sorted { $0.key < $1.key }.map { listed(.people, $0.value) }
      + platform.sorted { $0.key < $1.key }.map { _, service in
        var entry = listed(.platform, service.price)
        entry.serviceUnit = service.unit
        return entry
      }
  }

  private func listed(_ kind: ListedPrice.Kind, _ price: Price) -> ListedPrice {
    ListedPrice(kind: kind, price: price, place: places[price.amount.name])
  }

  private var tokenPrices: [ListedPrice] {
    var result: [ListedPrice] = []
    for provider in metered.values.sorted(by: { $0.id < $1.id }) {
      for (model, tokens) in provider.models.sorted(by: { $0.key < $1.key }) {
        let prices: [(ListedPrice.Kind, Price?)] = [
          (.input, tokens.input), (.output, tokens.output), (.cachedInput, tokens.cachedInput),
          (.batchInput, tokens.batchInput), (.batchOutput, tokens.batchOutput),
        ]
        for (kind, price) in prices {
          guard let price else { continue }
          var entry = listed(kind, price)
          (entry.provider, entry.providerName, entry.model) = (provider.id, provider.name, model)
          result.append(entry)
        }
      }
    }
    return result
  }

  private var unitPrices: [ListedPrice] {
    var result: [ListedPrice] = []
    for provider in reserved.values.sorted(by: { $0.id < $1.id }) {
      for (model, offer) in provider.models.sorted(by: { $0.key < $1.key }) {
        for term in ReservedTerm.allCases {
          guard let price = offer.unitHour[term] else { continue }
          var entry = listed(.unitHour, price)
          (entry.provider, entry.providerName, entry.model) = (provider.id, provider.name, model)
          entry.term = term
          result.append(entry)
        }
      }
    }
    return result
  }

  private func gpuPrices(_ gpu: String) -> [ListedPrice] {
    let regions: [String?] = [nil] + (regionalGPUHour[gpu] ?? [:]).keys.sorted()
    return regions.flatMap { region -> [ListedPrice] in
      let prices = gpuHour(of: gpu, region: region)
      return PurchaseType.allCases.compactMap { purchase in
        guard let price = prices[purchase] else { return nil }
        var entry = listed(.gpuHour, price)
        (entry.gpu, entry.region, entry.purchase) = (gpu, region, purchase)
        return entry
      }
    }
  }
}
