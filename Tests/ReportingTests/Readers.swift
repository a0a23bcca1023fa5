// SPDX-License-Identifier: GPL-3.0-or-later
// Readers of what a report writes, independent of the code that writes it.

import Decision
import Foundation
import FoundationXML
import Reporting

/// A CSV parser after RFC 4180, by state machine over bytes.
enum CSVReader {
  static func rows(_ bytes: Data) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var closedQuote = false
    func endCell() {
      row.append(String(decoding: cell, as: UTF8.self))
      cell = []
      closedQuote = false
    }
    for byte in bytes {
      if isQuoted {
        if byte == UInt8(ascii: "\"") {
          isQuoted = false
          closedQuote = true
        } else {
          cell.append(byte)
        }
      } else if byte == UInt8(ascii: "\"") {
        if closedQuote { cell.append(byte) }
        isQuoted = true
        closedQuote = false
      } else if byte == UInt8(ascii: ",") {
        endCell()
      } else if byte == UInt8(ascii: "\n") {
        endCell()
        rows.append(row)
        row = []
      } else {
        cell.append(byte)
      }
    }
    if !cell.isEmpty || !row.isEmpty {
      endCell()
      rows.append(row)
    }
    return rows
  }

  /// Rows by column name.
  static func records(_ bytes: Data) -> [[String: String]] {
    let rows = rows(bytes)
    guard let header = rows.first else { return [] }
    return rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }
}

/// What a page is made of, collected by Foundation's XML parser.
final class PageReader: NSObject, XMLParserDelegate {
  struct Image {
    var role = ""
    var title = ""
    var description = ""
  }

  var elements: [String: Int] = [:]
  var ids: [String] = []
  /// Values of attributes by name.
  var attributes: [String: [String]] = [:]
  var text = ""
  var style = ""
  var headline = ""
  /// Tables as rows of cells.
  var tables: [[[String]]] = []
  var images: [Image] = []
  private var path: [String] = []

  static func read(_ bytes: Data) -> (page: PageReader, error: (any Error)?) {
    let reader = PageReader()
    let parser = XMLParser(data: bytes)
    parser.delegate = reader
    return (reader, parser.parse() ? nil : parser.parserError)
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    path.append(name)
    elements[name, default: 0] += 1
    if let id = attributes["id"] { ids.append(id) }
    for (key, value) in attributes { self.attributes[key, default: []].append(value) }
    switch name {
    case "table": tables.append([])
    case "tr" where !tables.isEmpty: tables[tables.count - 1].append([])
    case "th", "td":
      if var table = tables.popLast() {
        if !table.isEmpty { table[table.count - 1].append("") }
        tables.append(table)
      }
    case "svg": images.append(Image(role: attributes["role"] ?? ""))
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if path.contains("style") {
      style += string
      return
    }
    text += string
    if path.contains("h1") { headline += string }
    if let table = tables.indices.last, path.contains("td") || path.contains("th"),
      let row = tables[table].indices.last, let cell = tables[table][row].indices.last
    {
      tables[table][row][cell] += string
    }
    if let image = images.indices.last {
      if path.last == "title" { images[image].title += string }
      if path.last == "desc" { images[image].description += string }
    }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
  {
    path.removeLast()
  }
}

/// Numbers read back from the text made for people.
enum NumberReader {
  /// Dollars of `$1.24 M`, `−$38.2 k`, `$512`.
  static func dollars(_ text: String) -> Double? {
    var rest = Substring(text)
    var sign = 1.0
    if rest.first == "−" {
      sign = -1
      rest = rest.dropFirst()
    }
    guard rest.first == "$" else { return nil }
    let parts = rest.dropFirst().split(separator: "\u{202F}")
    guard let first = parts.first, let value = Double(first), parts.count <= 2 else { return nil }
    let units = ["k": 1e3, "M": 1e6, "bn": 1e9, "tn": 1e12]
    guard parts.count == 2 else { return sign * value }
    return units[String(parts[1])].map { sign * value * $0 }
  }

  /// The share of `71.3 %`.
  static func share(_ text: String) -> Double? {
    let parts = text.split(separator: "\u{202F}")
    guard parts.count == 2, parts[1] == "%" else { return nil }
    return Double(parts[0]).map { $0 / 100 }
  }
}

/// A rendered report by file name.
func rendered(_ result: PlanResult) throws -> [String: Data] {
  Dictionary(uniqueKeysWithValues: try ReportFiles.render(result).map { ($0.name, $0.bytes) })
}
