// SPDX-License-Identifier: GPL-3.0-or-later
// How long how many GPUs were paid for: what commitments are weighed against.

/// The load-duration curve of every fleet of an option, written down as replicas come and go.
struct LoadDuration: ~Copyable {
  /// By supply: where its hours start in `hours`; one more at the end.
  private var start: Storage<Int>
  /// Seconds in which exactly `n` GPUs were paid for.
  private var seconds: Storage<Double>
  /// GPUs paid for at present, by supply.
  private var present: Storage<Int>
  /// Since when.
  private var since: Storage<Double>

  /// - Parameter mostGPUs: by supply; 0 for those that are no fleet.
  init(mostGPUs: [Int]) {
    start = Storage(repeating: 0, count: mostGPUs.count + 1)
    var length = 0
    for (supply, most) in mostGPUs.enumerated() {
      start[supply] = length
      length += most + 1
    }
    start[mostGPUs.count] = length
    seconds = Storage(repeating: 0, count: length)
    present = Storage(repeating: 0, count: mostGPUs.count)
    since = Storage(repeating: 0, count: mostGPUs.count)
  }

  /// Adds to the GPUs paid for, or takes away.
  mutating func change(_ supply: Int, by gpus: Int, at now: Double) {
    seconds[start[supply] + present[supply]] += now - since[supply]
    since[supply] = now
    present[supply] += gpus
  }

  /// Forgets what was written down; what is paid for goes on.
  mutating func restart(at now: Double) {
    close(at: now)
    for index in 0..<seconds.count { seconds[index] = 0 }
  }

  /// Writes down what is open at the end of a window.
  mutating func close(at end: Double) {
    for supply in 0..<present.count { change(supply, by: 0, at: end) }
  }

  /// A fleet's hours by number of GPUs, from 0.
  func hours(_ supply: Int) -> [Double] {
    (start[supply]..<start[supply + 1]).map { seconds[$0] / 3600 }
  }
}
