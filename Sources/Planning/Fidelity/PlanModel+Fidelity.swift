// SPDX-License-Identifier: GPL-3.0-or-later
// A fast run: few draws are simulated, the others predicted, and the prediction judged on draws it has not
// seen before it is believed.

import Decision
import NumberFormatting
import Numerics
import Scenario
public import Simulation

extension PlanModel {
  /// What every option uses in every draw at every level: simulated, or where the plan asks for it and it is
  /// good enough, mostly predicted.
  /// - Parameters:
  ///   - physical: by draw, its physical inputs.
  ///   - levels: by draw, its levels of demand.
  ///   - threads: threads that compute; the result does not depend on them.
  ///   - progress: called for each piece that is predicted.
  ///   - simulate: simulates pieces; piece `draw * levelCount + level` is a draw at a level.
  /// - Returns: the outcomes of all pieces, and how well they were predicted; nil where all were to be
  ///   simulated.
  func outcomes(
    physical: [[Double]], levels: [[DemandLevel]], threads: Int, progress: () -> Void,
    simulate: ([Int]) -> [[LevelOutcome]]
  ) -> (pieces: [[LevelOutcome]], fidelity: FidelitySummary?) {
    let count = levelCount
    let plan = fastPlan
    var summary = FidelitySummary(
      simulated: physical.count, predicted: 0, errorLimit: sampling.fast.errorLimit)
    guard sampling.fidelity == .fast, plan.draws.count < physical.count else {
      let pieces = simulate(Array(0..<physical.count * count))
      return (pieces, sampling.fidelity == .fast ? summary : nil)
    }
    var pieces = [[LevelOutcome]](repeating: [], count: physical.count * count)
    func fill(_ indices: [Int]) {
      for (index, outcomes) in zip(indices, simulate(indices)) { pieces[index] = outcomes }
    }
    fill(
      plan.draws.flatMap { draw in
        (0..<count).filter { levels[draw][$0].volume == 1 || plan.allVolumes.contains(draw) }.map {
          draw * count + $0
        }
      })
    let missing = physical.indices.compactMap { draw -> (draw: Int, levels: [Int])? in
      let levels = (0..<count).filter { pieces[draw * count + $0].isEmpty }
      return levels.isEmpty ? nil : (draw, levels)
    }
    let prediction = FastPrediction(
      self, physical: physical, levels: levels, chosen: plan.draws,
      pieces: plan.draws.map { draw in (0..<count).map { pieces[draw * count + $0] } }, threads: threads)
    summary.options = prediction?.errors ?? []
    guard let prediction, summary.options.allSatisfy({ $0.costError <= summary.errorLimit }) else {
      summary.fellBack = true
      fill(missing.flatMap { missing in missing.levels.map { missing.draw * count + $0 } })
      return (pieces, summary)
    }
    for (wanted, outcomes) in zip(missing, prediction.predict(missing, threads: threads)) {
      for (level, outcome) in zip(wanted.levels, outcomes) {
        pieces[wanted.draw * count + level] = outcome
        progress()
      }
    }
    summary.simulated = plan.draws.count
    summary.predicted = physical.count - plan.draws.count
    return (pieces, summary)
  }

  /// What a fast run simulates: the first draws of each replicate, a power of two of them, which Sobol'
  /// points spread as evenly as there are; and of these the first ones at all volumes, which break-evens
  /// need, the others at the planned volume only.
  var fastPlan: (draws: [Int], allVolumes: Set<Int>) {
    let size = sampling.simulations / sampling.replicates
    func first(_ wanted: Int) -> [Int] {
      var each = 1
      while each * sampling.replicates < wanted { each *= 2 }
      return (0..<sampling.replicates).flatMap { replicate in
        (0..<min(each, size)).map { replicate * size + $0 }
      }
    }
    let fewest = FastPrediction.fewestDraws
    return (first(max(sampling.fast.simulations, fewest)), Set(first(fewest)))
  }

  /// Every option's bill of each month at the planned volume, as it is priced: by draw, option and month.
  /// - Parameter threads: threads that compute; the result does not depend on them.
  /// - Complexity: that of a run.
  public func monthlyBills(threads: Int) -> [[[BillOfQuantities]]] {
    let quantities = PlanQuantities(
      self, from: PieceSource(archive: nil, threads: threads, progress: {}))
    return (0..<quantities.draws).map { draw in
      options.indices.map { quantities.monthlyBills(draw: draw, option: $0) }
    }
  }

  /// What a reader should know of a fast run.
  func fidelityWarnings(priced: [PricedOption], _ fidelity: FidelitySummary?) -> [String] {
    guard let fidelity else { return [] }
    let all = NumberText.count(Double(fidelity.simulated + fidelity.predicted))
    let errors = fidelity.options.map(\.costError)
    let worst = errors.indices.max { errors[$0] < errors[$1] }
    let error = worst.map {
      "the cost of \(options[$0].definition.title) in a draw that was left out is predicted to within "
        + "\(NumberText.percent(errors[$0])) (root mean square), the other options' costs as well or better"
    }
    if fidelity.fellBack {
      return [
        "All \(all) draws were simulated though a fast run was asked for: "
          + (error.map { "\($0); the limit is \(NumberText.percent(fidelity.errorLimit))" }
            ?? "they are too few to learn from")
      ]
    }
    guard fidelity.predicted > 0 else {
      return [
        "All \(all) draws were simulated though a fast run was asked for: there are no more than it learns from"
      ]
    }
    var warnings = [
      "\(NumberText.count(Double(fidelity.simulated))) of \(all) draws were simulated, the others predicted "
        + "from them: \(error ?? "")"
    ]
    for (place, option) in fidelity.options.enumerated() {
      let doubt = 2 * option.serviceLevelError / Double(fidelity.simulated).squareRoot()
      guard doubt > 1e-6, abs(priced[place].serviceLevel - requiredServiceLevel) <= doubt else { continue }
      warnings.append(
        "Whether \(options[place].definition.title) serves "
          + "\(NumberText.percent(requiredServiceLevel, digits: 0)) of requests within their objective is too "
          + "close to tell from predictions; simulate every draw (`--fidelity full`)")
    }
    return warnings
  }
}
