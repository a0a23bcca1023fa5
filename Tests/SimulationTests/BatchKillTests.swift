// SPDX-License-Identifier: GPL-3.0-or-later
// The same share of time lost costs more when it is lost by many replicas at once.

import Quantities
import Simulation
import Testing
import Workload

@Suite("Kills one by one and in batches")
struct BatchKillTests {
  /// Eight spot replicas over a week, loaded to half of what all of them can do.
  /// - Returns: the share of the replicas' time that was paid for, and of the requests that were answered in time.
  private func week(batchShare: Double?, draw: Int) -> (available: Double, inTime: Double) {
    let process = SpotProcess(
      zones: 1, outages: nil,
      kills: SpotProcess.Kills(
        meanUp: Seconds(6 * 3600), replacement: Seconds(1.5 * 3600), batchShare: batchShare))
    let region = SpotRegion(process, seed: 3, draw: UInt32(draw), month: 0)
    let window = 168 * 3600.0
    // An answer takes ten minutes, and a replica gives four at a time.
    let pool = PoolConfiguration(
      schedules: (0..<8).map { replica in
        .during(
          region.replica(replica, model: 0)
            .replicaLifetimes(startup: Seconds(300), notice: Seconds(120))
            .during(start: .zero, length: Seconds(window)))
      }, gpusPerReplica: 1, stepTime: .constant(Seconds(30)), maxSequences: 4, maxBatchedTokens: 512,
      keyValueBlocks: 1000)
    let requests = stride(from: 20.0, to: window, by: 40).map {
      Request(arrival: $0, inputTokens: 10, outputTokens: 20, useCase: 0)
    }
    let objective = ServiceObjective(timeToFirstToken: 300, timePerOutputToken: 40)
    let bill = simulate(option(pool, objective: objective), requests, window: window).bill
    return (
      bill.poolHours[0][0].paid / (8 * 168), bill.requests[0].withinObjective / bill.requests[0].arrived
    )
  }

  @Test("at the same mean availability, batch kills miss more objectives than independent ones")
  func batchesCostMore() {
    let draws = 0..<24
    let single = draws.map { week(batchShare: nil, draw: $0) }
    let batches = draws.map { week(batchShare: 0.9, draw: $0) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    // 6 / (6 + 1.5) in the long run for both; events that take all hold fewer of them, and scatter more.
    #expect(abs(mean(single.map(\.available)) - 0.8) < 0.01)
    #expect(abs(mean(batches.map(\.available)) - 0.8) < 0.05)
    let (independent, together) = (mean(single.map(\.inTime)), mean(batches.map(\.inTime)))
    #expect(independent > 0.93, "\(independent) in time with kills one by one")
    #expect(together < independent - 0.05, "\(together) in time with batches, \(independent) without")
  }
}
