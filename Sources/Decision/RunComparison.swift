// SPDX-License-Identifier: GPL-3.0-or-later
// What changed between two runs: the decision first, then the options, the break-evens and what they rest on.

/// Two runs held against each other, the earlier first.
public struct RunComparison: Sendable, Hashable, Codable {
  /// How a row of the later run relates to the earlier one.
  public enum Change: String, Sendable, Hashable, Codable {
    /// It is only in the later run.
    case added
    /// It is only in the earlier run.
    case removed
    /// It is in both, with another value.
    case changed
    /// It is in both, with the same value.
    case same
  }

  /// A number of both runs.
  public struct Figure: Sendable, Hashable, Codable {
    /// In the earlier run; nil where it has none.
    public var old: Double?
    /// In the later run; nil where it has none.
    public var new: Double?

    /// A figure of two runs.
    public init(old: Double?, new: Double?) {
      self.old = old
      self.new = new
    }

    /// The change as a share of the old value's size; nil where there is none, or the old value is 0.
    public var relativeChange: Double? {
      guard let old, let new, old != 0 else { return nil }
      return (new - old) / old.magnitude
    }
  }

  /// A fact of both runs' inputs that differs, in words.
  public struct InputChange: Sendable, Hashable, Codable {
    /// What it is: `version`, `seed`, `draws`, …
    public var name: String
    /// In the earlier run.
    public var old: String
    /// In the later run.
    public var new: String
  }

  /// An option in both runs.
  public struct OptionChange: Sendable, Hashable, Codable {
    /// How it changed; an option is the same where all of its figures are.
    public var change: Change
    /// The option's id.
    public var name: String
    /// Its title, the later one's where there are two.
    public var title: String
    /// Mean cost, $ over the horizon, discounted.
    public var mean: Figure
    /// 10th percentile of the cost, likewise.
    public var p10: Figure
    /// Median cost, likewise.
    public var p50: Figure
    /// 90th percentile of the cost, likewise.
    public var p90: Figure
    /// The probability of being the cheapest.
    public var probabilityCheapest: Figure
    /// Share of requests served within their objective.
    public var serviceLevel: Figure
  }

  /// A number known by name: an assumption's median, or a break-even's.
  public struct NamedChange: Sendable, Hashable, Codable {
    /// How it changed.
    public var change: Change
    /// What it is: an assumption's path, or a break-even's options and axis.
    public var name: String
    /// Its unit: `$ per GPU-hour`, or a break-even's axis.
    public var unit: String
    /// Its median.
    public var p50: Figure
    /// In words: the distribution, or the finding; old and new.
    public var old: String?
    /// The later one's words.
    public var new: String?
  }

  /// Whether the two runs recommend different options.
  public var decisionFlips: Bool
  /// The option the earlier run recommends.
  public var oldOption: String
  /// The option the later run recommends.
  public var newOption: String
  /// The later run's decision in words.
  public var newSentence: String
  /// What was put in and differs.
  public var inputs: [InputChange]
  /// The options: the later run's in its order, then those removed.
  public var options: [OptionChange]
  /// The break-evens, likewise.
  public var breakEvens: [NamedChange]
  /// The assumptions, likewise.
  public var assumptions: [NamedChange]

  /// Compares two results. Numbers are the same only where they are the same bits: equal inputs give equal
  /// bits.
  /// - Complexity: O(n²) in the number of rows of a kind, which is a few dozen.
  public init(from old: PlanResult, to new: PlanResult) {
    oldOption = old.decision.option
    newOption = new.decision.option
    decisionFlips = oldOption != newOption
    newSentence = new.decision.sentence
    inputs = Self.inputs(from: old, to: new)
    options = Self.paired(old.options, new.options, by: \.name).map(Self.option)
    breakEvens = Self.paired(old.breakEvens, new.breakEvens) {
      "\($0.option) against \($0.against) by \($0.axis)"
    }.map { name, old, new in
      NamedChange(
        change: Self.change(old.map(Shown.init), new.map(Shown.init)), name: name,
        unit: (new ?? old)?.axis ?? "", p50: Figure(old: old?.value?.p50, new: new?.value?.p50),
        old: old?.finding, new: new?.finding)
    }
    assumptions = Self.paired(old.assumptions, new.assumptions, by: \.name).map { name, old, new in
      NamedChange(
        change: Self.change(old.map(\.distribution), new.map(\.distribution)), name: name,
        unit: (new ?? old)?.unit ?? "", p50: Figure(old: old?.p50, new: new?.p50),
        old: old?.distribution, new: new?.distribution)
    }
  }

  private static func option(_ name: String, _ old: OptionResult?, _ new: OptionResult?) -> OptionChange {
    func figure(_ value: (OptionResult) -> Double) -> Figure {
      Figure(old: old.map(value), new: new.map(value))
    }
    var row = OptionChange(
      change: .same, name: name, title: (new ?? old)?.title ?? name, mean: figure { $0.totalCost.mean },
      p10: figure { $0.totalCost.p10 }, p50: figure { $0.totalCost.p50 }, p90: figure { $0.totalCost.p90 },
      probabilityCheapest: figure { $0.probabilityCheapest.estimate },
      serviceLevel: figure { $0.serviceLevel })
    let figures = [row.mean, row.p10, row.p50, row.p90, row.probabilityCheapest, row.serviceLevel]
    row.change = change(old.map { _ in figures.map(\.old) }, new.map { _ in figures.map(\.new) })
    return row
  }

  private static func inputs(from old: PlanResult, to new: PlanResult) -> [InputChange] {
    func facts(_ run: RunDescription) -> [(String, String)] {
      [
        ("scenario", run.scenario), ("version", run.version), ("scenario file", run.scenarioDigest),
        ("catalog", run.catalogDigest), ("seed", "\(run.seed)"), ("draws", "\(run.draws)"),
        ("simulations", "\(run.simulations)"), ("first month", run.startMonth), ("months", "\(run.months)"),
        ("represented by", run.representation),
      ]
    }
    let baselines = [(("baseline", old.decision.baseline), ("baseline", new.decision.baseline))]
    return (Array(zip(facts(old.run), facts(new.run))) + baselines).compactMap { old, new in
      old.1 == new.1 ? nil : InputChange(name: old.0, old: old.1, new: new.1)
    }
  }

  /// What of a break-even is shown.
  private struct Shown: Equatable {
    let finding: String
    let p50: Double?

    init(_ found: BreakEven) { (finding, p50) = (found.finding, found.value?.p50) }
  }

  private static func change<Value: Equatable>(_ old: Value?, _ new: Value?) -> Change {
    old == nil ? .added : new == nil ? .removed : old == new ? .same : .changed
  }

  /// The rows of both runs by name: the later run's in its order, then those that only the earlier one has.
  private static func paired<Row>(
    _ old: [Row], _ new: [Row], by name: (Row) -> String
  ) -> [(String, Row?, Row?)] {
    let newNames = new.map(name)
    return new.map { row in (name(row), old.first { name($0) == name(row) }, row) }
      + old.filter { !newNames.contains(name($0)) }.map { (name($0), $0, nil) }
  }
}
