// SPDX-License-Identifier: GPL-3.0-or-later
// What comes back out of the store.

public import Foundation

/// A stored run on one line, as a list of runs shows it.
public struct RunSummary: Sendable, Hashable {
  /// The run's number in its store: ascending in the order of saving, never used twice.
  public let id: Int64
  /// The scenario's id.
  public let scenario: String
  /// The scenario's title.
  public let title: String
  /// The version of the program that ran it.
  public let version: String
  /// The seed.
  public let seed: UInt64
  /// Futures priced.
  public let draws: Int
  /// Physical draws simulated.
  public let simulations: Int
  /// SHA-256 of the scenario file and its overrides.
  public let scenarioDigest: String
  /// SHA-256 of the catalog and price book.
  public let catalogDigest: String
  /// When it was saved, ISO 8601, UTC.
  public let createdAt: String
  /// The decision in words.
  public let sentence: String
  /// The id of the recommended option.
  public let recommendedOption: String
}

/// A stored run in full.
public struct StoredRun: Sendable, Hashable {
  /// Its line in the list.
  public let summary: RunSummary
  /// The result document, byte for byte as it was saved.
  public let json: Data
  /// Cost by option (in the scenario's order) and future, $.
  public let costs: [[Double]]
}

/// How a row of costs lies in the store: IEEE 754 binary64 numbers, little-endian, one after the other.
enum CostBlob {
  /// The bytes of a row.
  static func encode(_ costs: [Double]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * costs.count)
    for cost in costs {
      let bits = cost.bitPattern
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
      }
    }
    return bytes
  }

  /// The row in some bytes; nil where their number is no multiple of 8.
  static func decode(_ bytes: [UInt8]) -> [Double]? {
    guard bytes.count.isMultiple(of: 8) else { return nil }
    return stride(from: 0, to: bytes.count, by: 8).map { start in
      Double(bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) })
    }
  }
}
