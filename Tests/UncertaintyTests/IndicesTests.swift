// SPDX-License-Identifier: GPL-3.0-or-later
// Sensitivity indices against the field's two test functions and a linear model, all with known answers.

import Foundation
import Numerics
import Quantities
import Testing
import Uncertainty

/// A model of independent inputs with its exact indices, as a function on the unit cube.
struct KnownModel: Sendable, CustomTestStringConvertible {
  var name: String
  var firstOrder: [Double]
  var total: [Double]
  var outcome: @Sendable ([Double]) -> Double
  var testDescription: String { name }

  /// sin x₁ + 7 sin² x₂ + x₃⁴ sin x₁ / 10 on [−π, π]³ (Ishigami, Homma 1990, doi:10.1109/ISUMA.1990.151285).
  static let ishigami: KnownModel = {
    let (a, b) = (7.0, 0.1)
    let first = pow(1 + b * pow(.pi, 4) / 5, 2) / 2
    let second = a * a / 8
    let interaction = b * b * pow(.pi, 8) * (1.0 / 18 - 1.0 / 50)
    let variance = first + second + interaction
    return KnownModel(
      name: "Ishigami", firstOrder: [first / variance, second / variance, 0],
      total: [(first + interaction) / variance, second / variance, interaction / variance]
    ) { point in
      let x = point.map { (2 * $0 - 1) * .pi }
      return sin(x[0]) + a * sin(x[1]) * sin(x[1]) + b * pow(x[2], 4) * sin(x[0])
    }
  }()

  /// Π (|4x − 2| + a) / (1 + a) (Saltelli, Sobol' 1995, doi:10.1016/0951-8320(95)00099-2).
  static let sobolG: KnownModel = {
    let a = [0.0, 1, 4.5, 9, 99, 99, 99, 99]
    let parts = a.map { 1 / (3 * (1 + $0) * (1 + $0)) }
    let all = parts.reduce(1) { $0 * (1 + $1) }
    return KnownModel(
      name: "Sobol' g", firstOrder: parts.map { $0 / (all - 1) },
      total: parts.map { $0 * all / (1 + $0) / (all - 1) }
    ) { point in
      zip(point, a).reduce(1.0) { $0 * (abs(4 * $1.0 - 2) + $1.1) / (1 + $1.1) }
    }
  }()
}

@Suite("Sensitivity indices")
struct IndicesTests {
  @Test(
    "first-order indices from 4,096 given draws are within 0.02",
    arguments: [KnownModel.ishigami, .sobolG], [UInt64(1), 2, 3])
  func given(model: KnownModel, seed: UInt64) throws {
    let (count, inputs) = (4096, model.firstOrder.count)
    let points = SamplePoints(
      count: count, dimensions: inputs, seed: seed, purpose: .testing, replicates: 8)
    let columns = (0..<inputs).map { input in (0..<count).map { points[$0, input] } }
    let outcome = (0..<count).map { point in model.outcome(columns.map { $0[point] }) }
    let parts = runs(of: count, parts: 8)
    for input in 0..<inputs {
      let mean = try #require(ConditionalMean(of: [outcome], given: [columns[input]], parts: parts))
      let index = mean.explainedShare()
      #expect(abs(index.value - model.firstOrder[input]) < 0.02, "\(index), exact \(model.firstOrder[input])")
    }
  }

  @Test(
    "first-order and total indices from a design of 4,096 points are within 0.02",
    arguments: [KnownModel.ishigami, .sobolG], [UInt64(1), 2, 3])
  func design(model: KnownModel, seed: UInt64) {
    let indices = SobolIndices(
      dimensions: model.firstOrder.count, points: 4096, seed: seed, purpose: .testing, of: model.outcome)
    #expect(indices.evaluations == 4096 * (model.firstOrder.count + 2))
    for input in model.firstOrder.indices {
      let (first, total) = (indices.firstOrder[input], indices.total[input])
      #expect(abs(first.value - model.firstOrder[input]) < 0.02, "\(first), exact \(model.firstOrder[input])")
      #expect(abs(total.value - model.total[input]) < 0.02, "\(total), exact \(model.total[input])")
      #expect(total.low <= total.value && total.value <= total.high)
    }
  }

  @Test("a model that never varies has indices of 0, given or designed")
  func constant() throws {
    let indices = SobolIndices(dimensions: 2, points: 64, seed: 1, purpose: .testing) { _ in 3 }
    #expect(indices.firstOrder.allSatisfy { $0.value == 0 } && indices.total.allSatisfy { $0.value == 0 })
    let parts = runs(of: 64, parts: 4)
    let input = (0..<64).map { Double($0 * 37 % 64) }
    let flat = try #require(
      ConditionalMean(of: [Array(repeating: 3, count: 64)], given: [input], parts: parts))
    #expect(flat.explainedShare().value == 0)
    #expect(ConditionalMean(of: [input], given: [Array(repeating: 3, count: 64)], parts: parts) == nil)
  }

  @Test("what two inputs only do together is found by their closed index and by no index of one")
  func interaction() throws {
    let count = 4096
    let points = SamplePoints(count: count, dimensions: 3, seed: 5, purpose: .testing, replicates: 8)
    let inputs = (0..<3).map { input in (0..<count).map { StandardNormal.quantile(points[$0, input]) } }
    let outcome = (0..<count).map { inputs[0][$0] * inputs[1][$0] + inputs[2][$0] }
    let parts = runs(of: count, parts: 8)
    func share(_ chosen: [Int]) throws -> Double {
      try #require(ConditionalMean(of: [outcome], given: chosen.map { inputs[$0] }, parts: parts))
        .explainedShare().value
    }
    #expect(try share([0]) < 0.02)
    #expect(abs(try share([0, 1]) - 0.5) < 0.02)
    #expect(abs(try share([2]) - 0.5) < 0.02)
    #expect(try share([0, 1, 2]) > 0.98)
  }
}
