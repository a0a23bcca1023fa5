// SPDX-License-Identifier: GPL-3.0-or-later
// A report is a function of a result: the same document gives the same bytes, on any machine, on any day.

import Charts
public import Decision
public import Foundation

/// A file of a report.
public struct ReportFile: Sendable, Hashable {
  /// Its name within the report's folder.
  public var name: String
  /// Its content.
  public var bytes: Data

  /// A file.
  public init(name: String, bytes: Data) {
    self.name = name
    self.bytes = bytes
  }
}

/// The files of a report.
public enum ReportFiles {
  /// Every file of a result's report, sorted by name: the page, the summary, the document, and the tables as a data
  /// package. Nothing is written.
  /// - Parameter earlier: the run that it is held against; nil for none.
  ///
  /// Throws `ReportError.invalidResult` for a document that contradicts itself (a number that is not finite, a list
  /// of the wrong length, an unknown option).
  public static func render(
    _ result: PlanResult, since earlier: EarlierRun? = nil
  ) throws(ReportError) -> [ReportFile] {
    try ResultDocument.check(result)
    var files = try DataPackage.render(result, since: earlier)
    files.append(ReportFile(name: "result.json", bytes: try ResultDocument.encode(result)))
    files.append(
      ReportFile(name: MarkdownSummary.fileName, bytes: Data(try MarkdownSummary.text(result).utf8)))
    files.append(
      ReportFile(name: "report.html", bytes: Data(ReportPage(result, since: earlier).html.source.utf8)))
    return files.sorted { $0.name < $1.name }
  }

  /// The tables alone, as CSV, in the order of their subjects.
  ///
  /// Throws `ReportError.invalidResult` for a document that contradicts itself.
  public static func tables(
    _ result: PlanResult, since earlier: EarlierRun? = nil
  ) throws(ReportError) -> [ReportFile] {
    try ResultDocument.check(result)
    return ReportTables.all(result, since: earlier).map {
      ReportFile(name: $0.name, bytes: Data($0.table.text.utf8))
    }
  }

  /// One table as CSV, by its name without `.csv`.
  ///
  /// Throws `ReportError.noSuchPart` where there is none of that name, `invalidResult` for a document that contradicts
  /// itself.
  public static func table(_ name: String, of result: PlanResult, since earlier: EarlierRun? = nil)
    throws(ReportError)
    -> String
  {
    try ResultDocument.check(result)
    let tables = ReportTables.all(result, since: earlier)
    guard let found = tables.first(where: { DataPackage.resourceName($0.name) == name }) else {
      let names = tables.map { DataPackage.resourceName($0.name) }.joined(separator: ", ")
      throw .noSuchPart("there is no table '\(name)'; the run's tables are \(names)")
    }
    return found.table.text
  }
}
