// SPDX-License-Identifier: GPL-3.0-or-later
// What a simulation has to do at a later time, earliest first; first come, first served among equals.

/// A binary heap of timers.
struct TimerQueue: ~Copyable {
  /// What is due.
  enum Kind: UInt8, BitwiseCopyable {
    /// A parked request is offered again; `index` is its place among the parked.
    case retry
    /// A request is done and gives back `amount` tokens it was charged; `index` is its place in the supplies' tables.
    case settlement
    /// A pool's autoscaler looks at it; `index` is the pool.
    case evaluation
    /// A pool's schedule says another number of replicas; `index` is its place among the steps of all schedules.
    case schedule
    /// An answer is complete; `index` is its place among the answers of the gateway.
    case answer
    /// A request that can wait has become urgent; `index` is its list among those of the gateway.
    case urgent
  }

  struct Timer: BitwiseCopyable {
    var time = Double.infinity
    /// Its number in the order of insertion, which decides between equal times.
    var order: UInt64 = 0
    var index: Int32 = none
    var amount: Int32 = 0
    var kind = Kind.retry

    @inline(__always)
    static func < (left: Timer, right: Timer) -> Bool {
      left.time < right.time || (left.time == right.time && left.order < right.order)
    }
  }

  private var timers = Storage(repeating: Timer(), count: 0)
  private(set) var count = 0
  private var inserted: UInt64 = 0

  /// Time of the earliest; infinite where there is none.
  private(set) var earliest = Double.infinity

  /// - Complexity: O(log count).
  mutating func insert(_ kind: Kind, index: Int32, amount: Int32 = 0, at time: Double) {
    if count == timers.count { timers.grow(to: max(64, count * 2), filling: Timer()) }
    let timer = Timer(time: time, order: inserted, index: index, amount: amount, kind: kind)
    inserted += 1
    var place = count
    count += 1
    while place > 0 {
      let parent = (place - 1) >> 1
      if !(timer < timers[parent]) { break }
      timers[place] = timers[parent]
      place = parent
    }
    timers[place] = timer
    earliest = timers[0].time
  }

  /// Takes the earliest out, of which there must be one.
  /// - Complexity: O(log count).
  mutating func removeFirst() -> Timer {
    let first = timers[0]
    count -= 1
    let last = timers[count]
    var place = 0
    while 2 * place + 1 < count {
      var child = 2 * place + 1
      if child + 1 < count && timers[child + 1] < timers[child] { child += 1 }
      if !(timers[child] < last) { break }
      timers[place] = timers[child]
      place = child
    }
    if count > 0 { timers[place] = last }
    earliest = count > 0 ? timers[0].time : .infinity
    return first
  }
}
