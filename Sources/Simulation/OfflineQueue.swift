// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that can wait, until a replica has room to spare or their deadline nears.

import Quantities

/// Requests that wait at the gateway, in a list for each use case and model, where the first is the most urgent.
struct OfflineQueue: ~Copyable {
  /// A request that waits.
  struct Waiting: BitwiseCopyable {
    var sequence = Sequence()
    var identity = RequestIdentity()
    var next: Int32 = none
  }

  // Not private, like every type within `Storage`: see `OptionSimulation.Supply`.
  struct List: BitwiseCopyable {
    var first: Int32 = none
    var last: Int32 = none
    /// Whether a timer will look at its first request.
    var isWatched = false
  }

  private let models: Int
  /// By use case, then model.
  private var lists: Storage<List>
  private var places = Places(blank: Waiting())
  /// How long a request of each use case may take; infinite where it is not to wait.
  private var deadlines: Storage<Double>
  /// By use case: seconds from first to last token of the requests served, their sum and number.
  private var generationSeconds: Storage<Double>
  private var served: Storage<Double>
  /// The share of a replica's places and KV cache that they may fill.
  let share: Double
  private let margin: Double

  /// Whether any request can wait.
  let isPresent: Bool

  init(_ option: OptionConfiguration) {
    let useCases = option.modelOfUseCase.count
    let offline = option.gateway?.offline
    precondition(offline?.deadlines.count ?? useCases == useCases, "a deadline per use case is needed")
    isPresent = offline?.deadlines.contains { $0 != nil } ?? false
    models = option.models
    lists = Storage(repeating: List(), count: useCases * models)
    deadlines = Storage(repeating: .infinity, count: useCases)
    for (useCase, deadline) in (offline?.deadlines ?? []).enumerated() {
      deadlines[useCase] = deadline?.rawValue ?? .infinity
    }
    generationSeconds = Storage(repeating: 0, count: useCases)
    served = Storage(repeating: 0, count: useCases)
    share = offline?.share ?? 0
    margin = offline?.margin.rawValue ?? 0
  }

  /// Requests that wait.
  var count: Int { places.count }

  /// Whether requests of a use case can wait.
  func isOffline(_ useCase: Int) -> Bool { deadlines[useCase] < .infinity }

  /// Where the requests of a use case for a model wait.
  func list(useCase: Int, model: Int) -> Int { useCase * models + model }

  /// The time from which a request is no longer held back: its deadline, or the window's end if that is earlier, less
  /// the time that its answer may take and the margin.
  func urgency(of sequence: Sequence, window: Double) -> Double {
    let useCase = Int(sequence.useCase)
    let estimate = served[useCase] > 0 ? generationSeconds[useCase] / served[useCase] : 0
    return min(sequence.arrival + deadlines[useCase], window) - margin - estimate
  }

  /// Learns how long answers of a use case take.
  mutating func learn(useCase: Int, generationSeconds seconds: Double) {
    generationSeconds[useCase] += seconds
    served[useCase] += 1
  }

  mutating func append(_ sequence: Sequence, _ identity: RequestIdentity) {
    let list = list(useCase: Int(sequence.useCase), model: Int(sequence.model))
    let place = places.park(Waiting(sequence: sequence, identity: identity))
    if lists[list].last == none { lists[list].first = place } else { places[lists[list].last].next = place }
    lists[list].last = place
  }

  /// The first request of a list; nil where it is empty.
  func first(_ list: Int) -> Waiting? { lists[list].first == none ? nil : places[lists[list].first] }

  mutating func removeFirst(_ list: Int) {
    let waiting = places.take(lists[list].first)
    lists[list].first = waiting.next
    if waiting.next == none { lists[list].last = none }
  }

  /// The list with the most urgent request for a model: the one due first; nil where none waits for it.
  func mostUrgentList(model: Int) -> Int? {
    var best: Int?
    var earliest = Double.infinity
    for useCase in 0..<deadlines.count {
      let list = list(useCase: useCase, model: model)
      guard let due = first(list).map({ $0.sequence.arrival + deadlines[useCase] }), due < earliest else {
        continue
      }
      (best, earliest) = (list, due)
    }
    return best
  }

  /// Notes that a timer looks at a list's first request from now on.
  /// - Returns: whether none did.
  mutating func watch(_ list: Int) -> Bool {
    if lists[list].isWatched { return false }
    lists[list].isWatched = true
    return true
  }

  /// Notes that the timer is over.
  mutating func stopWatching(_ list: Int) { lists[list].isWatched = false }
}
