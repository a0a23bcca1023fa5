// SPDX-License-Identifier: GPL-3.0-or-later
// What can go wrong with a report, each with what was found and where.

/// Why a report was not made.
public enum ReportError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A result document that contradicts itself or cannot be read.
  case invalidResult(String)
  /// An option or a table was asked for that the result does not have.
  case noSuchPart(String)
  /// A file or folder that could not be written.
  case cannotWrite(path: String, reason: String)

  /// The error in words.
  public var description: String {
    switch self {
    case .invalidResult(let reason): "the result document is not valid: \(reason)"
    case .noSuchPart(let reason): reason
    case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
    }
  }
}
