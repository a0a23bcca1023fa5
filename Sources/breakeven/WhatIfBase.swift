// SPDX-License-Identifier: GPL-3.0-or-later
// What a question is asked of: a scenario file as it is now, or a stored run as it was made.

import Catalog
import CommandLineKit
import Planning
import Scenario
import Store
import YAMLDocument

/// A scenario to change, wherever it comes from.
struct WhatIfBase {
  /// What it is read from.
  let texts: ScenarioTexts
  /// What was said of the sampling beside it.
  let settings: RunInputs.Settings
  /// What it is, in words: a path, or `run 3 of support-assistant, …`.
  let words: String
  /// What a reader should know of it.
  private(set) var notes: [String] = []
  /// The catalog, which all changes share; they only lay prices over it.
  let catalog: ReferenceData

  /// Finds the base.
  /// - Parameters:
  ///   - argument: the path of a file, or a run as `RunReference` names it; nil for the built-in scenario.
  ///   - catalogDirectory: a folder whose entries go before the built-in catalog; not of a run, which has its own.
  ///   - store: where runs are.
  ///   - settings: what is said of the sampling now.
  init(
    _ argument: String?, catalogDirectory: String?, store: StoreOptions, settings: RunInputs.Settings
  ) throws {
    guard let argument, Self.isRun(argument) else {
      guard
        let read = ScenarioTexts(path: argument, catalogDirectory: catalogDirectory, overrides: [])
      else {
        throw ReportedFailure(
          .missingInput, "\(argument ?? ""): the scenario file cannot be read; check its path")
      }
      texts = read
      words = argument ?? ScenarioLoader.embeddedFile
      self.settings = settings
      // From the folder, so that what is wrong with it is told as by every other subcommand.
      catalog = try Self.reported { () throws(InputProblems) in
        try ReferenceData.load(directory: read.catalog.folder)
      }
      return
    }
    guard let reference = RunReference(argument) else {
      throw ReportedFailure(
        .missingInput, "\(argument): there is no such file, and it names no run; \(RunReference.expectation)")
    }
    if catalogDirectory != nil {
      throw ValidationError("--catalog is for scenario files; a run has the catalog that it was made with.")
    }
    let (number, inputs) = try Self.run(reference, in: store, argument: argument)
    texts = inputs.texts
    words = "run \(number)"
    self.settings = inputs.settings.replaced(by: settings)
    let kept = texts.catalog
    catalog = try Self.reported { () throws(InputProblems) in try ReferenceData.load(kept) }
    notes = Self.changes(since: inputs, run: number)
  }

  /// The scenario with changes, ready to run.
  func model(_ changes: [String] = []) throws -> PlanModel {
    let scenario = try Self.reported { () throws(InputProblems) in
      try ScenarioLoader.load(texts, overrides: changes, catalog: catalog)
    }
    do {
      return try PlanModel(scenario, sampling: try scenario.sampling.with(settings))
    } catch {
      throw ReportedFailure(.badData, lines: [error.description])
    }
  }

  /// Whether an argument names a run rather than a file: no file is called so, nor does it look like a path.
  private static func isRun(_ argument: String) -> Bool {
    !InputFile.isFile(argument) && !argument.contains("/")
      && !argument.hasSuffix(".yaml") && !argument.hasSuffix(".yml")
  }

  /// A run's number and what it was made from.
  private static func run(
    _ reference: RunReference, in store: StoreOptions, argument: String
  ) throws -> (number: Int64, inputs: RunInputs) {
    let found: (Int64, RunInputs?)
    do throws(StoreError) {
      found = try inputs(of: reference, in: store)
    } catch .missing {
      throw ReportedFailure(
        .missingInput,
        "\(argument): there is no such file, and no store '\(store.database)' with such a run; name a scenario "
          + "file, or --database")
    } catch .noSuchRun {
      throw ReportedFailure(
        .missingInput,
        "\(argument): there is no such file, and no such run in '\(store.database)'; `breakeven runs list` "
          + "shows the runs")
    }
    guard let inputs = found.1 else {
      throw ReportedFailure(
        .missingInput,
        "run \(found.0) in '\(store.database)' was stored without the text of its scenario, as older versions "
          + "did; ask about the scenario file, or run `breakeven plan` again")
    }
    return (found.0, inputs)
  }

  private static func inputs(
    of reference: RunReference, in store: StoreOptions
  ) throws(StoreError) -> (Int64, RunInputs?) {
    let open = try store.open()
    let number = try open.number(of: reference)
    return (number, try open.inputs(of: number))
  }

  /// What has changed on the disk since a run was made, in words.
  private static func changes(since inputs: RunInputs, run: Int64) -> [String] {
    var notes: [String] = []
    let (texts, path) = (inputs.texts, inputs.seen(inputs.scenario.name))
    if path != ScenarioLoader.embeddedFile {
      switch InputFile.read(path) {
      case nil:
        notes.append("'\(path)' is gone; run \(run) is asked as it was made, from its text in the store")
      case let bytes? where bytes != texts.bytes:
        notes.append(
          "'\(path)' has changed since run \(run), which is asked as it was made, from its text in the store")
      default: break
      }
    }
    if CatalogFiles(folder: texts.catalog.folder) != texts.catalog {
      notes.append(
        "the catalog or its prices have changed since run \(run), which is asked with those it was made with")
    }
    return notes
  }

  private static func reported<Value>(_ body: () throws(InputProblems) -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      throw ReportedFailure(
        ExitCode(rawValue: error.exitCode), lines: error.diagnostics.map(\.description))
    }
  }
}

extension RunInputs.Settings {
  /// These, but for what others say.
  fileprivate func replaced(by others: RunInputs.Settings) -> RunInputs.Settings {
    var result = self
    result.seed = others.seed ?? seed
    result.draws = others.draws ?? draws
    result.fidelity = others.fidelity ?? fidelity
    return result
  }
}
