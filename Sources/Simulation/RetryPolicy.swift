// SPDX-License-Identifier: GPL-3.0-or-later
// What a client does after "too many requests" or an interruption: it asks again, later and later, and not for ever.

public import Quantities

/// Exponential back-off with jitter: the `n`-th retry waits `firstDelay · factor^(n-1)`, at most `longestDelay`, of
/// which a share up to `jitter` is taken off at random so that clients that were refused together do not come back
/// together (M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015: `jitter` 1 is "full jitter").
public struct RetryPolicy: Sendable, Hashable, BitwiseCopyable {
  /// Retries at most; after them the request goes on to the next supply, or is lost.
  public var retries: Int
  /// Longest wait before the first retry, seconds.
  public var firstDelay: Double
  /// By how much the wait grows from retry to retry, at least 1.
  public var factor: Double
  /// Longest wait of all, seconds.
  public var longestDelay: Double
  /// Largest share of a wait that chance takes off, from 0 to 1.
  public var jitter: Double

  /// A policy.
  public init(
    retries: Int, firstDelay: Seconds, factor: Double = 2, longestDelay: Seconds = Seconds(60),
    jitter: Double = 1
  ) {
    precondition((0...1000).contains(retries), "\(retries) retries")
    precondition(firstDelay.rawValue > 0 && longestDelay >= firstDelay, "delays that run backwards")
    precondition(factor >= 1 && factor.isFinite, "a back-off factor of \(factor)")
    precondition((0...1).contains(jitter), "a jitter of \(jitter)")
    self.retries = retries
    self.firstDelay = firstDelay.rawValue
    self.factor = factor
    self.longestDelay = longestDelay.rawValue
    self.jitter = jitter
  }

  /// The wait before a retry, seconds.
  /// - Parameters:
  ///   - retry: its number, from 1.
  ///   - uniform: a number from 0 to 1.
  func delay(retry: Int, uniform: Double) -> Double {
    var delay = firstDelay
    for _ in 1..<max(1, retry) where delay < longestDelay { delay *= factor }
    return min(delay, longestDelay) * (1 - jitter * uniform)
  }
}
