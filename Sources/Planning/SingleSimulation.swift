// SPDX-License-Identifier: GPL-3.0-or-later
// One simulation without sampling: every uncertain input at its median, the first month, one option.

public import Decision
import Foundation
import Quantities
import Scenario
import Simulation

/// What `simulate` reports: one option in the median future.
///
/// Counts are what was simulated, not scaled to a month.
public struct SimulationReport: Codable, Sendable, Hashable {
  /// The scenario's id.
  public var scenario: String
  /// The option's id.
  public var option: String
  /// The seed.
  public var seed: UInt64
  /// Hours simulated.
  public var simulatedHours: Double
  /// Windows simulated.
  public var windows: Int
  /// By use case.
  public var useCases: [UseCaseReport]
  /// By supply, in the chain's order.
  public var supplies: [SupplyReport]
  /// All use cases together.
  public var totals: Totals
  /// Sizes that the scenario left open, as they were found for this option; nil where it left none.
  public var sizes: [SizeChoice]?
  /// What a reader should know of the records that were replayed; nil where there is nothing to say.
  public var warnings: [String]?

  /// Requests and tokens of all use cases.
  public struct Totals: Codable, Sendable, Hashable {
    /// Requests that arrived: cached + served + throttled + failed + inFlight.
    public var arrived: Int
    /// Requests that got their last token.
    public var served: Int
    /// Requests that no supply admitted.
    public var throttled: Int
    /// Requests that were interrupted and found no other supply.
    public var failed: Int
    /// Requests in work at the end.
    public var inFlight: Int
    /// Attempts after the first.
    public var retried: Int?
    /// Prompt tokens.
    public var inputTokens: Int
    /// Output tokens.
    public var outputTokens: Int
    /// Served and cached requests per simulated second.
    public var requestsPerSecond: Double
    /// Goodput: requests served within their objective per simulated second.
    public var goodRequestsPerSecond: Double
    /// Output tokens per simulated second.
    public var outputTokensPerSecond: Double
    /// Share of arrived requests served within their objective.
    public var serviceLevel: Double
    /// Requests answered from the cache before the chain; nil where nothing stands before the chain. `arrived` has them
    /// beside the others.
    public var cached: Int?
  }

  /// One use case.
  public struct UseCaseReport: Codable, Sendable, Hashable {
    /// Its id.
    public var name: String
    /// The model that answered.
    public var model: String
    /// Requests that arrived: cached + served + throttled + failed + in flight.
    public var arrived: Int
    /// Requests that got their last token.
    public var served: Int
    /// Requests that no supply admitted.
    public var throttled: Int
    /// Requests that were interrupted and found no other supply.
    public var failed: Int
    /// Requests in work at the end.
    public var inFlight: Int
    /// Prompt tokens of the requests that arrived.
    public var inputTokens: Int
    /// Output tokens asked for by the requests that arrived.
    public var outputTokens: Int
    /// Share of arrived requests served within their objective.
    public var serviceLevel: Double
    /// Time to first token, milliseconds.
    public var timeToFirstToken: LatencySummary
    /// Time per output token after the first, milliseconds.
    public var timePerOutputToken: LatencySummary
    /// From arrival to the last token, milliseconds.
    public var endToEnd: LatencySummary
    /// What became of requests before the chain; nil where nothing stands there.
    public var gateway: GatewayCounts?
  }

  /// Requests of a use case by what became of them before the chain.
  public struct GatewayCounts: Codable, Sendable, Hashable {
    /// Answered with the answer of an equal request.
    public var cached: Int
    /// Those of them that waited for an equal request in work.
    public var coalesced: Int
    /// Answered twice: by a small model, and again by a larger one.
    public var escalated: Int
    /// Held back until a replica had room to spare.
    public var filled: Int
    /// Answered after their deadline.
    public var late: Int

    init(_ totals: RequestTotals) {
      cached = Int(totals.cached)
      coalesced = Int(totals.coalesced)
      escalated = Int(totals.escalated)
      filled = Int(totals.filled)
      late = Int(totals.late)
    }
  }

  /// A latency in milliseconds; all 0 where nothing was served.
  public struct LatencySummary: Codable, Sendable, Hashable {
    /// The mean.
    public var mean: Double
    /// The median.
    public var p50: Double
    /// 90th percentile.
    public var p90: Double
    /// 99th percentile.
    public var p99: Double

    init(_ histogram: LatencyHistogram) {
      mean = (histogram.mean ?? 0) * 1000
      p50 = (histogram.quantile(0.5) ?? 0) * 1000
      p90 = (histogram.quantile(0.9) ?? 0) * 1000
      p99 = (histogram.quantile(0.99) ?? 0) * 1000
    }
  }

  /// One supply.
  public struct SupplyReport: Codable, Sendable, Hashable {
    /// Its id.
    public var name: String
    /// `metered`, `reserved` or `fleet`.
    public var kind: String
    /// Requests admitted.
    public var admitted: Int
    /// Requests refused, which went to the next supply.
    public var refused: Int
    /// Requests it finished.
    public var served: Int
    /// Prompt tokens.
    public var inputTokens: Int
    /// Prompt tokens that a fleet's prefix cache or a provider's prompt cache still held; nil where there is no cache.
    public var cachedInputTokens: Int?
    /// Output tokens.
    public var outputTokens: Int
    /// Tokens computed again after a preemption or an interruption.
    public var recomputedTokens: Int
    /// GPU-hours by state: busy, idle, booting, draining; empty for other supplies.
    public var gpuHours: [StateHours]
    /// Unit-hours held; 0 for other supplies.
    public var unitHours: Double
    /// Share of the paid hours in which anything was in work (which says nothing of how much), or the binding share of
    /// the reserved tokens; nil for metered.
    public var utilization: Double?
    /// How each pool of replicas was loaded; empty for other supplies.
    public var pools: [PoolReport]
    /// Answers "too many requests" (429) after which it was asked again; nil for fleets.
    public var throttled: Int?
    /// Requests beyond a reserved supply's units that its provider served by the token; nil for other supplies.
    public var payAsYouGoRequests: Int?
    /// Times that a request was taken from it unfinished, because its replica was gone; nil for other supplies than fleets.
    public var interrupted: Int?
    /// The share of time in which there is spot capacity for a replica, in the long run; nil where it is not on spot.
    public var spotAvailability: Double?
    /// What is committed of a fleet; nil where nothing is.
    public var commitment: CommitmentResult?
  }
}

extension PlanModel {
  /// Simulates one option in the median future's first month.
  /// - Parameter option: its place among the options.
  public func simulateOnce(option: Int) -> SimulationReport {
    let medians = physical.medians
    let demand = self.demand.drawn(medians, draw: 0)
    let weather = WeekWeather(seed: sampling.seed, draw: 0, month: 0)
    let level = demand.level(month: 0)
    let windows = demand.windows(month: 0, level: level)
    let results = windows.flatMap { window in
      simulate(
        demand: demand, physical: medians, multiple: level, month: 0, weather: weather, window: window,
        drainLimit: Seconds(.infinity), only: option)
    }
    let bill = results.dropFirst().reduce(into: results[0].bill) { $0.add($1.bill) }
    let quality = results.dropFirst().reduce(into: results[0].quality) { $0.add($1.quality) }
    let seconds = windows.reduce(0) { $0 + $1.length.rawValue }
    let warnings = traceWarnings(of: [options[option].definition])
    return SimulationReport(
      scenario: scenario.name, option: options[option].definition.name, seed: sampling.seed,
      simulatedHours: seconds / 3600, windows: windows.count,
      useCases: useCaseReports(option, bill, quality),
      supplies: PricedOption.supplies(of: bill, in: options[option]).enumerated().map { index, supply in
        SimulationReport.SupplyReport(
          name: supply.name, kind: supply.kind,
          admitted: Int(bill.supplies[index].reduce(0) { $0 + $1.admitted }),
          refused: Int(bill.supplies[index].reduce(0) { $0 + $1.refused }), served: Int(supply.requests),
          inputTokens: Int(supply.inputTokens), cachedInputTokens: supply.cachedInputTokens.map { Int($0) },
          outputTokens: Int(supply.outputTokens), recomputedTokens: Int(supply.recomputedTokens),
          gpuHours: supply.gpuHours, unitHours: supply.unitHours, utilization: supply.utilization,
          pools: quality.pools.filter { $0.supply == index }.map {
            poolReport($0, option: option, bill, seconds: seconds, physical: medians)
          }, throttled: supply.throttled.map { Int($0) },
          payAsYouGoRequests: supply.payAsYouGoRequests.map { Int($0) },
          interrupted: supply.interruptedRequests.map { Int($0) },
          spotAvailability: options[option].spotAvailability(supply: index, physical: medians),
          commitment: supply.commitment)
      }, totals: totals(option, bill, seconds: seconds), sizes: sizes(of: option),
      warnings: warnings.isEmpty ? nil : warnings)
  }

  /// What a reader should know of the records that options replay: spot capacity, and requests.
  func traceWarnings(of options: [OptionDefinition]) -> [String] {
    spotTraces.warnings(of: options) + demand.traceWarnings
  }

  /// The sizes found for an option; nil where there are none.
  func sizes(of option: Int) -> [SizeChoice]? {
    let own = sizes.filter { $0.option == options[option].definition.name }
    return own.isEmpty ? nil : own
  }

  private func useCaseReports(
    _ option: Int, _ bill: BillOfQuantities, _ quality: ServiceQuality
  ) -> [SimulationReport.UseCaseReport] {
    scenario.demand.uses.enumerated().map { index, use in
      let requests = bill.requests[index]
      return SimulationReport.UseCaseReport(
        name: use.name, model: options[option].modelsInWords(useCase: index, medians: physical.medians),
        arrived: Int(requests.arrived),
        served: Int(requests.served), throttled: Int(requests.throttled), failed: Int(requests.failed),
        inFlight: Int(requests.inFlight), inputTokens: Int(requests.inputTokens),
        outputTokens: Int(requests.outputTokens),
        serviceLevel: requests.arrived > 0 ? requests.withinObjective / requests.arrived : 1,
        timeToFirstToken: .init(quality.timeToFirstToken[index]),
        timePerOutputToken: .init(quality.timePerOutputToken[index]),
        endToEnd: .init(quality.endToEnd[index]),
        gateway: options[option].gateway.isPresent ? .init(requests) : nil)
    }
  }

  private func totals(_ option: Int, _ bill: BillOfQuantities, seconds: Double) -> SimulationReport.Totals {
    func sum(_ part: (RequestTotals) -> Double) -> Double { bill.requests.reduce(0) { $0 + part($1) } }
    let generated = bill.supplies.reduce(0) { $0 + $1.reduce(0) { $0 + $1.outputTokens } }
    let arrived = sum(\.arrived)
    return SimulationReport.Totals(
      arrived: Int(arrived), served: Int(sum(\.served)), throttled: Int(sum(\.throttled)),
      failed: Int(sum(\.failed)), inFlight: Int(sum(\.inFlight)), retried: Int(sum(\.retried)),
      inputTokens: Int(sum(\.inputTokens)),
      outputTokens: Int(sum(\.outputTokens)), requestsPerSecond: (sum(\.served) + sum(\.cached)) / seconds,
      goodRequestsPerSecond: sum(\.withinObjective) / seconds,
      outputTokensPerSecond: generated / seconds,
      serviceLevel: arrived > 0 ? sum(\.withinObjective) / arrived : 1,
      cached: options[option].gateway.isPresent ? Int(sum(\.cached)) : nil)
  }
}
