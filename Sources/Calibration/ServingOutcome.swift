// SPDX-License-Identifier: GPL-3.0-or-later
// What a simulated benchmark run measured, in the quantities that benchmarks report.

import Catalog
import Foundation
import Numerics
import Quantities
public import Simulation
import Workload

/// The outcome of a simulated benchmark run.
public struct ServingOutcome: Sendable, Hashable {
  /// From the first request to the last token, seconds.
  public var duration: Double
  /// Requests answered.
  public var completed: Int
  /// Requests refused, because they can never fit the KV cache.
  public var refused: Int
  /// Prompt tokens of the answered requests.
  public var inputTokens: Int
  /// Tokens generated.
  public var outputTokens: Int
  /// Seconds to the first token, ascending.
  public var timeToFirstToken: [Double]
  /// Seconds per token after the first, ascending; answers of one token have none.
  public var timePerOutputToken: [Double]
  /// The gaps between tokens behind each of `timePerOutputToken`.
  public var gaps: [Int]
  /// Seconds to the last token, ascending.
  public var endToEnd: [Double]
  /// Mean of the seconds between two tokens, over all tokens.
  public var meanInterTokenLatency: Double
  /// Times a running sequence was preempted.
  public var preemptions: Int

  /// The latencies of a kind, ascending; nil for a rate, and for gaps between tokens, which are counted with their
  /// requests.
  public func latencies(_ quantity: BenchmarkMetric.Quantity) -> [Double]? {
    switch quantity {
    case .timeToFirstToken: timeToFirstToken
    case .timePerOutputToken: timePerOutputToken
    case .endToEnd: endToEnd
    default: nil
    }
  }

  /// A figure, in seconds, tokens or per second; nil where the run has none.
  public func value(_ metric: BenchmarkMetric) -> Double? {
    switch metric.quantity {
    case .outputThroughput: return duration > 0 ? Double(outputTokens) / duration : nil
    case .totalThroughput: return duration > 0 ? Double(inputTokens + outputTokens) / duration : nil
    case .requestThroughput: return duration > 0 ? Double(completed) / duration : nil
    case .interTokenLatency:
      guard meanInterTokenLatency > 0 else { return nil }
      switch metric.statistic {
      case .mean: return meanInterTokenLatency
      case .quantile(let share): return gap(at: share)
      }
    default:
      guard let sorted = latencies(metric.quantity), !sorted.isEmpty else { return nil }
      switch metric.statistic {
      case .mean: return sorted.reduce(0, +) / Double(sorted.count)
      case .quantile(let share): return quantile(ofSorted: sorted, at: share)
      }
    }
  }
}

extension ServingOutcome {
  /// A quantile of the gaps between tokens, each gap as long as its request's are on average: what prefill of others does
  /// to single gaps is spread over the request.
  private func gap(at share: Double) -> Double? {
    let wanted = share * Double(gaps.reduce(0, +))
    var passed = 0.0
    for (seconds, count) in zip(timePerOutputToken, gaps) {
      passed += Double(count)
      if passed >= wanted { return seconds }
    }
    return timePerOutputToken.last
  }

  /// Standard deviation of a latency, seconds; nil where the run has none. Of gaps between tokens as `value` counts them.
  public func standardDeviation(_ quantity: BenchmarkMetric.Quantity) -> Double? {
    guard let mean = value(BenchmarkMetric(quantity)) else { return nil }
    if quantity == .interTokenLatency {
      let squares = zip(timePerOutputToken, gaps).reduce(0) {
        $0 + Double($1.1) * ($1.0 - mean) * ($1.0 - mean)
      }
      return (squares / Double(gaps.reduce(0, +))).squareRoot()
    }
    guard let values = latencies(quantity), !values.isEmpty else { return nil }
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }
}

extension ServingSetup {
  /// Simulates a benchmark run.
  ///
  /// - Complexity: O(log concurrency) per request, whatever its length.
  public func simulate(_ load: ServingLoad, efficiency: EngineEfficiency) -> ServingOutcome {
    let served = serve(load, efficiency: efficiency)
    return ServingOutcome(served.log, load: load, preemptions: served.preemptions)
  }

  /// The times of every request of a load, in no order, and how often a running sequence was preempted. Requests that can
  /// never fit the KV cache are left out.
  func serve(
    _ load: ServingLoad, efficiency: EngineEfficiency
  ) -> (log: [ServedRequest], preemptions: Int) {
    let option = OptionConfiguration(
      modelOfUseCase: [0], objectives: [ServiceObjective()],
      chain: [.fleet(FleetConfiguration(pools: [pool(efficiency)]))], models: 1)
    let frontEnd = FrontEnd(latency: Seconds(efficiency.requestOverhead))
    let requests = load.drawn().filter {
      Int($0.inputTokens) + Int($0.outputTokens) <= capacityTokens / PoolConfiguration.blockSize
        * PoolConfiguration.blockSize
    }
    let loop = ClosedLoopSimulation(
      option, users: max(1, min(load.concurrency ?? requests.count, requests.count)), frontEnd: frontEnd,
      keepsLog: true)
    let result = loop.run(requests)
    return (result.log, Int(result.preemptions))
  }

  /// Simulates with the engine's efficiency at its median.
  public func simulate(_ load: ServingLoad) -> ServingOutcome {
    simulate(load, efficiency: EngineEfficiency(engine, parameters: engine.calibration.medians))
  }
}

extension ServingOutcome {
  /// Gathers the figures from the times of each request.
  init(_ log: [ServedRequest], load: ServingLoad, preemptions: Int) {
    var first: [Double] = []
    var per: [(seconds: Double, gaps: Int)] = []
    var whole: [Double] = []
    var (gapCount, gapSeconds, end) = (0, 0.0, 0.0)
    (completed, inputTokens, outputTokens) = (log.count, 0, 0)
    for served in log.sorted(by: { $0.number < $1.number }) {
      let tokens = Int(served.outputTokens)
      let step = tokens > 1 ? (served.lastToken - served.firstToken) / Double(tokens - 1) : 0
      let held = load.heldSteps * step
      first.append(served.firstToken - served.arrival + held)
      if tokens > 1 { per.append((step, tokens - 1)) }
      whole.append(served.lastToken - served.arrival + held)
      gapCount += tokens - 1
      gapSeconds += served.lastToken - served.firstToken
      end = max(end, served.lastToken)
      inputTokens += Int(served.inputTokens) + load.cachedTokens
      outputTokens += tokens
    }
    duration = end
    refused = load.requests - log.count
    timeToFirstToken = first.sorted()
    per.sort { $0 < $1 }
    timePerOutputToken = per.map(\.seconds)
    gaps = per.map(\.gaps)
    endToEnd = whole.sorted()
    meanInterTokenLatency = gapCount > 0 ? gapSeconds / Double(gapCount) : 0
    self.preemptions = preemptions
  }
}
