// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven catalog --fit`: the smallest replica of a model on every GPU, and how much is missing below it.

import Catalog
import CommandLineKit
import Foundation
import NumberFormatting

/// Where a model fits.
struct CatalogFit {
  /// A size of a replica.
  struct Shape: Encodable {
    var tensorParallel: Int
    var pipelineParallel: Int

    /// `TP 4`, `TP 8 × PP 2`.
    var text: String {
      "TP \(tensorParallel)" + (pipelineParallel > 1 ? " × PP \(pipelineParallel)" : "")
    }
  }

  /// A model in one format on one GPU.
  struct Row: Encodable {
    var gpu: String
    var weights: String
    /// The smallest replica that holds the model; nil where none does.
    var smallest: Shape?
    /// Tokens of context that the KV cache of that replica holds.
    var keyValueTokens: Int?
    /// The replica that is too small by the least, of those with fewer GPUs than the smallest, or of all.
    var tooSmall: Shape?
    /// Bytes that each GPU of that replica lacks.
    var lackingBytesPerGPU: Double?
    /// What would fit instead, where nothing does.
    var instead: String?
  }

  private struct Document: Encodable {
    var model: String
    var engine: String
    var context: Int
    var rows: [Row]
  }

  let model: LanguageModel
  let engine: ServingEngine
  let rows: [Row]

  /// Fits a model on each of the GPUs, in every format of the weights.
  init(model: LanguageModel, engine: ServingEngine, accelerators: [Accelerator]) {
    self.model = model
    self.engine = engine
    var rows: [Row] = []
    for accelerator in accelerators {
      let formats = Precision.allCases.map { Self.row(model, engine, accelerator, $0) }
      rows += formats.map { row in
        guard row.smallest == nil else { return row }
        var row = row
        let narrower = formats.first { $0.smallest != nil }
        row.instead = narrower.map { "\($0.weights) would fit" } ?? "a GPU with more memory is needed"
        return row
      }
    }
    self.rows = rows
  }

  private static func row(
    _ model: LanguageModel, _ engine: ServingEngine, _ accelerator: Accelerator, _ weights: Precision
  ) -> Row {
    var row = Row(gpu: accelerator.id, weights: weights.rawValue)
    for shape in MemoryFit.shapes(of: model, on: accelerator) {
      let fit = MemoryFit(
        model: model, accelerator: accelerator, engine: engine, weights: weights, keyValueCache: .bf16,
        tensorParallel: shape.tensorParallel, pipelineParallel: shape.pipelineParallel,
        maxSequences: engine.maxSequences, maxBatchedTokens: engine.maxBatchedTokens)
      let place = Shape(tensorParallel: shape.tensorParallel, pipelineParallel: shape.pipelineParallel)
      let lacking = fit.shortfallBytesPerGPU(tokens: MemoryFit.leastContext)
      if lacking == 0 {
        row.smallest = place
        row.keyValueTokens = fit.capacityTokens
        break
      }
      if lacking < row.lackingBytesPerGPU ?? .infinity {
        row.tooSmall = place
        row.lackingBytesPerGPU = lacking
      }
    }
    return row
  }

  /// A heading and a table. Formats of equal size share a row.
  var text: String {
    var table = TextTable(columns: [
      .left("GPU"), .left("Weights"), .left("Smallest replica"), .right("KV tokens"), .left("Too small"),
    ])
    var last = ""
    for row in merged {
      let missing = row.lackingBytesPerGPU.map {
        "\(NumberText.significant(($0 / 1_073_741_824 * 10).rounded(.up) / 10))\(NumberText.space)GiB"
      }
      let tooSmall =
        row.tooSmall.map {
          "\($0.text) lacks \(missing ?? "") per GPU" + (row.instead.map { "; \($0)" } ?? "")
        }
      table.add(
        row.gpu == last ? "" : row.gpu, row.weights, row.smallest?.text ?? "none",
        row.keyValueTokens.map { NumberText.count(Double($0)) } ?? "–", tooSmall ?? "")
      last = row.gpu
    }
    return """
      \(model.name) on \(engine.name), max_num_seqs \(engine.maxSequences), KV cache in bf16, at least \
      \(NumberText.count(Double(MemoryFit.leastContext))) tokens

      \(table.rendered)
      """
  }

  /// The rows with those of one GPU joined that differ in nothing but the name of the format.
  private var merged: [Row] {
    var result: [Row] = []
    for row in rows {
      if let before = result.last, before.gpu == row.gpu, before.keyValueTokens == row.keyValueTokens,
        before.lackingBytesPerGPU == row.lackingBytesPerGPU
      {
        result[result.count - 1].weights += ", \(row.weights)"
      } else {
        result.append(row)
      }
    }
    return result
  }

  /// One object; bytes and tokens are whole figures.
  var json: String {
    get throws {
      try JSONText.of(
        Document(model: model.id, engine: engine.id, context: MemoryFit.leastContext, rows: rows))
    }
  }
}
