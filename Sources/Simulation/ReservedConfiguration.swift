// SPDX-License-Identifier: GPL-3.0-or-later
// Reserved throughput as the simulation needs it: one model for model units, tokens per minute, PTU and GSU.

public import Quantities

/// Reserved units of one model.
public struct ReservedUnits: Sendable, Hashable {
  /// Units held.
  public var units: Int
  /// Input tokens a minute that one unit takes; where one budget holds for all tokens, what it has per minute in input
  /// tokens.
  public var inputTokensPerMinute: Double
  /// Output tokens a minute that one unit generates; without meaning where one budget holds for all tokens.
  public var outputTokensPerMinute: Double

  /// Reserved units.
  public init(units: Int, inputTokensPerMinute: Double, outputTokensPerMinute: Double) {
    self.units = units
    self.inputTokensPerMinute = inputTokensPerMinute
    self.outputTokensPerMinute = outputTokensPerMinute
  }
}

/// How a provider accounts for what its units serve.
public struct TokenAccounting: Sendable, Hashable, BitwiseCopyable {
  /// Nil: input and output tokens have a budget each. Otherwise one budget holds for both, and an output token counts as
  /// this many input tokens.
  public var outputWeight: Double?
  /// What an input token counts that the provider's prompt cache holds.
  public var cachedInputWeight: Double
  /// Whether a budget fills up continuously; otherwise it is renewed at the start of each window.
  public var isContinuous: Bool
  /// The `max_tokens` that requests ask for: they are charged when a request comes in, and what it did not generate is
  /// given back when it is done. Nil: a request is charged what it generates.
  public var maxTokens: Int32?

  /// An accounting.
  public init(
    outputWeight: Double? = nil, cachedInputWeight: Double = 1, isContinuous: Bool = false,
    maxTokens: Int32? = nil
  ) {
    precondition(outputWeight ?? 1 > 0, "an output token that counts nothing")
    precondition(cachedInputWeight >= 0, "a cached token that counts less than nothing")
    self.outputWeight = outputWeight
    self.cachedInputWeight = cachedInputWeight
    self.isContinuous = isContinuous
    self.maxTokens = maxTokens
  }
}

/// What becomes of a request that the units cannot take.
public enum ReservedOverflow: Sendable, Hashable {
  /// The next supply is asked.
  case next
  /// It is turned away ("too many requests"), and no other supply is asked.
  case reject
  /// It asks again later, and goes to the next supply after the last retry.
  case retry(RetryPolicy)
  /// The provider serves it at its prices per token, with this latency.
  case payAsYouGo(ServiceLatency)
}

/// Reserved throughput with token budgets.
public struct ReservedConfiguration: Sendable, Hashable {
  /// Units by model index; nil where it has none.
  public var units: [ReservedUnits?]
  /// Length of the accounting window: for how long tokens are saved up.
  public var window: Seconds
  /// Its latency.
  public var latency: ServiceLatency
  /// How tokens are counted.
  public var accounting: TokenAccounting
  /// What becomes of what exceeds the budgets.
  public var overflow: ReservedOverflow
  /// What it keeps of prompts; nil for nothing.
  public var promptCache: PromptCachePolicy?

  /// A reserved supply; the window must be positive.
  public init(
    units: [ReservedUnits?], window: Seconds, latency: ServiceLatency,
    accounting: TokenAccounting = TokenAccounting(), overflow: ReservedOverflow = .next,
    promptCache: PromptCachePolicy? = nil
  ) {
    precondition(window.rawValue > 0, "an accounting window of \(window.rawValue) s")
    self.units = units
    self.window = window
    self.latency = latency
    self.accounting = accounting
    self.overflow = overflow
    self.promptCache = promptCache
  }
}
