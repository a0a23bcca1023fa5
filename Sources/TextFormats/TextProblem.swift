// SPDX-License-Identifier: GPL-3.0-or-later
// The one form in which a file of text is complained about.

/// What is wrong with a file, and where.
public struct TextProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file.
  public var file: String
  /// Line, from 1; 0 where the file as a whole is meant.
  public var line: Int
  /// Column in bytes, from 1.
  public var column: Int
  /// What is wrong, and what would be right.
  public var message: String
  /// Whether the file is missing or cannot be opened: nothing is known of what it holds.
  public var isUnreadable = false

  /// A problem.
  public init(file: String, line: Int, column: Int, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  /// `file:line:column: message`.
  public var description: String {
    line > 0 ? "\(file):\(line):\(column): \(message)" : "\(file): \(message)"
  }

  /// Bytes of a file as a message may show them: the first ones, control characters as U+FFFD, so that no file can
  /// write to the terminal of whoever reads the message.
  public static func excerpt(_ bytes: ArraySlice<UInt8>, most: Int = 40) -> String {
    let scalars = String(decoding: bytes.prefix(most), as: UTF8.self).unicodeScalars
    return String(
      String.UnicodeScalarView(scalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }
}
