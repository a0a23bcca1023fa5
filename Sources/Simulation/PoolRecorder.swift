// SPDX-License-Identifier: GPL-3.0-or-later
// What a pool's replicas were doing, written down a stretch of steps at a time.

/// How one pool's replicas were loaded, and how evenly they put out tokens.
public struct PoolQuality: Sendable, Hashable, Codable {
  /// The supply's place in the chain.
  public var supply: Int
  /// The model's index.
  public var model: Int
  /// Times between a token and the next of the same answer, seconds: every one, those across a preemption included. With
  /// static batching the steps of rows that are done already count too.
  public var interToken = LatencyHistogram()
  /// Sequences running, over the time in which any ran.
  public var batch = OccupancyHistogram()
  /// Requests waiting as each step, or stretch of steps, began, over the time in which any sequence ran.
  public var queue = OccupancyHistogram()
  /// Sequence places of one replica (`max_num_seqs`).
  public var places: Int
  /// Replicas that scaling started.
  public var starts = 0.0

  /// Nothing recorded.
  public init(supply: Int, model: Int, places: Int) {
    self.supply = supply
    self.model = model
    self.places = places
  }
}

/// The tallies of one window per pool.
struct PoolRecorder: ~Copyable {
  private var gaps: Storage<UInt64>
  private var gapSums: Storage<Double>
  private var batchTimes: Storage<Double>
  private var batchSums: Storage<Double>
  private var queueTimes: Storage<Double>
  private var queueSums: Storage<Double>

  init(pools: Int) {
    gaps = Storage(repeating: 0, count: pools * LatencyHistogram.binCount)
    gapSums = Storage(repeating: 0, count: pools)
    batchTimes = Storage(repeating: 0, count: pools * OccupancyHistogram.binCount)
    batchSums = Storage(repeating: 0, count: pools)
    queueTimes = Storage(repeating: 0, count: pools * OccupancyHistogram.binCount)
    queueSums = Storage(repeating: 0, count: pools)
  }

  /// Records a stretch of time in which the batch did not change.
  @inline(__always)
  mutating func record(pool: Int, running: Int32, waiting: Int32, elapsed: Double) {
    batchTimes[pool * OccupancyHistogram.binCount + OccupancyHistogram.bin(of: running)] += elapsed
    batchSums[pool] += elapsed * Double(running)
    queueTimes[pool * OccupancyHistogram.binCount + OccupancyHistogram.bin(of: waiting)] += elapsed
    queueSums[pool] += elapsed * Double(waiting)
  }

  /// Records the gap between two tokens of `count` sequences.
  @inline(__always)
  mutating func recordGap(pool: Int, seconds: Double, count: Int64) {
    gaps[pool * LatencyHistogram.binCount + LatencyHistogram.bin(of: seconds)] &+= UInt64(count)
    gapSums[pool] += seconds * Double(count)
  }

  /// Records the gaps of `sequences` sequences over the first `steps` steps of a segment, which last `elapsed` in all.
  @inline(__always)
  mutating func recordGaps(
    pool: Int, segment: DecodeSegment, steps: Int64, elapsed: Double, sequences: Int64
  ) {
    gapSums[pool] += elapsed * Double(sequences)
    let place = pool * LatencyHistogram.binCount
    let first = LatencyHistogram.bin(of: segment.stepTime(0))
    // A step is never shorter than the one before: where the first and the last share a bin all do.
    if first == LatencyHistogram.bin(of: segment.stepTime(Double(steps - 1))) {
      gaps[place + first] &+= UInt64(steps * sequences)
    } else {
      recordUnequalGaps(place, segment, steps: steps, sequences: sequences)
    }
  }

  private mutating func recordUnequalGaps(
    _ place: Int, _ segment: DecodeSegment, steps: Int64, sequences: Int64
  ) {
    var step: Int64 = 0
    while step < steps {
      let bin = LatencyHistogram.bin(of: segment.stepTime(Double(step)))
      // The first step beyond the bin, by bisection.
      var (inside, beyond) = (step, steps)
      while beyond - inside > 1 {
        let middle = inside + (beyond - inside) / 2
        if LatencyHistogram.bin(of: segment.stepTime(Double(middle))) == bin {
          inside = middle
        } else {
          beyond = middle
        }
      }
      gaps[place + bin] &+= UInt64((beyond - step) * sequences)
      step = beyond
    }
  }

  /// What was recorded of a pool.
  func quality(pool: Int, supply: Int, model: Int, places: Int) -> PoolQuality {
    var quality = PoolQuality(supply: supply, model: model, places: places)
    quality.interToken = LatencyHistogram(
      counts: gaps, from: pool * LatencyHistogram.binCount, sum: gapSums[pool])
    quality.batch = OccupancyHistogram(
      times: batchTimes, from: pool * OccupancyHistogram.binCount, sum: batchSums[pool])
    quality.queue = OccupancyHistogram(
      times: queueTimes, from: pool * OccupancyHistogram.binCount, sum: queueSums[pool])
    return quality
  }
}
