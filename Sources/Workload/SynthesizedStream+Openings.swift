// SPDX-License-Identifier: GPL-3.0-or-later
// How a window opens in the midst of things: clients between two requests, conversations between two turns.

import Foundation
import Numerics
import Quantities
import Uncertainty

extension SynthesizedStream {
  /// Each client is somewhere between two of its requests: an equilibrium renewal process (D. R. Cox, Renewal Theory,
  /// 1962), so that the expected number of requests is rate times time however bursty they are.
  mutating func openClients(_ statistics: UseCaseStatistics, hour: Int) {
    guard let shares = statistics.clientShares, let spanning = statistics.spanningGaps else { return }
    var random = window.stream(.clients, hour: hour, useCase: useCase)
    // One quantile of each client from a table: there may be many.
    let table = QuantileTable(size: 512, quantile: spanning.quantile)
    for (client, share) in shares.enumerated() {
      let uniforms = random.nextUniforms()
      clients.insert(Int32(client), at: table[uniforms.x] * uniforms.y / share)
    }
  }

  /// The conversations that are under way as the window opens, exactly as a stationary stream of them has it: between
  /// turn k and k + 1 of one are on average (rate of sessions) · (mean gap) · continuation^k, the gap around the
  /// window's start is one chosen in proportion to its length, and the start lies anywhere in it. A rate that changes
  /// with the hour thins them to what it was when they began.
  mutating func openSessions(_ sessions: Sessions, _ statistics: UseCaseStatistics, hour: Int) {
    let continuation = sessions.continuation
    guard continuation > 0, let mostRate = rates.max(), mostRate > 0 else { return }
    var random = window.stream(.openSessions, hour: hour, useCase: useCase)
    let later = LengthSampler(
      input: sessions.newTokens, output: statistics.outputTokens, correlation: statistics.lengthCorrelation)
    // A Poisson number of them: unit exponentials until their sum is the mean.
    var remaining = mostRate * sessions.meanGap * continuation / (1 - continuation)
    while true {
      var uniforms = random.nextUniforms()
      remaining += log(uniforms.x)
      if remaining < 0 { break }
      let turnsBefore = 1 + Int(log(uniforms.y) / log(continuation))
      let gap = sessions.spanningGaps[uniforms.z]
      let untilNext = gap * uniforms.w
      uniforms = random.nextUniforms()
      let first = statistics.lengthSampler.slowly(uniforms.x, uniforms.y)
      var prompt = Int(first.input)
      var prefix: UInt32 = 0
      if let groups = statistics.prefixGroups {
        prompt = max(prompt, Int(groups.tokens[groups.ranks[uniforms.z]]) + 1)
      }
      var said = prompt + Int(first.output)
      let keeps = uniforms.w
      var began = untilNext - gap
      var turn = Turn(inputTokens: 0, outputTokens: 0, prefix: 0, sharedTokens: 0)
      var isWhole = true
      for number in 1...turnsBefore {
        uniforms = random.nextUniforms()
        let lengths = later.slowly(uniforms.x, uniforms.y)
        if said + Int(lengths.input) + Int(lengths.output) > Int(sessions.maximumTokens) {
          isWhole = false
          break
        }
        if number == turnsBefore {
          prefix = contents.fresh()
          turn = Turn(
            inputTokens: Int32(said) + lengths.input, outputTokens: lengths.output, prefix: prefix,
            sharedTokens: Int32(said))
        } else {
          said += Int(lengths.input) + Int(lengths.output)
          began -= sessions.gaps[uniforms.z]
        }
      }
      guard isWhole, keeps * mostRate < rates[hourOfCycle(at: began)], untilNext < window.length else {
        continue
      }
      pending.insert(turn, at: untilNext)
    }
  }

  /// The hour of the cycle at a time that may lie before the window: of a week the one before, of a timeline, before
  /// which nothing is known, the first.
  private func hourOfCycle(at time: Double) -> Int {
    let hour = Int(((time + window.start) / 3600).rounded(.down))
    if hour >= 0 { return hour % window.cycleHours }
    if window.cycleHours != 168 { return 0 }
    return (hour % 168 + 168) % 168
  }
}
