// SPDX-License-Identifier: GPL-3.0-or-later
// Where the random choices of a simulation come from: the same in every option of a draw (common random numbers).

import Quantities

/// The key of a simulated window's random streams.
public struct RandomKey: Sendable, Hashable {
  /// The run's seed.
  public var seed: UInt64
  /// The draw.
  public var draw: UInt32
  /// The window, below 2^24.
  public var window: UInt32

  /// A key.
  public init(seed: UInt64 = 0, draw: UInt32 = 0, window: UInt32 = 0) {
    precondition(window < 1 << 24, "window \(window) is not below 2^24")
    self.seed = seed
    self.draw = draw
    self.window = window
  }

  /// The stream of one purpose. Its block of a request's number is that request's own: whatever else happens, the same
  /// request meets the same fate.
  func stream(_ purpose: StreamPurpose) -> CounterRandom {
    CounterRandom(seed: seed, draw: draw, purpose: purpose, index: window)
  }
}
