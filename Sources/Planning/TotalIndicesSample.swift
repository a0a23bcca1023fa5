// SPDX-License-Identifier: GPL-3.0-or-later
// The futures that a sensitivity study is made of, simulated and priced: sets A and B, and A with one source from B.

import Decision
import Economics
import Numerics
import Quantities
import Scenario
import Uncertainty

/// Costs of the futures of a study.
struct TotalIndicesSample: Sendable {
  /// Costs of set A, of set B, and by source of A with that source from B; by future, those of one point together.
  let base: [Double]
  let other: [Double]
  let mixed: [[Double]]
  /// By input, its values in the futures of A and of B.
  private let inputs: (base: [[Double]], other: [[Double]])
  private let study: TotalIndicesStudy

  /// One set of futures: what they are simulated with, and what they are priced with.
  private struct Futures {
    /// By point.
    var physical: [[Double]]
    /// By future.
    var prices: [[Double]]
    /// Which of the two runs of chance, 0 or 1.
    var chance: Int
  }

  init(_ study: TotalIndicesStudy, threads: Int, progress: @escaping @Sendable () -> Void) {
    self.study = study
    let model = study.model
    let cube = StudyPoints(study)
    func futures(_ swapped: [Int]?, chance: Int) -> Futures {
      let rows = cube.rows(swapping: swapped)
      let count = model.physical.inputs.count
      return Futures(
        physical: stride(from: 0, to: rows.count, by: study.pricesPerPoint).map { row in
          model.physical.values { rows[row][$0] }
        },
        prices: rows.map { row in model.price.values { row[count + $0] } }, chance: chance)
    }
    let base = futures([], chance: 0)
    let other = futures(nil, chance: 1)
    let variants = study.sources.map { source in
      futures(source.inputs, chance: source.kind == .chance ? 1 : 0)
    }
    // Whatever has other physical inputs or other chance is simulated; the others have A's quantities.
    var simulated = [base, other]
    let places = zip(study.sources, variants).map { source, variant -> Int in
      guard source.isSimulated else { return 0 }
      simulated.append(variant)
      return simulated.count - 1
    }
    let wanted = simulated.map { ($0.physical, $0.chance) }
    let points = study.points
    let quantities = parallelMap(count: wanted.count * points, threads: threads) { index in
      let (set, point) = index.quotientAndRemainder(dividingBy: points)
      let drawn = model.plannedQuantities(
        draw: UInt32(wanted[set].1 * points + point), physical: wanted[set].0[point])
      progress()
      return drawn.map(\.lines)
    }
    func costs(_ futures: Futures, set: Int) -> [Double] {
      let prices = PlanPrices(model, draws: futures.prices)
      let costs = model.options.indices.map { option in
        FutureCosts.presentValues(
          quantities: (0..<points).map { quantities[set * points + $0][option] },
          prices: prices.lines[option], discounts: prices.discounts)
      }
      return costs.count == 1 ? costs[0] : zip(costs[0], costs[1]).map { $0 - $1 }
    }
    self.base = costs(base, set: 0)
    self.other = costs(other, set: 1)
    mixed = zip(variants, places).map { costs($0, set: $1) }
    func columns(_ futures: Futures) -> [[Double]] {
      model.physical.inputs.indices.map { input in
        futures.prices.indices.map { futures.physical[$0 / study.pricesPerPoint][input] }
      } + model.price.inputs.indices.map { input in futures.prices.map { $0[input] } }
    }
    inputs = (columns(base), columns(other))
  }

  /// By input: the mean cost where it is low and where it is high, by regression over sets A and B.
  func swings(_ values: [UncertainValue], threads: Int) -> [InputSwing] {
    // The futures of A and of B of a replicate follow each other, so that replicates are runs of neighbours.
    let parts = runs(of: base.count, parts: study.replicates)
    func joined(_ first: [Double], _ second: [Double]) -> [Double] {
      parts.flatMap { first[$0] + second[$0] }
    }
    let columns = zip(inputs.base, inputs.other).map(joined)
    let futures = runs(of: 2 * base.count, parts: study.replicates)
    let outcomes = joined(base, other)
    let regression = OutcomeRegression(
      [outcomes], on: columns, dependent: study.model.dependence.pairs, parts: futures)
    return parallelMap(count: values.count, threads: threads) { place in
      let (p10, p90) = (values[place].distribution.quantile(0.1), values[place].distribution.quantile(0.9))
      let mean = regression.mean(knowing: [place], bases: [InputBases(columns[place], parts: futures)])
      return InputSwing(
        input: values[place].name, p10: p10, p90: p90,
        costAtP10: mean?.expectation(where: columns[place], is: p10),
        costAtP90: mean?.expectation(where: columns[place], is: p90))
    }
  }
}

/// Two independent sets of points of the inputs' unit cube, several prices to each point of the physical inputs.
private struct StudyPoints {
  private let physical: SamplePoints
  private let price: SamplePoints
  private let copula: GaussianCopula?
  private let pricesPerPoint: Int

  init(_ study: TotalIndicesStudy) {
    func points(_ count: Int, _ inputs: UncertainInputs, _ purpose: StreamPurpose) -> SamplePoints {
      SamplePoints(
        count: count, dimensions: 2 * inputs.inputs.count, seed: study.model.sampling.seed, purpose: purpose,
        replicates: study.replicates)
    }
    physical = points(study.points, study.model.physical, .physicalInputs)
    price = points(study.points * study.pricesPerPoint, study.model.price, .priceInputs)
    copula = study.model.dependence.copula
    pricesPerPoint = study.pricesPerPoint
  }

  /// By future, then input: set A with some inputs from B; all of B where nil.
  func rows(swapping swapped: [Int]?) -> [[Double]] {
    let counts = (physical.dimensions / 2, price.dimensions / 2)
    var isSwapped = Array(repeating: swapped == nil, count: counts.0 + counts.1)
    for input in swapped ?? [] { isSwapped[input] = true }
    return (0..<price.count).map { future in
      let own =
        (0..<counts.0).map {
          physical[future / pricesPerPoint, isSwapped[$0] ? counts.0 + $0 : $0]
        }
        + (0..<counts.1).map { price[future, isSwapped[counts.0 + $0] ? counts.1 + $0 : $0] }
      return copula?.dependent(own.indices, from: own) ?? own
    }
  }
}
