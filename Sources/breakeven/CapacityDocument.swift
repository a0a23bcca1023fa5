// SPDX-License-Identifier: GPL-3.0-or-later
// The capacity of replicas as one JSON object.

import Calibration
import Catalog

extension CapacityReport {
  private struct Point: Encodable {
    var requestRate: Double
    var withinLimits: Double
    var keepsUp: Bool
    var outputTokensPerSecondPerGPU: Double
    /// Nil where answers have one token.
    var tokensPerSecondPerUser: Double?
    var medianTTFTMs: Double
    var p99TTFTMs: Double
    var medianTPOTMs: Double
    var p99TPOTMs: Double
    var meanInSystem: Double

    init(_ point: CapacityPoint, gpus: Double) {
      requestRate = point.rate
      withinLimits = point.attainment
      keepsUp = point.keepsUp
      outputTokensPerSecondPerGPU = point.outputThroughput / gpus
      tokensPerSecondPerUser = point.tokensPerSecondPerUser.isFinite ? point.tokensPerSecondPerUser : nil
      (medianTTFTMs, p99TTFTMs) = (point.timeToFirstToken.median * 1000, point.timeToFirstToken.p99 * 1000)
      (medianTPOTMs, p99TPOTMs) = (
        point.timePerOutputToken.median * 1000, point.timePerOutputToken.p99 * 1000
      )
      meanInSystem = point.meanInSystem
    }
  }

  private struct Entry: Encodable {
    var weights: String
    var maxNumSeqs: Int
    var kvCacheTokens: Int
    /// `sustained`, `missed-unloaded`, `missed` or `not-limited`.
    var outcome: String
    var requestRate: Double?
    var capacity: Point?
    var curve: [Point]

    init(_ row: Row) {
      weights = row.weights
      maxNumSeqs = row.search.setup.maxSequences
      kvCacheTokens = row.search.setup.capacityTokens
      outcome =
        switch row.answer {
        case .sustained: "sustained"
        case .missedUnloaded: "missed-unloaded"
        case .missedDownTo: "missed"
        case .notLimited: "not-limited"
        }
      requestRate = row.answer.point?.rate
      capacity = row.answer.point.map { Point($0, gpus: row.gpus) }
      curve = row.curve.map { Point($0, gpus: row.gpus) }
    }
  }

  private struct Document: Encodable {
    var model: String
    var gpu: String
    var gpus: Int
    var engine: String
    var kvCache: String
    var ttftMs: Double
    var tpotMs: Double
    var attainment: Double
    var resolution: Double
    var replicas: [Entry]
  }

  /// One object; `requestRate` is null where no rate keeps the limits.
  var json: String {
    get throws {
      guard let search = rows.first?.search else { return "{}\n" }
      return try JSONText.of(
        Document(
          model: search.setup.model.id, gpu: search.setup.accelerator.id, gpus: search.setup.gpus,
          engine: search.setup.engine.id, kvCache: search.setup.keyValueCache.rawValue,
          ttftMs: search.limits.timeToFirstToken * 1000, tpotMs: search.limits.timePerOutputToken * 1000,
          attainment: search.attainment, resolution: CapacitySearch.resolution,
          replicas: rows.map(Entry.init)))
    }
  }
}
