// SPDX-License-Identifier: GPL-3.0-or-later
// The highest rate within limits: where a closed form knows it, and what must hold of any such search.

import Calibration
import Catalog
import Foundation
import Simulation
import Testing

@Suite("Capacity of a replica within limits")
struct CapacityTests {
  private func search(
    _ setup: ServingSetup = server(), input: Int = 512, output: Int = 64, ttft: Double = 1,
    tpot: Double = 0.03,
    attainment: Double = 0.95, sequences: Int = 32, requests: Int = 3000
  ) -> CapacitySearch {
    var setup = setup
    setup.maxSequences = sequences
    var search = CapacitySearch(
      setup: setup, input: LengthRange(around: input, upTo: 0.2),
      output: LengthRange(around: output, upTo: 0.2),
      limits: LatencyLimits(timeToFirstToken: ttft, timePerOutputToken: tpot), attainment: attainment)
    search.requests = requests
    return search
  }

  /// P(W ≤ x) of the wait W in an M/D/1 queue (Erlang, 1909; Kleinrock, Queueing Systems I, 1975, ch. 5).
  private func erlang(wait x: Double, service: Double, rate: Double) -> Double {
    var sum = 0.0
    for k in 0...Int(x / service) {
      let u = rate * (Double(k) * service - x)
      sum += pow(u, Double(k)) / tgamma(Double(k) + 1) * exp(-u)
    }
    return (1 - rate * service) * sum
  }

  @Test("one sequence at a time is an M/D/1 queue: Erlang's rate within 4 %", arguments: [0.8, 0.9, 0.95])
  func erlang(share: Double) throws {
    var setup = server()
    setup.maxSequences = 1
    let (input, output) = (LengthRange(256), LengthRange(32))
    let alone = setup.simulate(ServingLoad(input: input, output: output, requests: 20, concurrency: 1))
    let first = try #require(alone.timeToFirstToken.last)
    var search = CapacitySearch(
      setup: setup, input: input, output: output,
      limits: LatencyLimits(timeToFirstToken: .infinity, timePerOutputToken: .infinity), attainment: share)
    search.requests = 12_000
    let service = 1 / search.saturatedRate()
    let wait = 3.5 * service
    search.limits.timeToFirstToken = first + wait
    var (low, high) = (0.0, 1 / service)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if erlang(wait: wait, service: service, rate: middle) >= share { low = middle } else { high = middle }
    }
    let found = try #require(search.answer().point)
    #expect(abs(found.rate / low - 1) < 0.04, "found \(found.rate), Erlang \(low)")
  }

  @Test("the rate found keeps the limits and two percent more does not", arguments: [16, 64])
  func border(sequences: Int) throws {
    let search = search(sequences: sequences)
    guard case .sustained(let point) = search.answer() else {
      Issue.record("\(search.answer())")
      return
    }
    #expect(point.meets(0.95) && point.attainment >= 0.95 && point.keepsUp)
    #expect(search.point(at: point.rate) == point)
    #expect(!search.point(at: point.rate * 1.02).meets(0.95))
  }

  @Test("a wider limit, or a smaller share, never sustains less than the search's resolution below")
  func monotone() throws {
    func rate(_ ttft: Double, _ tpot: Double, _ share: Double) -> Double {
      search(ttft: ttft, tpot: tpot, attainment: share).answer().point?.rate ?? 0
    }
    let slack = 1 - CapacitySearch.resolution
    let ttft = [0.2, 0.4, 1, 4].map { rate($0, 0.03, 0.95) }
    let tpot = [0.008, 0.01, 0.015, 0.03].map { rate(1, $0, 0.95) }
    let share = [0.999, 0.99, 0.9, 0.5].map { rate(1, 0.012, $0) }
    for rates in [ttft, tpot, share] {
      #expect(zip(rates, rates.dropFirst()).allSatisfy { $1 >= $0 * slack }, "\(rates)")
      #expect(rates.last ?? 0 > 0)
    }
  }

  @Test("FP8 weights sustain more than BF16 where the limits bind")
  func precisions() throws {
    let wide = try #require(search(server(weights: .bf16), tpot: 0.012).answer().point)
    let narrow = try #require(search(server(weights: .fp8), tpot: 0.012).answer().point)
    #expect(narrow.rate > wide.rate)
  }

  @Test("limits below what an empty server takes are told apart from limits that no rate reaches")
  func impossible() throws {
    guard case .missedUnloaded(let share) = search(ttft: 0.000_1).answer() else {
      Issue.record("an empty server met 0.1 ms")
      return
    }
    #expect(share == 0)
    #expect(search(ttft: 0.000_1).answer().point == nil)
    var free = search(ttft: 1000, tpot: 1000)
    free.highestRate = 2
    #expect(free.answer() == .notLimited(free.point(at: 2)))
  }

  @Test("without limits on latency the backlog limits the rate, near the saturated one")
  func backlog() throws {
    let search = search(ttft: .infinity, tpot: .infinity, requests: 6000)
    let point = try #require(search.answer().point)
    #expect((0.85...1.05).contains(point.rate / search.saturatedRate()))
    let over = search.point(at: 1.3 * search.saturatedRate())
    #expect(!over.keepsUp && over.attainment == 1)
    #expect(abs(over.outputThroughput / (search.saturatedRate() * 64) - 1) < 0.1)
  }

  @Test("throughput at a rate that lasts is the rate times the tokens of an answer")
  func conservation() throws {
    let search = search()
    let point = search.point(at: 0.5 * search.saturatedRate())
    #expect(abs(point.outputThroughput / (point.rate * 64) - 1) < 0.05)
    // Little's law: requests in the system are the rate times their time, first token and the rest.
    let time = point.timeToFirstToken.median + 63 * point.timePerOutputToken.median
    #expect(abs(point.meanInSystem / (point.rate * time) - 1) < 0.15)
  }
}
