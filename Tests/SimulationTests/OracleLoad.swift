// SPDX-License-Identifier: GPL-3.0-or-later
// The oracle's users: who sends what when, with plain lists that are sorted anew at every question.

import Quantities
import Simulation
import Workload

/// Users that send a list of requests in order, each waiting for its answer before it sends the next.
struct OracleLoad {
  private let requests: [Request]
  private var unsent: ArraySlice<Int>
  /// When each free user may send.
  private var freeUsers: [(time: Double, user: Int)]
  private var userOf: [Int: Int] = [:]
  /// Requests sent and not yet with the engine.
  private var onTheirWay: [(admission: Double, id: Int)] = []
  private var frontEndFree = 0.0
  private let thinkTime: Double
  private let frontEnd: FrontEnd
  /// When each request was sent.
  private(set) var sentAt: [Int: Double] = [:]

  init(_ requests: [Request], users: Int, thinkTime: Double = 0, frontEnd: FrontEnd = FrontEnd()) {
    self.requests = requests
    unsent = ArraySlice(requests.indices)
    freeUsers = (0..<users).map { (0, $0) }
    self.thinkTime = thinkTime
    self.frontEnd = frontEnd
  }

  /// When the next request reaches the engine, as things stand; nil where none will without an answer first.
  mutating func nextArrival() -> Double? {
    if let next = onTheirWay.first { return next.admission }
    guard let id = unsent.first, let user = freeUsers.min(by: { $0 < $1 }) else { return nil }
    send(id, by: user)
    return onTheirWay[0].admission
  }

  /// The requests that reach the engine by `now`, in order.
  mutating func arrivals(until now: Double) -> [Int] {
    while let id = unsent.first, let user = freeUsers.min(by: { $0 < $1 }),
      max(user.time, requests[id].arrival) <= now
    {
      send(id, by: user)
    }
    let arrived = onTheirWay.filter { $0.admission <= now }
    onTheirWay.removeAll { $0.admission <= now }
    return arrived.map(\.id)
  }

  mutating func answered(_ id: Int, at time: Double) {
    if let user = userOf[id] { freeUsers.append((time + thinkTime, user)) }
  }

  private mutating func send(_ id: Int, by user: (time: Double, user: Int)) {
    let time = max(user.time, requests[id].arrival)
    freeUsers.removeAll { $0.user == user.user }
    userOf[id] = user.user
    unsent.removeFirst()
    sentAt[id] = time
    frontEndFree =
      max(frontEndFree, time) + frontEnd.perRequest.rawValue
      + frontEnd.perInputToken.rawValue * Double(requests[id].inputTokens)
    onTheirWay.append((frontEndFree + frontEnd.latency.rawValue, id))
  }
}
