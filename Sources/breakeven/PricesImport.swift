// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven prices import`: a published price list becomes entries of a price book.

import Catalog
public import CommandLineKit
import NumberFormatting
public import PriceImport
import Quantities
import TextFormats
import YAMLDocument

extension PriceListFormat: ExpressibleByArgument {}

struct PricesImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make entries of a price book from a LiteLLM price list or a SkyPilot catalog.",
    discussion: """
      From LiteLLM's model_prices_and_context_window.json come token prices of models and providers that the catalog and \
      the price book have. From a SkyPilot vms.csv come prices per GPU-hour by region, which a fleet takes with \
      `region: <cloud>-<region>`: those of the region's cheapest instance type, divided by its GPUs; spot over its zones.

      A book that is there keeps what it has, to the letter. Renewed are only entries of an earlier import, and others \
      with --replace.
      """,
    examples: [
      "breakeven prices import workloads/price-lists/litellm-excerpt.json --verified-on 2026-11-20",
      "breakeven prices import workloads/price-lists/skypilot-aws-excerpt.csv --provider aws "
        + "--verified-on 2026-11-20 --out prices.yaml",
    ])

  @Argument(help: "The price list, gzip or not; - is standard input.")
  var file: String
  @Option(help: "The list's format; told by its first character where absent.")
  var format: PriceListFormat?
  @Option(
    help: ArgumentHelp(
      "Only prices of this provider or cloud; the cloud of a SkyPilot catalog whose rows do not name it.",
      valueName: "id"))
  var provider: String?
  @Option(help: ArgumentHelp("The day on which the list was fetched.", valueName: "day"))
  var verifiedOn: CalendarDay
  @Option(
    help: ArgumentHelp(
      "The price book to write, or to lay the entries into where it is there; - prints them.",
      valueName: "file"))
  var out = "-"
  @Flag(help: "Replace also entries that are not from an earlier import.")
  var replace = false
  @Flag(help: "Name everything that was left out.")
  var verbose = false

  mutating func validate() throws {
    try ResultOutput.refuse(out, ofOption: "--out", replacing: file)
  }

  mutating func run() throws {
    let existing = out == "-" ? nil : InputFile.read(out)
    if existing == nil, out != "-", InputFile.isFile(out) {
      throw ReportedFailure(.missingInput, "\(out): cannot be read; make it readable, or name another file")
    }
    let (start, reference) = try PriceBookArgument.told { () throws(InputProblems) in
      guard let existing else {
        let comment = "Prices imported by breakeven, over the built-in ones."
        return (PriceBookText(comment: comment), try ReferenceData.load(directory: nil))
      }
      let book = try PriceBookText(bytes: existing, file: out)
      return (book, try ReferenceData.load(directory: nil, priceBook: book.isBlank ? nil : out))
    }
    let (format, imported) = try read(reference)
    for warning in imported.warnings { Terminal.writeDiagnostic("Warning: \(warning)\n") }
    tell(imported)
    guard !imported.entries.isEmpty else {
      throw ReportedFailure(.badData, "\(file): no row of this list can be imported; nothing was written")
    }
    let (entries, title, replaces) = (imported.entries, format.title, replace)
    let (book, changes) = try PriceBookArgument.told { () throws(InputProblems) in
      var book = start
      let changes = try book.lay(entries, title: title, replacesOthers: replaces)
      return (book, changes)
    }
    // A book that would not change is left alone, its date too.
    if existing == nil || !changes.added.isEmpty || !changes.updated.isEmpty {
      try ResultOutput(path: out).finish(book.text)
    }
    tell(changes)
  }

  private func read(_ reference: ReferenceData) throws -> (PriceListFormat, ImportedPrices) {
    do {
      var text = try TextReader(path: file)
      let format = self.format ?? PriceListFormat.detected(in: &text)
      let request = PriceImportRequest(reference: reference, provider: provider, verifiedOn: verifiedOn)
      return (format, try format.prices(in: text, for: request))
    } catch let problem as TextProblem {
      throw Self.failure([problem])
    } catch let error as PriceListProblems {
      throw Self.failure(error.problems)
    }
  }

  private static let shownProblems = 20

  /// The end over a list that cannot be read or is wrong.
  static func failure(_ problems: [TextProblem]) -> ReportedFailure {
    var lines = problems.prefix(shownProblems).map(\.description)
    if problems.count > lines.count { lines.append("… and \(problems.count - lines.count) more") }
    let isMissing = problems.allSatisfy(\.isUnreadable)
    return ReportedFailure(isMissing ? .missingInput : .badData, lines: lines)
  }

  private static let shownNames = 4

  /// Which rows are not among the entries.
  private func tell(_ imported: ImportedPrices) {
    for reason in ImportedPrices.Reason.allCases {
      guard let rows = imported.leftOutRows[reason], let names = imported.leftOut[reason] else { continue }
      let shown = names.filter { !$0.isEmpty }.prefix(verbose ? names.count : Self.shownNames).map { name in
        TextProblem.excerpt(ArraySlice(name.utf8), most: 120)
      }
      let more = names.count > shown.count && !shown.isEmpty ? ", …" : ""
      let list = shown.isEmpty ? "" : ": \(shown.joined(separator: ", "))\(more)"
      Terminal.writeDiagnostic(
        "Note: \(NumberText.count(Double(rows))) row\(rows == 1 ? "" : "s") left out \(reason.rawValue)\(list)\n"
      )
    }
  }

  /// What became of the book's entries.
  private func tell(_ changes: PriceBookText.Changes) {
    func count(_ names: [String], _ what: String) -> String? {
      names.isEmpty ? nil : "\(names.count) \(what)"
    }
    let parts = [
      count(changes.added, "added"), count(changes.updated, "renewed"), count(changes.unchanged, "unchanged"),
      count(changes.kept, "kept"),
    ].compactMap(\.self)
    let place = out == "-" ? "" : " in '\(out)'"
    Terminal.writeDiagnostic("Entries\(place): \(parts.joined(separator: ", "))\n")
    for name in changes.kept {
      Terminal.writeDiagnostic(
        "Note: \(name) is not from an earlier import and stays as it is; --replace takes the list's\n")
    }
  }
}
