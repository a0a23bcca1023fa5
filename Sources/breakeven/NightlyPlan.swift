// SPDX-License-Identifier: GPL-3.0-or-later
// One scenario of a night: fresh inputs, the plan, the comparison with the last good run, and the stored run. Whatever goes
// wrong is that scenario's own failure.

import Catalog
import CommandLineKit
import Decision
import Foundation
import Monitoring
import Planning
import Scenario
import Store
import Synchronization
import YAMLDocument

/// What all scenarios of a night have in common.
struct NightlyPlan {
  var database: String
  /// The folder that holds the reports' folders.
  var out: String
  /// What is changed in every scenario.
  var changes: [String]
  var catalog: String?
  /// What scenarios read that name no inputs of their own.
  var inputs: NightlyInputs
  var fidelity: Fidelity?
  var threads: Int
  var quiet: Bool
  /// The command of the night, for whoever interrupts it.
  var again: String
  let interruption: Interruption
  /// What to say of the scenario that is being run when the night is interrupted.
  let lastWords: CurrentWords

  /// Nights of a trend.
  static let trendLength = 90

  /// Plans a scenario, stores the run and writes its report.
  func run(_ entry: ScenarioFiles.Entry) -> ScenarioNight {
    let name = entry.name ?? ScenarioFiles.stem(of: entry.path)
    do {
      return try planned(entry)
    } catch let failure as any CommandFailure {
      return night(entry, name, .failed(code: failure.exitCode.rawValue, lines: failure.lines))
    } catch let error as ValidationError {
      return night(entry, name, .failed(code: ExitCode.usage.rawValue, lines: [error.message]))
    } catch {
      return night(entry, name, .failed(code: ExitCode.internalError.rawValue, lines: ["\(error)"]))
    }
  }

  /// A failed night still has the trend of those before, where the store can be read.
  private func night(
    _ entry: ScenarioFiles.Entry, _ name: String, _ outcome: ScenarioNight.Outcome
  ) -> ScenarioNight {
    let trend = try? RunStore(path: database, access: .existing).trend(of: name, limit: Self.trendLength)
    return ScenarioNight(file: entry.path, name: name, outcome: outcome, trend: trend ?? [])
  }

  private func planned(_ entry: ScenarioFiles.Entry) throws -> ScenarioNight {
    var scenario = try load(entry.path, catalog: catalog)
    let folder = URL(fileURLWithPath: "\(out)/\(scenario.name)", isDirectory: true)
    let fresh = inputs.over(scenario.nightly)
    var usedCatalog = catalog
    if !fresh.prices.isEmpty {
      let written = folder.appendingPathComponent("catalog", isDirectory: true)
      let base = catalog ?? ScenarioLoader.neighbouringCatalog(of: InputFile.folder(of: entry.path))
      try NightlyCatalog.write(fresh.prices, over: base, to: written, quiet: quiet)
      usedCatalog = "\(out)/\(scenario.name)/catalog"
      scenario = try load(entry.path, catalog: usedCatalog)
    }
    // A log that is wrong is told before a plan is simulated in vain.
    let measured = try NightlyUsage.totals(
      fresh.usage, provider: fresh.provider, reference: scenario.reference, quiet: quiet)
    let model = try model(scenario)
    var settings = RunInputs.Settings()
    settings.fidelity = fidelity?.rawValue
    let inputs = ScenarioTexts(path: entry.path, catalogDirectory: usedCatalog, overrides: changes)
      .flatMap { RunInputs($0, settings: settings) }
    let execution = try PlanExecution(
      model,
      command: PlanCommand(
        scenario: entry.path, changes: changes, catalog: usedCatalog, fidelity: fidelity
      ).words(for: model),
      output: try RunOutput(folder: folder, database: database), threads: threads, isFresh: false,
      quiet: quiet)
    lastWords.set(execution.lastWords(again: again))
    defer { lastWords.set(nil) }
    let outcome = execution.simulate()
    return try interruption.holding {
      let store = try RunStore(path: database)
      let previous = try lastGoodRun(of: scenario.name, in: store)
      var planned = ScenarioNight.Planned(
        run: 0, result: outcome.result, previousRun: previous?.run, previous: previous?.result,
        usage: measured.map { UsageAgainstPlan($0, plan: outcome.result) }, thresholds: scenario.alert,
        keep: scenario.nightly.keep)
      planned.run = try execution.store(outcome, inputs: inputs, night: planned.facts)
      warn(of: scenario.alert, planned, name: scenario.name)
      return ScenarioNight(
        file: entry.path, name: scenario.name, outcome: .planned(planned),
        trend: try store.trend(of: scenario.name, limit: Self.trendLength))
    }
  }

  private func load(_ path: String, catalog: String?) throws -> ScenarioDefinition {
    try PriceBookArgument.told { () throws(InputProblems) in
      try ScenarioLoader.load(path: path, catalogDirectory: catalog, overrides: changes)
    }
  }

  private func model(_ scenario: ScenarioDefinition) throws -> PlanModel {
    do {
      let sampling = try scenario.sampling.with(
        seed: nil, draws: nil, target: nil, maximumDraws: nil, fidelity: fidelity)
      return try PlanModel(scenario, sampling: sampling)
    } catch {
      throw ReportedFailure(.badData, lines: [error.description])
    }
  }

  private func lastGoodRun(
    of scenario: String, in store: borrowing RunStore
  ) throws -> (run: Int64, result: PlanResult)? {
    guard let run = try store.lastGoodRun(of: scenario) else { return nil }
    return (run, try store.load(.number(run)).result(in: database))
  }

  /// A threshold that can never be crossed would be silent for ever.
  private func warn(of alert: AlertThresholds, _ planned: ScenarioNight.Planned, name: String) {
    if alert.spendAbovePlan != nil, planned.usage?.spendExcess == nil {
      Terminal.writeDiagnostic(
        "Warning: \(name): spend_above_plan has nothing to go by; name usage logs that tell dollars, or a provider\n"
      )
    }
    if alert.volumeAbovePlan != nil, planned.usage?.volumeExcess == nil {
      Terminal.writeDiagnostic(
        "Warning: \(name): volume_above_plan has nothing to go by; name usage logs of more than a moment\n")
    }
  }
}

extension NightlyInputs {
  /// These inputs where a scenario names none of its own.
  func over(_ own: NightlyInputs) -> NightlyInputs {
    var result = self
    if !own.usage.isEmpty { result.usage = own.usage }
    if let provider = own.provider { result.provider = provider }
    if !own.prices.isEmpty { result.prices = own.prices }
    return result
  }
}

/// The last words of whatever is being done, which changes while one handler of signals stays.
final class CurrentWords: Sendable {
  private let words = Mutex<(@Sendable () -> String)?>(nil)

  /// From now on.
  func set(_ words: (@Sendable () -> String)?) { self.words.withLock { $0 = words } }

  /// What is to be said now.
  var now: String { (words.withLock { $0 })?() ?? "" }
}
