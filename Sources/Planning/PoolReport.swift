// SPDX-License-Identifier: GPL-3.0-or-later
// The load of a pool of replicas in the four senses that "utilization" can have, told apart.

import Quantities
import Scenario
import Simulation

/// How the replicas of one model in a fleet were loaded.
public struct PoolReport: Codable, Sendable, Hashable {
  /// The model's id.
  public var model: String
  /// Replicas.
  public var replicas: Int
  /// Most sequences that a replica runs at once (`max_num_seqs`).
  public var maxSequences: Int
  /// Share of the simulated time in which replicas were there and paid for.
  public var shareOfTimeOn: Double
  /// Share of the serving time in which a replica had anything in work, be it one sequence.
  public var shareOfServingTimeBusy: Double
  /// Share of the sequence places that were taken over the serving time: mean batch / `maxSequences`.
  public var shareOfPlacesFilled: Double
  /// Output tokens over what the replicas would have generated under a backlog of the same requests; nil where those
  /// cannot be had.
  public var shareOfSaturatedThroughput: Double?
  /// Sequences running while any ran, mean over time.
  public var meanBatch: Double
  /// The number of running sequences that was not exceeded for 99 % of that time.
  public var p99Batch: Double
  /// Requests waiting for a place or for memory while any sequence ran, mean over time.
  public var meanQueue: Double
  /// The number of waiting requests that was not exceeded for 99 % of that time.
  public var p99Queue: Double
  /// Time between a token and the next of the same answer, milliseconds.
  public var interTokenLatency: SimulationReport.LatencySummary
  /// Replicas there and paid for, mean over time; nil where their number does not change.
  public var meanReplicas: Double?
  /// Replicas started after the first; nil where their number does not change.
  public var replicaStarts: Int?
}

extension PlanModel {
  /// What a window's quantities say of one pool.
  func poolReport(
    _ quality: PoolQuality, option: Int, _ bill: BillOfQuantities, seconds: Double, physical: [Double]
  ) -> PoolReport {
    guard case .fleet(let fleet) = options[option].supplies[quality.supply],
      let pool = fleet.pools[quality.model]
    else { preconditionFailure("a pool of supply \(quality.supply), which is no fleet") }
    let hours = bill.poolHours[quality.supply][quality.model]
    let replicas = pool.definition.replicas
    let gpuHours = Double(replicas * pool.definition.gpusPerReplica) * seconds / 3600
    let serving = hours.busy + hours.idle
    let busy = serving > 0 ? hours.busy / serving : 0
    let meanBatch = quality.batch.mean ?? 0
    let generated = bill.totals(supply: quality.supply, model: quality.model).outputTokens
    let rate = saturated(
      fleet, pool, model: quality.model, option: option, physical: physical,
      backlogs: Backlogs(demand.drawn(physical, draw: 0))
    ).output
    let possible = rate * serving * 3600 / Double(pool.definition.gpusPerReplica)
    var report = PoolReport(
      model: modelIDs[quality.model], replicas: replicas, maxSequences: quality.places,
      shareOfTimeOn: gpuHours > 0 ? hours.paid / gpuHours : 0, shareOfServingTimeBusy: busy,
      shareOfPlacesFilled: busy * meanBatch / Double(quality.places),
      shareOfSaturatedThroughput: possible > 0 ? generated / possible : nil, meanBatch: meanBatch,
      p99Batch: quality.batch.quantile(0.99) ?? 0, meanQueue: quality.queue.mean ?? 0,
      p99Queue: quality.queue.quantile(0.99) ?? 0, interTokenLatency: .init(quality.interToken))
    if pool.definition.scaling != nil {
      report.meanReplicas = hours.paid * 3600 / seconds / Double(pool.definition.gpusPerReplica)
      report.replicaStarts = Int(quality.starts)
    }
    return report
  }
}
