// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven prices`: the price book. Its subcommands are in files of their own.

import Catalog
import CommandLineKit
import YAMLDocument

struct Prices: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, check and import prices of tokens, GPU-hours and reserved throughput.",
    discussion: """
      A price book is a YAML file as workloads/catalog/prices.yaml. Its entries go before the built-in ones: in \
      `breakeven usage --prices`, and as prices.yaml of a folder that `--catalog` names everywhere else.
      """,
    subcommands: [PricesList.self, PricesCheck.self, PricesImport.self],
    examples: ["breakeven prices list --model llama-4-scout", "breakeven prices check"])
}

/// A book on the command line.
struct PriceBookArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A price book, or a folder of catalog files, over the built-in prices; those alone where absent.",
      valueName: "book"))
  var book: String?

  /// The file whose prices are meant; nil for the built-in book.
  var file: String? {
    book.map { InputFile.isFolder($0) ? InputFile.path("prices.yaml", in: $0) : $0 }
  }

  /// The catalog with the book laid over it, and the prices that lack their source or date.
  func audited() throws -> (data: ReferenceData, gaps: [Diagnostic]) {
    try Self.told { () throws(InputProblems) in
      let isFolder = book.map { InputFile.isFolder($0) } ?? false
      return try ReferenceData.audited(directory: isFolder ? book : nil, priceBook: isFolder ? nil : book)
    }
  }

  /// What `body` returns; the problems it throws are told with their exit code.
  static func told<Result>(_ body: () throws(InputProblems) -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      throw ReportedFailure(ExitCode(rawValue: error.exitCode), lines: error.diagnostics.map(\.description))
    }
  }
}
