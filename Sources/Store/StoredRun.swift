// SPDX-License-Identifier: GPL-3.0-or-later
// What comes back out of the store.

public import Foundation

/// A stored run on one line, as a list of runs shows it.
public struct RunSummary: Sendable, Hashable, Codable {
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
  /// The id of the option in use when it was run.
  public let baseline: String
  /// The recommended option's median cost over the horizon, discounted, $.
  public let medianCost: Double
  /// The probability that the recommended option is the cheapest.
  public let probabilityCheapest: Double
  /// Its own name; nil for a run like any other of its scenario.
  public let name: String?
}

/// A stored run in full.
public struct StoredRun: Sendable, Hashable {
  /// Its line in the list.
  public let summary: RunSummary
  /// The result document as JSON without indentation; keys and numbers as they were saved.
  public let json: Data
  /// Cost by option (in the scenario's order) and future, $; to binary32, so to 1 part in 16 million.
  public let costs: [[Double]]
}

/// How a row of costs lies in the store: IEEE 754 numbers, little-endian, one after the other; binary32, or
/// binary64 in stores of the first layout.
enum CostBlob {
  /// Bytes of a number as it is written now.
  static let bytesPerCost = 4

  /// The bytes of a row; nil where a number is not finite in binary32.
  static func encode(_ costs: [Double]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(bytesPerCost * costs.count)
    for cost in costs {
      let bits = Float(cost).bitPattern
      guard Float(cost).isFinite else { return nil }
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
      }
    }
    return bytes
  }

  /// The row in some bytes; nil where their number is no multiple of the width, or the width is none of those
  /// known.
  static func decode(_ bytes: [UInt8], bytesPerCost width: Int) -> [Double]? {
    guard width == 4 || width == 8, bytes.count.isMultiple(of: width) else { return nil }
    return stride(from: 0, to: bytes.count, by: width).map { start in
      let bits = (0..<width).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
      return width == 4
        ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
    }
  }
}
