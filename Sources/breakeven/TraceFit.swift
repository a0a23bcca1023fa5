// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven trace fit`: the demand of a scenario that makes requests like those of a log.

import Catalog
public import CommandLineKit
import Foundation
import Numerics
import TextFormats
public import Traces
import YAMLDocument

extension LengthForm: ExpressibleByArgument {}

struct TraceFit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Write the demand of a scenario whose requests are like those of a log.",
    discussion: """
      Prints a complete demand: block: rate, load curve, noise, bursts, lengths and their correlation, repeated \
      prompts, shared beginnings, conversations, each where the log can tell. Bursts are fitted by closed forms to \
      the variation of the gaps and the dispersion of counts at 1, 10 and 60 s. A log with several use cases gives as \
      many. What had to be assumed stands in comments.
      """,
    examples: [
      "breakeven trace fit workloads/traces/code-assistant.csv --model llama-3.1-8b",
      "breakeven trace fit workloads/traces/code-assistant.csv --lengths mixture --out demand.yaml",
    ])

  @Argument(help: "The log; - is standard input.")
  var file: String
  @OptionGroup var log: TraceOptions
  @Option(help: ArgumentHelp("Where to write; standard output where absent.", valueName: "file"))
  var out: String?
  @Option(
    help: ArgumentHelp("Name of the use case; the log's or the file's where absent.", valueName: "name"))
  var name: String?
  @Option(
    help: ArgumentHelp("Catalog id of the model that answers; the log's where absent.", valueName: "id"))
  var model: String?
  @Option(
    help: ArgumentHelp(
      "Folder with catalog files whose entries go before the built-in ones.", valueName: "folder"))
  var catalog: String?
  @Option(help: "How token lengths are written.")
  var lengths: LengthForm = .quantiles
  @Flag(help: "Print one JSON object instead of the block.")
  var json = false

  mutating func validate() throws {
    if let name, name != DemandBlock.identifier(name) {
      throw ValidationError(
        "--name is '\(name)'; write lower-case letters, digits and -, such as \(DemandBlock.identifier(name))."
      )
    }
    if out?.isEmpty == true { throw ValidationError("--out is empty; name a file.") }
    if let out { try ResultOutput.refuse(out, ofOption: "--out", replacing: file) }
  }

  mutating func run() throws {
    let reference = try reference()
    if let model, reference.model(named: model) == nil {
      let remedy = NearestName.remedy(
        for: model, among: reference.models.keys.sorted(), all: "the models are")
      throw ValidationError("--model is '\(model)', which the catalog does not have; \(remedy)")
    }
    let trace = try MeasuredTrace(path: file, options: try log.reading(), byUseCase: true)
    TraceOptions.tell(trace.warnings, of: trace.file)
    let block = try block(trace, reference)
    for use in block.uses {
      for note in use.fit.notes + (use.modelNote.isEmpty ? [] : [use.modelNote]) {
        Terminal.writeDiagnostic("Note: \(use.name): \(note)\n")
      }
    }
    let text = json ? try FitDocument(block).text : block.yaml
    guard let out else { return try Terminal.write(text) }
    try ResultOutput(path: out, dashIsStandardOutput: false).finish(text)
  }

  private func block(_ trace: MeasuredTrace, _ reference: ReferenceData) throws -> DemandBlock {
    let parts = trace.uses.filter { $0.statistics.requests > 1 && $0.statistics.duration > 0 }
    let stem = name ?? DemandBlock.identifier(Self.stem(of: trace.file))
    let (modelID, note) = chosenModel(trace, reference)
    var uses: [DemandBlock.Use] = []
    var taken: Set<String> = []
    do throws(NumericsError) {
      for part in parts.prefix(Self.mostUses) {
        guard let fit = try DemandFit(part.statistics, lengths: lengths) else { continue }
        var useName = part.name.isEmpty || parts.count == 1 ? stem : DemandBlock.identifier(part.name)
        while !taken.insert(useName).inserted { useName += "-2" }
        uses.append(.init(name: useName, model: modelID, modelNote: note, fit: fit))
      }
    } catch {
      throw ReportedFailure(.internalError, lines: ["\(trace.file): the bursts cannot be fitted: \(error)"])
    }
    if trace.uses.isEmpty, let fit = DemandFit(trace.summary) {
      uses = [.init(name: stem, model: modelID, modelNote: note, fit: fit)]
    }
    guard !uses.isEmpty else {
      throw ReportedFailure(
        .badData, lines: ["\(trace.file): a rate needs two requests at different times, or usage above 0"])
    }
    if parts.count > Self.mostUses {
      Terminal.writeDiagnostic(
        "Warning: \(trace.file): \(parts.count - Self.mostUses) smaller use cases are left out\n")
    }
    let requests = DemandBlock.number(trace.summary.requests, digits: 12)
    let days = DemandBlock.number((trace.summary.durationSeconds ?? 0) / 86_400)
    // Noise of days and hours is one for all use cases: that of the largest.
    return DemandBlock(
      source: "Fitted to \(trace.file) (\(trace.format.rawValue)): \(requests) requests in \(days) days.",
      uses: uses, dayNoise: uses[0].fit.shape.dayNoise, hourNoise: uses[0].fit.shape.hourNoise)
  }

  /// As many use cases as a person reads.
  private static let mostUses = 16

  /// The model of the log that most requests name and the catalog knows.
  private func chosenModel(
    _ trace: MeasuredTrace, _ reference: ReferenceData
  ) -> (id: String, note: String) {
    for name in model.map({ [$0] }) ?? trace.models {
      if let model = reference.model(named: name) { return (model.id, "") }
    }
    return ("llama-3.3-70b", "the log names no model of the catalog: put yours here")
  }

  private func reference() throws -> ReferenceData {
    do {
      return try ReferenceData.load(directory: catalog)
    } catch {
      throw ReportedFailure(
        ExitCode(rawValue: error.exitCode), lines: error.diagnostics.map(\.description))
    }
  }

  private static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return String(name.prefix { $0 != "." })
  }
}
