// SPDX-License-Identifier: GPL-3.0-or-later
// The catalog as tables for people and as one object for programs: every figure with its source and date.

import Catalog
import CommandLineKit
import Foundation
import NumberFormatting
import Uncertainty

/// Sections of the catalog to be printed.
struct CatalogListing {
  /// An entry: what it is called, its figures in the order of the table, and where they are from.
  struct Entry: Encodable {
    var id: String
    var name: String?
    var aliases: [String] = []
    var figures: [Figure]
    var source: String
    var verifiedOn: String
  }

  /// A figure, as its file writes it.
  struct Figure: Encodable {
    /// The key in the file, or the heading of a column.
    var key: String
    var unit: String?
    /// The figure, or its median where it is uncertain.
    var value: Double
    var p10: Double?
    var p90: Double?

    init(_ key: String, _ value: Double, unit: String? = nil) {
      self.key = key
      self.value = value
      self.unit = unit
    }

    init(_ key: String, _ uncertain: UncertainValue, unit: String? = nil) {
      self.init(key, uncertain.distribution.quantile(0.5), unit: unit)
      if uncertain.isConstant { return }
      p10 = uncertain.distribution.quantile(0.1)
      p90 = uncertain.distribution.quantile(0.9)
    }

    /// `0.694 (0.62–0.78)`, `131 072`, `70.6 bn`.
    var text: String {
      let digits = value.magnitude >= 1e9 ? NumberText.quantity(value) : NumberText.significant(value)
      guard let p10, let p90 else { return digits }
      return "\(digits) (\(NumberText.significant(p10))–\(NumberText.significant(p90)))"
    }
  }

  let sections: [(section: CatalogSection, entries: [Entry])]
  let digest: String

  init(_ reference: ReferenceData, sections: [CatalogSection]) {
    digest = reference.digest
    self.sections = sections.map { section in
      switch section {
      case .models: (section, Self.models(reference))
      case .gpus: (section, Self.gpus(reference))
      case .engines: (section, Self.engines(reference))
      case .prices: (section, Self.prices(reference))
      }
    }
  }

  /// A table for each section, followed by its sources, each once.
  var text: String {
    sections.map { section, entries in
      var sources: [String] = []
      func number(_ entry: Entry) -> String {
        let source = "\(entry.source) (\(entry.verifiedOn))"
        let index = sources.firstIndex(of: source) ?? sources.endIndex
        if index == sources.endIndex { sources.append(source) }
        return "[\(index + 1)]"
      }
      let table = section == .prices ? prices(entries, number) : figures(entries, number)
      let list = sources.enumerated().map { "[\($0.offset + 1)] \($0.element)\n" }.joined()
      return "\(section.rawValue)\n\n\(table)\n\(list)"
    }.joined(separator: "\n")
  }

  /// A column for every figure that some entry has.
  private func figures(_ entries: [Entry], _ number: (Entry) -> String) -> String {
    var keys: [String] = []
    for figure in entries.flatMap(\.figures) where !keys.contains(figure.key) { keys.append(figure.key) }
    var table = TextTable(
      columns: [.left("id")] + keys.map { .right($0) } + [.left("source"), .left("also known as")])
    for entry in entries {
      let cells = keys.map { key in entry.figures.first { $0.key == key }?.text ?? "–" }
      let names = ([entry.name].compactMap(\.self) + entry.aliases).joined(separator: ", ")
      table.add([entry.id] + cells + [number(entry), names])
    }
    return table.rendered
  }

  /// A line for every price.
  private func prices(_ entries: [Entry], _ number: (Entry) -> String) -> String {
    var table = TextTable(columns: [.left("price"), .right("$"), .left("per"), .left("source")])
    for entry in entries {
      for figure in entry.figures {
        table.add(
          entry.id + "." + figure.key, figure.text, figure.unit ?? "", number(entry))
      }
    }
    return table.rendered
  }

  private struct Document: Encodable {
    var models: [Entry]?
    var gpus: [Entry]?
    var engines: [Entry]?
    var prices: [Entry]?
    var catalogDigest: String
  }

  /// One object with an array for each section.
  var json: String {
    get throws {
      func entries(_ wanted: CatalogSection) -> [Entry]? { sections.first { $0.section == wanted }?.entries }
      return try JSONText.of(
        Document(
          models: entries(.models), gpus: entries(.gpus), engines: entries(.engines),
          prices: entries(.prices), catalogDigest: digest))
    }
  }
}
