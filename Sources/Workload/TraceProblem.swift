// SPDX-License-Identifier: GPL-3.0-or-later
// The one form in which a trace file is complained about.

/// What is wrong with a trace file, and where.
public struct TraceProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file.
  public var file: String
  /// Line, from 1; 0 where the file as a whole is meant.
  public var line: Int
  /// Column, from 1.
  public var column: Int
  /// What is wrong, and what would be right.
  public var message: String

  /// `file:line:column: message`.
  public var description: String {
    line > 0 ? "\(file):\(line):\(column): \(message)" : "\(file): \(message)"
  }
}
