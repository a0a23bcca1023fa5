// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven nightly`: every scenario of a folder, held against the last good night, for a timer to run.

import CommandLineKit
import Foundation
import Monitoring
import Reporting
import Scenario
import Store
import YAMLDocument

struct Nightly: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Plan every scenario of a folder, and say what crossed a threshold.",
    discussion: """
      Scenarios are the folder's YAML files with `demand` or `options` at their top, in order of name; one that fails does \
      not stop the rest. Each is stored, reported and compared with the last good night. Prints a line for each scenario; \
      where a threshold of its `alert` is crossed, a line for each alert, and the exit code is 3. A scenario that \
      failed gives its own code. Old runs go, the last good one of a scenario never. A second night on the same database \
      ends with 75 at once.
      """,
    examples: [
      "breakeven nightly workloads --fidelity fast",
      "breakeven nightly workloads --quiet --metrics breakeven.prom --summary night.md \\",
      "    --usage 'workloads/traces/litellm*.csv' --provider bedrock --keep '90 days'",
    ])

  @Argument(help: "The folder of scenarios.")
  var folder = "workloads"
  @Option(
    help: ArgumentHelp("Change a value of every scenario before it is read.", valueName: "path=value"))
  var set: [String] = []
  @Option(
    help: ArgumentHelp(
      "Folder with catalog files whose entries go before the built-in ones.", valueName: "folder"))
  var catalog: String?
  @Option(
    help: ArgumentHelp(
      "Usage logs to hold against the plan, a path or a pattern, for scenarios that name none.",
      valueName: "pattern"))
  var usage: [String] = []
  @Option(
    help: ArgumentHelp("The provider whose prices logs have that tell no dollars.", valueName: "id"))
  var provider: String?
  @Option(
    help: ArgumentHelp(
      "Price lists to import over the catalog, a path or a pattern, for scenarios that name none.",
      valueName: "[provider=]pattern"))
  var prices: [String] = []
  @Option(
    help: ArgumentHelp(
      "How long runs are kept: '90 days', 12w, or 20 runs; as the scenario says where absent, else 90 days.",
      valueName: "span"))
  var keep: KeepSpan?
  @Option(help: ArgumentHelp("Write OpenMetrics text for a textfile collector.", valueName: "file"))
  var metrics: String?
  @Option(help: ArgumentHelp("Write a summary in Markdown.", valueName: "file"))
  var summary: String?
  @Option(
    help: ArgumentHelp(
      "Simulate every draw, or few and predict the others; each scenario's choice where absent.",
      valueName: "full|fast"))
  var fidelity: Fidelity?
  @OptionGroup var threading: ThreadOptions
  @Option(help: ArgumentHelp("Folder of the reports' folders, and of index.html.", valueName: "folder"))
  var out = "reports"
  @OptionGroup var store: StoreOptions
  @Flag(help: "Print no progress.")
  var quiet = false

  mutating func validate() throws {
    for (option, value) in [
      ("--out", out), ("--metrics", metrics), ("--summary", summary), ("folder", folder),
    ] where value?.isEmpty == true { throw ValidationError("\(option) is empty; name a place.") }
    for text in prices where PriceListPattern(text) == nil {
      throw ValidationError("--prices is '\(text)'; write a path, or a provider and a path as aws=vms.csv.")
    }
    if usage.contains("") { throw ValidationError("--usage is empty; name a log.") }
  }

  mutating func run() throws {
    let scenarios = try scenarioFiles()
    try checkOutputs()
    let lock = try StoreLock(database: store.database, now: Date.now.ISO8601Format())
    try checkStore()
    let lastWords = CurrentWords()
    let plan = NightlyPlan(
      database: store.database, out: out, changes: set, catalog: catalog, inputs: inputs, fidelity: fidelity,
      threads: threading.count, quiet: quiet, again: again,
      interruption: Interruption { lastWords.now }, lastWords: lastWords)
    var nights: [ScenarioNight] = []
    for entry in scenarios {
      let night = Self.collision(of: entry, with: nights) ?? plan.run(entry)
      for line in night.failure?.lines ?? [] { Terminal.writeDiagnostic("\(line)\n") }
      try Terminal.write(night.text)
      nights.append(night)
    }
    let ended = Date.now
    let night = Night(
      finishedAt: ended.ISO8601Format(), finishedSeconds: ended.timeIntervalSince1970.rounded(.down),
      scenarios: nights)
    let problems = failures(of: [
      { [self] in try writeOutputs(night) },
      { [self] in
        let folders = [out + "/"] + [metrics, summary].compactMap(\.self).map(InputFile.folder(of:))
        try NightlyUpkeep(
          database: store.database, folders: folders.map { URL(fileURLWithPath: $0, isDirectory: true) },
          keep: inputs.keep
        ).run(night, now: ended)
      },
    ])
    extendLifetime(lock)
    if let problem = problems.first { throw problem }
    if night.exitCode != 0 { throw ExitCode(night.exitCode) }
  }

  /// The folder's scenarios.
  private func scenarioFiles() throws -> [ScenarioFiles.Entry] {
    guard InputFile.isFolder(folder) else {
      let what = InputFile.isFile(folder) ? "this is a file" : "there is no such folder"
      throw ReportedFailure(.missingInput, "\(folder): \(what); name the folder of the scenarios")
    }
    let scenarios = ScenarioFiles.entries(of: folder).filter(\.isScenario)
    if scenarios.isEmpty {
      throw ReportedFailure(
        .missingInput, "\(folder): no file of this folder is a scenario; name the folder of the scenarios")
    }
    return scenarios
  }

  /// Tries every place that will be written, and makes the folders.
  private func checkOutputs() throws {
    do {
      try ReportWriter.check(URL(fileURLWithPath: out, isDirectory: true))
      for file in [metrics, summary, store.database].compactMap(\.self) {
        let parent = URL(fileURLWithPath: file).deletingLastPathComponent()
        try ReportWriter.check(parent)
        try? FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
      }
    } catch {
      throw ReportedFailure(.cannotWrite, error.description)
    }
  }

  /// Makes sure of the database before anything is simulated: its pages are sound, and it can be written.
  private func checkStore() throws {
    let store = try RunStore(path: store.database)
    if let damage = try store.quickCheck() {
      throw StoreError.damaged(path: store.path, reason: damage)
    }
    try store.checkWritable()
  }

  /// What the command line gives to scenarios that name nothing.
  private var inputs: NightlyInputs {
    var inputs = NightlyInputs()
    inputs.usage = usage
    inputs.provider = provider
    inputs.prices = prices.compactMap { PriceListPattern($0) }
    inputs.keep = keep
    return inputs
  }

  /// The command that goes on with a night that was interrupted.
  private var again: String {
    (["breakeven"] + CommandLine.arguments.dropFirst()).map(ShellText.quoted).joined(separator: " ")
  }

  /// The failure of a scenario that has another's name: their runs and reports would be mixed.
  private static func collision(
    of entry: ScenarioFiles.Entry, with nights: [ScenarioNight]
  ) -> ScenarioNight? {
    guard let name = entry.name, let other = nights.first(where: { $0.name == name }) else { return nil }
    return ScenarioNight(
      file: entry.path, name: ScenarioFiles.stem(of: entry.path),
      outcome: .failed(
        code: ExitCode.badData.rawValue,
        lines: ["\(entry.path): `name` is `\(name)`, as in \(other.file); give each scenario its own"]),
      trend: [])
  }

  private func writeOutputs(_ night: Night) throws {
    var writings: [() throws -> Void] = [{ try writeIndex(night) }]
    for (path, text) in [(metrics, night.metrics), (summary, night.summary)] {
      guard let path else { continue }
      writings.append { try ResultOutput(path: path).finish(text) }
    }
    if let failure = failures(of: writings).first { throw failure }
  }

  private func writeIndex(_ night: Night) throws {
    let index = night.index(version: programVersion) { name in
      InputFile.isFile("\(out)/\(name)/report.html") ? "\(name)/report.html" : nil
    }
    do {
      try ReportWriter.write([index.file], to: URL(fileURLWithPath: out, isDirectory: true))
    } catch {
      throw ReportedFailure(.cannotWrite, error.description)
    }
  }

  /// Does everything, also where a part of it fails: metrics are wanted most on a night when all else goes wrong.
  private func failures(of work: [() throws -> Void]) -> [any Error] {
    work.compactMap { part in
      do {
        try part()
        return nil
      } catch {
        return error
      }
    }
  }
}
