// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of the demand share: traces from text, plain statistics, all requests of a window.

import Foundation
import Quantities
import Synchronization
import Testing
import Uncertainty
import Workload

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

func variance(_ values: [Double]) -> Double {
  let middle = mean(values)
  return values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(values.count - 1)
}

/// Records an issue where `measured` is further from `expected` than a share of it.
func expectClose(
  _ measured: Double, _ expected: Double, within share: Double, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    abs(measured - expected) <= share * abs(expected), "\(what) \(measured), expected \(expected)",
    sourceLocation: sourceLocation)
}

let flat = [Double](repeating: 1, count: 168)
let quiet = DemandNoise(day: 0, hour: 0, seed: 0, draw: 0, month: 0)

/// A use case with one length for all requests.
func statistics(_ hourlyRate: [Double], burstiness: Double = 1) -> UseCaseStatistics {
  var statistics = templates.withLock { known in
    // The tables of a shape cost more than most tests do.
    let template =
      known[burstiness]
      ?? UseCaseStatistics(
        hourlyRate: flat, burstiness: burstiness,
        inputTokens: TokenLengthTable(.constant(7), minimum: 1, maximum: 7),
        outputTokens: TokenLengthTable(.constant(3), minimum: 1, maximum: 3))
    known[burstiness] = template
    return template
  }
  statistics.hourlyRate = hourlyRate
  return statistics
}

private let templates = Mutex<[Double: UseCaseStatistics]>([:])

/// A generator of a stretch of hours of the week.
func generator(
  _ uses: [UseCaseStatistics], scale: Double = 1, noise: DemandNoise = quiet, seed: UInt64 = 1,
  draw: UInt32 = 0, month: Int = 0, startHour: Double = 0, hours: Double
) -> RequestGenerator {
  RequestGenerator(
    uses.map(RequestSource.synthesized), scale: scale, noise: noise, seed: seed, draw: draw, month: month,
    start: Seconds(startHour * 3600), length: Seconds(hours * 3600))
}

/// Every request of a generator, taken in batches.
func all(_ generator: RequestGenerator, batch: Int = 1000) -> [Request] {
  var generator = generator
  var requests: [Request] = []
  var buffer = Array(
    repeating: Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0), count: batch)
  while true {
    let count = generator.fill(&buffer)
    requests += buffer[0..<count]
    if count < batch { return requests }
  }
}
