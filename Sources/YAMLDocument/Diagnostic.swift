// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with an input, and where: the one form in which every file's problems reach a reader.

/// A place in an input: a file's line and column, or an override on the command line.
public struct SourcePosition: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The file as it was named, or `--set` with the path of an override.
  public var source: String
  /// The line from 1; 0 where the source has no lines.
  public var line: Int
  /// The column from 1, counted in Unicode scalars; 0 where the source has no lines.
  public var column: Int
  /// Whether the place is an override on the command line rather than a file.
  public var isOverride: Bool

  /// A place in a file. Line and column 0 mean the file as a whole.
  public init(file: String, line: Int = 0, column: Int = 0) {
    self.source = file
    self.line = line
    self.column = column
    self.isOverride = false
  }

  /// The override of `path`.
  public init(overrideOf path: String) {
    self.source = "--set \(path)"
    self.line = 0
    self.column = 0
    self.isOverride = true
  }

  /// `file:line:column`, `file`, or `--set path`.
  public var description: String { line > 0 ? "\(source):\(line):\(column)" : source }

  /// Files before overrides, then by name, line and column.
  public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    if left.isOverride != right.isOverride { return right.isOverride }
    return (left.source, left.line, left.column) < (right.source, right.line, right.column)
  }
}

/// One problem of an input: where, what is wrong, what would be right.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
  /// What kind of problem it is; decides the exit code.
  public enum Kind: Sendable, Hashable {
    /// The input is there but wrong.
    case badData
    /// A file is not there or cannot be read.
    case missingInput
  }

  /// What kind of problem it is.
  public var kind: Kind
  /// Where it is.
  public var position: SourcePosition
  /// What is wrong.
  public var message: String
  /// What would be right, where that can be said.
  public var remedy: String?

  /// A problem.
  public init(
    _ position: SourcePosition, _ message: String, remedy: String? = nil, kind: Kind = .badData
  ) {
    self.kind = kind
    self.position = position
    self.message = message
    self.remedy = remedy
  }

  /// `file:line:column: what is wrong; what would be right`.
  public var description: String {
    if let remedy { "\(position): \(message); \(remedy)" } else { "\(position): \(message)" }
  }
}

/// An input refused as a whole, with every problem found in it.
public struct InputProblems: Error, Sendable, Hashable, CustomStringConvertible {
  /// The problems, in the order of their places; at least one.
  public var diagnostics: [Diagnostic]

  /// The problems of an input, put into the order of their places. Problems of one place stay in the order
  /// found.
  public init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics.enumerated()
      .sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
      .map(\.element)
  }

  /// The process's exit code under sysexits(3): 66 where files are missing and nothing else is wrong,
  /// otherwise 65.
  public var exitCode: Int32 { diagnostics.allSatisfy { $0.kind == .missingInput } ? 66 : 65 }

  /// One line per problem.
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
