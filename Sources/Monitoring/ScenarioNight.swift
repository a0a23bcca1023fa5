// SPDX-License-Identifier: GPL-3.0-or-later
// One night of one scenario, as a value: what is printed, measured and drawn of it are functions of it.

public import Decision
public import Scenario
public import Store

/// What became of a scenario in a night.
public struct ScenarioNight: Sendable {
  /// What a night comes to.
  public enum Outcome: Sendable {
    /// It was planned and stored.
    case planned(Planned)
    /// It was not: the exit code that it would have ended the program with, and what is wrong, line by line.
    case failed(code: Int32, lines: [String])
  }

  /// A planned scenario.
  public struct Planned: Sendable {
    /// The run's number in the store.
    public var run: Int64
    /// Tonight's result.
    public var result: PlanResult
    /// The number of the run that it was held against; nil in the first night.
    public var previousRun: Int64?
    /// That run's result.
    public var previous: PlanResult?
    /// The usage logs against the plan; nil where there are none.
    public var usage: UsageAgainstPlan?
    /// The thresholds that the scenario sets.
    public var thresholds: AlertThresholds
    /// Those that were crossed.
    public var alerts: [Alert]
    /// How long the scenario's runs are kept; nil where it does not say.
    public var keep: KeepSpan?

    /// A planned scenario, with its alerts worked out.
    public init(
      run: Int64, result: PlanResult, previousRun: Int64?, previous: PlanResult?,
      usage: UsageAgainstPlan?, thresholds: AlertThresholds, keep: KeepSpan? = nil
    ) {
      self.run = run
      self.result = result
      self.previousRun = previousRun
      self.previous = previous
      self.usage = usage
      self.thresholds = thresholds
      self.keep = keep
      alerts = thresholds.crossed(by: result, before: previous, usage: usage)
    }

    /// What is stored beside the run.
    public var facts: NightlyFacts {
      var facts = NightlyFacts(alerts: alerts.count)
      facts.plannedSpend = usage?.plannedSpend
      facts.actualSpend = usage?.measured.dollars
      facts.plannedRequests = usage?.plannedRequests
      facts.actualRequests = usage?.measured.requests
      return facts
    }

    /// What differs from the run before; nil in the first night.
    public var comparison: RunComparison? { previous.map { RunComparison(from: $0, to: result) } }
  }

  /// The scenario's file.
  public var file: String
  /// The scenario's id; where it cannot be read, the file's name without its ending.
  public var name: String
  /// What became of it.
  public var outcome: Outcome
  /// The scenario's newest nightly runs, tonight's the last; empty where there are none.
  public var trend: [TrendPoint]

  /// A scenario's night.
  public init(file: String, name: String, outcome: Outcome, trend: [TrendPoint]) {
    self.file = file
    self.name = name
    self.outcome = outcome
    self.trend = trend
  }

  /// What was planned; nil where it failed.
  public var planned: Planned? { if case .planned(let planned) = outcome { planned } else { nil } }

  /// What is wrong; nil where nothing is.
  public var failure: (code: Int32, lines: [String])? {
    if case .failed(let code, let lines) = outcome { (code, lines) } else { nil }
  }

  /// When it was last planned well by night, ISO 8601 in UTC; nil where it never was.
  public var lastSuccess: String? { trend.last?.createdAt }

  /// 0 where all is well, 3 where a threshold was crossed, else what it failed with.
  public var exitCode: Int32 {
    switch outcome {
    case .planned(let planned): planned.alerts.isEmpty ? 0 : 3
    case .failed(let code, _): code
    }
  }
}

/// All scenarios of a night, in the order of their files.
public struct Night: Sendable {
  /// When it ended, ISO 8601 in UTC.
  public var finishedAt: String
  /// The same in seconds since 1970-01-01T00:00Z.
  public var finishedSeconds: Double
  /// What became of each scenario.
  public var scenarios: [ScenarioNight]

  /// A night.
  public init(finishedAt: String, finishedSeconds: Double, scenarios: [ScenarioNight]) {
    self.finishedAt = finishedAt
    self.finishedSeconds = finishedSeconds
    self.scenarios = scenarios
  }

  /// From the worst to the least bad: a bug, what cannot be written, a lock, wrong and missing inputs, a wrong command,
  /// a crossed threshold.
  private static let severities: [Int32] = [70, 73, 75, 65, 66, 64, 3]

  /// The exit code of the worst scenario.
  public var exitCode: Int32 {
    let codes = scenarios.map(\.exitCode).filter { $0 != 0 }
    return Self.severities.first(where: codes.contains) ?? codes.first ?? 0
  }

  /// Every alert with its scenario.
  public var alerts: [(scenario: String, alert: Alert)] {
    scenarios.flatMap { night in (night.planned?.alerts ?? []).map { (night.name, $0) } }
  }
}
