// SPDX-License-Identifier: GPL-3.0-or-later
// Supplies whose machines are somebody else's: quotas and budgets decide, and the answer's times follow at once.

import Quantities

/// What a metered or reserved supply does, in plain values for the dispatch loop.
struct RemoteService: BitwiseCopyable {
  enum Overflow: UInt8, BitwiseCopyable { case next, reject, payAsYouGo }

  var latency = ServiceLatency(firstToken: .zero, perOutputToken: .zero)
  /// Whether use case `u` is admitted: bit `u`.
  var admits = UInt64.max
  var hasQuota = false
  var returnsUnused = false
  /// The `max_tokens` that requests ask for; 0: what they generate.
  var maxTokens: Int32 = 0
  /// What a refused client does; nil: it goes on.
  var retry: RetryPolicy?
  var overflow = Overflow.next
  var spillLatency = ServiceLatency(firstToken: .zero, perOutputToken: .zero)
  /// Time to live of cached prompts; 0 without a cache.
  var promptTTL = 0.0
  var promptMinTokens: Int32 = 0

  init() {}

  init(_ metered: MeteredConfiguration) {
    latency = metered.latency
    retry = metered.retry
    if let admitted = metered.admits {
      admits = admitted.enumerated().reduce(0) { $0 | ($1.element ? 1 << UInt64($1.offset) : 0) }
    }
    if let quota = metered.quota {
      hasQuota = true
      returnsUnused = quota.returnsUnused
      maxTokens = quota.maxTokens ?? 0
    }
    cache(metered.promptCache)
  }

  init(_ reserved: ReservedConfiguration) {
    latency = reserved.latency
    switch reserved.overflow {
    case .next: overflow = .next
    case .reject: overflow = .reject
    case .retry(let policy): retry = policy
    case .payAsYouGo(let latency):
      overflow = .payAsYouGo
      spillLatency = latency
    }
    cache(reserved.promptCache)
  }

  private mutating func cache(_ policy: PromptCachePolicy?) {
    promptTTL = policy?.ttl.rawValue ?? 0
    promptMinTokens = policy?.minTokens ?? 0
  }
}

extension OptionConfiguration {
  /// Whether a supply asks who a request is, so that a request handed over by a fleet must still know.
  var asksForIdentity: Bool {
    chain.contains { supply in
      switch supply {
      case .metered(let metered):
        metered.retry != nil || metered.promptCache != nil || metered.latency.spread > 0
      case .reserved(let reserved):
        switch reserved.overflow {
        case .retry, .payAsYouGo: true
        case .next, .reject: reserved.promptCache != nil || reserved.latency.spread > 0
        }
      case .fleet: false
      }
    }
  }
}

extension OptionSimulation {
  /// A metered supply's answer.
  /// - Parameter place: of the supply's model in the tables.
  @inline(__always)
  mutating func askMetered(
    _ sequence: Sequence, identity: RequestIdentity, supply index: Int, place: Int, at now: Double
  ) -> Answer {
    let service = supplies[index].service
    let useCases = configuration.objectives.count
    // Of a request that does not count, the use case that it would count for.
    let useCase = Int(sequence.useCase) < useCases ? Int(sequence.useCase) : Int(sequence.useCase) - useCases
    guard service.admits >> UInt64(useCase) & 1 == 1 else { return .refused }
    let prompt = sequence.prefillTarget
    let output = sequence.outputTokens - sequence.generated
    let reserved = max(service.maxTokens, output)
    if service.hasQuota && !quotas[place].take(tokens: Int64(prompt) + Int64(reserved), at: now) {
      return service.retry.map(Answer.askAgain) ?? .refused
    }
    let cached = cachedTokens(service, sequence, identity, place: place, at: now)
    let end = serveRemotely(
      sequence, identity: identity, supply: index, place: place, latency: service.latency, cached: cached,
      at: now)
    let unused = reserved - output + cached
    if service.hasQuota && service.returnsUnused && unused > 0 {
      timers.insert(.settlement, index: Int32(place), amount: unused, at: end)
    }
    return .admitted
  }

  /// A reserved supply's answer.
  /// - Parameter place: of the supply's model in the tables.
  @inline(__always)
  mutating func askReserved(
    _ sequence: Sequence, identity: RequestIdentity, supply index: Int, place: Int, at now: Double
  ) -> Answer {
    let service = supplies[index].service
    let prompt = sequence.prefillTarget
    let output = sequence.outputTokens - sequence.generated
    let cached = cachedTokens(service, sequence, identity, place: place, at: now)
    if budgets[place].take(prompt: prompt, cached: cached, output: output, at: now) {
      let end = serveRemotely(
        sequence, identity: identity, supply: index, place: place, latency: service.latency, cached: cached,
        at: now)
      let unused = budgets[place].charged(output: output) - output
      if unused > 0 { timers.insert(.settlement, index: Int32(place), amount: unused, at: end) }
      return .admitted
    }
    if let policy = service.retry { return .askAgain(policy) }
    switch service.overflow {
    case .next: return .refused
    case .reject: return .rejected
    case .payAsYouGo:
      budgets[place].spill(prompt: prompt, cached: cached, output: output)
      _ = serveRemotely(
        sequence, identity: identity, supply: index, place: place, latency: service.spillLatency,
        cached: cached, at: now)
      return .admitted
    }
  }

  /// A request is done: what it was charged beyond what it used is given back.
  mutating func settle(place: Int, unused: Int32, at now: Double) {
    switch supplies[place / configuration.models].kind {
    case .metered: quotas[place].giveBack(tokens: unused, at: now)
    case .reserved: budgets[place].giveBack(output: unused, at: now)
    case .fleet: preconditionFailure("a fleet has nothing to settle")
    }
  }

  private func cachedTokens(
    _ service: RemoteService, _ sequence: Sequence, _ identity: RequestIdentity, place: Int, at now: Double
  ) -> Int32 {
    guard service.promptTTL > 0 else { return 0 }
    return promptCache.cachedTokens(
      identity, prompt: sequence.prefillTarget, domain: UInt64(place), ttl: service.promptTTL,
      least: service.promptMinTokens, at: now)
  }

  /// Serves a request on somebody else's machines: its times follow from the latency alone.
  /// - Returns: when its last token comes out.
  @inline(__always)
  private mutating func serveRemotely(
    _ sequence: Sequence, identity: RequestIdentity, supply: Int, place: Int, latency: ServiceLatency,
    cached: Int32, at now: Double
  ) -> Double {
    let generated = sequence.outputTokens - sequence.generated
    var factor = 1.0
    if latency.spread > 0 {
      let words = latencyStream.block(UInt64(UInt32(bitPattern: identity.number)))
      factor = latency.factor((Double(words.x) + 0.5) * 0x1p-32)
    }
    let computed = Double(sequence.prefillTarget - cached)
    let next = now + (latency.firstToken + latency.perInputToken * computed) * factor
    let end = next + latency.perOutputToken * factor * Double(generated - 1)
    recorder.served(
      sequence, supply: supply, firstToken: sequence.firstToken >= 0 ? sequence.firstToken : next, end: end,
      identity: identity)
    let cell = recorder.cell(supply: supply, sequence)
    recorder.supplies[cell].outputTokens += Double(generated)
    recorder.supplies[cell].cachedInputTokens += Double(cached)
    let service = supplies[supply].service
    if service.promptTTL > 0 {
      promptCache.remember(
        identity, prompt: sequence.prefillTarget, domain: UInt64(place), ttl: service.promptTTL, at: now,
        firstToken: next)
    }
    return end
  }
}
