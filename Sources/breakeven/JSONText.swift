// SPDX-License-Identifier: GPL-3.0-or-later
// JSON as every command prints it: indented, keys in order, for people to compare and for programs to read.

import CommandLineKit
import Foundation

/// The text of a value as JSON, ended by a line break.
enum JSONText {
  /// A value's text.
  /// - Parameter keys: how keys are written; as they are declared where not said.
  static func of(
    _ value: some Encodable, keys: JSONEncoder.KeyEncodingStrategy = .useDefaultKeys
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = keys
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}

extension Terminal {
  /// Prints a value as JSON.
  static func write(json value: some Encodable) throws { try write(JSONText.of(value)) }
}
