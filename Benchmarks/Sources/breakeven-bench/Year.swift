// SPDX-License-Identifier: GPL-3.0-or-later
// A year of requests through one fleet, straight from the generator: `swift run -c release breakeven-bench year`.

import Foundation
import Quantities
import Simulation
import Uncertainty
import Workload

/// Bytes that the process held at most (`VmHWM` of proc(5)); nil where the kernel does not say.
func peakMemory() -> Double? {
  guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM") })
  else { return nil }
  return line.split(separator: " ").compactMap { Double($0) }.first.map { $0 * 1024 }
}

/// Simulates `weeks` weeks at 10 requests a second on two replicas and prints the line. Every week has noise and requests
/// of its own; all the while only the requests in work are in memory.
func simulateYear(weeks: Int) {
  let statistics = UseCaseStatistics(
    hourlyRate: Array(repeating: 10, count: 168), burstiness: 1,
    inputTokens: TokenLengthTable(.lognormal(p10: 180, p90: 1200), minimum: 1, maximum: 8192),
    outputTokens: TokenLengthTable(.lognormal(p10: 40, p90: 350), minimum: 1, maximum: 4096))
  let week = 168 * 3600.0
  let option = OptionConfiguration(
    modelOfUseCase: [0], objectives: [ServiceObjective(timeToFirstToken: 1, timePerOutputToken: 0.05)],
    chain: [.fleet(FleetConfiguration(pools: [pool(replicas: 2)]))], models: 1)
  var simulation = OptionSimulation(option, window: Seconds(Double(weeks) * week))
  var buffer = Array(
    repeating: Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0), count: 4096)
  let clock = ContinuousClock()
  let start = clock.now
  for number in 0..<weeks {
    let noise = DemandNoise(day: 0.1, hour: 0.1, seed: 1, draw: 0, month: number)
    var generator = RequestGenerator(
      [.synthesized(statistics)], scale: 1, noise: noise, seed: 1, draw: 0, month: number, start: .zero,
      length: Seconds(week))
    while true {
      let made = generator.fill(&buffer)
      for index in 0..<made { buffer[index].arrival += Double(number) * week }
      simulation.offer(buffer.span.extracting(first: made))
      if made < buffer.count { break }
    }
  }
  let result = simulation.finish()
  let elapsed = (clock.now - start).components
  let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  let served = result.bill.requests[0].served
  let sum = checksum([served, result.bill.poolHours[0][0].busy, result.sequenceSeconds])
  let memory = peakMemory().map { "\(Int($0 / 1_048_576)) MiB at most" } ?? "memory unknown"
  print(
    "year      weeks \(weeks)  \(Int(served)) requests in \(Int(seconds.rounded())) s  "
      + "\((served / seconds / 1e4).rounded() / 100) M requests/s  \(memory)  checksum \(sum)")
}
