// SPDX-License-Identifier: GPL-3.0-or-later
// The paths of a plan's prices over its months. They ride behind the inputs of a draw, so that whoever reads prices needs
// nothing but the draw.

import Economics
import Foundation
import Numerics
import Quantities
import Scenario
import Uncertainty

/// Which future's chance moves the paths: the same in every option, on any thread, in any order.
struct PathChance: Sendable, Hashable {
  var seed: UInt64
  var future: UInt32
}

/// One price along its path.
struct PriceCourse: Sendable {
  private enum Kind {
    case steps([(month: Int, level: InputReference)])
    case levels([(month: Int, level: InputReference)])
    case trend(InputReference)
    case meanReverting(speed: InputReference, volatility: InputReference, longRun: InputReference)
  }

  /// The price as drawn.
  private let base: InputReference
  private let kind: Kind
  private let months: Int
  /// Tells the streams of paths apart; the same whatever other paths there are.
  private let stream: UInt32

  /// A price along a path.
  /// - Parameter reference: registers an input.
  init(
    _ path: PricePath, base: InputReference, months: Int, reference: (UncertainValue) -> InputReference
  ) {
    self.base = base
    self.months = months
    stream = Self.stream(of: path.name)
    switch path.course {
    case .steps(let steps): kind = .steps(steps.map { ($0.month, reference($0.value)) })
    case .levels(let steps): kind = .levels(steps.map { ($0.month, reference($0.value)) })
    case .trend(let perMonth): kind = .trend(reference(perMonth))
    case .meanReverting(let speed, let volatility, let longRun):
      kind = .meanReverting(
        speed: reference(speed), volatility: reference(volatility), longRun: reference(longRun))
    }
  }

  /// The price in every month.
  /// - Parameters:
  ///   - values: the draw's inputs, without paths.
  ///   - chance: nil moves along the median.
  /// - Complexity: O(months).
  func values(in values: [Double], chance: PathChance?) -> [Double] {
    let price = base.value(in: values)
    func last(_ steps: [(month: Int, level: InputReference)], _ month: Int) -> Double? {
      steps.last { $0.month <= month }?.level.value(in: values)
    }
    switch kind {
    case .steps(let steps): return (0..<months).map { price * (last(steps, $0) ?? 1) }
    case .levels(let steps): return (0..<months).map { last(steps, $0) ?? price }
    case .trend(let perMonth):
      let growth = 1 + perMonth.value(in: values)
      return (0..<months).map { price * pow(growth, Double($0)) }
    case .meanReverting(let speed, let volatility, let longRun):
      let process = MeanReversion(
        speed: speed.value(in: values), volatility: volatility.value(in: values),
        longRun: longRun.value(in: values))
      return process.factors(shocks: shocks(chance)).map { price * $0 }
    }
  }

  /// Standard normal numbers for the months after the first.
  private func shocks(_ chance: PathChance?) -> [Double] {
    guard let chance else { return Array(repeating: 0, count: months - 1) }
    var random = CounterRandom(
      seed: chance.seed, draw: chance.future, purpose: .pricePaths, index: stream)
    return (1..<months).map { _ in StandardNormal.quantile(random.nextUniform()) }
  }

  /// 24 bits of a name: FNV-1a, its upper bits folded into the lower ones.
  private static func stream(of name: String) -> UInt32 {
    let hash = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return (hash >> 24) ^ (hash & 0xFF_FFFF)
  }
}
