// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven catalog`: what the program knows of models, GPUs, engines and prices, from where, and what fits where.

import Catalog
import CommandLineKit
import YAMLDocument

/// A section of the catalog, named as its file.
enum CatalogSection: String, CaseIterable, ExpressibleByArgument {
  case models, gpus, engines, prices
}

struct CatalogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalog",
    abstract: "List models, GPUs, engines and prices with their sources, and what fits where.",
    discussion: """
      A number in brackets names the source below the table, with the day on which somebody last compared the figures \
      with it. Uncertain figures stand as median (10th–90th percentile).

      With --fit: for each GPU and format of the weights the smallest replica that holds the model beside 2,048 tokens \
      of context, tensor parallelism (TP) up to a node and up to four pipeline stages (PP); how many tokens its KV \
      cache then holds, and by how much the next smaller replica is too small. Engine defaults, BF16 cache.
      """,
    examples: [
      "breakeven catalog gpus",
      "breakeven catalog --fit llama-3.3-70b",
      "breakeven catalog prices --json",
    ])

  @Argument(help: "What to list; everything where absent.")
  var section: CatalogSection?
  @Option(
    help: ArgumentHelp("Say where this model fits: an id or another name of it.", valueName: "model"))
  var fit: String?
  @Option(help: ArgumentHelp("The engine that --fit reckons with.", valueName: "id"))
  var engine = "vllm"
  @Option(
    help: ArgumentHelp(
      "Folder with catalog files whose entries go before the built-in ones.", valueName: "folder"))
  var catalog: String?
  @Flag(help: "Print one JSON object.")
  var json = false

  mutating func validate() throws {
    if fit != nil, let section {
      throw ValidationError("'\(section.rawValue)' and --fit are both given; keep one of them.")
    }
  }

  mutating func run() throws {
    let reference = try Self.reference(catalog)
    if let fit {
      let table = CatalogFit(
        model: try Self.model(fit, in: reference), engine: try Self.engine(engine, in: reference),
        accelerators: reference.accelerators.values.sorted { $0.id < $1.id })
      return try Terminal.write(json ? try table.json : table.text)
    }
    let listing = CatalogListing(reference, sections: section.map { [$0] } ?? CatalogSection.allCases)
    try Terminal.write(json ? try listing.json : listing.text)
  }

  /// The catalog with a folder laid over it.
  static func reference(_ folder: String?) throws -> ReferenceData {
    do {
      return try ReferenceData.load(directory: folder)
    } catch {
      throw ReportedFailure(
        ExitCode(rawValue: error.exitCode), lines: error.diagnostics.map(\.description))
    }
  }

  private static func model(_ name: String, in reference: ReferenceData) throws -> LanguageModel {
    if let model = reference.model(named: name) { return model }
    throw unknown("model", name, reference.models.keys.sorted())
  }

  private static func engine(_ name: String, in reference: ReferenceData) throws -> ServingEngine {
    if let engine = reference.engines[name] { return engine }
    throw unknown("engine", name, reference.engines.keys.sorted())
  }

  private static func unknown(_ noun: String, _ name: String, _ names: [String]) -> ReportedFailure {
    ReportedFailure(
      .badData,
      "there is no \(noun) '\(name)' in the catalog; "
        + NearestName.remedy(for: name, among: names, all: "it has"))
  }
}
