// SPDX-License-Identifier: GPL-3.0-or-later
// Predicted draws are as many as one likes, and still no surer than the simulated ones that corrected them:
// what is said of a fast run carries that error too.

import Decision
import Numerics
import Uncertainty

extension PlanResult {
  /// Widens the intervals of costs and probabilities by the error of the predictions.
  ///
  /// The mean over all draws is that of the predictions plus the mean of what they were wrong by where it is
  /// known, whose standard error adds to that of the draws (prediction-powered inference; Angelopoulos et al.
  /// 2023, doi:10.1126/science.adi6000). A cost that is predicted too high or too low is so in all of its
  /// quantiles, so that each of them is given the mean's error. Probabilities are given what they change by
  /// where one option's cost is moved by as much, of all options in quadrature.
  /// - Parameters:
  ///   - costs: by option, then future.
  ///   - candidates: the options that may be chosen.
  mutating func widenIntervals(costs: [[Double]], candidates: [Int]) {
    guard let fidelity, fidelity.predicted > 0, fidelity.options.count == costs.count else { return }
    let all = Double(fidelity.simulated + fidelity.predicted)
    let reach =
      StudentDistribution(degreesOfFreedom: Double(fidelity.simulated - 1)).quantile(0.975)
      / Double(fidelity.simulated).squareRoot() * Double(fidelity.predicted) / all
    // By option: half the width of the interval of its predictions' mean, as a share of its cost.
    let shares = fidelity.options.map { reach * $0.costError }
    let parts = run.simulations
    func probabilities(_ moved: Int, by share: Double) -> [Double] {
      CostMatrix(
        candidates.map { option in
          option == moved ? costs[option].map { $0 * (1 + share) } : costs[option]
        }
      ).probabilityCheapest(simulations: parts).map(\.estimate)
    }
    let base = probabilities(-1, by: 0)
    var squares = Array(repeating: 0.0, count: candidates.count)
    for moved in candidates where shares[moved] > 1e-9 {
      let up = probabilities(moved, by: shares[moved])
      let down = probabilities(moved, by: -shares[moved])
      for place in candidates.indices {
        let change = max(abs(up[place] - base[place]), abs(down[place] - base[place]))
        squares[place] += change * change
      }
    }
    for (place, option) in candidates.enumerated() where candidates.count > 1 {
      options[option].probabilityCheapest.widen(by: squares[place].squareRoot())
    }
    if let recommended = options.first(where: { $0.name == decision.option }) {
      decision.probabilityCheapest = recommended.probabilityCheapest
    }
    guard var uncertainty else { return }
    for option in uncertainty.options.indices {
      uncertainty.options[option].cost.widen(by: shares[option])
      guard let budget = uncertainty.budget else { continue }
      func above(_ factor: Double) -> Double {
        Double(costs[option].count { $0 * factor > budget }) / Double(costs[option].count)
      }
      uncertainty.options[option].probabilityAboveBudget?.widen(
        by: max(above(1 + shares[option]) - above(1), above(1) - above(1 - shares[option])))
    }
    self.uncertainty = uncertainty
  }
}

extension Probability {
  /// Widens the interval by an independent error.
  fileprivate mutating func widen(by error: Double) {
    low = max(0, estimate - hypotenuse(estimate - low, error))
    high = min(1, estimate + hypotenuse(high - estimate, error))
  }
}

extension CostIntervals {
  /// Widens every interval by an independent error, a share of the estimate.
  fileprivate mutating func widen(by share: Double) {
    mean.widen(by: share)
    p10.widen(by: share)
    p50.widen(by: share)
    p90.widen(by: share)
    conditionalValueAtRisk95.widen(by: share)
  }
}

extension IntervalEstimate {
  fileprivate mutating func widen(by share: Double) {
    let error = share * abs(value)
    low = value - hypotenuse(value - low, error)
    high = value + hypotenuse(high - value, error)
  }
}

private func hypotenuse(_ left: Double, _ right: Double) -> Double {
  (left * left + right * right).squareRoot()
}
