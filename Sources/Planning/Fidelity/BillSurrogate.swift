// SPDX-License-Identifier: GPL-3.0-or-later
// One option's bills predicted: the fluid's, corrected by what the simulated draws show it to be wrong by.

import Numerics

/// A simulated draw beside its fluid.
struct TrainingDraw: Sendable {
  /// By level.
  var fluid: [FluidLevel]
  /// By level, then option: the row of the simulated bill; empty at a level that was not simulated.
  var truth: [[[Double]]]

  /// Whether a level was simulated.
  func has(_ level: Int) -> Bool { !truth[level].isEmpty }
}

/// The regressions' points at every level, which all options share.
struct SurrogatePoints: Sendable {
  /// By level.
  let smoothers: [RidgeSmoother]
  /// By level, then penalty: the matrix of leave-one-out errors.
  let errors: [[[[Double]]]]

  /// Penalties per observation, the greatest first: it predicts the mean.
  static let penalties = [Double.infinity, 30, 10, 3, 1, 0.3, 0.1, 0.03]

  init(_ training: [TrainingDraw]) throws(NumericsError) {
    var smoothers: [RidgeSmoother] = []
    for level in training[0].fluid.indices {
      smoothers.append(
        try RidgeSmoother(training.filter { $0.has(level) }.map { $0.fluid[level].features }))
    }
    self.smoothers = smoothers
    errors = smoothers.map { smoother in
      Self.penalties.map { smoother.leaveOneOutErrors(penalty: $0 * Double(smoother.count)) }
    }
  }
}

/// The prediction of one option's bill in draws that are not simulated.
///
/// A block of quantities is first a combination of the fluid's bills for several capacities, its weights
/// summing to 1 and the same at all levels; what is left is regressed, level by level, on the draw's inputs
/// and demand. Both take quantities per request that arrives, or per hour.
struct BillSurrogate: Sendable {
  private let option: Int
  private let blocks: [BillBlock]
  /// By block: weights of the fluid's bills.
  private let weights: [[Double]]
  /// By block, then level: the penalty of its regression.
  private let penalties: [[Double]]
  /// By block, level, then training draw with that level: what the combination of fluids leaves.
  private let rest: [[[[Double]]]]
  private let points: SurrogatePoints

  init(option: Int, blocks: [BillBlock], training: [TrainingDraw], points: SurrogatePoints) {
    self.option = option
    self.blocks = blocks
    self.points = points
    let levels = training[0].fluid.indices
    var (weights, penalties, rest) = ([[Double]](), [[Double]](), [[[[Double]]]]())
    for block in blocks {
      let own = Self.combination(of: block, option: option, training: training)
      let left = levels.map { level in
        training.filter { $0.has(level) }.map { draw in
          let scale = Self.scale(of: block, draw.fluid[level], option: option)
          let combined = Self.combined(block, own, draw.fluid[level], option: option)
          return zip(block.places, combined).map { (draw.truth[level][option][$0] - $1) / scale }
        }
      }
      weights.append(own)
      rest.append(left)
      penalties.append(
        levels.map { level in
          Self.penalty(
            left[level].map { row in Self.probed(row, block.probes[level]) }, points.errors[level])
            * Double(points.smoothers[level].count)
        })
    }
    self.weights = weights
    self.penalties = penalties
    self.rest = rest
  }

  /// The row of the bill at a level; quantities may come out below 0.
  func row(_ fluid: FluidLevel, level: Int) -> [Double] {
    var row = fluid.rows[option][0]
    // Blocks with the same penalty have the same weights.
    var known: [(penalty: Double, weights: [Double])] = []
    for (index, block) in blocks.enumerated() {
      let penalty = penalties[index][level]
      if !known.contains(where: { $0.penalty == penalty }) {
        known.append((penalty, points.smoothers[level].weights(at: fluid.features, penalty: penalty)))
      }
      let observed = known.first { $0.penalty == penalty }?.weights ?? []
      let scale = Self.scale(of: block, fluid, option: option)
      let combined = Self.combined(block, weights[index], fluid, option: option)
      for (place, value) in zip(block.places.indices, combined) {
        var correction = 0.0
        for (draw, weight) in observed.enumerated() { correction += weight * rest[index][level][draw][place] }
        row[block.places[place]] = value + scale * correction
      }
    }
    return row
  }

  /// What a block's quantities are counted per.
  static func scale(of block: BillBlock, _ fluid: FluidLevel, option: Int) -> Double {
    guard let arrivals = block.arrivals else { return 1 }
    let arrived = fluid.rows[option][0][arrivals]
    return arrived > 0 ? arrived : 1
  }

  /// The fluid's bills combined.
  private static func combined(
    _ block: BillBlock, _ weights: [Double], _ fluid: FluidLevel, option: Int
  ) -> [Double] {
    block.places.map { place in
      weights.indices.reduce(0) { $0 + weights[$1] * fluid.rows[option][$1][place] }
    }
  }

  /// A row of a block as what matters of it.
  static func probed(_ row: [Double], _ probes: [[Double]]) -> [Double] {
    probes.map { probe in zip(probe, row).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// The weights of the fluid's bills that come closest to the simulated ones, by least squares over all
  /// draws and levels; they sum to 1. A light penalty holds them to the true capacity where the bills do not
  /// differ.
  private static func combination(
    of block: BillBlock, option: Int, training: [TrainingDraw]
  ) -> [Double] {
    let others = training[0].fluid[0].rows[option].count - 1
    var equations = SymmetricMatrix(diagonal: Array(repeating: 0, count: others))
    var right = Array(repeating: 0.0, count: others)
    var size = 0.0
    for draw in training {
      for (level, fluid) in draw.fluid.enumerated() where draw.has(level) {
        let scale = scale(of: block, fluid, option: option)
        func probe(_ row: [Double], less base: [Double]) -> [Double] {
          probed(block.places.map { (row[$0] - base[$0]) / scale }, block.probes[level])
        }
        let base = fluid.rows[option][0]
        size += probe(base, less: base.map { _ in 0 }).reduce(0) { $0 + $1 * $1 }
        let columns = fluid.rows[option].dropFirst().map { probe($0, less: base) }
        let wanted = probe(draw.truth[level][option], less: base)
        for row in 0..<others {
          for column in 0...row {
            equations[row, column] += zip(columns[row], columns[column]).reduce(0) { $0 + $1.0 * $1.1 }
          }
          right[row] += zip(columns[row], wanted).reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
    }
    let trace = (0..<others).reduce(0) { $0 + equations[$1, $1] }
    // Bills that differ by rounding alone tell nothing.
    guard trace > 1e-12 * size else { return [1] + right.map { _ in 0 } }
    for place in 0..<others { equations[place, place] += 1e-3 * trace / Double(others) + 1e-9 * size }
    guard let factor = equations.choleskyFactor() else { return [1] + right.map { _ in 0 } }
    let solution = factor.solve(right)
    return [1 - solution.reduce(0, +)] + solution
  }

  /// The penalty with the least leave-one-out error, per observation; of nearly equal ones the greatest.
  private static func penalty(_ probed: [[Double]], _ errors: [[[Double]]]) -> Double {
    var best = (penalty: Double.infinity, error: Double.infinity)
    for (penalty, matrix) in zip(SurrogatePoints.penalties, errors) {
      var error = 0.0
      for row in matrix {
        for probe in probed[0].indices {
          var sum = 0.0
          for (draw, weight) in row.enumerated() { sum += weight * probed[draw][probe] }
          error += sum * sum
        }
      }
      if error < 0.98 * best.error { best = (penalty, error) }
    }
    return best.penalty
  }
}
