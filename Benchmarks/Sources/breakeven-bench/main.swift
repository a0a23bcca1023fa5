// SPDX-License-Identifier: GPL-3.0-or-later
// Simulated requests per second on one core, each line with a checksum of its result: a change that makes the
// simulation faster must leave the checksum alone.

import Foundation
import Quantities
import Simulation
import Workload

/// Poisson arrivals with spread-out lengths: about what a chat service sees.
func requests(count: Int, rate: Double) -> [Request] {
  var random = CounterRandom(seed: 1, draw: 0, purpose: .testing)
  var now = 0.0
  return (0..<count).map { _ in
    let uniforms = random.nextUniforms()
    now += -log(uniforms.x) / rate
    return Request(
      arrival: now, inputTokens: Int32(100 + 900 * uniforms.y * uniforms.y),
      outputTokens: Int32(1 - 150 * log(uniforms.z)), useCase: 0)
  }
}

/// Replicas like Llama 3.1 8B in FP8 on one H100.
func pool(replicas: Int) -> PoolConfiguration {
  PoolConfiguration(
    schedules: Array(repeating: .always, count: replicas), gpusPerReplica: 1,
    stepTime: StepTimeModel(
      overhead: 1.5e-3, computePerToken: 2 * 8.03e9 / (1979e12 * 0.5),
      computePerContextToken: 4.0 * 32 * 32 * 128 / (1979e12 * 0.5), denseWeights: 8.03e9 / (3.35e12 * 0.7),
      memoryPerContextToken: 65_536 / (3.35e12 * 0.7)),
    maxSequences: 256, maxBatchedTokens: 8192, keyValueBlocks: 60_000)
}

/// FNV-1a over the bits of a result's numbers.
func checksum(_ values: [Double]) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for value in values {
    hash = (hash ^ value.bitPattern) &* 0x0000_0100_0000_01b3
  }
  return String(hash, radix: 16)
}

func run(replicas: Int, count: Int, ratePerReplica: Double) {
  let demand = requests(count: count, rate: ratePerReplica * Double(replicas))
  let window = Seconds(demand[count - 1].arrival)
  let option = OptionConfiguration(
    modelOfUseCase: [0], objectives: [ServiceObjective(timeToFirstToken: 1, timePerOutputToken: 0.05)],
    chain: [.fleet(FleetConfiguration(pools: [pool(replicas: replicas)]))], models: 1)
  var best = Duration.seconds(1_000_000)
  var sum = ""
  var busy = 0.0
  for _ in 0..<3 {
    let clock = ContinuousClock()
    let start = clock.now
    var simulation = OptionSimulation(option, window: window)
    simulation.offer(demand.span)
    let result = simulation.finish()
    best = min(best, clock.now - start)
    let hours = result.bill.poolHours[0][0]
    busy = hours.busy / hours.paid
    sum = checksum([
      hours.busy, hours.idle, result.bill.requests[0].served, result.bill.requests[0].withinObjective,
      result.sequenceSeconds, result.quality.endToEnd[0].quantile(0.5) ?? 0,
      result.quality.timeToFirstToken[0].quantile(0.99) ?? 0,
    ])
  }
  let seconds = Double(best.components.seconds) + Double(best.components.attoseconds) * 1e-18
  let meanBatch = "busy \(Int((busy * 100).rounded())) %"
  print(
    "simulate  replicas \(replicas)  requests \(count)  \(meanBatch)  "
      + "\(Int(Double(count) / seconds / 1000)) k requests/s  checksum \(sum)")
}

for replicas in [1, 8, 32] { run(replicas: replicas, count: 2_000_000, ratePerReplica: 60) }
