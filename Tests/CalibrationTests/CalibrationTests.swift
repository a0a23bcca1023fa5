// SPDX-License-Identifier: GPL-3.0-or-later
// A calibration finds what is there to be found, says how sure it is, and refuses what it cannot use.

import Calibration
import Catalog
import Foundation
import Simulation
import Testing
import Uncertainty

/// A sweep over concurrencies on servers of two sizes, measured by the simulation itself with known parameters. On one
/// alone, the reading of weights and the step's overhead are one constant that no sweep takes apart.
private func sweep(
  _ parameters: [Double], concurrencies: [Int], noise: (Int) -> Double = { _ in 1 }
) -> [CalibrationPoint] {
  var points: [CalibrationPoint] = []
  for users in concurrencies {
    for (setup, input, output) in [
      (server(), 256, 128), (server(), 2048, 64), (server("llama-3.2-1b"), 256, 128),
    ] {
      let load = ServingLoad(
        input: LengthRange(around: input, upTo: 0.2), output: LengthRange(around: output, upTo: 0.2),
        requests: max(40, 10 * users), concurrency: users)
      let outcome = setup.simulate(load, efficiency: EngineEfficiency(setup.engine, parameters: parameters))
      for quantity in [BenchmarkMetric.Quantity.timePerOutputToken, .timeToFirstToken] {
        let metric = BenchmarkMetric(quantity)
        guard let value = outcome.value(metric) else { continue }
        points.append(
          CalibrationPoint(
            origin: "run \(points.count)", configuration: BenchmarkCase(setup: setup, load: load),
            metric: .milliseconds(metric), value: value * 1000 * noise(points.count)))
      }
    }
  }
  return points
}

private let free: [EfficiencyParameter] = [.compute, .bandwidth, .stepOverhead, .requestOverhead]

@Suite("Calibration")
struct CalibrationTests {
  private var start: [Double] { server().engine.calibration.medians }

  private var truth: [Double] {
    var truth = start
    truth[EfficiencyParameter.compute.index] = 0.41
    truth[EfficiencyParameter.bandwidth.index] = 0.66
    truth[EfficiencyParameter.stepOverhead.index] = 0.003
    truth[EfficiencyParameter.requestOverhead.index] = 0.03
    return truth
  }

  @Test("known parameters are found again from a sweep")
  func recovery() throws {
    let points = sweep(truth, concurrencies: [1, 4, 16, 64])
    let fit = try EfficiencyFit(points, start: start, free: free, threads: 2)
    for parameter in free {
      let ratio = fit.parameters[parameter.index] / truth[parameter.index]
      #expect(abs(log(ratio)) < 0.1, "\(parameter.rawValue): \(ratio)")
    }
    #expect(fit.residualDeviation < 0.02)
    #expect(fit.errors.allSatisfy { abs($0) < 0.05 })
  }

  @Test("more noise gives wider errors, and the errors are about as wide as they say")
  func covariance() throws {
    let quiet = sweep(truth, concurrencies: [1, 4, 16, 64]) { 1 + 0.01 * Double($0 * 7 % 5 - 2) }
    let loud = sweep(truth, concurrencies: [1, 4, 16, 64]) { 1 + 0.04 * Double($0 * 7 % 5 - 2) }
    let first = try EfficiencyFit(quiet, start: start, free: free, threads: 2)
    let second = try EfficiencyFit(loud, start: start, free: free, threads: 2)
    for index in free.indices {
      #expect(second.relativeError(index) > 1.5 * first.relativeError(index))
      let off = abs(log(second.parameters[free[index].index] / truth[free[index].index]))
      #expect(off < 4 * second.relativeError(index), "\(free[index].rawValue)")
    }
    let factor = second.calibration.values[EfficiencyParameter.stepTimeFactor.index]
    #expect(!factor.isConstant)
  }

  @Test("the components of a calibration have the fit's covariance")
  func components() throws {
    let points = sweep(truth, concurrencies: [1, 4, 16, 64]) { 1 + 0.02 * Double($0 * 7 % 5 - 2) }
    let fit = try EfficiencyFit(points, start: start, free: free, threads: 2)
    let components = fit.calibration.components
    for (row, first) in free.enumerated() {
      for (column, second) in free.enumerated() {
        let product = components.reduce(0) {
          $0 + $1.loadings[first.index] * $1.loadings[second.index]
        }
        #expect(abs(product - fit.covariance[row][column]) < 1e-9 * (1 + abs(product)))
      }
    }
  }

  @Test(
    "calibrated on half of one sweep, the other half is predicted within 10 %",
    .enabled(if: publishedPoints != nil, Comment(rawValue: publishedPointsAbsent)),
    arguments: [
      ("llama-3.3-70b", "vllm", 2), ("llama-3.3-70b", "tensorrt-llm", 4), ("llama-3.1-8b", "tensorrt-llm", 1),
    ]
  )
  func halfOfASweep(model: String, engine: String, tensorParallel: Int) throws {
    let sweep = calibrationPoints(try #require(publishedPoints)) {
      $0.setup.model.id == model && $0.setup.engine.id == engine && $0.setup.tensorParallel == tensorParallel
        && $0.load?.concurrency != nil && $0.load?.rate == nil
    }.filter {
      if case .milliseconds(let metric) = $0.metric { metric.quantity == .timePerOutputToken } else { false }
    }
    #expect(sweep.count >= 12)
    let half = sweep.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    let other = sweep.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    let medians = try #require(catalog.engines[engine]).calibration.medians
    let fit = try EfficiencyFit(
      half, start: medians, free: [.compute, .bandwidth, .stepOverhead, .exchangeLatency], threads: 2)
    let errors = try other.map { point in
      let setup = point.configuration.setup
      let outcome = setup.simulate(
        try #require(point.configuration.load),
        efficiency: EngineEfficiency(setup.engine, parameters: fit.parameters))
      let value = try #require(outcome.value(BenchmarkMetric(.timePerOutputToken))) * 1000
      return abs(value - point.value) / point.value
    }
    let mean = errors.reduce(0, +) / Double(errors.count)
    #expect(mean < 0.1, "\(mean * 100) % on \(other.count) points")
  }

  @Test("fewer points than parameters, contradictions and loads that cannot be served are refused")
  func refusals() {
    let points = sweep(truth, concurrencies: [4])
    #expect(throws: CalibrationError.tooFewPoints(points: 1, parameters: 4)) {
      _ = try EfficiencyFit(Array(points.prefix(1)), start: start, free: free, threads: 1)
    }
    var wrong = points[0]
    wrong.value *= 3
    wrong.origin = "again"
    #expect(throws: CalibrationError.contradiction(points[0].origin, points[0].value, "again", wrong.value)) {
      _ = try EfficiencyFit(points + [wrong], start: start, free: free, threads: 1)
    }
    var huge = points
    huge[0].configuration.load?.input = LengthRange(1_000_000)
    #expect(throws: CalibrationError.unservable(points[0].origin)) {
      _ = try EfficiencyFit(huge, start: start, free: free, threads: 1)
    }
  }

  @Test("nothing that is no number leaves a fit, whatever the measurements")
  func finite() throws {
    for scale in [1e-6, 1e-3, 1e3, 1e6] {
      let points = sweep(truth, concurrencies: [1, 8]).map { point in
        var point = point
        point.value *= scale
        return point
      }
      guard let fit = try? EfficiencyFit(points, start: start, free: free, threads: 2) else { continue }
      let numbers = fit.parameters + fit.covariance.flatMap(\.self) + fit.predictions
      #expect(!numbers.contains { !$0.isFinite })
      for parameter in EfficiencyParameter.allCases where parameter.isShare {
        #expect((0...1).contains(fit.parameters[parameter.index]))
      }
      #expect(!fit.throughputBlock.contains("nan") && !fit.throughputBlock.contains("inf:"))
    }
  }
}
