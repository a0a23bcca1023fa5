// SPDX-License-Identifier: GPL-3.0-or-later
// How bursty arrivals are at one time scale: requests are counted in windows, and the counts' spread is what matters.

/// Counts of requests in consecutive windows of one width, the first beginning with the first request. Only whole windows
/// count: the last one, which the trace's end cuts off, would be an outlier of the method's own making.
public struct WindowCounts: Sendable, Hashable {
  /// Nanoseconds of a window.
  public let width: Int64
  private var origin: Int64?
  private var current: Int64 = 0
  private var currentCount = 0.0
  private var closed = 0.0
  private var sum = 0.0
  private var squares = 0.0
  private var most = 0.0

  /// Windows of some seconds.
  public init(seconds: Int) {
    precondition(seconds > 0, "windows of \(seconds) seconds")
    width = Int64(seconds) * 1_000_000_000
  }

  /// Counts a request; times come in order.
  /// - Complexity: O(1), however many windows lie empty before it.
  public mutating func add(_ time: Int64) {
    guard let origin else {
      self.origin = time
      currentCount = 1
      return
    }
    let window = (time - origin) / width
    if window > current {
      // This one closes, and those between are empty.
      closed += Double(window - current)
      sum += currentCount
      squares += currentCount * currentCount
      most = max(most, currentCount)
      current = window
      currentCount = 0
    }
    currentCount += 1
  }

  /// Whole windows seen.
  public var count: Int { Int(closed) }

  /// Index of dispersion: the counts' variance (divisor n) over their mean, 1 for a Poisson process (Cox and Lewis, The
  /// Statistical Analysis of Series of Events, 1966); nil for fewer than two windows.
  public var indexOfDispersion: Double? {
    guard closed >= 2, sum > 0 else { return nil }
    let mean = sum / closed
    return (squares / closed - mean * mean) / mean
  }

  /// The fullest window's count over the mean; nil for fewer than two windows.
  public var peakOverMean: Double? {
    guard closed >= 2, sum > 0 else { return nil }
    return most * closed / sum
  }
}
