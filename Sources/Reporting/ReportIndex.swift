// SPDX-License-Identifier: GPL-3.0-or-later
// What the page over all scenarios shows, as a value: a row for each, with its trend and the way to its report.

import Charts
import Foundation

/// The page over the reports of several scenarios.
public struct ReportIndex: Sendable, Hashable {
  /// What a scenario's row says of its state.
  public enum State: Sendable, Hashable {
    /// No threshold was crossed.
    case quiet
    /// Thresholds were crossed: a sentence each.
    case alerts([String])
    /// It could not be planned: why, line by line.
    case failed([String])
  }

  /// A night of a trend.
  public struct Night: Sendable, Hashable {
    /// The day, `YYYY-MM-DD`.
    public var day: String
    /// The recommended option's median cost, $.
    public var medianCost: Double
    /// The probability that it is the cheapest.
    public var probabilityCheapest: Double
    /// Whether a threshold was crossed.
    public var hasAlert: Bool

    /// A night.
    public init(day: String, medianCost: Double, probabilityCheapest: Double, hasAlert: Bool) {
      self.day = day
      self.medianCost = medianCost
      self.probabilityCheapest = probabilityCheapest
      self.hasAlert = hasAlert
    }
  }

  /// A scenario.
  public struct Entry: Sendable, Hashable {
    /// Its id.
    public var name: String
    /// Its title.
    public var title: String
    /// The title of the option that is recommended; nil where it never was planned.
    public var recommended: String?
    /// How its median cost changed since the run before, in words.
    public var change: String?
    /// What was spent and asked against the plan, in words; nil without usage logs.
    public var usage: String?
    /// Its report as seen from the page, such as `small/report.html`; nil where there is none.
    public var report: String?
    /// Whether something is to be said.
    public var state: State
    /// Its newest nights, oldest first.
    public var trend: [Night]

    /// A scenario.
    public init(
      name: String, title: String, recommended: String?, change: String?, usage: String?, report: String?,
      state: State, trend: [Night]
    ) {
      self.name = name
      self.title = title
      self.recommended = recommended
      self.change = change
      self.usage = usage
      self.report = report
      self.state = state
      self.trend = trend
    }
  }

  /// When the night ended, ISO 8601 in UTC.
  public var finishedAt: String
  /// How many scenarios want attention, in one sentence.
  public var headline: String
  /// The version of the program.
  public var version: String
  /// The scenarios, in order.
  public var entries: [Entry]

  /// A page's content.
  public init(finishedAt: String, headline: String, version: String, entries: [Entry]) {
    self.finishedAt = finishedAt
    self.headline = headline
    self.version = version
    self.entries = entries
  }

  /// The page.
  public var file: ReportFile {
    ReportFile(name: "index.html", bytes: Data(IndexPage(self).html.source.utf8))
  }
}
