// SPDX-License-Identifier: GPL-3.0-or-later
// What a provider's prompt cache holds, and how fast its service is, by hand and by theory.

import Foundation
import Quantities
import Simulation
import Testing
import Workload

private func api(
  _ latency: ServiceLatency, cache: PromptCachePolicy? = nil, models: Int = 1, useCases: Int = 1
) -> OptionConfiguration {
  OptionConfiguration(
    modelOfUseCase: (0..<useCases).map { $0 % models },
    objectives: Array(repeating: ServiceObjective(), count: useCases),
    chain: [
      .metered(
        MeteredConfiguration(
          serves: Array(repeating: true, count: models), latency: latency, promptCache: cache))
    ], models: models)
}

private let plainLatency = ServiceLatency(firstToken: Seconds(1), perOutputToken: Seconds(0.5))

/// The tokens of each request that were cached: what it cost less in time to first token at 1 ms per input token.
private func cached(_ requests: [Request], models: Int = 1, useCases: Int = 1) -> [Int] {
  let latency = ServiceLatency(
    firstToken: Seconds(0.5), perInputToken: Seconds(0.001), perOutputToken: .zero)
  let option = api(
    latency, cache: PromptCachePolicy(ttl: Seconds(300), minTokens: 1024), models: models,
    useCases: useCases)
  let result = simulate(option, requests, log: true)
  let tokens = result.log.map { served in
    Int(served.inputTokens) - Int(((served.firstToken - served.arrival - 0.5) * 1000).rounded())
  }
  let counted = result.bill.supplies[0].reduce(0) { $0 + $1.cachedInputTokens }
  #expect(Double(tokens.reduce(0, +)) == counted)
  return tokens
}

private func ask(
  _ time: Double, _ input: Int32, content: UInt32 = 0, prefix: UInt32 = 0, shared: Int32 = 0,
  useCase: Int32 = 0
) -> Request {
  Request(
    arrival: time, inputTokens: input, outputTokens: 10, useCase: useCase, content: content, prefix: prefix,
    sharedTokens: shared)
}

@Suite("A provider's service")
struct ProviderServiceTests {
  @Test("A shared text is cached from its first use for five minutes after its last, if it is long enough")
  func sharedText() {
    let tokens = cached([
      ask(0, 2000, prefix: 1, shared: 1500),  // brings it; it is there at 0 + 0.5 + 2 s
      ask(2, 2000, prefix: 1, shared: 1500),  // not yet
      ask(3, 1600, prefix: 1, shared: 1500),
      ask(303, 1600, prefix: 1, shared: 1500),  // just within 300 s of the last use
      ask(603.5, 1600, prefix: 1, shared: 1500),  // too late
      ask(604, 1600, prefix: 2, shared: 1023),
      ask(620, 1600, prefix: 2, shared: 1023),  // too short
      ask(621, 1200, prefix: 1, shared: 1100),  // a shorter beginning of it
    ])
    #expect(tokens == [0, 0, 1500, 1500, 0, 0, 0, 1100])
  }

  @Test(
    "A conversation's next turn finds what was prompt; after a pause only the instructions that others use")
  func conversation() {
    let tokens = cached([
      ask(0, 1500, content: 10, prefix: 1, shared: 1200),
      ask(60, 1700, content: 11, prefix: 10, shared: 1510),  // all but the answer's 10
      ask(250, 1300, content: 20, prefix: 1, shared: 1200),  // somebody else keeps the instructions in use
      ask(500, 2000, content: 12, prefix: 11, shared: 1710),  // last turn 440 s ago: only the instructions
      ask(510, 2200, content: 13, prefix: 12, shared: 2010),
      ask(1000, 2500, content: 14, prefix: 13, shared: 2210),  // nothing is left
    ])
    #expect(tokens == [0, 1500, 1200, 1200, 2000, 0])
  }

  @Test("A repeated prompt is cached as a whole, and each model has a cache of its own")
  func repeatedPrompt() {
    let tokens = cached(
      [
        ask(0, 1400, content: 5), ask(10, 1400, content: 5), ask(20, 1400, content: 5, useCase: 1),
        ask(30, 1400, content: 5, useCase: 1), ask(40, 1400),
      ], models: 2, useCases: 2)
    #expect(tokens == [0, 1400, 0, 1400, 0])
  }

  @Test("Latency: base, per computed input token, per output token")
  func latency() {
    let latency = ServiceLatency(
      firstToken: Seconds(0.25), perInputToken: Seconds(0.0625), perOutputToken: Seconds(0.5))
    let result = simulate(api(latency), [ask(1, 16)], log: true)
    #expect(result.log[0].firstToken == 1 + 0.25 + 1)
    #expect(result.log[0].lastToken == result.log[0].firstToken + 4.5)
  }

  @Test("The 99th percentile is as many times the median as asked for, and the median is the stated latency")
  func spread() {
    let latency = ServiceLatency(
      firstToken: Seconds(0.4), perOutputToken: Seconds(0.01),
      spread: ServiceLatency.spread(p99OverMedian: 4))
    var option = api(latency)
    option.randomness = RandomKey(seed: 5)
    let requests = (0..<200_000).map { ask(Double($0), 100) }
    let result = simulate(option, requests, log: true)
    let times = result.log.map { $0.firstToken - $0.arrival }.sorted()
    #expect(abs(times[100_000] / 0.4 - 1) < 0.01)
    #expect(abs(times[198_000] / 1.6 - 1) < 0.03)
    // A request that is slow to its first token is as slow after it.
    for served in result.log.prefix(100) {
      let ratio = (served.lastToken - served.firstToken) / (served.firstToken - served.arrival)
      #expect(abs(ratio / (0.09 / 0.4) - 1) < 1e-6)
    }
  }

  @Test("A request's luck is its own: the same whatever else is asked, and with every supply")
  func commonRandomNumbers() {
    let latency = ServiceLatency(firstToken: Seconds(0.4), perOutputToken: .zero, spread: 0.5)
    let both = simulate(api(latency, useCases: 1), (0..<50).map { ask(Double($0), 100) }, log: true)
    var limited = api(latency)
    limited.chain.insert(
      .metered(
        MeteredConfiguration(
          serves: [true], latency: latency, quota: RequestQuota(requestsPerMinute: 7))), at: 0)
    let split = simulate(limited, (0..<50).map { ask(Double($0), 100) }, log: true)
    #expect(Set(split.log.map(\.supply)) == [0, 1])
    #expect(both.log.map(\.firstToken) == split.log.map(\.firstToken))
    #expect(Set(both.log.map { $0.firstToken - $0.arrival }).count == 50)
  }

  @Test("Without a spread, a cache or a quota nothing is random and nothing cached")
  func plain() {
    let result = simulate(api(plainLatency), [ask(0, 2000, content: 1), ask(1, 2000, content: 1)], log: true)
    #expect(result.log.map(\.firstToken) == [1, 2])
    #expect(result.bill.supplies[0][0].cachedInputTokens == 0)
  }
}
