// SPDX-License-Identifier: GPL-3.0-or-later
// What one model, one use case or a whole log has used and cost.

/// What a provider charges for tokens.
public struct TokenPrice: Sendable, Hashable {
  /// Dollars per 1M tokens of prompts.
  public var inputPerMillion: Double
  /// Dollars per 1M tokens generated.
  public var outputPerMillion: Double
  /// Dollars per 1M tokens of prompts that the provider found in its cache; nil where no such price is known.
  public var cachedInputPerMillion: Double?

  /// A price.
  public init(inputPerMillion: Double, outputPerMillion: Double) {
    self.inputPerMillion = inputPerMillion
    self.outputPerMillion = outputPerMillion
  }

  /// Dollars for so many tokens.
  /// - Parameter cached: those of the input that the provider found in its cache.
  func dollars(input: Double, cached: Double, output: Double) -> Double {
    let saved = min(cached, input) * (inputPerMillion - (cachedInputPerMillion ?? inputPerMillion))
    return (input * inputPerMillion - saved + output * outputPerMillion) / 1e6
  }
}

/// Requests, tokens, dollars and latencies of a part of a log.
///
/// Counts are `Double` because stretches of time may tell rates; those of single requests are whole up to 2^53. Tokens,
/// repetitions and latencies are those of answered requests: what a failed one had used before it failed, logs tell
/// or do not. Dollars that the log tells count whichever request they are of.
public struct UsageFigures: Sendable {
  /// Requests with what they cost.
  public struct Charges: Sendable, Hashable {
    /// Requests.
    public internal(set) var requests = 0.0
    /// Dollars.
    public internal(set) var dollars = 0.0
  }

  /// Requests that a cache of answers would have saved.
  public struct Repetitions: Sendable, Hashable {
    /// Requests.
    public internal(set) var requests = 0.0
    /// Tokens of their prompts.
    public internal(set) var inputTokens = 0.0
    /// Tokens generated for them.
    public internal(set) var outputTokens = 0.0
    /// What those of them cost whose price is known.
    public internal(set) var dollars = 0.0
    /// Those whose price is not known.
    public internal(set) var unpricedRequests = 0.0
  }

  /// All requests, failed ones among them.
  public internal(set) var requests = 0.0
  /// Requests that failed.
  public internal(set) var failed = 0.0
  /// Requests that, the log says, a cache of answers has answered.
  public internal(set) var answeredFromCache = 0.0
  /// Requests whose tokens the log does not tell.
  public internal(set) var withoutTokens = 0.0
  /// Tokens of prompts, cached ones among them.
  public internal(set) var inputTokens = 0.0
  /// Tokens of prompts from a prompt cache.
  public internal(set) var cachedInputTokens = 0.0
  /// Tokens generated.
  public internal(set) var outputTokens = 0.0
  /// Requests whose dollars the log tells.
  public internal(set) var logged = Charges()
  /// Requests whose dollars follow from a price.
  public internal(set) var priced = Charges()
  /// Tokens from a prompt cache among what was priced as if they were not.
  public internal(set) var pricedCachedTokens = 0.0
  /// Answered requests that nothing gives a price for.
  public internal(set) var unpricedRequests = 0.0
  /// Answered requests, not from a cache, that the log says cost nothing.
  public internal(set) var freeRequests = 0.0
  /// Answered requests whose prompt the log identifies: only among these can repetitions be seen.
  public internal(set) var identifiedRequests = 0.0
  /// What a cache of answers would have saved.
  public internal(set) var repetitions = Repetitions()
  /// Seconds to the first token, where the log tells; not of answers from a cache.
  public internal(set) var firstToken = LogHistogram()
  /// Seconds to the last token, where the log tells; not of answers from a cache.
  public internal(set) var duration = LogHistogram()
  /// Answered requests whose dollars are known, and the tokens generated for them.
  private var knownRequests = 0.0
  private var knownOutputTokens = 0.0

  /// Nothing yet.
  public init() {}

  /// Dollars of all requests whose cost is known; nil where no request's is.
  public var dollars: Double? {
    logged.requests + priced.requests > 0 ? logged.dollars + priced.dollars : nil
  }

  /// Dollars per 1M tokens generated, over requests whose cost is known; nil where they generated none.
  public var dollarsPerMillionOutputTokens: Double? {
    knownOutputTokens > 0 ? dollars.map { $0 / knownOutputTokens * 1e6 } : nil
  }

  /// Dollars per answered request, over requests whose cost is known; nil where there are none.
  public var dollarsPerRequest: Double? { knownRequests > 0 ? dollars.map { $0 / knownRequests } : nil }

  /// Adds a request.
  mutating func add(_ record: TraceRecord, price: TokenPrice?, isRepetition: Bool) {
    requests += 1
    var cost: Double?
    // That a failed request cost nothing goes without saying.
    if record.dollars.isFinite, !record.hasFailed || record.dollars != 0 {
      cost = record.dollars
      logged.requests += 1
      logged.dollars += record.dollars
    }
    if record.hasFailed {
      failed += 1
      return
    }
    let (input, output) = (Double(record.inputTokens), Double(record.outputTokens))
    inputTokens += input
    cachedInputTokens += Double(record.cachedInputTokens)
    outputTokens += output
    if record.wasCached {
      answeredFromCache += 1
    } else {
      if record.firstToken.isFinite { firstToken.add(Double(record.firstToken)) }
      if record.duration.isFinite { duration.add(Double(record.duration)) }
      if cost == 0 { freeRequests += 1 }
      if cost == nil, let price {
        let cached = Double(record.cachedInputTokens)
        let dollars = price.dollars(input: input, cached: cached, output: output)
        cost = dollars
        priced.requests += 1
        priced.dollars += dollars
        if price.cachedInputPerMillion == nil { pricedCachedTokens += cached }
      }
    }
    if cost != nil {
      knownRequests += 1
      knownOutputTokens += output
    } else if !record.wasCached {
      unpricedRequests += 1
    }
    if record.content != 0 { identifiedRequests += 1 }
    if isRepetition {
      repetitions.requests += 1
      repetitions.inputTokens += input
      repetitions.outputTokens += output
      if let cost { repetitions.dollars += cost } else { repetitions.unpricedRequests += 1 }
    }
  }

  /// Adds a stretch of time.
  mutating func add(_ bucket: UsageBucket, price: TokenPrice?) {
    requests += bucket.requests
    guard bucket.inputTokens.isFinite, bucket.outputTokens.isFinite else {
      withoutTokens += bucket.requests
      unpricedRequests += bucket.requests
      return
    }
    let cached = bucket.cachedInputTokens.isFinite ? bucket.cachedInputTokens : 0
    inputTokens += bucket.inputTokens
    cachedInputTokens += cached
    outputTokens += bucket.outputTokens
    guard let price else {
      unpricedRequests += bucket.requests
      return
    }
    priced.requests += bucket.requests
    priced.dollars += price.dollars(
      input: bucket.inputTokens, cached: cached, output: bucket.outputTokens)
    if price.cachedInputPerMillion == nil { pricedCachedTokens += cached }
    knownRequests += bucket.requests
    knownOutputTokens += bucket.outputTokens
  }
}
