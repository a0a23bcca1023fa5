// SPDX-License-Identifier: GPL-3.0-or-later
// What one replica did under one rate of requests: how many it served in time, and whether it kept up.

import Catalog
import Numerics
import Simulation

/// The limits that a request has to keep to be served well.
public struct LatencyLimits: Sendable, Hashable {
  /// Most seconds to the first token.
  public var timeToFirstToken: Double
  /// Most seconds per token after the first, as a mean over the answer.
  public var timePerOutputToken: Double

  /// Limits in seconds.
  public init(timeToFirstToken: Double, timePerOutputToken: Double) {
    self.timeToFirstToken = timeToFirstToken
    self.timePerOutputToken = timePerOutputToken
  }
}

/// A replica under a rate of requests, measured over the middle eight tenths of a run: neither the empty start nor the
/// emptying end counts.
public struct CapacityPoint: Sendable, Hashable {
  /// Requests per second that arrive.
  public var rate: Double
  /// Share of the requests that keep both limits, 0 to 1.
  public var attainment: Double
  /// Whether the requests in the system did not grow over the run.
  public var keepsUp: Bool
  /// Generated tokens per second of the replica.
  public var outputThroughput: Double
  /// Generated tokens per second that a user sees: one over the median time per output token; infinite where answers
  /// have one token.
  public var tokensPerSecondPerUser: Double
  /// Median and 99th percentile of the time to the first token, seconds.
  public var timeToFirstToken: (median: Double, p99: Double) { (medianFirst, p99First) }
  /// Median and 99th percentile of the time per output token, seconds; 0 where answers have one token.
  public var timePerOutputToken: (median: Double, p99: Double) { (medianPer, p99Per) }
  /// Mean requests in the system as requests arrive.
  public var meanInSystem: Double

  private var medianFirst: Double
  private var p99First: Double
  private var medianPer: Double
  private var p99Per: Double

  /// Whether enough requests keep the limits while the backlog does not grow.
  public func meets(_ share: Double) -> Bool { keepsUp && attainment >= share }

  /// Measures a run.
  /// - Parameters:
  ///   - log: every request of the run, at least ten.
  ///   - rate: requests per second that arrived.
  ///   - limits: what each has to keep.
  /// - Complexity: O(n log n).
  init(_ log: [ServedRequest], rate: Double, limits: LatencyLimits) {
    precondition(log.count >= 10, "a run of \(log.count) requests")
    let served = log.sorted { $0.number < $1.number }
    let middle = served[(served.count / 10)..<(served.count - served.count / 10)]
    var first: [Double] = []
    var per: [Double] = []
    var good = 0
    for request in middle {
      let wait = request.firstToken - request.arrival
      let tokens = Int(request.outputTokens)
      let step = tokens > 1 ? (request.lastToken - request.firstToken) / Double(tokens - 1) : 0
      first.append(wait)
      if tokens > 1 { per.append(step) }
      if wait <= limits.timeToFirstToken && step <= limits.timePerOutputToken { good += 1 }
    }
    first.sort()
    per.sort()
    self.rate = rate
    attainment = Double(good) / Double(middle.count)
    (medianFirst, p99First) = (quantile(ofSorted: first, at: 0.5), quantile(ofSorted: first, at: 0.99))
    (medianPer, p99Per) =
      per.isEmpty ? (0, 0) : (quantile(ofSorted: per, at: 0.5), quantile(ofSorted: per, at: 0.99))
    tokensPerSecondPerUser = medianPer > 0 ? 1 / medianPer : .infinity
    outputThroughput = Self.throughput(served)
    let inSystem = Self.inSystem(served)
    meanInSystem = inSystem.reduce(0, +) / Double(inSystem.count)
    keepsUp = Self.keepsUp(inSystem)
  }

  /// Tokens of the answers that end in the middle eight tenths of the time in which requests end, per second.
  private static func throughput(_ served: [ServedRequest]) -> Double {
    let ends = served.sorted { ($0.lastToken, $0.number) < ($1.lastToken, $1.number) }
    let middle = ends[(ends.count / 10)..<(ends.count - ends.count / 10)]
    guard let start = middle.first?.lastToken, let end = middle.last?.lastToken, end > start else { return 0 }
    // The first end of the window opens it, so its own tokens were generated before.
    return middle.dropFirst().reduce(0) { $0 + Double($1.outputTokens) } / (end - start)
  }

  /// How many requests are in the system as each arrives, itself not counted.
  private static func inSystem(_ served: [ServedRequest]) -> [Double] {
    let ends = served.map(\.lastToken).sorted()
    var ended = 0
    return served.enumerated().map { index, request in
      while ended < ends.count, ends[ended] <= request.arrival { ended += 1 }
      return Double(index - ended)
    }
  }

  /// Whether the last quarter of the arrivals finds about as many in the system as the second quarter did.
  ///
  /// A server that is short of one percent of the requests lets them pile up by a half percent of all between the
  /// middles of both quarters. Twice the root of their number is what chance does to a server that keeps up.
  private static func keepsUp(_ inSystem: [Double]) -> Bool {
    func mean(_ range: Range<Int>) -> Double { inSystem[range].reduce(0, +) / Double(range.count) }
    let quarter = inSystem.count / 4
    let (before, after) = (mean(quarter..<(2 * quarter)), mean((3 * quarter)..<(4 * quarter)))
    return after - before <= 0.005 * Double(inSystem.count) + 2 * before.squareRoot()
  }
}
