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
}
