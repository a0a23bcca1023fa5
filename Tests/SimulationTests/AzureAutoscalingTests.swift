// SPDX-License-Identifier: GPL-3.0-or-later
// What autoscaling saves on real demand: the conversation service of the Azure LLM inference traces of 2024, one week.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

/// The week's requests per minute by hour (Azure Public Dataset, CC-BY-4.0; J. Stojkovic et al., DynamoLLM, HPCA 2025,
/// doi:10.1109/HPCA61900.2025.00102), in a data folder beside the package.
private enum AzureWeek {
  private static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "../shared/data/azure-2024/conv_hourly.csv")
    .standardizedFileURL.path

  static var isThere: Bool { FileManager.default.isReadableFile(atPath: path) }

  static func requestsPerSecond() throws -> [Double] {
    try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst().map {
      (Double($0.split(separator: ",")[1]) ?? .nan) / 60
    }
  }
}

@Suite("Autoscaling on the Azure 2024 conversation week")
struct AzureAutoscalingTests {
  /// One request in so many is kept, and a replica is as small in proportion, so that a week of 19 million requests is
  /// simulated in seconds.
  static let thinning = 16.0

  /// A replica like Llama 3.3 70B in FP8 on few GPUs: 40 ms a step; 8 sequences.
  private static func pool(_ replicas: Int) -> PoolConfiguration {
    PoolConfiguration(
      schedules: Array(repeating: .always, count: replicas), gpusPerReplica: 2,
      stepTime: StepTimeModel(
        overhead: 5e-3, computePerToken: 1.4e-4, denseWeights: 35e-3, memoryPerContextToken: 1e-7),
      maxSequences: 8, maxBatchedTokens: 2048, keyValueBlocks: 4096)
  }

  /// Poisson arrivals at these hourly rates, thinned, with lengths like the 2023 conversation trace (median and 90th
  /// percentile 1020 and 2734 tokens in, 129 and 424 out).
  private static func requests(_ rates: ArraySlice<Double>) -> [Request] {
    var random = CounterRandom(seed: 1, draw: 0, purpose: .testing, index: 71)
    func lognormal(_ uniforms: (Double, Double), _ median: Double, _ p90: Double, _ most: Double) -> Int32 {
      let normal = sqrt(-2 * log(uniforms.0)) * cos(2 * .pi * uniforms.1)
      return Int32(min(max(1, median * exp(normal * log(p90 / median) / 1.2816)), most))
    }
    var result: [Request] = []
    for (hour, rate) in rates.enumerated() {
      var now = Double(hour) * 3600
      while true {
        let gap = random.nextUniforms()
        now -= log(gap.x) * thinning / rate
        if now > Double(hour + 1) * 3600 { break }
        let lengths = random.nextUniforms()
        result.append(
          Request(
            arrival: now, inputTokens: lognormal((lengths.x, lengths.y), 1020, 2734, 8000),
            outputTokens: lognormal((lengths.z, lengths.w), 129, 424, 1500), useCase: 0))
      }
    }
    return result
  }

  private static let objective = ServiceObjective(timeToFirstToken: 2, timePerOutputToken: 0.1)

  /// GPU-hours and the share of requests within 2 s to the first token and 100 ms a token.
  private static func measure(_ pool: PoolConfiguration, _ requests: [Request], hours: Int) -> (
    hours: Double, attainment: Double
  ) {
    let bill = simulate(option(pool, objective: objective), requests, window: Double(hours) * 3600).bill
    return (bill.poolHours[0][0].paid, bill.requests[0].withinObjective / bill.requests[0].arrived)
  }

  @Test(
    "Autoscaling uses 20 to 45 % fewer GPU-hours than the fleet that the peak hour needs, at 99 % of the objective",
    .enabled(if: AzureWeek.isThere, "the Azure 2024 data is not beside the package"))
  func savings() throws {
    let rates = try AzureWeek.requestsPerSecond()
    #expect(rates.count == 168)
    let peak = try #require(rates.indices.max { rates[$0] < rates[$1] })
    // The peak-sized fleet: the smallest that keeps 99 % within the objective in the busiest hour.
    let busiest = Self.requests(rates[peak...peak])
    let size = try #require(
      (4...40).first { Self.measure(Self.pool($0), busiest, hours: 1).attainment >= 0.99 })
    var scaled = Self.pool(size + 2)
    scaled.startup = Seconds(300)
    scaled.scaling = .autoscale(
      Autoscaler(metric: .concurrency, target: 7, minimum: 2, maximum: size + 2, initial: size))
    let week = Self.requests(rates[...])
    let result = Self.measure(scaled, week, hours: 168)
    let saving = 1 - result.hours / Double(size * 2 * 168)
    #expect(saving >= 0.20 && saving <= 0.45, "\(saving) of \(size) replicas")
    #expect(result.attainment >= 0.99, "\(result.attainment)")
  }
}
