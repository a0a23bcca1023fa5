// SPDX-License-Identifier: GPL-3.0-or-later
// The demand of a plan in any month at any volume: which windows are simulated, what they stand for, and their requests.

import Foundation
public import Quantities
import Scenario
import TextFormats
import Traces
public import Workload

/// A stretch of a week that is simulated.
public struct SimulatedWindow: Sendable, Hashable {
  /// Its start, from Monday 00:00 UTC.
  public var start: Seconds
  /// Its length.
  public var length: Seconds
  /// Hours of the week it stands for; over a week's windows they sum to 168.
  public var hoursOfWeek: Double
  /// For traces: seconds of the window's time that are replayed in windows before this one.
  public var played: Seconds = .zero
  /// Time before `start` that is simulated and not counted. It does not reach back beyond Monday 00:00.
  public var leadIn: Seconds = .zero

  /// The window with its lead-in, as one stretch of time.
  var withLeadIn: SimulatedWindow {
    var whole = self
    (whole.start, whole.length, whole.leadIn) = (start - leadIn, length + leadIn, .zero)
    return whole
  }
}

/// The demand of a scenario, ready to be drawn from.
public struct DemandPlan: Sendable {
  /// How a use case's requests come about.
  enum Source: Sendable {
    /// From statistics at one request per second, times a rate.
    case synthesized(rate: InputReference, statistics: UseCaseStatistics)
    /// From a trace.
    case replayed(TraceReplay)
  }

  /// By use case.
  let sources: [Source]
  let growth: InputReference
  let volume: InputReference
  let dayNoise: Double
  let hourNoise: Double
  let minuteNoise: Double
  let calendar: DemandCalendar
  let start: CalendarMonth
  let representation: Representation
  let seed: UInt64
  /// What the readers of traces skipped, sorted, changed or left out.
  private(set) var traceWarnings: [String] = []
  /// What the calendar does to the months, as far as they were planned.
  private let months: [MonthFactors]

  /// What the calendar does to a month.
  private struct MonthFactors: Sendable {
    /// The mean factor.
    var level: Double
    /// The factors of the week's days, mean 1.
    var days: [Double]

    /// The least level of a month: demand that is nothing at all has no shape.
    static let leastLevel = 1e-6

    init(_ calendar: DemandCalendar, _ month: CalendarMonth) {
      let factors = calendar.weekdayFactors(month)
      let mean = factors.reduce(0, +) / 7
      level = max(mean, Self.leastLevel)
      days = mean > 0 ? factors.map { $0 / mean } : [Double](repeating: 1, count: 7)
    }
  }

  /// The use cases' demand.
  /// - Throws: the problem of a trace that cannot be read.
  init(_ scenario: ScenarioDefinition, seed: UInt64, physical: inout UncertainInputs) throws(PlanningProblem)
  {
    growth = physical.reference(scenario.demand.growthPerMonth)
    volume = physical.reference(scenario.demand.volume)
    dayNoise = scenario.demand.dayNoise
    hourNoise = scenario.demand.hourNoise
    minuteNoise = scenario.demand.minuteNoise
    let (calendar, start) = (scenario.demand.calendar, scenario.horizon.start)
    self.calendar = calendar
    self.start = start
    months = (0..<scenario.horizon.months).map { MonthFactors(calendar, start.advanced(by: $0)) }
    representation = scenario.horizon.represent
    self.seed = seed
    var sources: [Source] = []
    for use in scenario.demand.uses {
      switch use.source {
      case .synthesized(let demand):
        sources.append(
          .synthesized(rate: physical.reference(demand.rate), statistics: demand.statistics))
      case .replayed(let demand):
        let trace = try Self.trace(demand, &traceWarnings)
        sources.append(
          .replayed(TraceReplay(trace, speedup: demand.speedup, profile: demand.profile)))
      }
    }
    self.sources = sources
  }

  /// Reads a use case's trace.
  private static func trace(
    _ demand: ReplayedDemand, _ warnings: inout [String]
  ) throws(PlanningProblem) -> RequestTrace {
    var options = TraceReadingOptions()
    if let name = demand.format {
      guard let format = TraceFormat(rawValue: name) else {
        let names = TraceFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw .unsupported("\(demand.location): `format` is `\(name)`; it must be one of \(names)")
      }
      options.format = format
    }
    if !demand.columns.isEmpty {
      let map = demand.columns.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      do {
        options.columns = try TraceColumns(parsing: map.joined(separator: ","))
      } catch {
        throw .unsupported("\(demand.location): `columns`: \(error)")
      }
    }
    do {
      var told: [String] = []
      let trace = try RequestTrace(reading: demand.path, options: options, warnings: &told)
      warnings += told.map { "\(demand.path): \($0)" }
      return trace
    } catch {
      throw .trace(error)
    }
  }

  /// Whether all requests come from traces and no hour is like another but by chance: then one pass of the traces stands
  /// for any week.
  var isUniformReplay: Bool {
    dayNoise == 0 && hourNoise == 0 && minuteNoise == 0 && calendar.isEmpty
      && sources.allSatisfy { if case .replayed(let replay) = $0 { replay.isFlat } else { false } }
  }

  /// The factor of the calendar on a month's demand, from 0; 1 where all days are alike.
  func calendarLevel(month: Int) -> Double { months[month].level }

  /// The factors of the calendar on the days of the week that stands for a month, mean 1.
  func calendarDays(month: Int) -> [Double] { months[month].days }

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
  /// By use case, at this future's rates.
  public let sources: [RequestSource]
  let draw: UInt32

  init(plan: DemandPlan, physical: [Double], draw: UInt32) {
    self.plan = plan
    self.draw = draw
    growth = plan.growth.value(in: physical)
    volume = plan.volume.value(in: physical)
    sources = plan.sources.map { source in
      switch source {
      case .synthesized(let rateReference, var statistics):
        let rate = rateReference.value(in: physical)
        statistics.hourlyRate = statistics.hourlyRate.map { $0 * rate }
        return .synthesized(statistics)
      case .replayed(let replay): return .replayed(replay)
      }
    }
  }

  /// Requests per second in each hour of the week, before noise, growth and calendar.
  public var hourlyRate: [Double] {
    let rates = sources.map(\.hourlyRate)
    return (0..<168).map { hour in rates.reduce(0) { $0 + $1[hour] } * volume }
  }

  /// The demand of a month (from 0) as a multiple of what it is before growth and calendar.
  public func level(month: Int) -> Double {
    pow(1 + growth, Double(month)) * plan.calendarLevel(month: month)
  }

  private static let week = 168.0 * 3600

  /// The windows simulated for a month, `level` times the demand before growth.
  ///
  /// With fewer windows than hours, the hours of the week are sorted by their load and cut into as many strata; one hour
  /// of each stratum is simulated, drawn anew for each future and month, and stands for its stratum.
  ///
  /// Where every hour is like every other, one pass of the longest trace stands for the week. Where that takes longer
  /// than a week, as it does at small volumes, it goes on in further windows, each from Monday on, for spot capacity is
  /// drawn for one week; after ten years it breaks off.
  public func windows(month: Int, level: Double) -> [SimulatedWindow] {
    let count = plan.representation.windows ?? 168
    let isWholeWeek = count >= 168 && plan.representation.windowSeconds >= 3600
    if isWholeWeek, plan.isUniformReplay {
      let length = sources.reduce(0) { longest, source in
        guard case .replayed(let replay) = source else { return longest }
        return max(longest, replay.passSeconds / (level * volume))
      }
      let weeks = min(max(1, (length / Self.week).rounded(.up)), 520)
      let part = min(length / weeks, Self.week)
      return (0..<Int(weeks)).map {
        SimulatedWindow(
          start: .zero, length: Seconds(part), hoursOfWeek: 168 / weeks, played: Seconds(Double($0) * part))
      }
    }
    if isWholeWeek {
      return [SimulatedWindow(start: .zero, length: Seconds(Self.week), hoursOfWeek: 168)]
    }
    let days = plan.calendarDays(month: month)
    let load = hourlyRate.enumerated().map { $0.element * days[$0.offset / 24] }
    let byLoad = load.indices.sorted { (load[$0], $0) < (load[$1], $1) }
    var stream = CounterRandom(seed: plan.seed, draw: draw, purpose: .windows, index: UInt32(month))
    let length = plan.representation.windowSeconds
    return (0..<count).map { stratum in
      let first = stratum * 168 / count
      let last = (stratum + 1) * 168 / count
      let uniforms = stream.nextUniforms()
      let hour = byLoad[first + Int(uniforms.x * Double(last - first))]
      let start = Double(hour) * 3600 + uniforms.y * (3600 - length)
      return SimulatedWindow(
        start: Seconds(start), length: Seconds(length), hoursOfWeek: Double(last - first),
        leadIn: Seconds(min(plan.representation.warmUpSeconds, start)))
    }
  }

  /// Requests to expect in the windows simulated for a month.
  func expectedRequests(month: Int, level: Double) -> Double {
    let rate = hourlyRate
    return windows(month: month, level: level).reduce(0) { sum, window in
      let first = Int(window.start.rawValue / 3600)
      // A window is part of an hour, the whole week, or any stretch of one in which all hours are alike.
      let hours = window.length.rawValue <= 3600 ? first...first : 0...167
      let mean = hours.reduce(0) { $0 + rate[$1] } / Double(hours.count)
      return sum + mean * level * (window.length + window.leadIn).rawValue
    }
  }

  /// The requests of a window, handed out in batches in order of arrival while `wanted` says so.
  public func forEachBatch(
    month: Int, level: Double, window: SimulatedWindow, while wanted: () -> Bool = { true },
    _ body: (borrowing Span<Request>) -> Void
  ) {
    let noise = DemandNoise(
      day: plan.dayNoise, hour: plan.hourNoise, minute: plan.minuteNoise, seed: plan.seed, draw: draw,
      month: month)
    var generator = RequestGenerator(
      sources, scale: level * volume, noise: noise, days: plan.calendarDays(month: month), seed: plan.seed,
      draw: draw, month: month, start: window.withLeadIn.start, length: window.withLeadIn.length,
      played: window.played)
    generator.forEachBatch(while: wanted, body)
  }
}

extension RequestGenerator {
  /// Hands out the requests in batches while `wanted` says so.
  mutating func forEachBatch(while wanted: () -> Bool, _ body: (borrowing Span<Request>) -> Void) {
    var buffer = Array(
      repeating: Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0), count: 4096)
    while wanted() {
      let count = fill(&buffer)
      if count > 0 { body(buffer.span.extracting(first: count)) }
      if count < buffer.count { return }
    }
  }
}
