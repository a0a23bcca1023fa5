// SPDX-License-Identifier: GPL-3.0-or-later
// One use case's requests, made up some hundred at a time, so that what its tables need is looked up once for all.

import Foundation
import Numerics
import Quantities
import Uncertainty

/// A use case's place in its streams of random numbers.
struct SynthesizedStream: Sendable {
  let window: DemandWindow
  let useCase: Int
  /// First turns per second, as multiples of which gaps are drawn, in each hour of the cycle.
  let rates: [Double]
  private var clock: DemandClock
  private var arrivals: CounterRandom
  private var prompts: CounterRandom
  private var turns: CounterRandom
  /// The end of the hour that `prompts` and `turns` are of, seconds from the window's start.
  private var hourEnd: Double
  /// The next first turn's arrival and lengths.
  private var next: (time: Double, input: Int32, output: Int32) = (0, 1, 1)
  var clients = TimeQueue<Int32>()
  /// Operational time of the last arrival; counted where there are clients.
  private var operationalTime = 0.0
  var pending = TimeQueue<Turn>()
  var contents: ContentNumbers
  /// The share of first turns that repeat a popular prompt.
  private let popularShare: Double

  /// The stream of a use case at a window's start.
  /// - Parameters:
  ///   - factors: on the rate in each hour of the cycle.
  ///   - useCases: how many there are.
  init(
    _ statistics: UseCaseStatistics, factors: [Double], window: DemandWindow, useCase: Int, useCases: Int
  ) {
    self.window = window
    self.useCase = useCase
    let perSession = statistics.requestsPerSession
    let rates = factors.indices.map { hour in
      let rate = statistics.hourlyRate[(hour + window.firstHourOfWeek) % 168] * factors[hour]
      return perSession == 1 ? rate : rate / perSession
    }
    self.rates = rates
    popularShare = min(1, (statistics.popularPrompts?.share ?? 0) * perSession)
    contents = ContentNumbers(
      useCase: useCase, of: useCases, groups: statistics.prefixGroups?.tokens.count ?? 0,
      popular: statistics.popularLengths.count)
    clock = DemandClock(
      window, rates: rates.span, periods: statistics.onOff, ownNoise: statistics.minuteNoise,
      useCase: useCase)
    let hour = clock.hour
    arrivals = window.stream(.requests, hour: hour, useCase: useCase)
    prompts = window.stream(.prompts, hour: hour, useCase: useCase)
    turns = window.stream(.sessions, hour: hour, useCase: useCase)
    hourEnd = Double(hour + 1) * 3600 - window.start
    openClients(statistics, hour: hour)
    if let sessions = statistics.sessions { openSessions(sessions, statistics, hour: hour) }
    open(statistics)
  }

  /// Draws the first arrival: the window opens in the midst of a gap.
  private mutating func open(_ statistics: UseCaseStatistics) {
    let uniforms = arrivals.nextUniforms()
    var gap: Double
    if statistics.clientShares != nil {
      gap = clients.firstTime
      operationalTime = gap
    } else if let spanning = statistics.spanningGaps {
      gap = spanning.quantile(uniforms.x) * uniforms.w
    } else {
      gap = -log(uniforms.x)
    }
    let lengths = statistics.lengthSampler.slowly(uniforms.y, uniforms.z)
    next = (0, lengths.input, lengths.output)
    let rates = self.rates
    advance(by: &gap, rates.span)
  }

  /// Moves the clock on by a gap of operational time; beyond the window's end it stops.
  @inline(__always)
  private mutating func advance(by gap: inout Double, _ rates: Span<Double>) {
    let hour = clock.hour
    while true {
      let time = clock.now + gap / clock.rate
      if time < clock.end {
        clock.now = time
        break
      }
      // Rounding must not leave less than nothing: at a rate of 0 that would be before all time.
      gap = max(0, gap - (clock.end - clock.now) * clock.rate)
      clock.step(rates)
      if clock.now >= window.length { break }
    }
    next.time = clock.now
    if clock.hour != hour {
      arrivals = window.stream(.requests, hour: clock.hour, useCase: useCase)
    }
  }
}

extension SynthesizedStream {
  /// Fills a buffer from its start with the next requests.
  ///
  /// All tables are looked up once, and borrowed: the loop neither allocates nor counts references.
  /// - Returns: how many; fewer than fit only at the window's end.
  mutating func fill(_ requests: inout [Request], _ statistics: UseCaseStatistics) -> Int {
    let rates = self.rates
    let rateSpan = rates.span
    let sampler = statistics.lengthSampler
    let (input, output) = (sampler.input.table.values.span, sampler.output.table.values.span)
    let (inputLayout, outputLayout) = (sampler.input.table.layout, sampler.output.table.layout)
    let (inputBounds, outputBounds) = (sampler.input.bounds, sampler.output.bounds)
    let copula = sampler.copula
    let (scoreValues, cumulativeValues) = (LengthSampler.scores.values, LengthSampler.cumulative)
    let (scores, cumulative) = (scoreValues.span, cumulativeValues.span)
    let gapValues = statistics.gaps?.values ?? []
    let gapNodes = gapValues.span
    let gapLayout = statistics.gaps?.layout
    let shareValues = statistics.clientShares ?? []
    let clientShares = shareValues.span
    let hasPrompts = statistics.popularPrompts != nil || statistics.prefixGroups != nil
    let prompting = Prompting(statistics)
    let (popularRanks, popularLengths) = (prompting.popularRanks.span, prompting.popularLengths.span)
    let (groupRanks, groupTokens) = (prompting.groupRanks.span, prompting.groupTokens.span)
    let pauseValues = statistics.sessions?.gaps.values ?? []
    let pauses = pauseValues.span
    let newValues = statistics.sessions?.newTokens.table.values ?? []
    let newTokens = newValues.span
    let talk = statistics.sessions.map(Sessions.Parameters.init)
    var buffer = requests.mutableSpan
    var count = 0
    while count < buffer.count {
      var request: Request
      if pending.firstTime < next.time {
        if pending.firstTime >= window.length { break }
        request = takeTurn()
        if request.arrival >= hourEnd { enterHour(of: request.arrival) }
      } else {
        if next.time >= window.length { break }
        request = Request(
          arrival: next.time, inputTokens: next.input, outputTokens: next.output, useCase: Int32(useCase))
        if hasPrompts || talk != nil, request.arrival >= hourEnd { enterHour(of: request.arrival) }
        if hasPrompts {
          beginPrompt(&request, popularRanks, popularLengths, groupRanks, groupTokens)
        }
        let uniforms = arrivals.nextUniforms()
        var gap: Double
        if let gapLayout {
          gap = gapLayout.quantile(uniforms.x, in: gapNodes)
          if clientShares.count > 0 { gap = superposed(gap, clientShares) }
        } else {
          gap = -log(uniforms.x)
        }
        next.input = inputBounds.rounded(inputLayout.quantile(uniforms.y, in: input))
        let paired = copula.correlated(uniforms.y, uniforms.z, scores: scores, cumulative: cumulative)
        next.output = outputBounds.rounded(outputLayout.quantile(paired, in: output))
        advance(by: &gap, rateSpan)
      }
      if let talk {
        let uniforms = turns.nextUniforms()
        if uniforms.x < talk.continuation {
          let new = talk.bounds.rounded(talk.newLayout.quantile(uniforms.z, in: newTokens))
          let paired = copula.correlated(uniforms.z, uniforms.w, scores: scores, cumulative: cumulative)
          let answer = outputBounds.rounded(outputLayout.quantile(paired, in: output))
          let time = request.arrival + talk.pauseLayout.quantile(uniforms.y, in: pauses)
          continueSession(&request, new: new, answer: answer, at: time, limit: talk.maximumTokens)
        }
      }
      buffer[count] = request
      count += 1
    }
    return count
  }

  /// The tables of what prompts begin with and repeat, empty where they do not.
  private struct Prompting {
    let popularRanks: [ZipfTable.Cell]
    let popularLengths: [UseCaseStatistics.Lengths]
    let groupRanks: [ZipfTable.Cell]
    let groupTokens: [Int32]

    init(_ statistics: UseCaseStatistics) {
      popularRanks = statistics.popularPrompts?.ranks.cells ?? []
      popularLengths = statistics.popularLengths
      groupRanks = statistics.prefixGroups?.ranks.cells ?? []
      groupTokens = statistics.prefixGroups?.tokens ?? []
    }
  }

  /// Sends the client whose request came to its next one, `gap` of its own mean gaps later.
  /// - Returns: operational time to the next request of any client.
  @inline(__always)
  private mutating func superposed(_ gap: Double, _ shares: Span<Double>) -> Double {
    let client = clients.first
    clients.replaceFirst(client, at: clients.firstTime + gap / shares[Int(client)])
    let result = clients.firstTime - operationalTime
    operationalTime = clients.firstTime
    return result
  }

  /// Takes the streams of the hour that a time lies in.
  private mutating func enterHour(of time: Double) {
    let hour = Int((time + window.start) / 3600)
    hourEnd = Double(hour + 1) * 3600 - window.start
    prompts = window.stream(.prompts, hour: hour, useCase: useCase)
    turns = window.stream(.sessions, hour: hour, useCase: useCase)
  }

  /// Decides whether a first turn repeats a popular prompt, and which group's text it begins with.
  @inline(__always)
  private mutating func beginPrompt(
    _ request: inout Request, _ popularRanks: Span<ZipfTable.Cell>,
    _ popularLengths: Span<UseCaseStatistics.Lengths>, _ groupRanks: Span<ZipfTable.Cell>,
    _ groupTokens: Span<Int32>
  ) {
    let uniforms = prompts.nextUniforms()
    var groupUniform = uniforms.z
    if uniforms.x < popularShare {
      let rank = ZipfTable.rank(uniforms.y, in: popularRanks)
      let lengths = popularLengths[rank]
      request.inputTokens = lengths.input
      request.outputTokens = lengths.output
      request.content = contents.popular(rank)
      groupUniform = PopularPrompts.groupUniform(rank)
    }
    if groupRanks.count > 0 {
      let group = ZipfTable.rank(groupUniform, in: groupRanks)
      let tokens = groupTokens[group]
      request.inputTokens = max(request.inputTokens, tokens + 1)
      request.prefix = contents.group(group)
      request.sharedTokens = tokens
    }
  }

  /// Takes the turn that comes next of all conversations.
  @inline(__always)
  private mutating func takeTurn() -> Request {
    let (turn, time) = (pending.first, pending.firstTime)
    pending.removeFirst()
    return Request(
      arrival: time, inputTokens: turn.inputTokens, outputTokens: turn.outputTokens,
      useCase: Int32(useCase), prefix: turn.prefix, sharedTokens: turn.sharedTokens)
  }

  /// Has a turn followed by another, unless that would be too long.
  @inline(__always)
  private mutating func continueSession(
    _ request: inout Request, new: Int32, answer: Int32, at time: Double, limit: Int32
  ) {
    let said = request.inputTokens + request.outputTokens
    if said + new + answer > limit { return }
    if request.content == 0 { request.content = contents.fresh() }
    if time >= window.length { return }
    pending.insert(
      Turn(inputTokens: said + new, outputTokens: answer, prefix: request.content, sharedTokens: said),
      at: time)
  }
}
