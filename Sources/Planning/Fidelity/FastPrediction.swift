// SPDX-License-Identifier: GPL-3.0-or-later
// All options' predictions, judged by leaving out one simulated draw at a time, and made as scattered as the
// truth by what they were wrong by there.

import Decision
import Numerics
import Quantities
import Scenario
import Simulation

/// Predictions of the draws that a fast run does not simulate.
struct FastPrediction: Sendable {
  /// By option: what leaving out one simulated draw at a time shows its predictions to be wrong by.
  let errors: [OptionFidelity]
  private let model: PlanModel
  private let physical: [[Double]]
  private let levels: [[DemandLevel]]
  private let tokens: [(input: Double, output: Double)]
  private let blocks: [[BillBlock]]
  private let surrogates: [BillSurrogate]
  /// By left-out draw, level, option: what the prediction was wrong by, per unit of scale.
  private let residuals: [[[[Double]]]]

  /// Learns from the simulated draws.
  /// - Parameters:
  ///   - model: the plan.
  ///   - physical: by draw, its physical inputs.
  ///   - levels: by draw, its levels of demand.
  ///   - chosen: the draws simulated.
  ///   - pieces: by chosen draw, then level, what was simulated of each option; empty where nothing was.
  ///   - threads: threads that compute.
  /// - Returns: nil where there are too few draws to learn from, or nothing can be learned from them.
  init?(
    _ model: PlanModel, physical: [[Double]], levels: [[DemandLevel]], chosen: [Int],
    pieces: [[[LevelOutcome]]], threads: Int
  ) {
    guard chosen.count >= Self.fewestDraws else { return nil }
    let tokens = Self.meanTokens(pieces)
    let training = parallelMap(count: chosen.count, threads: threads) { place in
      let draw = chosen[place]
      return TrainingDraw(
        fluid: model.fluidLevels(
          draw: UInt32(draw), physical: physical[draw], levels: levels[draw], tokens: tokens),
        truth: pieces[place].map { $0.map(\.hourly.row) })
    }
    let prices = model.price.medians
    let blocks = model.options.indices.map {
      model.probedBlocks(option: $0, training: training, prices: prices)
    }
    let folds = min(chosen.count, Self.mostFolds)
    let judged = parallelMap(count: folds, threads: threads) { fold -> [LeftOut] in
      let kept = training.indices.filter { $0 % folds != fold }.map { training[$0] }
      guard let surrogates = Self.surrogates(blocks, kept) else { return [] }
      return stride(from: fold, to: chosen.count, by: folds).map { left in
        LeftOut(
          training[left], surrogates, blocks, model: model, levels: levels[chosen[left]],
          demand: model.demand.drawn(physical[chosen[left]], draw: UInt32(chosen[left])))
      }
    }
    guard judged.allSatisfy({ !$0.isEmpty }), let surrogates = Self.surrogates(blocks, training) else {
      return nil
    }
    let leftOut = chosen.indices.map { judged[$0 % folds][$0 / folds] }
    errors = model.options.indices.map { option in
      let mean = leftOut.reduce(0.0) { $0 + $1.costs[option] } / Double(leftOut.count)
      func rootMeanSquare(_ errors: [Double]) -> Double {
        (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
      }
      return OptionFidelity(
        option: model.options[option].definition.name,
        costError: mean > 0
          ? rootMeanSquare(leftOut.map { $0.predictedCosts[option] - $0.costs[option] }) / mean : 0,
        serviceLevelError: rootMeanSquare(leftOut.map { $0.serviceLevelErrors[option] }))
    }
    residuals = leftOut.map(\.residuals)
    self.model = model
    self.physical = physical
    self.levels = levels
    self.tokens = tokens
    self.blocks = blocks
    self.surrogates = surrogates
  }

  /// With fewer, leaving one out says nothing.
  static let fewestDraws = 8
  /// With more draws than this, several are left out at a time.
  static let mostFolds = 32

  private static func surrogates(_ blocks: [[BillBlock]], _ training: [TrainingDraw]) -> [BillSurrogate]? {
    guard let points = try? SurrogatePoints(training) else { return nil }
    return blocks.indices.map {
      BillSurrogate(option: $0, blocks: blocks[$0], training: training, points: points)
    }
  }

  /// Mean prompt and output tokens of each use case's simulated requests.
  private static func meanTokens(_ pieces: [[[LevelOutcome]]]) -> [(input: Double, output: Double)] {
    pieces[0][0][0].hourly.requests.indices.map { useCase in
      let totals = pieces.joined().filter { !$0.isEmpty }.map { $0[0].hourly.requests[useCase] }
      let arrived = totals.reduce(0) { $0 + $1.arrived }
      guard arrived > 0 else { return (1, 1) }
      return (
        totals.reduce(0) { $0 + $1.inputTokens } / arrived,
        totals.reduce(0) { $0 + $1.outputTokens } / arrived
      )
    }
  }

  /// A simulated draw as the others predict it.
  private struct LeftOut: Sendable {
    var costs: [Double]
    var predictedCosts: [Double]
    var serviceLevelErrors: [Double]
    var residuals: [[[Double]]]

    init(
      _ draw: TrainingDraw, _ surrogates: [BillSurrogate], _ blocks: [[BillBlock]], model: PlanModel,
      levels: [DemandLevel], demand: DrawnDemand
    ) {
      let rows = surrogates.map { surrogate in
        draw.fluid.enumerated().map { surrogate.row($0.element, level: $0.offset) }
      }
      residuals = draw.fluid.indices.map { level in
        guard draw.has(level) else { return [] }
        return surrogates.indices.map { option in
          var residual = zip(draw.truth[level][option], rows[option][level]).map { $0 - $1 }
          for block in blocks[option] {
            let scale = BillSurrogate.scale(of: block, draw.fluid[level], option: option)
            for place in block.places { residual[place] /= scale }
          }
          return residual
        }
      }
      let planned = levels.indices.filter { levels[$0].volume == 1 }
      func cost(_ option: Int, _ row: (Int) -> [Double]) -> Double {
        model.presentValue(
          option: option, rows: planned.map(row), levels: planned.map { levels[$0] }, demand: demand)
      }
      func serviceLevel(_ option: Int, _ row: (Int) -> [Double]) -> Double {
        let empty = model.emptyBill(option)
        let totals = planned.flatMap { empty.with(row: row($0)).requests }
        let arrived = totals.reduce(0) { $0 + $1.arrived }
        return arrived > 0 ? totals.reduce(0) { $0 + $1.withinObjective } / arrived : 1
      }
      serviceLevelErrors = surrogates.indices.map { option in
        serviceLevel(option) { rows[option][$0] } - serviceLevel(option) { draw.truth[$0][option] }
      }
      costs = surrogates.indices.map { option in cost(option) { draw.truth[$0][option] } }
      predictedCosts = surrogates.indices.map { option in cost(option) { rows[option][$0] } }
    }
  }

  /// Predicts draws: the surrogate's bills, plus what it was wrong by in one of the simulated draws, the same
  /// for all options.
  /// - Parameter draws: which, and at which levels.
  /// - Returns: by draw, then wanted level, the outcome of each option; without latencies.
  func predict(_ draws: [(draw: Int, levels: [Int])], threads: Int) -> [[[LevelOutcome]]] {
    let donors = donors(draws.count)
    let rows = parallelMap(count: draws.count, threads: threads) { place -> [[[Double]]] in
      let (draw, wanted) = draws[place]
      let fluid = model.fluidLevels(
        draw: UInt32(draw), physical: physical[draw], levels: wanted.map { levels[draw][$0] }, tokens: tokens)
      return zip(wanted, fluid).map { level, fluid in
        // At a level that the donor was not simulated at, one before it of its replicate was.
        var donor = donors[place]
        while donor > 0 && residuals[donor][level].isEmpty { donor -= 1 }
        return surrogates.indices.map { option in
          var row = surrogates[option].row(fluid, level: level)
          let residual = residuals[donor][level][option]
          for block in blocks[option] {
            let scale = BillSurrogate.scale(of: block, fluid, option: option)
            for place in block.places { row[place] += scale * residual[place] }
          }
          return row
        }
      }
    }
    let limits = limits(rows, draws.map(\.levels))
    return parallelMap(count: draws.count, threads: threads) { place in
      zip(draws[place].levels, rows[place]).map { level, options in
        options.enumerated().map { option, row in
          let row = limits[level][option].applied(to: row)
          return LevelOutcome(predicted: model.emptyBill(option).with(row: row).madeFeasible)
        }
      }
    }
  }

  /// By level, then option: what keeps predicted rows from going below 0.
  private func limits(_ rows: [[[[Double]]]], _ levels: [[Int]]) -> [[BillLimits]] {
    (0..<model.levelCount).map { level in
      surrogates.indices.map { option in
        let own = zip(rows, levels).compactMap { rows, levels in
          levels.firstIndex(of: level).map { rows[$0][option] }
        }
        return BillLimits(own, blocks: blocks[option], empty: model.emptyBill(option))
      }
    }
  }

  /// Which simulated draw's error each predicted draw gets: each as often as any other, in random order.
  private func donors(_ count: Int) -> [Int] {
    var stream = CounterRandom(seed: model.sampling.seed, draw: 0, purpose: .residuals)
    var donors: [Int] = []
    while donors.count < count {
      var order = Array(residuals.indices)
      for last in stride(from: order.count - 1, to: 0, by: -1) {
        order.swapAt(last, min(Int(stream.nextUniform() * Double(last + 1)), last))
      }
      donors += order
    }
    return donors
  }
}

extension LevelOutcome {
  /// An outcome that was not simulated.
  init(predicted bill: BillOfQuantities) {
    hourly = bill
    quality = ServiceQuality(useCases: bill.requests.count)
    requests = 0
  }
}
