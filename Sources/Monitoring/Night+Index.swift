// SPDX-License-Identifier: GPL-3.0-or-later
// A night as the page over all reports shows it.

import Decision
public import Reporting
import Store

extension Night {
  /// The page's content.
  /// - Parameters:
  ///   - version: the program's version.
  ///   - report: the path of a scenario's report as seen from the page, by the scenario's id; nil where it has none.
  public func index(version: String, report: (String) -> String?) -> ReportIndex {
    let entries = scenarios.map { night in
      let planned = night.planned
      let state: ReportIndex.State =
        if let failure = night.failure {
          .failed(failure.lines)
        } else if let alerts = planned?.alerts, !alerts.isEmpty {
          .alerts(alerts.map(\.sentence))
        } else {
          .quiet
        }
      return ReportIndex.Entry(
        name: night.name, title: planned?.result.run.title ?? night.file,
        recommended: planned?.result.recommended?.title ?? night.trend.last?.recommendedOption,
        change: planned?.costChange.map(ScenarioNight.Planned.change), usage: planned?.usage?.summary,
        report: report(night.name), state: state,
        trend: night.trend.map {
          ReportIndex.Night(
            day: String($0.createdAt.prefix(10)), medianCost: $0.medianCost,
            probabilityCheapest: $0.probabilityCheapest, hasAlert: $0.alerts > 0)
        })
    }
    return ReportIndex(finishedAt: finishedAt, headline: headline, version: version, entries: entries)
  }
}
