// SPDX-License-Identifier: GPL-3.0-or-later
// What keeps a store from growing night by night: old runs go, simulated pieces that a newer run has replaced go, what
// killed nights have left goes, and room goes back to the disk once it is worth rewriting the file.

import Foundation
import Monitoring
import Reporting
import Scenario
import Store

/// The upkeep of a night's database.
struct NightlyUpkeep {
  var database: String
  /// The folder of the reports' folders, and those that hold other outputs.
  var folders: [URL]
  /// What the command line says of keeping runs; nil leaves it to each scenario.
  var keep: KeepSpan?

  /// The share of the file that may be empty before it is rewritten: rewriting reads and writes all of it.
  private static let mostFreeShare = 0.25

  /// Prunes the runs of the scenarios that were planned, and all pieces that are not needed.
  func run(_ night: Night, now: Date) throws {
    let reports = night.scenarios.flatMap { scenario in
      folders.prefix(1).map { $0.appendingPathComponent(scenario.name, isDirectory: true) }
    }
    for folder in folders + reports {
      ReportWriter.removeLeftovers(in: folder, untouchedSince: UnfinishedRuns.time(now: now))
    }
    let store = try RunStore(path: database, access: .existing)
    for scenario in night.scenarios {
      guard let planned = scenario.planned else { continue }
      try store.prune(
        keeping: (keep ?? planned.keep ?? .standard).retention(now: now), scenario: scenario.name,
        unfinishedBefore: UnfinishedRuns.oldest(now: now))
    }
    try store.dropSupersededPieces(untouchedSince: UnfinishedRuns.oldest(now: now))
    let size = try store.size()
    if Double(size.freeBytes) > Self.mostFreeShare * Double(size.bytes) { try store.vacuum() }
  }
}
