// SPDX-License-Identifier: GPL-3.0-or-later
// Quotas of a metered supply against a simulator of its own that counts in whole numbers, and by hand.

import Quantities
import Simulation
import Testing
import Workload

/// A metered supply with a quota, and one without behind it. All times are multiples of 1/64 s.
private struct QuotaCase {
  var quota: RequestQuota
  var retry: RetryPolicy?
  var requests: [Request]
  let firstTokenTicks = 96
  let perTokenTicks = 2
  let window: Double

  init(seed: Int) {
    var random = TestRandom(seed: seed, index: 21)
    window = 400
    quota = RequestQuota(
      requestsPerMinute: random.chance(0.3) ? .infinity : Double(random.integer(1...40)),
      tokensPerMinute: random.chance(0.3) ? .infinity : Double(random.integer(200...20_000)),
      maxTokens: random.chance(0.5) ? Int32(random.integer(1...400)) : nil,
      returnsUnused: random.chance(0.5))
    if random.chance(0.7) {
      retry = RetryPolicy(
        retries: random.integer(0...5), firstDelay: Seconds(Double(random.integer(1...640)) / 64),
        factor: random.chance(0.5) ? 2 : 1, longestDelay: Seconds(64), jitter: 0)
    }
    requests = []
    var tick = 0
    let gap = random.integer(1...300)
    while Double(tick) / 64 <= window {
      requests.append(
        Request(
          arrival: Double(tick) / 64, inputTokens: Int32(random.integer(1...900)),
          outputTokens: Int32(random.integer(1...300)), useCase: 0))
      tick += random.integer(0...(2 * gap))
    }
  }

  var option: OptionConfiguration {
    OptionConfiguration(
      modelOfUseCase: [0], objectives: [ServiceObjective()],
      chain: [
        .metered(
          MeteredConfiguration(
            serves: [true],
            latency: ServiceLatency(
              firstToken: Seconds(Double(firstTokenTicks) / 64),
              perOutputToken: Seconds(Double(perTokenTicks) / 64)), quota: quota, retry: retry)),
        .metered(
          MeteredConfiguration(
            serves: [true], latency: ServiceLatency(firstToken: .zero, perOutputToken: .zero))),
      ], models: 1)
  }

  /// When and by which supply each request is admitted, in ticks, by a list of events in whole numbers.
  func oracle() -> [(supply: Int, tick: Int)] {
    enum Event {
      case ask(Int, retries: Int)
      case giveBack(Int)
    }
    // A level counts tokens · 60 · 64: each tick brings the quota per minute.
    let scale = 60 * 64
    func whole(_ quota: Double) -> Int? { quota.isFinite ? Int(quota) : nil }
    let (requestRate, tokenRate) = (whole(quota.requestsPerMinute), whole(quota.tokensPerMinute))
    var requestLevel = (requestRate ?? 0) * scale
    var tokenLevel = (tokenRate ?? 0) * scale
    var updated = 0
    var admitted = Array(repeating: (supply: -1, tick: 0), count: requests.count)
    var timers: [(tick: Int, event: Event)] = []
    func pass(to tick: Int) {
      requestLevel = min((requestRate ?? 0) * scale, requestLevel + (requestRate ?? 0) * (tick - updated))
      tokenLevel = min((tokenRate ?? 0) * scale, tokenLevel + (tokenRate ?? 0) * (tick - updated))
      updated = tick
    }
    func insert(_ event: Event, at tick: Int) {
      // After all that are due at the same time.
      let place = timers.firstIndex { $0.tick > tick } ?? timers.count
      timers.insert((tick, event), at: place)
    }
    func ask(_ number: Int, retries: Int, at tick: Int) {
      pass(to: tick)
      let request = requests[number]
      let reserved = Int(max(request.outputTokens, quota.maxTokens ?? 0))
      let needed = (Int(request.inputTokens) + reserved) * scale
      if (requestRate == nil || requestLevel >= scale) && (tokenRate == nil || tokenLevel >= needed) {
        requestLevel -= scale
        tokenLevel -= needed
        admitted[number] = (0, tick)
        let unused = reserved - Int(request.outputTokens)
        if quota.returnsUnused && unused > 0 {
          insert(
            .giveBack(unused), at: tick + firstTokenTicks + perTokenTicks * (Int(request.outputTokens) - 1))
        }
      } else if let retry, retries < retry.retries {
        let wait = min(Int(retry.firstDelay * 64) * (retry.factor == 2 ? 1 << retries : 1), 64 * 64)
        insert(.ask(number, retries: retries + 1), at: tick + wait)
      } else {
        admitted[number] = (1, tick)
      }
    }
    func play(until tick: Int) {
      while let first = timers.first, first.tick <= tick {
        timers.removeFirst()
        switch first.event {
        case .ask(let number, let retries): ask(number, retries: retries, at: first.tick)
        case .giveBack(let tokens):
          pass(to: first.tick)
          tokenLevel = min((tokenRate ?? 0) * scale, tokenLevel + tokens * scale)
        }
      }
    }
    for (number, request) in requests.enumerated() {
      let tick = Int(request.arrival * 64)
      play(until: tick)
      ask(number, retries: 0, at: tick)
    }
    play(until: .max)
    return admitted
  }
}

@Suite("Quotas")
struct QuotaTests {
  @Test(
    "Quotas, give-backs and retries equal a simulator in whole numbers over 600 random cases",
    arguments: 0..<12)
  func oracle(block: Int) {
    for seed in (block * 50)..<(block * 50 + 50) {
      let sample = QuotaCase(seed: seed)
      let result = simulate(sample.option, sample.requests, window: sample.window, log: true)
      let expected = sample.oracle()
      for served in result.log {
        let (supply, tick) = expected[Int(served.number)]
        let first = Double(tick + (supply == 0 ? sample.firstTokenTicks : 0)) / 64
        #expect(
          Int(served.supply) == supply && served.firstToken == first,
          "seed \(seed), request \(served.number): supply \(served.supply) at \(served.firstToken), not \(supply) at \(first)"
        )
      }
      #expect(result.log.count == sample.requests.count, "seed \(seed)")
    }
  }

  @Test("The random cases refuse, retry and give back")
  func casesAreHard() {
    var (refused, throttled, admitted) = (0, 0, 0)
    for seed in 0..<600 {
      let sample = QuotaCase(seed: seed)
      let totals = simulate(sample.option, sample.requests, window: sample.window).bill.supplies[0][0]
      if totals.refused > 0 { refused += 1 }
      if totals.throttled > 0 { throttled += 1 }
      if totals.admitted > 0 { admitted += 1 }
    }
    #expect(min(refused, throttled, admitted) > 150)
  }

  private func option(_ quota: RequestQuota, _ retry: RetryPolicy?, overflow: Bool = true)
    -> OptionConfiguration
  {
    let latency = ServiceLatency(firstToken: Seconds(0.5), perOutputToken: .zero)
    let limited = MeteredConfiguration(serves: [true], latency: latency, quota: quota, retry: retry)
    let free = MeteredConfiguration(serves: [true], latency: latency)
    return OptionConfiguration(
      modelOfUseCase: [0], objectives: [ServiceObjective()],
      chain: overflow ? [.metered(limited), .metered(free)] : [.metered(limited)], models: 1)
  }

  @Test("A refused request asks again after 1, 2, 4 s and goes on after the last retry")
  func retryTiming() {
    // Two requests a minute; the third at 0 s finds none, and none comes in before 30 s: refused at 0, 1, 3, 7 s.
    let requests = (0..<3).map { _ in Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0) }
    let retry = RetryPolicy(retries: 3, firstDelay: Seconds(1), jitter: 0)
    let result = simulate(
      option(RequestQuota(requestsPerMinute: 2), retry), requests, window: 60, log: true)
    #expect(result.log.map(\.firstToken) == [0.5, 0.5, 7.5])
    #expect(result.log.map(\.supply) == [0, 0, 1])
    #expect(result.bill.supplies[0][0].throttled == 3)
    // With six retries it asks at 15 and 31 s, when one has come in.
    let patient = RetryPolicy(retries: 6, firstDelay: Seconds(1), jitter: 0)
    let served = simulate(
      option(RequestQuota(requestsPerMinute: 2), patient), requests, window: 60, log: true)
    #expect(served.log.map(\.firstToken) == [0.5, 0.5, 31.5])
    #expect(served.log.map(\.supply) == [0, 0, 0])
  }

  @Test("Jitter takes a random share off each wait, of each request its own")
  func jitter() {
    let count = 4000
    let requests = (0...count).map { _ in Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: 0) }
    let retry = RetryPolicy(retries: 1, firstDelay: Seconds(8), jitter: 0.5)
    let result = simulate(
      option(RequestQuota(requestsPerMinute: 1), retry), requests, window: 60, log: true)
    let waits = result.log.filter { $0.supply == 1 }.map { $0.firstToken - 0.5 }
    #expect(waits.count == count)
    #expect(waits.allSatisfy { (4...8).contains($0) })
    // Uniform between 4 and 8 s: mean 6, standard error 4 / √12 / √4000 = 0.018.
    #expect(abs(waits.reduce(0, +) / Double(count) - 6) < 0.08)
    #expect(Set(waits).count > count - 10)
  }

  @Test("Each model has a quota of its own, and a later supply's retries start afresh")
  func perModelAndSupply() {
    let latency = ServiceLatency(firstToken: .zero, perOutputToken: .zero)
    let retry = RetryPolicy(retries: 2, firstDelay: Seconds(1), factor: 1, jitter: 0)
    let supply = SupplyConfiguration.metered(
      MeteredConfiguration(
        serves: [true, true], latency: latency, quota: RequestQuota(requestsPerMinute: 1), retry: retry))
    let option = OptionConfiguration(
      modelOfUseCase: [0, 1], objectives: [ServiceObjective(), ServiceObjective()], chain: [supply, supply],
      models: 2)
    let requests = [0, 1, 0, 0].map {
      Request(arrival: 0, inputTokens: 1, outputTokens: 1, useCase: Int32($0))
    }
    let result = simulate(option, requests, window: 60, log: true)
    // The third and fourth ask the first supply at 0, 1, 2 s. At 2 s the third gets the second supply's one request;
    // the fourth asks that one at 2, 3, 4 s and is lost.
    #expect(result.log.map(\.firstToken) == [0, 0, 2])
    #expect(result.bill.requests[0].throttled == 1)
    #expect(result.bill.requests[0].retried == 6)
  }

  @Test("INV-9: one request a minute is Erlang's loss system with one server within 1 %")
  func erlang() {
    // After each admission nothing is admitted for a minute: a server that takes a minute, and losses do not depend on
    // how its times are distributed. B = a / (1 + a) at a erlangs.
    for (seed, erlangs) in [0.5, 2].enumerated() {
      var random = TestRandom(seed: seed, index: 22)
      var now = 0.0
      let requests = (0..<400_000).map { _ in
        now += random.exponential(mean: 60 / erlangs)
        return Request(arrival: now, inputTokens: 1, outputTokens: 1, useCase: 0)
      }
      let result = simulate(
        option(RequestQuota(requestsPerMinute: 1), nil, overflow: false), requests)
      let lost = result.bill.requests[0].throttled / result.bill.requests[0].arrived
      #expect(abs(lost / (erlangs / (1 + erlangs)) - 1) < 0.01)
    }
  }

  @Test("A supply that admits only use cases that can wait passes the others on")
  func admits() {
    let latency = ServiceLatency(firstToken: Seconds(86_400), perOutputToken: .zero)
    let option = OptionConfiguration(
      modelOfUseCase: [0, 0], objectives: [ServiceObjective(), ServiceObjective(timeToFirstToken: 90_000)],
      chain: [
        .metered(MeteredConfiguration(serves: [true], latency: latency, admits: [false, true])),
        .metered(
          MeteredConfiguration(
            serves: [true], latency: ServiceLatency(firstToken: Seconds(1), perOutputToken: .zero))),
      ], models: 1)
    let requests = [0, 1, 0, 1].enumerated().map {
      Request(arrival: Double($0.offset), inputTokens: 1, outputTokens: 5, useCase: Int32($0.element))
    }
    let result = simulate(option, requests, log: true)
    #expect(result.log.map(\.supply) == [1, 0, 1, 0])
    #expect(result.log[1].lastToken == 1 + 86_400)
    #expect(result.bill.requests[1].withinObjective == 2)
    #expect(result.bill.supplies[0][0].refused == 2)
  }
}
