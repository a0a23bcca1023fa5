// SPDX-License-Identifier: GPL-3.0-or-later
// Which model a request goes to, and which of the answers go on to a larger one: chance decides by the request's number,
// so that a request meets the same fate whatever else happens, and in every option that routes alike.

import Quantities

/// The routes of an option's requests.
struct ModelRoutes: ~Copyable {
  private let models: Int
  /// By use case, then model: the share of the requests that goes to this model or one before it.
  private var cumulative: Storage<Double>
  /// The model of each use case's requests; `none` where chance decides.
  private var only: Storage<Int32>
  /// By use case, then model: where its answers go that are not good enough; `none` where all are.
  private var targets: Storage<Int32>
  private var rates: Storage<Double>
  private let choices: CounterRandom
  private let verdicts: CounterRandom
  /// Whether any answer may be given again.
  let escalates: Bool

  init(_ configuration: OptionConfiguration) {
    let models = configuration.models
    let useCases = configuration.modelOfUseCase.count
    let routing = configuration.gateway?.routing ?? []
    precondition(routing.isEmpty || routing.count == useCases, "a routing per use case is needed")
    self.models = models
    cumulative = Storage(repeating: 1, count: useCases * models)
    only = Storage(repeating: none, count: useCases)
    targets = Storage(repeating: none, count: useCases * models)
    rates = Storage(repeating: 0, count: useCases * models)
    choices = configuration.randomness.stream(.routing)
    verdicts = configuration.randomness.stream(.escalation)
    var escalates = false
    for useCase in 0..<useCases {
      guard !routing.isEmpty else {
        only[useCase] = Int32(configuration.modelOfUseCase[useCase])
        continue
      }
      let route = routing[useCase]
      precondition(route.shares.count == models, "\(route.shares.count) shares of \(models) models")
      let chosen = route.shares.indices.filter { route.shares[$0] > 0 }
      if chosen.count == 1 { only[useCase] = Int32(chosen[0]) }
      var sum = 0.0
      for model in 0..<models {
        sum += route.shares[model]
        // Rounding leaves nothing beyond the last model that has a share.
        cumulative[useCase * models + model] = model >= chosen[chosen.count - 1] ? 1 : sum
        guard let escalation = route.escalations[model], escalation.rate > 0 else { continue }
        targets[useCase * models + model] = Int32(escalation.to)
        rates[useCase * models + model] = escalation.rate
        escalates = true
      }
    }
    self.escalates = escalates
  }

  /// The model that a request goes to first.
  @inline(__always)
  func first(useCase: Int, number: Int32) -> UInt8 {
    let model = only[useCase]
    return UInt8(
      truncatingIfNeeded: model != none ? model : chosen(useCase: useCase, number: number))
  }

  private func chosen(useCase: Int, number: Int32) -> Int32 {
    let words = choices.block(UInt64(UInt32(bitPattern: number)))
    let uniform = (Double(words.x) + 0.5) * 0x1p-32
    var model = 0
    while cumulative[useCase * models + model] <= uniform { model += 1 }
    return Int32(model)
  }

  /// The model that gives a model's answer again; nil where it is good enough.
  func next(after model: UInt8, useCase: Int, number: Int32) -> UInt8? {
    let place = useCase * models + Int(model)
    guard targets[place] != none else { return nil }
    // A number of its own for each model that a request may come to.
    let words = verdicts.block(UInt64(UInt32(bitPattern: number)) << 8 | UInt64(model >> 2))
    let uniform = (Double(words[Int(model & 3)]) + 0.5) * 0x1p-32
    return uniform < rates[place] ? UInt8(truncatingIfNeeded: targets[place]) : nil
  }
}
