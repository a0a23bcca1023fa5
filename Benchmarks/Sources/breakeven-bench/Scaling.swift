// SPDX-License-Identifier: GPL-3.0-or-later
// What autoscaling on spot capacity costs the simulation: replicas that start, drain and are taken away all the time.

import Foundation
import Quantities
import Simulation
import Workload

/// Poisson arrivals whose rate swings between a third and all of `rate`, 20 minutes a wave.
private func wave(count: Int, rate: Double) -> [Request] {
  var random = CounterRandom(seed: 3, draw: 0, purpose: .testing)
  var result: [Request] = []
  result.reserveCapacity(count)
  var now = 0.0
  while result.count < count {
    let uniforms = random.nextUniforms()
    now -= log(uniforms.x) / rate
    if uniforms.w > 2.0 / 3 + sin(now * 2 * .pi / 1200) / 3 { continue }
    result.append(
      Request(
        arrival: now, inputTokens: Int32(100 + 900 * uniforms.y * uniforms.y),
        outputTokens: Int32(1 - 150 * log(uniforms.z)), useCase: 0))
  }
  return result
}

/// Simulates up to eight autoscaled replicas, each in a zone whose capacity comes for some ten minutes and goes for two
/// on average, with whatever is left over served per token, and prints its line.
func simulateScaled() {
  let demand = wave(count: 2_000_000, rate: 480)
  let window = Seconds(demand[demand.count - 1].arrival)
  var scaled = pool(replicas: 8)
  let process = SpotProcess(
    zones: 8, outages: SpotProcess.Outages(meanUp: Seconds(600), meanDown: Seconds(120)))
  let region = SpotRegion(process, seed: 1, draw: 0, month: 0)
  scaled.schedules = (0..<8).map { replica in
    .capacity(
      region.replica(replica, model: 0).stretches.prefix { $0.up < window.rawValue }.map {
        CapacityStretch(up: Seconds($0.up), down: Seconds($0.down))
      })
  }
  (scaled.startup, scaled.notice) = (Seconds(60), Seconds(30))
  scaled.scaling = .autoscale(
    Autoscaler(metric: .concurrency, target: 120, minimum: 1, maximum: 8, initial: 4))
  let option = OptionConfiguration(
    modelOfUseCase: [0], objectives: [ServiceObjective(timeToFirstToken: 1, timePerOutputToken: 0.05)],
    chain: [
      .fleet(FleetConfiguration(pools: [scaled])),
      .metered(
        MeteredConfiguration(
          serves: [true], latency: ServiceLatency(firstToken: Seconds(0.4), perOutputToken: Seconds(0.01)))),
    ], models: 1)
  var starts = 0.0
  let run = fastest {
    var simulation = OptionSimulation(option, window: window)
    simulation.offer(demand.span)
    let result = simulation.finish()
    let hours = result.bill.poolHours[0][0]
    starts = result.quality.pools[0].starts
    return [
      hours.busy, hours.idle, hours.booting, hours.draining, starts, result.bill.requests[0].served,
      result.bill.requests[0].withinObjective, result.bill.supplies[0][0].recomputedTokens,
      result.bill.supplies[1][0].outputTokens, result.quality.endToEnd[0].quantile(0.5) ?? 0,
    ]
  }
  report("simulate  replicas 8 autoscaled on spot, \(Int(starts)) starts", count: demand.count, run)
}
