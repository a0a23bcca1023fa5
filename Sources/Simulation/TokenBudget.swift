// SPDX-License-Identifier: GPL-3.0-or-later
// Reserved throughput: two token budgets that are refilled at the start of each accounting window.

/// The budgets of one model's units.
///
/// A request is admitted while both budgets of the current window have something left and its prompt fits what is left
/// of the input budget; its output is not known in advance and may overdraw the output budget, and what is overdrawn is
/// taken from the windows that follow. A prompt larger than a whole window's budget is admitted into an untouched one
/// and overdraws it likewise; otherwise it could never be served at all.
struct TokenBudget: BitwiseCopyable {
  /// Input tokens a window.
  private var inputPerWindow = 0.0
  /// Output tokens a window.
  private var outputPerWindow = 0.0
  private var units = 0.0
  private var windowSeconds = 60.0
  /// The window the balances are of.
  private var window = 0
  private var inputLeft = 0.0
  private var outputLeft = 0.0
  private var inputUsed = 0.0
  private var outputUsed = 0.0

  init() {}

  init(_ reserved: ReservedUnits, window seconds: Double) {
    units = Double(reserved.units)
    windowSeconds = seconds
    inputPerWindow = units * reserved.inputTokensPerMinute * seconds / 60
    outputPerWindow = units * reserved.outputTokensPerMinute * seconds / 60
    inputLeft = inputPerWindow
    outputLeft = outputPerWindow
  }

  /// Admits a sequence at `now` and charges it, or refuses it.
  @inline(__always)
  mutating func take(_ sequence: Sequence, at now: Double, window seconds: Double) -> Bool {
    let current = Int(now / seconds)
    if current > window {
      // A debt is worked off window by window; credit is not carried over.
      let windows = Double(current - window)
      inputLeft = min(inputPerWindow, inputLeft + windows * inputPerWindow)
      outputLeft = min(outputPerWindow, outputLeft + windows * outputPerWindow)
      window = current
    }
    let prompt = Double(sequence.prefillTarget)
    let fits = prompt <= inputLeft || (inputLeft == inputPerWindow && inputPerWindow > 0)
    guard fits && outputLeft > 0 else { return false }
    let output = Double(sequence.outputTokens - sequence.generated)
    inputLeft -= prompt
    outputLeft -= output
    inputUsed += prompt
    outputUsed += output
    return true
  }

  /// What was held and used over `seconds`.
  func totals(over seconds: Double) -> ReservedTotals {
    var totals = ReservedTotals()
    totals.unitHours = units * seconds / 3600
    totals.inputCapacity = inputPerWindow * seconds / windowSeconds
    totals.outputCapacity = outputPerWindow * seconds / windowSeconds
    totals.inputUsed = inputUsed
    totals.outputUsed = outputUsed
    return totals
  }
}
