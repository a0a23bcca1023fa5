// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a provider's quotas is left: two token buckets that fill up continuously.

/// What is left of one model's quotas.
///
/// Levels are kept times 60, so that whole quotas per minute and whole seconds stay whole numbers.
struct QuotaLevel: BitwiseCopyable {
  private var requestsPerMinute = Double.infinity
  private var tokensPerMinute = Double.infinity
  private var requests = Double.infinity
  private var tokens = Double.infinity
  private var updated = 0.0

  init() {}

  /// Full quotas.
  init(_ quota: RequestQuota) {
    requestsPerMinute = quota.requestsPerMinute
    tokensPerMinute = quota.tokensPerMinute
    requests = 60 * requestsPerMinute
    tokens = 60 * tokensPerMinute
  }

  /// Takes one request and its tokens out, if both are there.
  mutating func take(tokens needed: Int64, at now: Double) -> Bool {
    refill(until: now)
    guard requests >= 60, tokens >= 60 * Double(needed) else { return false }
    requests -= 60
    tokens -= 60 * Double(needed)
    return true
  }

  /// Gives tokens back; no more than a minute's stay.
  mutating func giveBack(tokens unused: Int32, at now: Double) {
    refill(until: now)
    tokens = min(60 * tokensPerMinute, tokens + 60 * Double(unused))
  }

  private mutating func refill(until now: Double) {
    guard now > updated else { return }
    requests = min(60 * requestsPerMinute, requests + requestsPerMinute * (now - updated))
    tokens = min(60 * tokensPerMinute, tokens + tokensPerMinute * (now - updated))
    updated = now
  }
}
