// SPDX-License-Identifier: GPL-3.0-or-later
// What every subcommand that reads a scenario has in common: its file, its overrides, and how problems are told.

import Catalog
import CommandLineKit
import Planning
import Scenario
import YAMLDocument

/// The scenario to read and what to change in it.
struct ScenarioOptions: ParsableArguments {
  @Argument(help: "The scenario file; the built-in support assistant where absent.")
  var scenario: String?
  @Option(
    help: ArgumentHelp("Change a value of the scenario before it is read.", valueName: "path=value"))
  var set: [String] = []
  @Option(
    help: ArgumentHelp(
      "Folder with catalog files whose entries go before the built-in ones.", valueName: "folder"))
  var catalog: String?

  /// The scenario, checked. Throws every problem found, each with its place.
  func load() throws -> ScenarioDefinition {
    do {
      if let scenario {
        return try ScenarioLoader.load(path: scenario, catalogDirectory: catalog, overrides: set)
      }
      return try ScenarioLoader.loadEmbedded(catalogDirectory: catalog, overrides: set)
    } catch {
      throw ReportedFailure(
        ExitCode(rawValue: error.exitCode), lines: error.diagnostics.map(\.description))
    }
  }

  /// What the scenario is read from, to be kept beside its run; nil where it cannot be read.
  var texts: ScenarioTexts? {
    ScenarioTexts(path: scenario, catalogDirectory: catalog, overrides: set)
  }

  /// The scenario made ready to run.
  /// - Parameter findsSizes: whether sizes that it leaves open are found first.
  func model(
    seed: UInt64? = nil, draws: Int? = nil, target: Double? = nil, maximumDraws: Int? = nil,
    fidelity: Fidelity? = nil, findsSizes: Bool = true
  ) throws -> PlanModel {
    let scenario = try load()
    do {
      return try PlanModel(
        scenario,
        sampling: try scenario.sampling.with(
          seed: seed, draws: draws, target: target, maximumDraws: maximumDraws, fidelity: fidelity),
        findsSizes: findsSizes)
    } catch {
      throw ReportedFailure(.badData, lines: [error.description])
    }
  }
}

extension PlanModel {
  /// The place of an option that the command line names.
  func place(ofOption name: String, flag: String = "--option") throws -> Int {
    let names = options.map(\.definition.name)
    guard let place = names.firstIndex(of: name) else {
      throw ValidationError(
        "\(flag) is '\(name)', which the scenario does not have; it has \(names.joined(separator: ", ")).")
    }
    return place
  }
}
