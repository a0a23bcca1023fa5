// SPDX-License-Identifier: GPL-3.0-or-later
// A pay-per-token API as the simulation needs it: whom it admits, what it limits, how fast it is.

public import Quantities

/// What a provider limits: requests and tokens per minute of each model.
///
/// Tokens are counted as providers do, when a request comes in: its prompt and the `max_tokens` that it asks for (Amazon
/// Bedrock user guide, "How tokens are counted"; Azure OpenAI, "Understanding rate limits"). Both quotas fill up
/// continuously and hold at most what comes in one minute.
public struct RequestQuota: Sendable, Hashable {
  /// Requests per minute, at least 1; infinite without a limit.
  public var requestsPerMinute: Double
  /// Tokens per minute; infinite without a limit.
  public var tokensPerMinute: Double
  /// The `max_tokens` that requests ask for; one that generates more asked for just as much as it generates. Nil:
  /// every request asks for just as much as it generates, which is the best that clients can do.
  public var maxTokens: Int32?
  /// Whether a request that is done gives back what it asked for and did not generate, and what the prompt cache held
  /// of its prompt, as Bedrock does; Azure does not.
  public var returnsUnused: Bool

  /// A quota.
  public init(
    requestsPerMinute: Double = .infinity, tokensPerMinute: Double = .infinity, maxTokens: Int32? = nil,
    returnsUnused: Bool = true
  ) {
    precondition(requestsPerMinute >= 1, "\(requestsPerMinute) requests per minute")
    precondition(tokensPerMinute > 0, "\(tokensPerMinute) tokens per minute")
    self.requestsPerMinute = requestsPerMinute
    self.tokensPerMinute = tokensPerMinute
    self.maxTokens = maxTokens
    self.returnsUnused = returnsUnused
  }
}

/// What a provider keeps of the prompts it has seen: the beginning of a prompt that came within `ttl` before is not
/// computed again, if it is long enough.
public struct PromptCachePolicy: Sendable, Hashable {
  /// How long a beginning is kept after it was last used.
  public var ttl: Seconds
  /// The shortest beginning that is kept, tokens.
  public var minTokens: Int32

  /// A policy; the time must be positive.
  public init(ttl: Seconds, minTokens: Int32) {
    precondition(ttl > .zero && minTokens >= 0, "a prompt cache of \(ttl) and \(minTokens) tokens")
    self.ttl = ttl
    self.minTokens = minTokens
  }
}

/// A pay-per-token API.
public struct MeteredConfiguration: Sendable, Hashable {
  /// Whether it serves each model, by model index.
  public var serves: [Bool]
  /// Its latency. Of a batch tier, whose answer comes as a whole, the time to it and nothing per token.
  public var latency: ServiceLatency
  /// What it limits; nil for nothing.
  public var quota: RequestQuota?
  /// What a client does when the quota is used up; nil: the request goes on to the next supply at once.
  public var retry: RetryPolicy?
  /// What it keeps of prompts; nil for nothing.
  public var promptCache: PromptCachePolicy?
  /// Whether it admits each use case; nil for all of them.
  public var admits: [Bool]?

  /// A metered supply.
  public init(
    serves: [Bool], latency: ServiceLatency, quota: RequestQuota? = nil, retry: RetryPolicy? = nil,
    promptCache: PromptCachePolicy? = nil, admits: [Bool]? = nil
  ) {
    precondition(admits?.count ?? 0 <= 64, "\(admits?.count ?? 0) use cases to tell apart")
    self.serves = serves
    self.latency = latency
    self.quota = quota
    self.retry = retry
    self.promptCache = promptCache
    self.admits = admits
  }
}
