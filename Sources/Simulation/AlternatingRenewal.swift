// SPDX-License-Identifier: GPL-3.0-or-later
// Something that is there and not there in turns, seen at a time when it has been going on for ever.

import Foundation
import Numerics
import Quantities

/// An alternating renewal process: independent Weibull times up, then down.
///
/// In its steady state it is up with probability `meanUp / (meanUp + meanDown)`, whatever the shapes. The time that
/// covers a given instant is longer than most (D. R. Cox, Renewal Theory, 1962, chapter 5): for a Weibull time `λ·Y^(1/k)`
/// the covering one has a gamma-distributed `Y` of shape `1 + 1/k`, the instant lies anywhere in it alike, and what is
/// left of it has a `Y` of shape `1/k`. So the process begins in its steady state, without a warm-up.
struct AlternatingRenewal: Sendable, Hashable {
  /// Mean time up, seconds; positive.
  var meanUp: Double
  /// Mean time down, seconds; 0 where it is up again at once.
  var meanDown: Double
  /// Weibull shape of the times up; 1 is exponential.
  var upShape: Double
  /// Weibull shape of the times down.
  var downShape: Double

  /// The share of time up.
  var availability: Double { meanUp / (meanUp + meanDown) }

  /// The stretches up that touch a span of time, in order. The first may begin long before it, the last end long after.
  /// - Complexity: O(cycles in the span).
  func stretches(from start: Double, until end: Double, _ random: inout RandomBlocks)
    -> [SpotWeather.Stretch]
  {
    let up = WeibullDistribution(shape: upShape, mean: meanUp)
    var stretches: [SpotWeather.Stretch] = []
    let state = random.uniform()
    var now = start
    if state < availability {
      let length = Self.time(up, weightedShape: 1 + 1 / upShape, random.uniform())
      let begin = start - random.uniform() * length
      stretches.append(SpotWeather.Stretch(up: begin, down: begin + length))
      now = begin + length + downTime(random.uniform())
    } else {
      let down = WeibullDistribution(shape: downShape, mean: meanDown)
      now += Self.time(down, weightedShape: 1 / downShape, random.uniform())
    }
    while now < end {
      let length = up.quantile(random.uniform())
      stretches.append(SpotWeather.Stretch(up: now, down: now + length))
      now += length + downTime(random.uniform())
    }
    return stretches
  }

  /// A time down at a probability.
  func downTime(_ probability: Double) -> Double {
    meanDown > 0 ? WeibullDistribution(shape: downShape, mean: meanDown).quantile(probability) : 0
  }

  private static func time(
    _ distribution: WeibullDistribution, weightedShape: Double, _ probability: Double
  ) -> Double {
    let weighted = GammaDistribution(shape: weightedShape, scale: 1).quantile(probability)
    return distribution.scale * pow(weighted, 1 / distribution.shape)
  }

  /// The probability that the stretch up at a given instant began more than `age` before it.
  func isOlder(than age: Double) -> Double {
    let up = WeibullDistribution(shape: upShape, mean: meanUp)
    let gamma = GammaDistribution(shape: 1 / upShape, scale: 1)
    return 1 - gamma.cumulative(pow(age / up.scale, upShape))
  }
}

/// Numbers of a counter-based stream, in turn, from a section of its own: blocks `section · 2^32` and on.
struct RandomBlocks {
  private let stream: CounterRandom
  private var next: UInt64

  init(_ stream: CounterRandom, section: UInt32) {
    self.stream = stream
    next = UInt64(section) << 32
  }

  /// The next number, uniform on (0, 1).
  mutating func uniform() -> Double {
    defer { next += 1 }
    return uniform(at: next)
  }

  /// The number at a place of the section, without moving on.
  func uniform(place: UInt32) -> Double { uniform(at: next & ~0xFFFF_FFFF | UInt64(place)) }

  private func uniform(at block: UInt64) -> Double {
    let words = stream.block(block)
    return (Double(UInt64(words.x) << 20 | UInt64(words.y) >> 12) + 0.5) * 0x1p-52
  }
}
