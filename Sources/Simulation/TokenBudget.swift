// SPDX-License-Identifier: GPL-3.0-or-later
// Reserved throughput: token budgets that are refilled by the minute.

/// The budgets of one model's units.
///
/// A request is admitted while every budget it draws on has something left and what is known of it fits: its prompt,
/// and where it says so the `max_tokens` it asks for. What it generates otherwise is not known in advance and may
/// overdraw a budget, and what is overdrawn is taken from what comes in later. A request larger than a whole window's
/// budget is admitted into an untouched one and overdraws it likewise; otherwise it could never be served at all.
struct TokenBudget: BitwiseCopyable {
  /// What there is of a kind of token.
  // Not private: see `OptionSimulation.Supply`.
  struct Bucket: BitwiseCopyable {
    /// Tokens a window.
    var capacity = 0.0
    var left = 0.0

    init() {}

    init(capacity: Double) {
      self.capacity = capacity
      left = capacity
    }

    func fits(_ known: Double) -> Bool { left > 0 && (known <= left || left == capacity) }

    /// A debt is worked off; credit beyond a window's is not carried over.
    mutating func add(_ tokens: Double) { left = min(capacity, left + tokens) }
  }

  /// Input tokens, or all tokens by weight.
  private var input = Bucket()
  private var output = Bucket()
  private var accounting = TokenAccounting()
  private var windowSeconds = 60.0
  /// The time or, where windows are fixed, the number of the window the balances are of.
  private var updated = 0.0
  private var totals = ReservedTotals()
  private var units = 0.0

  init() {}

  init(_ reserved: ReservedUnits, window seconds: Double, accounting: TokenAccounting) {
    units = Double(reserved.units)
    windowSeconds = seconds
    self.accounting = accounting
    input = Bucket(capacity: units * reserved.inputTokensPerMinute * seconds / 60)
    if accounting.outputWeight == nil {
      output = Bucket(capacity: units * reserved.outputTokensPerMinute * seconds / 60)
    }
  }

  /// The output tokens that a request is charged when it comes in.
  func charged(output: Int32) -> Int32 { max(output, accounting.maxTokens ?? 0) }

  /// Admits a request at `now` and charges it, or refuses it.
  /// - Parameters:
  ///   - prompt: its input tokens.
  ///   - cached: those of them that the provider's prompt cache holds.
  ///   - output: the tokens it will generate.
  @inline(__always)
  mutating func take(prompt: Int32, cached: Int32, output generated: Int32, at now: Double) -> Bool {
    refill(until: now)
    let known = Double(prompt - cached) + accounting.cachedInputWeight * Double(cached)
    let charge = Double(charged(output: generated))
    let estimate = accounting.maxTokens == nil ? 0 : charge
    if let weight = accounting.outputWeight {
      guard input.fits(known + weight * estimate) else { return false }
      input.left -= known + weight * charge
      totals.weightedUsed += known + weight * Double(generated)
    } else {
      guard input.fits(known), output.fits(estimate) else { return false }
      input.left -= known
      output.left -= charge
    }
    totals.inputUsed += Double(prompt)
    totals.outputUsed += Double(generated)
    return true
  }

  /// Gives back what a request was charged and did not generate.
  mutating func giveBack(output unused: Int32, at now: Double) {
    refill(until: now)
    if let weight = accounting.outputWeight {
      input.add(weight * Double(unused))
    } else {
      output.add(Double(unused))
    }
  }

  /// Writes down a request that the provider serves at its prices per token.
  mutating func spill(prompt: Int32, cached: Int32, output: Int32) {
    totals.spilledRequests += 1
    totals.spilledInput += Double(prompt)
    totals.spilledCachedInput += Double(cached)
    totals.spilledOutput += Double(output)
  }

  private mutating func refill(until now: Double) {
    if accounting.isContinuous {
      guard now > updated else { return }
      let share = (now - updated) / windowSeconds
      input.add(share * input.capacity)
      output.add(share * output.capacity)
      updated = now
    } else {
      let window = (now / windowSeconds).rounded(.down)
      guard window > updated else { return }
      input.add((window - updated) * input.capacity)
      output.add((window - updated) * output.capacity)
      updated = window
    }
  }

  /// What was held and used over `seconds`.
  func totals(over seconds: Double) -> ReservedTotals {
    var result = totals
    result.unitHours = units * seconds / 3600
    let held = input.capacity * seconds / windowSeconds
    if accounting.outputWeight == nil {
      result.inputCapacity = held
      result.outputCapacity = output.capacity * seconds / windowSeconds
    } else {
      result.weightedCapacity = held
    }
    return result
  }
}
