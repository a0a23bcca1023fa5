// SPDX-License-Identifier: GPL-3.0-or-later
// A name of a scenario comes back as it was from every format that a program reads, whatever it looks like.

import Decision
import Foundation
import Reporting
import Testing

@Suite("Hostile names in exports")
struct HostileExportTests {
  /// What a spreadsheet would compute begins with an apostrophe in a CSV file.
  static func cell(_ name: String) -> String {
    "=+-@\t\r\n".contains(name.first ?? " ") ? "'" + name : name
  }

  @Test("CSV, data package, FOCUS and JSON give the name back", arguments: Fixture.hostileNames)
  func comesBack(name: String) throws {
    let result = Fixture.named(name)
    let files = try rendered(result)
    let document = try ResultDocument.decode(try #require(files["result.json"]))
    #expect(document == result)
    let options = CSVReader.records(try #require(files["options.csv"]))
    #expect(options[6]["option"] == Self.cell(name) && options[6]["title"] == Self.cell(name))
    let package = try DataPackageTests.read(result).package
    #expect(package.title == name && package.sources?[0].title == name)
    #expect(package.sources?[0].path == nil)
    let bill = CSVReader.records(Data(try FocusExport.text(result).utf8))
    #expect(bill[0]["x_Option"] == Self.cell(name) && bill[0]["ProviderName"] == Self.cell(name))
    #expect(bill[0]["BillingAccountName"] == "Forecast: \(name)")
  }

  @Test("a comparison shows the name as text on its page and in Markdown", arguments: Fixture.hostileNames)
  func comparison(name: String) throws {
    let comparison = RunComparison(from: Fixture.charged, to: Fixture.named(name))
    let files = ComparisonFiles.render(
      comparison, title: name, old: "run 1", new: "run 2 of \(name)", version: "0.1.0")
    let page = try #require(files.first { $0.name == "comparison.html" })
    let (reader, error) = PageReader.read(page.bytes)
    #expect(error == nil && reader.elements["script"] == nil && reader.elements["a"] == nil)
    let markdown = String(
      decoding: try #require(files.first { $0.name == "comparison.md" }).bytes, as: UTF8.self)
    #expect(!markdown.contains("<script") && !markdown.contains("://"))
  }
}
