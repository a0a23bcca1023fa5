// SPDX-License-Identifier: GPL-3.0-or-later
// A digest of everything that a value is made of, found by reflection: what somebody adds to an option tomorrow is part
// of it without being listed here, so that stored quantities are never taken for those of other inputs.

import Workload
import YAMLDocument

/// Gathers values and digests them. Equal values give equal digests, in any process; different ones differ in any number
/// of any property, but for those in `ignored`.
struct StructureDigest {
  private var bytes: [UInt8] = []
  /// What was met that cannot be told from others of its type, such as a closure; then there is no digest.
  private var unknown: String?

  /// Properties of which no quantity follows, by the type that has them: of an option its title and what its quantities
  /// are multiplied by.
  private static let ignored: [String: Set<String>] = [
    "OptionBlueprint": ["prices", "schedule"], "OptionDefinition": ["title", "costs"],
    "DemandPlan": ["traceWarnings"], "FleetDefinition": ["owned"], "Accelerator": ["thermalDesignPower"],
  ]

  /// Whether a property says nothing of what is simulated: it is listed, or says where something is written
  /// (`file:line:column`) or comes from.
  private static func isIgnored(_ label: String, _ value: Any, of type: String) -> Bool {
    if ignored[type]?.contains(label) == true || label == "provenance" { return true }
    guard label == "location", let place = value as? String else { return false }
    return place.split(separator: ":").suffix(2).count { Int($0) != nil } == 2
  }

  /// SHA-256 of all values added, hexadecimal; nil where one of them cannot be told from others.
  var hexadecimal: String? { unknown == nil ? SHA256.hexDigest(bytes) : nil }

  /// Adds a value with all that it is made of.
  /// - Complexity: O(stored properties); rows of traces and arrays of numbers take no reflection.
  mutating func add(_ value: Any) {
    if addLeaf(value) || addNumbers(value) { return }
    let mirror = Mirror(reflecting: value)
    tag("(\(type(of: value))")
    switch mirror.displayStyle {
    case .enum:
      // A case without a payload has no children; its name is all there is.
      if let payload = mirror.children.first {
        tag(payload.label ?? "")
        add(payload.value)
      } else {
        tag("\(value)")
      }
    case .dictionary, .set: addUnordered(mirror.children.map(\.value))
    case .struct, .tuple, .class, .optional, .collection:
      let type = "\(type(of: value))"
      for child in mirror.children where !Self.isIgnored(child.label ?? "", child.value, of: type) {
        tag(child.label ?? "")
        add(child.value)
      }
      if let parent = mirror.superclassMirror { for child in parent.children { add(child.value) } }
    default: unknown = unknown ?? "\(type(of: value))"
    }
    tag(")")
  }

  private mutating func tag(_ text: String) {
    number(UInt64(text.utf8.count))
    bytes += text.utf8
  }

  private mutating func number(_ bits: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
  }

  /// Adds a number, a truth value or text; false where it is none.
  private mutating func addLeaf(_ value: Any) -> Bool {
    switch value {
    case let real as Double: number(real.bitPattern)
    case let whole as any FixedWidthInteger: number(UInt64(truncatingIfNeeded: whole))
    case let real as Float: number(UInt64(real.bitPattern))
    case let flag as Bool: number(flag ? 1 : 0)
    case let text as String: tag(text)
    default: return false
    }
    return true
  }

  /// Adds a long array of numbers without a look at each through a mirror; false where it is none.
  private mutating func addNumbers(_ value: Any) -> Bool {
    switch value {
    case let reals as [Double]: addFolded(reals.count) { reals[$0].bitPattern }
    case let wholes as [Int32]: addFolded(wholes.count) { UInt64(truncatingIfNeeded: wholes[$0]) }
    case let wholes as [UInt32]: addFolded(wholes.count) { UInt64(wholes[$0]) }
    case let wholes as [Int]: addFolded(wholes.count) { UInt64(truncatingIfNeeded: wholes[$0]) }
    case let rows as [RequestTrace.Row]:
      addFolded(4 * rows.count) { index in
        let row = rows[index / 4]
        return switch index % 4 {
        case 0: row.time.bitPattern
        case 1: Self.joined(row.inputTokens, row.outputTokens)
        case 2: UInt64(row.content) << 32 | UInt64(row.prefix)
        default: UInt64(truncatingIfNeeded: row.sharedTokens)
        }
      }
    default: return false
    }
    return true
  }

  private static func joined(_ high: Int32, _ low: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: high)) << 32 | UInt64(UInt32(bitPattern: low))
  }

  /// Folds many words into four, because a trace of millions of rows would take seconds to digest: the finalizer of
  /// SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195) over two chains.
  private mutating func addFolded(_ count: Int, _ word: (Int) -> UInt64) {
    var (left, right) = (UInt64(0x9E37_79B9_7F4A_7C15), UInt64(0xD1B5_4A32_D192_ED03))
    for index in 0..<count {
      let next = word(index)
      left = Self.mixed(left ^ next)
      right = Self.mixed(right &+ next &* 0x9E37_79B9_7F4A_7C15)
    }
    number(UInt64(count))
    number(left)
    number(right)
  }

  private static func mixed(_ word: UInt64) -> UInt64 {
    var word = word &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// Adds values in the order of their digests: that of a dictionary changes from process to process.
  private mutating func addUnordered(_ values: [Any]) {
    var digests: [String] = []
    for value in values {
      var own = StructureDigest()
      own.add(value)
      unknown = unknown ?? own.unknown
      digests.append(SHA256.hexDigest(own.bytes))
    }
    for digest in digests.sorted() { tag(digest) }
  }
}
