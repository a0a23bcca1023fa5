// SPDX-License-Identifier: GPL-3.0-or-later
// A data package promises types, units and keys; the files keep them.

import Decision
import Foundation
import Reporting
import Testing

@Suite("Data package")
struct DataPackageTests {
  /// `datapackage.json` as a reader of the format sees it.
  struct Package: Decodable {
    struct Resource: Decodable {
      struct Schema: Decodable {
        struct Field: Decodable {
          var name: String
          var type: String
          var description: String?
          var unit: String?
        }
        struct ForeignKey: Decodable {
          struct Reference: Decodable {
            var resource: String
            var fields: [String]
          }
          var fields: [String]
          var reference: Reference
        }
        var fields: [Field]
        var primaryKey: [String]?
        var foreignKeys: [ForeignKey]?
      }
      var name: String
      var path: String
      var bytes: Int
      var description: String?
      var schema: Schema
    }
    struct License: Decodable { var name: String }
    struct Source: Decodable {
      var title: String
      var path: String?
    }
    var name: String
    var profile: String
    var title: String
    var licenses: [License]?
    var sources: [Source]?
    var resources: [Resource]
  }

  static func read(_ result: PlanResult) throws -> (package: Package, files: [String: Data]) {
    let files = Dictionary(uniqueKeysWithValues: try DataPackage.render(result).map { ($0.name, $0.bytes) })
    let json = try #require(files["datapackage.json"])
    return (try JSONDecoder().decode(Package.self, from: json), files)
  }

  /// Whether a cell is a value of a type of Table Schema.
  static func fits(_ cell: String, _ type: String) -> Bool {
    switch type {
    case "string": true
    case "number": cell.wholeMatch(of: /-?\d+(\.\d+)?/) != nil
    case "integer": cell.wholeMatch(of: /-?\d+/) != nil
    case "boolean": cell == "true" || cell == "false"
    case "date": cell.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil
    case "yearmonth": cell.wholeMatch(of: /\d{4}-\d\d/) != nil
    default: false
    }
  }

  @Test("every table is listed with its columns in order, its size, and what it means")
  func complete() throws {
    let (package, files) = try Self.read(Fixture.charged)
    #expect(package.name == "support-assistant" && package.profile == "tabular-data-package")
    #expect(
      Set(package.resources.map(\.path)) == Set(files.keys.filter { $0.hasSuffix(".csv") }))
    for resource in package.resources {
      let bytes = try #require(files[resource.path])
      #expect(resource.bytes == bytes.count && resource.name + ".csv" == resource.path)
      #expect(CSVReader.rows(bytes)[0] == resource.schema.fields.map(\.name), "\(resource.path)")
      #expect(resource.description?.isEmpty == false, "\(resource.path) does not say what a row is")
      for field in resource.schema.fields {
        #expect(
          field.description?.isEmpty == false, "\(resource.path): \(field.name) does not say what it is")
        let suffixes = ["usd": "USD", "ms": "ms"]
        if let unit = field.name.split(separator: "_").last.flatMap({ suffixes[String($0)] }) {
          #expect(field.unit?.hasPrefix(unit) == true, "\(resource.path): \(field.name)")
        }
      }
    }
  }

  @Test("every cell is of its column's type", arguments: [Fixture.charged, Fixture.named("=1+1")])
  func types(result: PlanResult) throws {
    let (package, files) = try Self.read(result)
    for resource in package.resources {
      for row in CSVReader.rows(try #require(files[resource.path])).dropFirst() {
        for (cell, field) in zip(row, resource.schema.fields) where !cell.isEmpty {
          #expect(
            Self.fits(cell, field.type), "\(resource.path): \(field.name) is \(field.type), not \(cell)")
        }
      }
    }
  }

  @Test("keys are unique and references hit a row", arguments: ["plain"] + Fixture.hostileNames)
  func keys(name: String) throws {
    let (package, files) = try Self.read(Fixture.named(name))
    for resource in package.resources {
      let records = CSVReader.records(try #require(files[resource.path]))
      if let key = resource.schema.primaryKey {
        let values = records.map { record in key.map { record[$0] ?? "" } }
        #expect(Set(values).count == values.count, "\(resource.path) has a row twice by \(key)")
      }
      for reference in resource.schema.foreignKeys ?? [] {
        let target = try #require(package.resources.first { $0.name == reference.reference.resource })
        let there = Set(
          CSVReader.records(try #require(files[target.path])).map { $0[reference.reference.fields[0]] })
        for record in records where record[reference.fields[0]] != "" {
          #expect(there.contains(record[reference.fields[0]]), "\(resource.path)")
        }
      }
    }
  }

  @Test("monthly money says that it is undiscounted, money over the horizon whether it is")
  func discounting() throws {
    for resource in try Self.read(Fixture.charged).package.resources {
      let names = resource.schema.fields.map(\.name)
      guard names.contains("month") else { continue }
      for field in resource.schema.fields where field.name.hasSuffix("_usd") {
        #expect(field.description?.contains("undiscounted") == true, "\(resource.path): \(field.name)")
      }
    }
  }

  @Test("the package names its sources once, a licence where one is given, and no time")
  func description() throws {
    let package = try Self.read(Fixture.charged).package
    let sources = try #require(package.sources)
    #expect(Set(sources.map(\.title)).count == sources.count && !sources.contains { $0.title == "scenario" })
    #expect(sources.contains { $0.path == "https://aws.amazon.com/bedrock/pricing/" })
    #expect(sources.contains { $0.title.hasPrefix("fit of 14") && $0.path == nil })
    #expect(package.licenses == nil)
    let licensed = try DataPackage.render(Fixture.charged, license: "CC-BY-4.0")
    let json = try #require(licensed.first { $0.name == "datapackage.json" }?.bytes)
    #expect(try JSONDecoder().decode(Package.self, from: json).licenses?.map(\.name) == ["CC-BY-4.0"])
    #expect(!String(decoding: json, as: UTF8.self).contains("\"created\""))
    #expect(try DataPackage.render(Fixture.charged) == DataPackage.render(Fixture.charged))
  }

  @Test("the data dictionary has a row for every column of every table, and no row that a name could break")
  func dictionary() throws {
    let (package, files) = try Self.read(Fixture.charged)
    let text = String(decoding: try #require(files["data-dictionary.md"]), as: UTF8.self)
    for resource in package.resources {
      #expect(text.contains("\n## \(resource.path)\n"))
      for field in resource.schema.fields { #expect(text.contains("\n| `\(field.name)` | \(field.type) |")) }
    }
    for line in text.split(separator: "\n") where line.hasPrefix("|") {
      #expect(line.count(where: { $0 == "|" }) == 5, "\(line)")
    }
  }
}
