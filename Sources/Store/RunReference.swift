// SPDX-License-Identifier: GPL-3.0-or-later
// How a person names a stored run: by its number, or by how recent it is.

/// Names a stored run.
///
///     17                     the run of that number
///     latest                 the newest run
///     latest~2               the third newest
///     support-assistant      the newest run of that scenario
///     support-assistant~1    the one before it
///     cheap-spot             the run that was saved under this name
///
/// A scenario whose name is a number or `latest` cannot be named this way; its runs still have numbers.
public enum RunReference: Sendable, Hashable, CustomStringConvertible, ExpressibleByIntegerLiteral {
  /// The run of a number.
  case number(Int64)
  /// A run by how many newer ones there are, of one scenario or (nil) of all.
  case recent(scenario: String?, back: Int)

  /// The newest run of all.
  public static let latest = RunReference.recent(scenario: nil, back: 0)

  /// Reads a reference; nil for an empty text, a number of 0 or less, and a `~` without a whole number after
  /// it.
  public init?(_ text: String) {
    if text.utf8.allSatisfy({ (48...57).contains($0) }) {
      guard let number = Int64(text), number > 0 else { return nil }
      self = .number(number)
      return
    }
    let parts = text.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, !name.isEmpty, !name.hasPrefix("-") else { return nil }
    var back = 0
    if parts.count == 2 {
      guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let count = Int(parts[1]) else {
        return nil
      }
      back = count
    }
    self = .recent(scenario: name == "latest" ? nil : String(name), back: back)
  }

  /// The run of a number.
  public init(integerLiteral number: Int64) { self = .number(number) }

  /// The reference as it is typed.
  public var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .recent(let scenario, let back): (scenario ?? "latest") + (back == 0 ? "" : "~\(back)")
    }
  }
}

/// Which runs of each scenario are kept. The newest run of a scenario always is, so that the next one has
/// something to be held against.
public enum Retention: Sendable, Hashable {
  /// So many of the newest runs of each scenario.
  case newest(Int)
  /// Runs saved at or after a time, ISO 8601 in UTC: `2026-02-01T03:00:00Z`.
  case since(String)
}
