// SPDX-License-Identifier: GPL-3.0-or-later
// One use case's requests from a trace, as long as the window lasts.

import Foundation
import Quantities

/// A use case's place in the replay of its trace.
struct ReplayedStream: Sendable {
  private let window: DemandWindow
  private let useCase: Int
  /// Trace seconds per second in each hour of the cycle.
  private let rates: [Double]
  private var clock: DemandClock
  private var random: CounterRandom
  private let contents: ContentNumbers
  /// Seconds from the start of the trace's week to that of the cycle, for a trace that lies on the clock.
  private let alignment: Double

  /// Place in the trace, seconds; less than 0 on the way around its end.
  private var position = 0.0
  /// The row that arrives next in time.
  private var row = 0
  /// Arrival of the next request.
  private var next = 0.0

  /// Shuffled: rows left of the first pass, whether it is over, and trace seconds left of the block.
  private var rowsOfFirstPass: Int
  private var isShuffled = false
  private var blockLeft: Double
  /// Shuffled: the row whose prompt comes next, counted through all passes.
  private var prompt = 0

  /// On the clock: where the block ends, in the window's seconds; trace seconds played in it, and how many are its own.
  private var blockEnd = 0.0
  private var blockPlayed = 0.0
  private var blockLength = 0.0
  /// On the clock: how often the trace was begun.
  private var pass = 0

  /// The replay at a window's start.
  ///
  /// A window that opens at the cycle's start, or that goes on after others, begins there in the trace; any other opens
  /// anywhere, so that the expected number of requests is rate times time.
  /// - Parameter played: seconds of the window's time that were replayed in windows before.
  init(
    _ replay: TraceReplay, factors: [Double], window: DemandWindow, played: Double, useCase: Int,
    useCases: Int
  ) {
    self.window = window
    self.useCase = useCase
    let speed = replay.hourlySpeed
    let rates = factors.indices.map { speed[($0 + window.firstHourOfWeek) % 168] * factors[$0] }
    self.rates = rates
    clock = DemandClock(window, rates: rates.span, useCase: useCase)
    contents = ContentNumbers(useCase: useCase, of: useCases, groups: 0, popular: 0)
    random = window.stream(.tiling, hour: clock.hour, useCase: useCase)
    let uniforms = random.nextUniforms()
    alignment =
      Double(window.firstHourOfWeek) * 3600 - replay.startOfWeek
      + (uniforms.y * replay.period / TraceReplay.week).rounded(.down) * TraceReplay.week
    rowsOfFirstPass = replay.beginsExactly ? replay.rows.count : 0
    blockLeft = replay.beginsExactly ? replay.period : 0
    if replay.isAligned {
      enterBlock(replay)
    } else {
      position =
        window.start == 0
        ? (played * clock.rate).truncatingRemainder(dividingBy: replay.period) : uniforms.x * replay.period
      row = Self.firstRow(replay.rows.span, from: position)
      prompt = row
    }
    advance(replay, replay.rows.span, rates.span)
  }

  /// Fills a buffer from its start with the next requests.
  /// - Returns: how many; fewer than fit only at the window's end.
  mutating func fill(_ requests: inout [Request], _ replay: TraceReplay) -> Int {
    var buffer = requests.mutableSpan
    let rates = self.rates
    let (rows, rateSpan) = (replay.rows.span, rates.span)
    var count = 0
    while count < buffer.count, next < window.length {
      let source = replay.isAligned ? rows[row] : rows[prompt % rows.count]
      // What is played beyond a block's own seconds comes again with the next one.
      let repetition =
        replay.isAligned ? pass * 2 + (blockPlayed >= blockLength ? 1 : 0) : prompt / rows.count
      buffer[count] = Request(
        arrival: next, inputTokens: source.inputTokens, outputTokens: source.outputTokens,
        useCase: Int32(useCase),
        content: contents.row(source.content, repetition: repetition, width: replay.contentWidth),
        prefix: contents.row(source.prefix, repetition: repetition, width: replay.contentWidth),
        sharedTokens: source.sharedTokens)
      count += 1
      prompt += 1
      row += 1
      advance(replay, rows, rateSpan)
    }
    return count
  }

  private mutating func advance(
    _ replay: TraceReplay, _ rows: Span<RequestTrace.Row>, _ rates: Span<Double>
  ) {
    if replay.isAligned {
      advanceOnClock(replay, rows, rates)
    } else {
      advanceShuffled(replay, rows, rates)
    }
    next = clock.now
  }

  /// Trace seconds to the next row, around the trace's end where that comes first.
  @inline(__always)
  private mutating func distance(_ replay: TraceReplay, _ rows: Span<RequestTrace.Row>) -> Double {
    if row == rows.count {
      row = 0
      position -= replay.period
      pass += 1
    }
    return max(0, rows[row].time - position)
  }

  /// Moves to the next row of blocks that follow each other in operational time.
  private mutating func advanceShuffled(
    _ replay: TraceReplay, _ rows: Span<RequestTrace.Row>, _ rates: Span<Double>
  ) {
    var gap = 0.0
    while true {
      let distance = distance(replay, rows)
      if rowsOfFirstPass > 0 || (isShuffled && distance < blockLeft) {
        rowsOfFirstPass = max(0, rowsOfFirstPass - 1)
        gap += distance
        blockLeft = max(0, blockLeft - distance)
        position = rows[row].time
        break
      }
      gap += blockLeft
      isShuffled = true
      blockLeft = replay.blockSeconds
      position = random.nextUniform() * replay.period
      row = Self.firstRow(rows, from: position)
    }
    while true {
      let time = clock.now + gap / clock.rate
      if time < clock.end {
        clock.now = time
        return
      }
      gap = max(0, gap - (clock.end - clock.now) * clock.rate)
      clock.step(rates)
      if clock.now >= window.length { return }
    }
  }

  /// Moves to the next row of the blocks that have the trace's own place in the week.
  private mutating func advanceOnClock(
    _ replay: TraceReplay, _ rows: Span<RequestTrace.Row>, _ rates: Span<Double>
  ) {
    while clock.now < window.length {
      let distance = distance(replay, rows)
      let time = clock.now + distance / clock.rate
      let end = min(clock.end, blockEnd)
      if time < end {
        clock.now = time
        position = rows[row].time
        blockPlayed += distance
        return
      }
      let played = (end - clock.now) * clock.rate
      position += played
      blockPlayed += played
      let isBlockOver = end >= blockEnd
      if end >= clock.end { clock.step(rates) } else { clock.now = end }
      if isBlockOver { enterBlock(replay) }
    }
  }

  /// Begins the five minutes that the clock is in at their place in the trace. Where the block before was played at its
  /// own speed that is where it ended, and nothing may come twice for a rounding.
  private mutating func enterBlock(_ replay: TraceReplay) {
    let isContinued = blockEnd > 0 && abs(blockPlayed - blockLength) < 1e-6
    let time = clock.now + window.start
    blockEnd = ((time / replay.blockSeconds).rounded(.down) + 1) * replay.blockSeconds - window.start
    blockLength = blockEnd - clock.now
    blockPlayed = 0
    if isContinued { return }
    let place = time + alignment
    let begun = (place / replay.period).rounded(.down)
    // A week's alignment may be as much as a week before the trace begins.
    pass = Int(begun) + 1
    position = place - begun * replay.period
    row = Self.firstRow(replay.rows.span, from: position)
  }

  /// The first row at or after a place in the trace; the number of rows where there is none.
  private static func firstRow(_ rows: Span<RequestTrace.Row>, from position: Double) -> Int {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].time < position { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
