// SPDX-License-Identifier: GPL-3.0-or-later
// A fixed number of users, each of whom sends its next request when the last is answered: how benchmarks load a
// server (`vllm bench serve --max-concurrency`), and how sessions behave.

public import Quantities
public import Workload

/// The simulation of one option under closed-loop load.
///
/// At most `users` requests are in work. A user sends its next request when the last was answered (its last token came
/// out, or it was lost) and its think time has passed, though never before the request's own `arrival`: with arrival
/// times and as many users as requests the load is open, with both it is a rate with a cap on concurrency. A refused
/// request counts as throttled, and its user waits a second longer.
///
/// Events at one instant have a fixed order (replicas' lives, requests by number, free users by number, steps), so the
/// same input gives the same result.
///
/// - Complexity: O(log users + replicas) per request, whatever its length.
public struct ClosedLoopSimulation: ~Copyable {
  private var simulation: OptionSimulation
  private let thinkTime: Double
  private var frontEnd: FrontEnd
  private let stop: Double
  /// Users by the time at which they are free, or may send the request they hold.
  private var ready = TimedQueue()
  /// The request that a user holds until its arrival.
  private var held: [Request?]
  /// Requests handed to users so far.
  private var handedOut = 0
  /// Requests in the front end, in the order in which they leave it.
  private var inFrontEnd: [(request: Request, user: Int32, admission: Double)] = []
  private var firstInFrontEnd = 0
  /// When the last request left or a replica's life last changed.
  private var end = 0.0

  /// A closed loop.
  /// - Parameters:
  ///   - configuration: the option that serves.
  ///   - users: requests in work at most (`max_concurrency`), at least 1.
  ///   - thinkTime: time between an answer and the user's next request.
  ///   - frontEnd: what a request goes through before the engine.
  ///   - stop: no request is sent at this time or after it.
  ///   - keepsLog: whether every served request is kept, with its times; memory then grows with requests.
  public init(
    _ configuration: OptionConfiguration, users: Int, thinkTime: Seconds = .zero,
    frontEnd: FrontEnd = FrontEnd(), stop: Seconds = Seconds(.infinity), keepsLog: Bool = false
  ) {
    precondition((1...Int(Int32.max)).contains(users), "\(users) users of a closed loop")
    precondition(thinkTime >= .zero, "a think time of \(thinkTime.rawValue) s")
    simulation = OptionSimulation(configuration, window: .infinity, keepsLog: keepsLog, closedLoop: true)
    self.thinkTime = thinkTime.rawValue
    self.frontEnd = frontEnd
    self.stop = stop.rawValue
    held = Array(repeating: nil, count: users)
    for user in 0..<users { ready.insert(0, user: Int32(user), order: user) }
  }

  /// Sends the requests in their order, each by the first user that is free, and runs until all are answered.
  /// - Parameter requests: in order of arrival.
  public consuming func run(_ requests: [Request]) -> WindowResult {
    var sent = 0
    while let user = makeEventsUntilUserIsFree() {
      guard sent < requests.count else { continue }
      hold(requests[sent], user: user)
      sent += 1
    }
    return finish()
  }

  /// Asks for each user's next request when the user is free, and runs until all are answered.
  /// - Parameter next: gives the next request of a user that is free at a time; nil ends the user. Its `arrival` may lie
  ///   in the future: the user waits for it. Called in order of time.
  public consuming func run(next: (_ user: Int, _ time: Seconds) -> Request?) -> WindowResult {
    while let user = makeEventsUntilUserIsFree() {
      if let request = next(Int(user.user), Seconds(user.time)) { hold(request, user: user) }
    }
    return finish()
  }

  /// Gives a user its next request, to be sent at once or at its arrival.
  private mutating func hold(_ request: Request, user: TimedQueue.Entry) {
    var request = request
    request.arrival = max(request.arrival, user.time)
    held[Int(user.user)] = request
    // Requests that were handed out come before users that are free at the same time, or they would be overtaken.
    ready.insert(request.arrival, user: user.user, order: Int.min + handedOut)
    handedOut += 1
  }

  /// Makes events in order of time until a user has no request to send. Nil where nothing can happen any more.
  private mutating func makeEventsUntilUserIsFree() -> TimedQueue.Entry? {
    while true {
      simulation.takeAnswers()
      let user = ready.first?.time ?? .infinity
      let admission =
        firstInFrontEnd < inFrontEnd.count ? inFrontEnd[firstInFrontEnd].admission : .infinity
      let replica = simulation.engine.earliestReplica
      let step =
        simulation.engine.nextEvents.count > 0 ? simulation.engine.nextEvents[replica] : .infinity
      let now = min(user, admission, step, simulation.timers.earliest)
      if now == .infinity { return nil }
      if simulation.earliestInterrupt <= now {
        end = max(end, simulation.earliestInterrupt)
        simulation.makeInterrupts(until: simulation.earliestInterrupt)
      } else if user == now {
        guard let entry = ready.removeFirst() else { return nil }
        guard let request = held[Int(entry.user)].take() else {
          if now >= stop { continue }
          return entry
        }
        if now < stop { send(request, user: entry.user) }
      } else if admission == now {
        let waiting = inFrontEnd[firstInFrontEnd]
        firstInFrontEnd += 1
        if firstInFrontEnd >= 64 && firstInFrontEnd * 2 > inFrontEnd.count {
          inFrontEnd.removeFirst(firstInFrontEnd)
          firstInFrontEnd = 0
        }
        admit(waiting.request, user: waiting.user, at: now)
      } else {
        simulation.engine.makeNextHalfEvent(replica, recorder: &simulation.recorder)
      }
      releaseUsers()
    }
  }

  private mutating func send(_ request: Request, user: Int32) {
    let admission = frontEnd.admission(of: request, sentAt: request.arrival)
    if admission <= request.arrival {
      admit(request, user: user, at: request.arrival)
    } else {
      inFrontEnd.append((request, user, admission))
    }
  }

  private mutating func admit(_ request: Request, user: Int32, at now: Double) {
    if !simulation.offer(request, at: now, user: user) {
      end = max(end, now)
      ready.insert(now + thinkTime + Self.waitAfterRefusal, user: user, order: Int(user))
    }
  }

  /// How long a user whose request was refused waits before the next, seconds, beside its think time.
  private static let waitAfterRefusal = 1.0

  /// Lets the users go on whose request has left.
  private mutating func releaseUsers() {
    for departure in simulation.recorder.departures {
      end = max(end, departure.time)
      ready.insert(departure.time + thinkTime, user: departure.user, order: Int(departure.user))
    }
    simulation.recorder.departures.removeAll(keepingCapacity: true)
  }

  /// The quantities from the start to the last departure.
  private consuming func finish() -> WindowResult {
    simulation.window = end
    return simulation.finish()
  }
}

/// Users by time, the lowest order first among equal times: a binary heap.
private struct TimedQueue {
  struct Entry {
    var time: Double
    var user: Int32
    var order: Int
    static func < (left: Entry, right: Entry) -> Bool { (left.time, left.order) < (right.time, right.order) }
  }

  private var entries: [Entry] = []

  var first: Entry? { entries.first }

  mutating func insert(_ time: Double, user: Int32, order: Int) {
    entries.append(Entry(time: time, user: user, order: order))
    var place = entries.count - 1
    while place > 0, entries[place] < entries[(place - 1) / 2] {
      entries.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func removeFirst() -> Entry? {
    guard let last = entries.popLast() else { return nil }
    guard let first = entries.first else { return last }
    entries[0] = last
    var place = 0
    while true {
      var child = 2 * place + 1
      if child >= entries.count { break }
      if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
      if !(entries[child] < entries[place]) { break }
      entries.swapAt(place, child)
      place = child
    }
    return first
  }
}
