// SPDX-License-Identifier: GPL-3.0-or-later
// Names of models and use cases occur in every row and are few: a row holds two bytes of each.

import TextFormats

/// Names by a small number, in order of appearance; number 0 is the empty name, for rows that tell none.
struct NameTable {
  /// The names.
  private(set) var names = [""]
  private var numbers: [String: UInt16] = ["": 0]
  /// The name looked up last, which the next row usually has too.
  private var last: (bytes: [UInt8], number: UInt16) = ([], 0)
  private let normalize: @Sendable (String) -> String

  /// A table that keeps each name as `normalize` makes it.
  init(normalize: @escaping @Sendable (String) -> String = { $0 }) { self.normalize = normalize }

  /// The number of the name that a range of bytes spells.
  /// - Returns: nil where there are more names than two bytes count.
  /// - Complexity: O(bytes) where the name is that of the last call or known.
  mutating func number(_ bytes: borrowing [UInt8], _ range: Range<Int>) -> UInt16? {
    if last.bytes.count == range.count {
      var isSame = true
      for offset in 0..<range.count where last.bytes[offset] != bytes[range.lowerBound + offset] {
        isSame = false
        break
      }
      if isSame { return last.number }
    }
    guard let number = number(String(decoding: bytes[range], as: UTF8.self)) else { return nil }
    last = (Array(bytes[range]), number)
    return number
  }

  /// The number of a name.
  /// - Returns: nil where there are more names than two bytes count.
  mutating func number(_ name: String) -> UInt16? {
    if let known = numbers[name] { return known }
    let kept = normalize(name)
    let number: UInt16
    if let known = names.firstIndex(of: kept) {
      number = UInt16(known)
    } else {
      guard names.count <= Int(UInt16.max) else { return nil }
      number = UInt16(names.count)
      names.append(kept)
    }
    numbers[name] = number
    return number
  }

  /// Bedrock's model id without the ARN before it and the region prefix of an inference profile.
  ///
  /// `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3-3-70b-instruct-v1:0` and
  /// `us.meta.llama3-3-70b-instruct-v1:0` both are `meta.llama3-3-70b-instruct-v1:0`.
  static func bedrockModel(_ name: String) -> String {
    var model = name.hasPrefix("arn:") ? name.split(separator: "/").last ?? name[...] : name[...]
    let regions = ["us-gov", "us", "eu", "apac", "jp", "au", "ca", "sa", "me", "af", "global"]
    for region in regions where model.hasPrefix("\(region).") {
      model = model.dropFirst(region.count + 1)
      break
    }
    return String(model)
  }
}
