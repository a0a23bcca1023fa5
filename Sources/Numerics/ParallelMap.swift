// SPDX-License-Identifier: GPL-3.0-or-later
// The one place with threads: independent pieces of work, results in the order of the pieces whoever did them.

import Foundation
import Synchronization

/// Runs `body` for `0..<count` on `threads` threads, the caller's among them.
///
/// The threads are our own: a shared pool starts fewer while other programs keep the machine busy, and then a run takes
/// its time twice over.
/// - Returns: the results in order of index. They do not depend on the number of threads.
public func parallelMap<Result: Sendable>(
  count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Result
) -> [Result] {
  let pieces = Pieces(count: count, body)
  let helpers = DispatchGroup()
  for _ in 1..<max(1, min(threads, count)) {
    helpers.enter()
    Thread {
      pieces.work()
      helpers.leave()
    }.start()
  }
  pieces.work()
  helpers.wait()
  return pieces.collected
}

/// The pieces that are left to do, and the results of those done.
private final class Pieces<Result: Sendable>: Sendable {
  private let count: Int
  private let body: @Sendable (Int) -> Result
  private let next = Atomic(0)
  private let results: Mutex<[Result?]>

  init(count: Int, _ body: @escaping @Sendable (Int) -> Result) {
    self.count = count
    self.body = body
    results = Mutex(Array(repeating: nil, count: count))
  }

  /// Does pieces until none is left.
  func work() {
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      if index >= count { return }
      let result = body(index)
      results.withLock { $0[index] = result }
    }
  }

  /// The results, all of them once every thread is done.
  var collected: [Result] { results.withLock { $0.compactMap(\.self) } }
}
