// SPDX-License-Identifier: GPL-3.0-or-later
// The one source of randomness: counter-based, so that draw 17's arrivals are the same numbers whichever
// thread makes them, in whatever order, and after an interruption.

/// What a stream of random numbers is for. Each purpose of each draw has its own stream, so that one more
/// number taken for lengths never shifts the arrivals (common random numbers).
public enum StreamPurpose: UInt32, Sendable, CaseIterable {
  /// Inter-arrival gaps, the choice of use case, token lengths.
  case requests = 1
  /// Day, hour and minute noise on the demand.
  case demandNoise = 2
  /// Which hours of the week are simulated.
  case windows = 3
  /// Availability of spot capacity.
  case spot = 4
  /// The scramble of the physical inputs' sample points.
  case physicalInputs = 5
  /// The scramble of the prices' sample points.
  case priceInputs = 6
  /// Reserved for tests and benchmarks.
  case testing = 7
  /// The factor of each minute on the demand.
  case minuteNoise = 8
  /// When a use case's sources are on and off.
  case onOffPeriods = 9
  /// Where each of a use case's clients stands between two requests as a window opens.
  case clients = 10
  /// Which requests repeat a popular prompt, and which group's text a prompt begins with.
  case prompts = 11
  /// Whether and when a conversation goes on, and how long its next turn is.
  case sessions = 12
  /// The conversations that are under way as a window opens.
  case openSessions = 13
  /// Which stretches of a trace follow each other where it is repeated.
  case tiling = 14
  /// How long clients back off before they ask again.
  case retries = 15
  /// Which of its models a use case's request goes to first.
  case routing = 16
  /// Whether a small model's answer is good enough.
  case escalation = 17
  /// The latency of a service on somebody else's machines.
  case serviceLatency = 18
  /// Which replicas a router that chooses at random looks at.
  case routers = 19
  /// When nodes fail, and how long they are away.
  case nodeFailures = 20
  /// When spot replicas are taken away one by one or many at once, and when no capacity is to be had.
  case spotKills = 21
  /// The course of prices over the months.
  case pricePaths = 22
  /// Which simulated draw's error a predicted draw is given.
  case residuals = 23
}

/// A counter-based stream of random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random
/// numbers: as easy as 1, 2, 3; SC'11, doi:10.1145/2063384.2063405).
///
/// Block `i` of a stream is a pure function of (seed, draw, purpose, index, i): nothing is shared or stored.
///
/// - Complexity: 10 rounds of two 32×32-bit products for 128 random bits.
public struct CounterRandom: Sendable, BitwiseCopyable {
  @usableFromInline let key0: UInt32
  @usableFromInline let key1: UInt32
  @usableFromInline let stream0: UInt32
  @usableFromInline let stream1: UInt32
  @usableFromInline var block: UInt64

  /// The stream of one purpose in one draw.
  /// - Parameters:
  ///   - seed: the run's seed, the key of the generator.
  ///   - draw: the draw's number.
  ///   - purpose: what the numbers are for.
  ///   - index: tells apart streams of one purpose within a draw (a month, a zone), below 2^24.
  @inlinable
  public init(seed: UInt64, draw: UInt32, purpose: StreamPurpose, index: UInt32 = 0) {
    precondition(index < 1 << 24, "stream index \(index) is not below 2^24")
    key0 = UInt32(truncatingIfNeeded: seed)
    key1 = UInt32(truncatingIfNeeded: seed >> 32)
    stream0 = draw
    stream1 = purpose.rawValue << 24 | index
    block = 0
  }

  /// Four words of 32 random bits: the stream's next block.
  @inlinable
  public mutating func nextBlock() -> SIMD4<UInt32> {
    let words = Self.philox4x32(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), stream0, stream1),
      key: SIMD2(key0, key1))
    block &+= 1
    return words
  }

  /// The stream's block of that number, without moving on.
  @inlinable
  public func block(_ number: UInt64) -> SIMD4<UInt32> {
    var copy = self
    copy.block = number
    return copy.nextBlock()
  }

  /// Four numbers uniform on the open interval (0, 1), each with 32 random bits: (word + 1/2) / 2^32.
  @inlinable
  public mutating func nextUniforms() -> SIMD4<Double> {
    let words = nextBlock()
    return SIMD4(
      (Double(words.x) + 0.5) * 0x1p-32, (Double(words.y) + 0.5) * 0x1p-32,
      (Double(words.z) + 0.5) * 0x1p-32, (Double(words.w) + 0.5) * 0x1p-32)
  }

  /// One number uniform on the open interval (0, 1), with 52 random bits. Uses up a whole block.
  @inlinable
  public mutating func nextUniform() -> Double {
    let words = nextBlock()
    let bits = UInt64(words.x) << 20 | UInt64(words.y) >> 12
    return (Double(bits) + 0.5) * 0x1p-52
  }

  /// Ten rounds of Philox on one counter block; the known answers of the authors' Random123 are in the tests.
  @inlinable
  public static func philox4x32(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (c0, c1, c2, c3) = (counter.x, counter.y, counter.z, counter.w)
    var (k0, k1) = (key.x, key.y)
    for _ in 0..<10 {
      let product0 = UInt64(c0) &* 0xD251_1F53
      let product1 = UInt64(c2) &* 0xCD9E_8D57
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: product1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: product1),
        UInt32(truncatingIfNeeded: product0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: product0)
      )
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return SIMD4(c0, c1, c2, c3)
  }
}
