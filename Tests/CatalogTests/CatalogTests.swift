// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the built-in catalog: its figures agree with the models' published shapes, and with one
// another.

import Catalog
import Foundation
import Quantities
import Testing
import Uncertainty
import YAMLDocument

/// A model's shape as its config.json gives it.
struct ModelShape: Sendable, CustomTestStringConvertible {
  var id: String
  var layers: Double
  var hidden: Double
  var heads: Double
  var keyValueHeads: Double
  var head: Double
  var vocabulary: Double
  /// Width of the feed-forward network of a dense layer, or of one expert.
  var feedForward: Double
  var isTied = false
  /// Routed experts of a mixture-of-experts layer, how many layers are such, and the width of the dense ones.
  var experts = 0.0
  var expertLayers = 0.0
  var denseFeedForward = 0.0

  var testDescription: String { id }

  private var attention: Double { layers * hidden * head * 2 * (heads + keyValueHeads) }
  private var embeddings: Double { vocabulary * hidden * (isTied ? 1 : 2) }
  private var oneExpert: Double { 3 * hidden * feedForward }
  private var dense: Double {
    experts == 0 ? layers * oneExpert : (layers - expertLayers) * 3 * hidden * denseFeedForward
  }

  /// Parameters of the language model, without normalization and routing weights (under 0.01 %).
  var total: Double { embeddings + attention + dense + expertLayers * (experts + 1) * oneExpert }
  var active: Double { embeddings + attention + dense + expertLayers * 2 * oneExpert }
  var routed: Double { expertLayers * experts * oneExpert }

  static let all = [
    ModelShape(
      id: "llama-2-7b", layers: 32, hidden: 4096, heads: 32, keyValueHeads: 32, head: 128,
      vocabulary: 32_000, feedForward: 11_008),
    ModelShape(
      id: "llama-2-13b", layers: 40, hidden: 5120, heads: 40, keyValueHeads: 40, head: 128,
      vocabulary: 32_000, feedForward: 13_824),
    ModelShape(
      id: "llama-2-70b", layers: 80, hidden: 8192, heads: 64, keyValueHeads: 8, head: 128,
      vocabulary: 32_000, feedForward: 28_672),
    ModelShape(
      id: "llama-3.2-1b", layers: 16, hidden: 2048, heads: 32, keyValueHeads: 8, head: 64,
      vocabulary: 128_256, feedForward: 8192, isTied: true),
    ModelShape(
      id: "llama-3.2-3b", layers: 28, hidden: 3072, heads: 24, keyValueHeads: 8, head: 128,
      vocabulary: 128_256, feedForward: 8192, isTied: true),
    ModelShape(
      id: "llama-3.1-8b", layers: 32, hidden: 4096, heads: 32, keyValueHeads: 8, head: 128,
      vocabulary: 128_256, feedForward: 14_336),
    ModelShape(
      id: "llama-3.1-70b", layers: 80, hidden: 8192, heads: 64, keyValueHeads: 8, head: 128,
      vocabulary: 128_256, feedForward: 28_672),
    ModelShape(
      id: "llama-3.3-70b", layers: 80, hidden: 8192, heads: 64, keyValueHeads: 8, head: 128,
      vocabulary: 128_256, feedForward: 28_672),
    ModelShape(
      id: "llama-3.1-405b", layers: 126, hidden: 16_384, heads: 128, keyValueHeads: 8, head: 128,
      vocabulary: 128_256, feedForward: 53_248),
    ModelShape(
      id: "llama-4-scout", layers: 48, hidden: 5120, heads: 40, keyValueHeads: 8, head: 128,
      vocabulary: 202_048, feedForward: 8192, experts: 16, expertLayers: 48),
    ModelShape(
      id: "llama-4-maverick", layers: 48, hidden: 5120, heads: 40, keyValueHeads: 8, head: 128,
      vocabulary: 202_048, feedForward: 8192, experts: 128, expertLayers: 24, denseFeedForward: 16_384),
  ]
}

@Suite("The built-in catalog")
struct CatalogTests {
  private let data: ReferenceData

  init() throws { data = try ReferenceData.load(directory: nil) }

  @Test("parameter counts follow from the published shapes within 1 %", arguments: ModelShape.all)
  func parameters(shape: ModelShape) throws {
    let model = try #require(data.models[shape.id])
    #expect(abs(model.totalParameters / shape.total - 1) < 0.01)
    #expect(abs(model.activeParameters / shape.active - 1) < 0.01)
    #expect(abs((model.experts?.routedParameters ?? 0) - shape.routed) <= 1)
    #expect(model.experts.map { Double($0.experts) } ?? 0 == shape.experts)
    #expect(Double(model.layers) == shape.layers && Double(model.hiddenSize) == shape.hidden)
    #expect(Double(model.attentionHeads) == shape.heads && Double(model.headDimension) == shape.head)
    #expect(Double(model.keyValueHeads) == shape.keyValueHeads)
  }

  @Test(
    "the models' names state their sizes",
    arguments: [
      ("llama-2-7b", 6.74e9), ("llama-2-13b", 13.0e9), ("llama-2-70b", 69.0e9), ("llama-3.2-1b", 1.24e9),
      ("llama-3.2-3b", 3.21e9), ("llama-3.1-8b", 8.03e9), ("llama-3.1-70b", 70.6e9),
      ("llama-3.1-405b", 406e9), ("llama-4-scout", 109e9), ("llama-4-maverick", 402e9),
    ])
  func statedSizes(id: String, parameters: Double) throws {
    #expect(abs(try #require(data.models[id]).totalParameters / parameters - 1) < 0.01)
  }

  @Test("every model of the catalog has its shape checked here")
  func complete() {
    #expect(data.models.keys.sorted() == ModelShape.all.map(\.id).sorted())
  }

  @Test("GPUs are ordered as their generations are")
  func accelerators() throws {
    #expect(data.accelerators.count == 9)
    for gpu in data.accelerators.values {
      let bf16 = try #require(gpu.peakRate[.bf16])
      #expect(gpu.peakRate.values.allSatisfy { $0 >= bf16 }, "\(gpu.id)")
      // Machine balance: all of these do between 70 and 500 BF16 operations per byte of memory traffic.
      #expect((70...500).contains(bf16 / gpu.memoryBandwidth), "\(gpu.id)")
    }
    let order = ["l4", "l40s", "a100-80gb", "h100-sxm", "h200-sxm", "b200"].compactMap {
      data.accelerators[$0]
    }
    #expect(zip(order, order.dropFirst()).allSatisfy { $0.memoryBandwidth < $1.memoryBandwidth })
  }

  @Test("spot is cheaper than on demand, and every price has a source and a day")
  func gpuHours() throws {
    for (gpu, prices) in data.prices.gpuHour {
      #expect(data.accelerators[gpu] != nil, "a price of an unknown GPU \(gpu)")
      for price in prices.values {
        #expect(price.provenance?.source.isEmpty == false)
        #expect(price.amount.name.hasPrefix("prices.gpu_hour.\(gpu)."))
      }
      if let onDemand = prices[.onDemand], let spot = prices[.spot] {
        #expect(middle(spot.amount.distribution) < middle(onDemand.amount.distribution), "\(gpu)")
      }
    }
  }

  @Test("providers price only models of the catalog, and six months cost less per hour than one")
  func providers() throws {
    for provider in data.prices.metered.values {
      #expect(provider.models.keys.allSatisfy { data.models[$0] != nil }, "\(provider.id)")
      #expect(provider.priceFactor == UncertainValue(name: "prices.api.\(provider.id).factor", 1))
    }
    let reserved = try #require(data.prices.reserved["bedrock-provisioned"])
    #expect(
      reserved.models.keys.sorted() == ["llama-3.1-8b", "llama-3.3-70b", "llama-4-maverick", "llama-4-scout"])
    for offer in reserved.models.values {
      let six = middle(try #require(offer.unitHour[.sixMonths]).amount.distribution)
      let one = middle(try #require(offer.unitHour[.oneMonth]).amount.distribution)
      #expect((0.56...0.60).contains(six / one))
    }
  }

  @Test("Bedrock's prices are those of the public price list", .enabled(if: PriceList.isThere))
  func bedrock() throws {
    let list = try PriceList.read()
    let bedrock = try #require(data.prices.metered["bedrock"])
    let keys = [
      "llama-3.1-8b": "meta.llama3-1-8b-instruct-v1:0", "llama-3.1-70b": "meta.llama3-1-70b-instruct-v1:0",
      "llama-3.3-70b": "meta.llama3-3-70b-instruct-v1:0",
      "llama-4-scout": "meta.llama4-scout-17b-instruct-v1:0",
      "llama-4-maverick": "meta.llama4-maverick-17b-instruct-v1:0",
    ]
    #expect(bedrock.models.keys.sorted() == keys.keys.sorted())
    for (id, key) in keys {
      let entry = try #require(list[key])
      let price = try #require(bedrock.models[id])
      #expect(abs(middle(price.input.amount.distribution) - entry.input * 1e6) < 1e-9, "\(id)")
      #expect(abs(middle(price.output.amount.distribution) - entry.output * 1e6) < 1e-9, "\(id)")
      #expect(price.endOfLife?.description == entry.endOfLife, "\(id)")
    }
  }

  @Test("engines reach a share of the roofline, never more than all of it")
  func engines() {
    #expect(data.engines.keys.sorted() == ["tensorrt-llm", "vllm"])
    for engine in data.engines.values {
      for value in [engine.computeEfficiency, engine.bandwidthEfficiency] {
        guard case .lognormal(let low, let high) = value.distribution else {
          Issue.record("\(value.name) is certain")
          continue
        }
        #expect(0 < low && low < high && high < 1)
        #expect(value.name.hasPrefix("engines.\(engine.id)."))
      }
    }
  }
}

/// The median of a distribution, to compare prices.
func middle(_ distribution: Distribution) -> Double { distribution.median }

/// The public LiteLLM price list, where it lies beside the checkout.
enum PriceList {
  struct Entry: Decodable {
    var input: Double
    var output: Double
    var endOfLife: String?
    enum CodingKeys: String, CodingKey {
      case input = "input_cost_per_token"
      case output = "output_cost_per_token"
      case endOfLife = "deprecation_date"
    }
  }

  /// An entry that may lack prices, as those of images do.
  private struct Optional: Decodable {
    var entry: Entry?
    init(from decoder: any Decoder) throws { entry = try? Entry(from: decoder) }
  }

  private static let paths = ["../shared/data", "../../shared/data"].map {
    root + "/" + $0 + "/prices/litellm_model_prices.json"
  }
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  static var isThere: Bool { paths.contains { InputFile.isFile($0) } }

  static func read() throws -> [String: Entry] {
    let bytes = paths.lazy.compactMap { InputFile.read($0) }.first ?? []
    return try JSONDecoder().decode([String: Optional].self, from: Data(bytes)).compactMapValues(\.entry)
  }
}
