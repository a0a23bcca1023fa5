// SPDX-License-Identifier: GPL-3.0-or-later
// The demand of a plan in any month at any volume: which windows are simulated, what they stand for, and their requests.

import Foundation
public import Quantities
import Scenario
public import TextFormats
import Traces
import Uncertainty
public import Workload

/// A stretch of a week that is simulated.
public struct SimulatedWindow: Sendable, Hashable {
  /// Its start, from Monday 00:00 UTC.
  public var start: Seconds
  /// Its length.
  public var length: Seconds
  /// Hours of the week it stands for; over a week's windows they sum to 168.
  public var hoursOfWeek: Double
  /// For traces: seconds of the replay that are played in windows before this one.
  public var played: Seconds = .zero
}

/// The demand of a scenario, ready to be drawn from.
public struct DemandPlan: Sendable {
  /// How requests come about.
  enum Source: Sendable {
    /// From statistics: per use case its rate and, at rate 1, everything else.
    case synthesized([(rate: InputReference, profile: [Double], statistics: UseCaseStatistics)])
    /// From traces, one per use case, each with its factor on time.
    case replayed([(trace: RequestTrace, speedup: Double)])
  }

  let source: Source
  let growth: InputReference
  let volume: InputReference
  let dayNoise: Double
  let hourNoise: Double
  let representation: Representation
  let seed: UInt64

  /// The use cases' demand.
  /// - Throws: the problem of a trace that cannot be read.
  init(_ scenario: ScenarioDefinition, seed: UInt64, physical: inout UncertainInputs) throws(PlanningProblem)
  {
    growth = physical.reference(scenario.demand.growthPerMonth)
    volume = physical.reference(scenario.demand.volume)
    dayNoise = scenario.demand.dayNoise
    hourNoise = scenario.demand.hourNoise
    representation = scenario.horizon.represent
    self.seed = seed
    var synthesized: [(rate: InputReference, profile: [Double], statistics: UseCaseStatistics)] = []
    var replayed: [(trace: RequestTrace, speedup: Double)] = []
    for use in scenario.demand.uses {
      switch use.source {
      case .synthesized(let demand):
        let statistics = UseCaseStatistics(
          hourlyRate: demand.profile, burstiness: demand.burstiness,
          inputTokens: Self.table(demand.inputTokens), outputTokens: Self.table(demand.outputTokens))
        synthesized.append((physical.reference(demand.rate), demand.profile, statistics))
      case .replayed(let demand):
        do {
          replayed.append((try RequestTrace(reading: demand.path), demand.speedup))
        } catch {
          throw .trace(error)
        }
      }
    }
    precondition(
      synthesized.isEmpty || replayed.isEmpty, "a scenario that mixes replayed and synthesized demand")
    source = replayed.isEmpty ? .synthesized(synthesized) : .replayed(replayed)
  }

  private static func table(_ lengths: TokenLengths) -> TokenLengthTable {
    TokenLengthTable(lengths.distribution, minimum: lengths.minimum, maximum: lengths.maximum)
  }

  /// Whether the requests come from traces.
  public var isReplay: Bool { if case .replayed = source { true } else { false } }

  /// The demand in one future.
  public func drawn(_ physical: [Double], draw: UInt32) -> DrawnDemand {
    DrawnDemand(plan: self, physical: physical, draw: draw)
  }
}

/// The demand in one future.
public struct DrawnDemand: Sendable {
  let plan: DemandPlan
  /// Growth per month in this future.
  public let growth: Double
  /// Factor on every rate in this future.
  public let volume: Double
  private let statistics: [UseCaseStatistics]
  private let draw: UInt32

  init(plan: DemandPlan, physical: [Double], draw: UInt32) {
    self.plan = plan
    self.draw = draw
    growth = plan.growth.value(in: physical)
    volume = plan.volume.value(in: physical)
    switch plan.source {
    case .replayed: statistics = []
    case .synthesized(let uses):
      statistics = uses.map { use in
        var statistics = use.statistics
        let rate = use.rate.value(in: physical)
        statistics.hourlyRate = use.profile.map { $0 * rate }
        return statistics
      }
    }
  }

  /// Requests per second in each hour of the first month's week, before noise; nil for traces.
  public var hourlyRate: [Double]? {
    guard !statistics.isEmpty else { return nil }
    return (0..<168).map { hour in statistics.reduce(0) { $0 + $1.hourlyRate[hour] } * volume }
  }

  /// The demand of a month (from 0) as a multiple of the first month's.
  public func level(month: Int) -> Double { pow(1 + growth, Double(month)) }

  private static let week = 168.0 * 3600

  /// The windows simulated for a month, `level` times the first month's demand.
  ///
  /// With fewer windows than hours, the hours of the week are sorted by their load and cut into as many strata; one hour
  /// of each stratum is simulated, drawn anew for each future and month, and stands for its stratum.
  ///
  /// A trace is played once. Where that takes longer than a week, as it does at small volumes, it goes on in further
  /// windows, each from Monday on, for spot capacity is drawn for one week; after ten years it breaks off.
  public func windows(month: Int, level: Double) -> [SimulatedWindow] {
    if case .replayed(let traces) = plan.source {
      let length = traces.map { $0.trace.period / ($0.speedup * level * volume) }.max() ?? 0
      let weeks = min(max(1, (length / Self.week).rounded(.up)), 520)
      let part = min(length / weeks, Self.week)
      return (0..<Int(weeks)).map {
        SimulatedWindow(
          start: .zero, length: Seconds(part), hoursOfWeek: 168 / weeks, played: Seconds(Double($0) * part))
      }
    }
    guard let count = plan.representation.windows, count < 168 || plan.representation.windowSeconds < 3600,
      let load = hourlyRate
    else {
      return [SimulatedWindow(start: .zero, length: Seconds(Self.week), hoursOfWeek: 168)]
    }
    let byLoad = load.indices.sorted { (load[$0], $0) < (load[$1], $1) }
    var stream = CounterRandom(seed: plan.seed, draw: draw, purpose: .windows, index: UInt32(month))
    let length = plan.representation.windowSeconds
    return (0..<count).map { stratum in
      let first = stratum * 168 / count
      let last = (stratum + 1) * 168 / count
      let uniforms = stream.nextUniforms()
      let hour = byLoad[first + Int(uniforms.x * Double(last - first))]
      return SimulatedWindow(
        start: Seconds(Double(hour) * 3600 + uniforms.y * (3600 - length)), length: Seconds(length),
        hoursOfWeek: Double(last - first))
    }
  }

  /// Requests to expect in the windows simulated for a month.
  func expectedRequests(month: Int, level: Double) -> Double {
    let windows = windows(month: month, level: level)
    guard case .replayed(let traces) = plan.source else {
      let rate = hourlyRate ?? []
      return windows.reduce(0) { sum, window in
        let first = Int(window.start.rawValue / 3600)
        // A window is part of an hour or the whole week.
        let hours = window.length.rawValue <= 3600 ? first...first : 0...167
        let mean = hours.reduce(0) { $0 + rate[$1] } / Double(hours.count)
        return sum + mean * level * window.length.rawValue
      }
    }
    return traces.reduce(0) { sum, replay in
      let period = replay.trace.period / (replay.speedup * level * volume)
      return sum + Double(replay.trace.rows.count)
        * (windows.reduce(0) { $0 + $1.length.rawValue } / period)
    }
  }

  /// The requests of a window, handed out in batches in order of arrival while `wanted` says so.
  public func forEachBatch(
    month: Int, level: Double, window: SimulatedWindow, while wanted: () -> Bool = { true },
    _ body: (borrowing Span<Request>) -> Void
  ) {
    switch plan.source {
    case .synthesized:
      let noise = WeekNoise(
        day: plan.dayNoise, hour: plan.hourNoise, seed: plan.seed, draw: draw, month: month)
      var generator = RequestGenerator(
        statistics, scale: level * volume, noise: noise, seed: plan.seed, draw: draw, month: month,
        start: window.start, length: window.length)
      var buffer = Array(
        repeating: Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0), count: 4096)
      while wanted() {
        let count = generator.fill(&buffer)
        if count > 0 { body(buffer.span.extracting(first: count)) }
        if count < buffer.count { return }
      }
    case .replayed(let traces):
      let requests = Self.replay(
        traces, speed: level * volume, from: window.played.rawValue, length: window.length.rawValue)
      body(requests.span)
    }
  }

  /// The traces' requests in a part of their replay, shorter traces from their start again.
  private static func replay(
    _ traces: [(trace: RequestTrace, speedup: Double)], speed: Double, from start: Double, length: Double
  ) -> [Request] {
    var requests: [Request] = []
    for (useCase, (trace, speedup)) in traces.enumerated() {
      let factor = speed * speedup
      // The longest trace fills the windows exactly; rounding must not begin it again.
      let period = trace.period / factor * (1 + 1e-12)
      var offset = (start / period).rounded(.down) * period - start
      while offset < length {
        for row in trace.rows {
          let arrival = offset + row.time / factor
          if arrival < 0 { continue }
          if arrival >= length { break }
          requests.append(
            Request(
              arrival: arrival, inputTokens: row.inputTokens, outputTokens: row.outputTokens,
              useCase: Int32(useCase)))
        }
        offset += period
      }
    }
    return requests.sorted { ($0.arrival, $0.useCase) < ($1.arrival, $1.useCase) }
  }
}

/// Why a plan cannot be made of a scenario.
public enum PlanningProblem: Error, Sendable, CustomStringConvertible {
  /// A trace file is wrong.
  case trace(TextProblem)
  /// The scenario asks for something that is not offered.
  case unsupported(String)

  /// The problem for people.
  public var description: String {
    switch self {
    case .trace(let problem): problem.description
    case .unsupported(let message): message
    }
  }
}
