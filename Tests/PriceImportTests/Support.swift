// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of the importers share: lists given as text, and the files of real ones.

import Catalog
import Foundation
import PriceImport
import Quantities
import TextFormats
import YAMLDocument

enum Fixture {
  static let day = CalendarDay(daysSince1970: 20_781)  // 2026-11-24

  /// What a format makes of a list.
  static func read(
    _ format: PriceListFormat, _ list: String, provider: String? = nil
  ) throws -> ImportedPrices {
    let request = PriceImportRequest(
      reference: try ReferenceData.load(directory: nil), provider: provider, verifiedOn: day)
    return try format.prices(
      in: TextReader(bytes: [UInt8](list.utf8), file: "list"), for: request)
  }

  /// What is wrong with a list; nothing where it is taken.
  static func problems(_ format: PriceListFormat, _ list: String, provider: String? = nil) throws -> [String]
  {
    do {
      _ = try read(format, list, provider: provider)
      return []
    } catch let error as PriceListProblems {
      return error.problems.map(\.description)
    }
  }

  /// The bytes of a file of real prices; nil where there is none.
  static func real(_ name: String) -> String? {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "../shared/data/prices/\(name)")
    return try? String(contentsOf: file, encoding: .utf8)
  }

  /// The catalog with a price book laid over it.
  static func load(_ book: String) throws -> ReferenceData {
    let file = FileManager.default.temporaryDirectory.appending(path: "prices-\(UUID().uuidString).yaml")
    try book.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    return try ReferenceData.load(directory: nil, priceBook: file.path)
  }
}
