// SPDX-License-Identifier: GPL-3.0-or-later
// The tables with their types for a program to read: a Frictionless data package, drawn from the same column
// definitions that write the files (specs.frictionlessdata.io, version 1).

public import Decision
import Foundation

/// A result's tables as a Frictionless data package.
public enum DataPackage {
  /// The name that readers look for.
  static let fileName = "datapackage.json"

  /// The package: every table, its description, and the data dictionary for people; sorted by name.
  /// - Parameters:
  ///   - earlier: the run that it is held against; nil for none.
  ///   - license: the SPDX name of the licence that the data are given under; nil says nothing.
  /// - Throws: `ReportError.invalidResult` for a document that contradicts itself.
  public static func render(
    _ result: PlanResult, since earlier: EarlierRun? = nil, license: String? = nil
  ) throws(ReportError) -> [ReportFile] {
    try ResultDocument.check(result)
    let tables = ReportTables.all(result, since: earlier)
    let files =
      tables.map { ReportFile(name: $0.name, bytes: Data($0.table.text.utf8)) } + [
        ReportFile(name: fileName, bytes: try description(of: tables, result, license: license)),
        ReportFile(name: DataDictionary.fileName, bytes: Data(DataDictionary.text(tables).utf8)),
      ]
    return files.sorted { $0.name < $1.name }
  }

  private static func description(
    of tables: [(name: String, table: CSVTable)], _ result: PlanResult, license: String?
  ) throws(ReportError) -> Data {
    let run = result.run
    let present = Set(tables.map(\.name))
    let package = Package(
      name: identifier(run.scenario), title: run.title,
      description: """
        \(result.decision.sentence) Money is US dollars of \(run.startMonth); what is a month's is undiscounted. \
        Made by Breakeven \(run.version) with `\(run.command)`; scenario SHA-256 \(run.scenarioDigest), catalog and \
        price book SHA-256 \(run.catalogDigest).
        """,
      version: run.version, licenses: license.map { [License(name: $0)] }, sources: sources(result),
      resources: tables.map { name, table in resource(name, table, present: present) })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(package) + Data("\n".utf8)
    } catch {
      throw .invalidResult("\(error)")
    }
  }

  private static func resource(_ name: String, _ table: CSVTable, present: Set<String>) -> Resource {
    Resource(
      name: identifier(resourceName(name)), path: name,
      description: table.meaning.isEmpty ? nil : table.meaning,
      bytes: table.text.utf8.count,
      schema: Schema(
        fields: table.columns.map {
          Field(
            name: $0.name, type: $0.kind.rawValue, description: $0.meaning.isEmpty ? nil : $0.meaning,
            unit: $0.unit)
        }, primaryKey: table.key.isEmpty ? nil : table.key,
        foreignKeys: references(of: name, table, present: present)))
  }

  /// The tables that a column of a name refers to, wherever it stands.
  static let keys = [
    (column: "option", file: "options.csv", field: "option"),
    (column: "against", file: "options.csv", field: "option"),
    (column: "use_case", file: "demand_by_use.csv", field: "use_case"),
  ]

  private static func references(
    of name: String, _ table: CSVTable, present: Set<String>
  ) -> [ForeignKey]? {
    let found = keys.filter { key in
      key.file != name && present.contains(key.file) && table.header.contains(key.column)
    }.map {
      ForeignKey(
        fields: [$0.column],
        reference: Reference(resource: identifier(resourceName($0.file)), fields: [$0.field]))
    }
    return found.isEmpty ? nil : found
  }

  /// Where the assumptions come from, each once, in their order; what the scenario states has no other source.
  private static func sources(_ result: PlanResult) -> [Source]? {
    var seen: Set<String> = []
    let sources = result.assumptions.map(\.source).filter { $0 != "scenario" && seen.insert($0).inserted }
      .map { text in
        let isAddress = ["https://", "http://"].contains { text.hasPrefix($0) } && !text.contains(" ")
        return Source(title: text, path: isAddress ? text : nil)
      }
    return sources.isEmpty ? nil : sources
  }

  static func resourceName(_ file: String) -> String {
    file.hasSuffix(".csv") ? String(file.dropLast(4)) : file
  }

  /// A text as an identifier of the format: lower-case letters, digits, `-`, `_` and `.`.
  private static func identifier(_ text: String) -> String {
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-_.")
    let cleaned = String(text.lowercased().map { allowed.contains($0) ? $0 : "-" })
    return cleaned.isEmpty ? "plan" : cleaned
  }
}

extension DataPackage {
  /// The layout of `datapackage.json`.
  private struct Package: Encodable {
    var name: String
    var profile = "tabular-data-package"
    var title: String
    var description: String
    var version: String
    var licenses: [License]?
    var sources: [Source]?
    var resources: [Resource]
  }

  private struct License: Encodable { var name: String }

  private struct Source: Encodable {
    var title: String
    var path: String?
  }

  private struct Resource: Encodable {
    var name: String
    var path: String
    var profile = "tabular-data-resource"
    var description: String?
    var format = "csv"
    var mediatype = "text/csv"
    var encoding = "utf-8"
    var bytes: Int
    var schema: Schema
  }

  private struct Schema: Encodable {
    var fields: [Field]
    var missingValues = [""]
    var primaryKey: [String]?
    var foreignKeys: [ForeignKey]?
  }

  private struct Field: Encodable {
    var name: String
    var type: String
    var description: String?
    var unit: String?
  }

  private struct ForeignKey: Encodable {
    var fields: [String]
    var reference: Reference
  }

  private struct Reference: Encodable {
    var resource: String
    var fields: [String]
  }
}
