// SPDX-License-Identifier: GPL-3.0-or-later
// Fresh price lists laid over a scenario's catalog. The result is a catalog folder beside the report, so that the run's
// command gives the same numbers again by day.

import Catalog
import CommandLineKit
import Foundation
import PriceImport
import Quantities
import Reporting
import Scenario
import TextFormats
import YAMLDocument

/// The catalog of a night.
enum NightlyCatalog {
  /// Writes a catalog folder with the entries of price lists over those of a catalog.
  /// - Parameters:
  ///   - lists: the lists; where two price the same, the later one counts.
  ///   - base: the catalog folder that they go over; nil for the built-in catalog.
  ///   - folder: the folder to write.
  ///   - quiet: whether what an import warns of is left unsaid.
  static func write(
    _ lists: [PriceListPattern], over base: String?, to folder: URL, quiet: Bool
  ) throws {
    let reference = try PriceBookArgument.told { () throws(InputProblems) in
      try ReferenceData.load(directory: base)
    }
    var files: [ReportFile] = []
    for name in ReferenceData.fileNames + ReferenceData.otherFileNames where name != bookName {
      if let base, let bytes = InputFile.read(InputFile.path(name, in: base)) {
        files.append(ReportFile(name: name, bytes: Data(bytes)))
      }
    }
    var book = PriceBookText(comment: "Prices imported by breakeven, over the built-in ones.")
    if let base, let bytes = InputFile.read(InputFile.path(bookName, in: base)) {
      book = try PriceBookArgument.told { () throws(InputProblems) in
        try PriceBookText(bytes: bytes, file: InputFile.path(bookName, in: base))
      }
    }
    for list in lists {
      for file in try FilePattern(text: list.pattern).files() {
        let request = PriceImportRequest(
          reference: reference, provider: list.provider, verifiedOn: try day(of: file))
        let (format, imported) = try prices(file, request)
        if !quiet {
          for warning in imported.warnings { Terminal.writeDiagnostic("Warning: \(warning)\n") }
        }
        guard !imported.entries.isEmpty else {
          throw ReportedFailure(.badData, "\(file): no row of this list can be imported")
        }
        let before = book
        book = try PriceBookArgument.told { () throws(InputProblems) in
          var book = before
          _ = try book.lay(imported.entries, title: format.title, replacesOthers: true)
          return book
        }
      }
    }
    files.append(ReportFile(name: bookName, bytes: Data(book.text.utf8)))
    do {
      try ReportWriter.write(files, to: folder)
    } catch {
      throw ReportedFailure(.cannotWrite, error.description)
    }
    // A file of an earlier night that the catalog no longer has would go on counting.
    for name in ReferenceData.fileNames where !files.contains(where: { $0.name == name }) {
      try? FileManager.default.removeItem(at: folder.appending(path: name))
    }
  }

  private static let bookName = "prices.yaml"

  private static func prices(
    _ file: String, _ request: PriceImportRequest
  ) throws -> (PriceListFormat, ImportedPrices) {
    do {
      var text = try TextReader(path: file)
      let format = PriceListFormat.detected(in: &text)
      return (format, try format.prices(in: text, for: request))
    } catch let problem as TextProblem {
      throw PricesImport.failure([problem])
    } catch let error as PriceListProblems {
      throw PricesImport.failure(error.problems)
    }
  }

  /// The day on which a list was last written, in UTC: that is when it was fetched.
  private static func day(of file: String) throws -> CalendarDay {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file)
    guard let time = attributes?[.modificationDate] as? Date else {
      throw ReportedFailure(.missingInput, "\(file): cannot be read; make it readable")
    }
    return CalendarDay(daysSince1970: Int((time.timeIntervalSince1970 / 86_400).rounded(.down)))
  }
}
