// SPDX-License-Identifier: GPL-3.0-or-later
// Where in their distributions a plan's uncertain inputs lie in each draw: evenly spread, and together where the
// scenario says that they move together.

import Foundation
import NumberFormatting
import Numerics
import Quantities
import Scenario
import Uncertainty

/// The correlations between all uncertain inputs of a plan: physical ones first, then prices.
struct InputDependence: Sendable {
  /// Nil where all inputs are independent.
  let copula: GaussianCopula?
  /// Pairs of correlated inputs, by their places.
  let pairs: [(Int, Int)]
  /// What a reader should know of the inputs and how they are sampled.
  let warnings: [String]

  /// The most inputs that one Sobol' sequence has dimensions for.
  private static let mostSobolDimensions = SobolSequence.supportedDimensions.upperBound

  /// - Throws: `unsupported` where a correlation names what is no uncertain input.
  init(
    _ correlations: [InputCorrelation], physical: UncertainInputs, price: UncertainInputs,
    method: SamplingMethod
  ) throws(PlanningProblem) {
    let inputs = physical.inputs + price.inputs
    let names = inputs.map(\.name)
    var warnings: [String] = []
    for input in inputs where input.distribution.support.lowerBound == input.distribution.support.upperBound {
      warnings.append(
        "\(input.name) is written as a distribution but is always \(input.distribution.description): it is "
          + "taken as certain; write the number alone")
    }
    if inputs.count > Self.mostSobolDimensions, method == .sobol {
      warnings.append(
        "\(inputs.count) inputs are uncertain, more than the \(Self.mostSobolDimensions) dimensions of the Sobol' "
          + "points: they are spread evenly ten at a time, and each ten independently of the others")
    }
    guard !correlations.isEmpty else {
      copula = nil
      pairs = []
      self.warnings = warnings
      return
    }
    var wanted: [(first: Int, second: Int, value: Double)] = []
    for pair in correlations {
      var places: [Int] = []
      for name in [pair.first, pair.second] {
        guard let place = names.firstIndex(of: name) else {
          throw .unsupported(
            "\(pair.location): `\(name)` is no uncertain input of this plan; the uncertain inputs are "
              + names.joined(separator: ", "))
        }
        places.append(place)
      }
      wanted.append((places[0], places[1], pair.value))
    }
    do {
      let matrix = try CorrelationMatrix(size: names.count, wanted: wanted)
      copula = GaussianCopula(matrix)
      if matrix.largestChange > 0 {
        let change = String(format: "%.2g", matrix.largestChange)
        warnings.append(
          "The correlations contradict each other (least eigenvalue "
            + "\(String(format: "%.2g", matrix.leastEigenvalue))): the nearest that do not are taken, which "
            + "change one by \(change) and none by more")
      }
    } catch {
      throw .unsupported("\(correlations[0].location): the correlations cannot be decomposed: \(error)")
    }
    pairs = wanted.map { ($0.first, $0.second) }
    self.warnings = warnings
  }
}

extension PlanModel {
  /// The physical inputs of each simulated draw.
  func physicalDraws() -> [[Double]] {
    let points = physicalPoints()
    return (0..<sampling.simulations).map { draw in
      let own = coordinates(of: points, at: draw)
      let dependent = dependence.copula?.dependent(own.indices, from: own) ?? own
      return physical.values { dependent[$0] }
    }
  }

  /// The prices of each future.
  func priceDraws() -> [[Double]] {
    let points = SamplePoints(
      count: sampling.draws, dimensions: price.inputs.count, seed: sampling.seed, purpose: .priceInputs,
      replicates: sampling.replicates, method: sampling.method)
    let shared = dependence.copula.map { ($0, physicalPoints()) }
    let futuresPerDraw = sampling.draws / sampling.simulations
    return (0..<sampling.draws).map { future in
      var own = coordinates(of: points, at: future)
      if let (copula, physicalPoints) = shared {
        // Prices follow the physical inputs that their future was simulated with.
        let before = coordinates(of: physicalPoints, at: future / futuresPerDraw)
        own = copula.dependent(before.count..<before.count + own.count, from: before + own)
      }
      return price.values(chance: PathChance(seed: sampling.seed, future: UInt32(future))) { own[$0] }
    }
  }

  private func physicalPoints() -> SamplePoints {
    SamplePoints(
      count: sampling.simulations, dimensions: physical.inputs.count, seed: sampling.seed,
      purpose: .physicalInputs, replicates: sampling.replicates, method: sampling.method)
  }

  private func coordinates(of points: SamplePoints, at point: Int) -> [Double] {
    (0..<points.dimensions).map { points[point, $0] }
  }
}
