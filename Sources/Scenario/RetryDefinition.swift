// SPDX-License-Identifier: GPL-3.0-or-later
// What a client does that is told "too many requests": keys and decoding of a back-off.

import YAMLDocument

/// Asking again, later and later.
public struct RetryDefinition: Sendable, Hashable {
  /// Retries at most.
  public var retries: Int
  /// Longest wait before the first retry, seconds.
  public var firstDelaySeconds: Double
  /// By how much the wait grows from retry to retry.
  public var factor: Double
  /// Longest wait of all, seconds.
  public var longestDelaySeconds: Double
  /// Largest share of a wait that chance takes off.
  public var jitter: Double

  /// Retries.
  public init(
    retries: Int, firstDelaySeconds: Double, factor: Double, longestDelaySeconds: Double, jitter: Double
  ) {
    self.retries = retries
    self.firstDelaySeconds = firstDelaySeconds
    self.factor = factor
    self.longestDelaySeconds = longestDelaySeconds
    self.jitter = jitter
  }
}

extension ScenarioKeys {
  static let retry = KeyTable(
    "the retries",
    keys: [
      .required("retries", .integer(1...100), "retries at most"),
      .optional(
        "first_delay_seconds", .number(.above(0, to: 3600)), absent: "1",
        "longest wait before the first retry"
      ),
      .optional(
        "factor", .number(.from(1, to: 100)), absent: "2", "by how much the wait grows from retry to retry"),
      .optional(
        "longest_delay_seconds", .number(.above(0, to: 86_400)),
        absent: "60, or the first delay where that is longer", "longest wait of all"),
      .optional(
        "jitter", .number(.from(0, to: 1)), absent: "1", "largest share of a wait that chance takes off"),
    ])
}

extension ScenarioDecoder {
  /// The retries that an option or supply has under `retry`; nil where nobody asks again.
  func retry(_ owner: MappingView) -> RetryDefinition? {
    guard let view = owner.mapping("retry") else { return nil }
    let (retries, first) = (view.integer("retries"), view.number("first_delay_seconds") ?? 1)
    let (factor, jitter) = (view.number("factor") ?? 2, view.number("jitter") ?? 1)
    let longest = view.number("longest_delay_seconds") ?? max(60, first)
    if longest < first {
      context.report(
        view.position(of: "longest_delay_seconds"),
        "`longest_delay_seconds` is \(plain(longest)), but the first delay is \(plain(first))",
        remedy: "write at least that")
    }
    guard let retries else { return nil }
    return RetryDefinition(
      retries: retries, firstDelaySeconds: first, factor: factor, longestDelaySeconds: max(longest, first),
      jitter: jitter)
  }
}
