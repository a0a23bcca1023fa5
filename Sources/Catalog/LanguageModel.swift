// SPDX-License-Identifier: GPL-3.0-or-later
// What the simulation must know of a language model to time a step and to fit it into memory.

public import Quantities

/// Where a figure comes from, and when somebody last looked.
public struct Provenance: Sendable, Hashable {
  /// A document, page or measurement that states the figure.
  public var source: String
  /// The day on which the figure was last compared with its source.
  public var verifiedOn: CalendarDay

  /// A source with the day it was read.
  public init(source: String, verifiedOn: CalendarDay) {
    self.source = source
    self.verifiedOn = verifiedOn
  }
}

/// The number format of weights or of the KV cache.
public enum Precision: String, Sendable, Hashable, CaseIterable, Codable {
  case bf16, fp8, int8, fp4

  /// Bytes of one value.
  public var bytes: Double {
    switch self {
    case .bf16: 2
    case .fp8, .int8: 1
    case .fp4: 0.5
    }
  }
}

/// The mixture-of-experts part of a model.
public struct ExpertLayers: Sendable, Hashable {
  /// Routed experts in each mixture-of-experts layer.
  public var experts: Int
  /// Routed experts each token uses in such a layer.
  public var expertsPerToken: Int
  /// Parameters in all routed experts of all layers together.
  public var routedParameters: Double

  /// A mixture-of-experts part.
  public init(experts: Int, expertsPerToken: Int, routedParameters: Double) {
    self.experts = experts
    self.expertsPerToken = expertsPerToken
    self.routedParameters = routedParameters
  }
}

/// Layers whose tokens see only the tokens of their own chunk (Llama 4).
public struct LocalAttention: Sendable, Hashable {
  /// Layers with local attention.
  public var layers: Int
  /// Tokens of a chunk.
  public var chunk: Int

  /// Local attention.
  public init(layers: Int, chunk: Int) {
    self.layers = layers
    self.chunk = chunk
  }
}

/// A language model of the catalog.
public struct LanguageModel: Sendable, Hashable {
  /// The catalog's id, such as `llama-3.1-8b`.
  public var id: String
  /// The name people know, such as "Llama 3.1 8B".
  public var name: String
  /// Further names under which logs and benchmarks know it.
  public var aliases: [String] = []
  /// Transformer layers.
  public var layers: Int
  /// Width of the residual stream.
  public var hiddenSize: Int
  /// Query heads per layer.
  public var attentionHeads: Int
  /// Key/value heads per layer (grouped-query attention).
  public var keyValueHeads: Int
  /// Width of one head.
  public var headDimension: Int
  /// Parameters in all.
  public var totalParameters: Double
  /// Parameters one token uses.
  public var activeParameters: Double
  /// The experts, where the model is a mixture of experts.
  public var experts: ExpertLayers?
  /// Longest context, in tokens.
  public var contextLength: Int
  /// Tokens of the vocabulary; 0 where unknown.
  public var vocabularySize: Int
  /// Whether the embedding and the output head share their weights.
  public var hasTiedEmbeddings: Bool
  /// The layers with chunked local attention, where there are any.
  public var localAttention: LocalAttention?
  /// Width of the feed-forward network that a step's activations pass through; 0 where unknown.
  public var feedForwardSize: Int = 0
  /// Parameters that quantized checkpoints leave in 16 bit beside the embedding and the output head: for Llama 4 its
  /// attention, router and vision encoder, for instance.
  public var unquantizedParameters: Double = 0
  /// Where these figures come from.
  public var provenance: Provenance

  /// A model.
  public init(
    id: String, name: String, layers: Int, hiddenSize: Int, attentionHeads: Int, keyValueHeads: Int,
    headDimension: Int, totalParameters: Double, activeParameters: Double, experts: ExpertLayers?,
    contextLength: Int, vocabularySize: Int = 0, hasTiedEmbeddings: Bool = false,
    localAttention: LocalAttention? = nil, provenance: Provenance
  ) {
    self.id = id
    self.name = name
    self.layers = layers
    self.hiddenSize = hiddenSize
    self.attentionHeads = attentionHeads
    self.keyValueHeads = keyValueHeads
    self.headDimension = headDimension
    self.totalParameters = totalParameters
    self.activeParameters = activeParameters
    self.experts = experts
    self.contextLength = contextLength
    self.vocabularySize = vocabularySize
    self.hasTiedEmbeddings = hasTiedEmbeddings
    self.localAttention = localAttention
    self.provenance = provenance
  }

  /// Bytes of keys and values that one token of context holds, over all layers: 2·L·n_kv·d_head·bytes.
  public func keyValueBytesPerToken(precision: Precision) -> Double {
    2 * Double(layers * keyValueHeads * headDimension) * precision.bytes
  }

  /// Parameters of the embedding and of the output head; once where both share their weights.
  public var vocabularyParameters: Double {
    Double(vocabularySize) * Double(hiddenSize) * (hasTiedEmbeddings ? 1 : 2)
  }

  /// Bytes of all weights in a format. The embedding, the output head and what else the model's quantized checkpoints
  /// spare stay in 16 bit, and a quantized product has a scale of 4 bytes per output channel (under 0.1 %, left out).
  public func weightBytes(precision: Precision) -> Double {
    let spared = min(totalParameters, vocabularyParameters + unquantizedParameters)
    return (totalParameters - spared) * precision.bytes + spared * Precision.bf16.bytes
  }
}

/// A GPU of the catalog.
public struct Accelerator: Sendable, Hashable {
  /// The catalog's id, such as `h100-sxm`.
  public var id: String
  /// The name people know, such as "NVIDIA H100 SXM 80 GB".
  public var name: String
  /// Further names under which clouds, drivers and benchmarks know it.
  public var aliases: [String] = []
  /// Bytes of memory a serving process can address on one GPU.
  public var memoryBytes: Double
  /// Peak memory bandwidth, bytes per second.
  public var memoryBandwidth: Double
  /// Peak dense matrix rate per precision, FLOP (or integer operations) per second. A precision that is absent runs at
  /// the BF16 rate (weights are expanded before the product).
  public var peakRate: [Precision: Double]
  /// Bandwidth of one GPU to its peers within a node, bytes per second, one direction.
  public var interconnectBandwidth: Double
  /// The power that one GPU may draw, W; nil where it is not known.
  public var thermalDesignPower: Double?
  /// GPUs in a node: the largest sensible tensor-parallel group.
  public var gpusPerNode: Int
  /// Where these figures come from.
  public var provenance: Provenance

  /// A GPU.
  public init(
    id: String, name: String, memoryBytes: Double, memoryBandwidth: Double, peakRate: [Precision: Double],
    interconnectBandwidth: Double, gpusPerNode: Int, provenance: Provenance
  ) {
    self.id = id
    self.name = name
    self.memoryBytes = memoryBytes
    self.memoryBandwidth = memoryBandwidth
    self.peakRate = peakRate
    self.interconnectBandwidth = interconnectBandwidth
    self.gpusPerNode = gpusPerNode
    self.provenance = provenance
  }
}
