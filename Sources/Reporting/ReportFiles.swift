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
  /// Every file of a result's report, sorted by name: the page, the document and the tables. Nothing is written.
  ///
  /// Throws `ReportError.invalidResult` for a document that contradicts itself (a number that is not finite, a list
  /// of the wrong length, an unknown option).
  public static func render(_ result: PlanResult) throws(ReportError) -> [ReportFile] {
    try ResultDocument.check(result)
    var files = [ReportFile(name: "result.json", bytes: try ResultDocument.encode(result))]
    for (name, table) in ReportTables.all(result) {
      files.append(ReportFile(name: name, bytes: Data(table.text.utf8)))
    }
    files.append(ReportFile(name: "report.html", bytes: Data(ReportPage(result).html.source.utf8)))
    return files.sorted { $0.name < $1.name }
  }
}
