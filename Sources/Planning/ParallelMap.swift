// SPDX-License-Identifier: GPL-3.0-or-later
// The one place with threads: independent pieces of work, results in the order of the pieces whoever did them.

import Dispatch
import Synchronization

/// Runs `body` for `0..<count` on up to `threads` threads.
/// - Returns: the results in order of index. They do not depend on the number of threads.
func parallelMap<Result: Sendable>(
  count: Int, threads: Int, _ body: @Sendable (Int) -> Result
) -> [Result] {
  let next = Atomic(0)
  let results = Mutex<[Result?]>(Array(repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      if index >= count { return }
      let result = body(index)
      results.withLock { $0[index] = result }
    }
  }
  return results.withLock { $0.compactMap(\.self) }
}
