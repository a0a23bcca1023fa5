// SPDX-License-Identifier: GPL-3.0-or-later
// The records of spot capacity that a scenario replays, read once for all options.

import NumberFormatting
import Quantities
import Scenario
import Simulation
import TextFormats
import Traces

/// The records of capacity of all spot fleets.
struct SpotTraces: Sendable {
  private var traces: [SpotTraceDefinition: [CapacityTrace]] = [:]
  /// What a reader should know of them, in the order in which options name them.
  private var notes: [(definition: SpotTraceDefinition, text: String)] = []

  /// Reads every record that an option's fleets name.
  /// - Throws: the problem of a record that cannot be read.
  init(_ options: [OptionDefinition]) throws(PlanningProblem) {
    for option in options {
      for case .fleet(let fleet) in option.chain {
        guard case .trace(let definition)? = fleet.spot?.source, traces[definition] == nil else { continue }
        var zones: [CapacityTrace] = []
        for path in definition.paths { zones.append(try read(path, definition)) }
        traces[definition] = zones
      }
    }
  }

  /// A fleet's records, one per zone.
  subscript(definition: SpotTraceDefinition) -> [CapacityTrace] { traces[definition] ?? [] }

  /// What a reader should know of the records that some options replay.
  func warnings(of options: [OptionDefinition]) -> [String] {
    let named = options.flatMap(\.chain).compactMap { supply -> SpotTraceDefinition? in
      guard case .fleet(let fleet) = supply, case .trace(let definition)? = fleet.spot?.source else {
        return nil
      }
      return definition
    }
    return notes.filter { named.contains($0.definition) }.map(\.text)
  }

  private mutating func read(
    _ path: String, _ definition: SpotTraceDefinition
  ) throws(PlanningProblem) -> CapacityTrace {
    let file: CapacityTraceFile
    do {
      file = try CapacityTraceFile(path: path)
    } catch {
      throw .trace(error)
    }
    guard let tick = definition.tickSeconds ?? file.tickSeconds else {
      throw .unsupported(
        "\(definition.location): \(path) does not say how long a tick is; add tick_seconds: 300")
    }
    let trace = CapacityTrace(tick: Seconds(tick), counts: file.counts)
    let length = trace.length.rawValue
    if length < SpotWeather.week {
      notes.append(
        (
          definition,
          "\(definition.location): \(path) is \(NumberText.significant(length / 3600)) h long, less than the simulated "
            + "week: it is repeated \(NumberText.significant(SpotWeather.week / length)) times; give 168 h or more"
        ))
    }
    return trace
  }
}
