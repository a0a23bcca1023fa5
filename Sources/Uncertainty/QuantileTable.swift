// SPDX-License-Identifier: GPL-3.0-or-later
// Sampling by table: a request's token lengths and gaps are drawn millions of times, and a quantile that
// iterates would cost more than the simulation.

import Numerics

/// A distribution's quantile function as a table, with straight lines between its nodes.
///
/// Between probabilities 1/32 and 31/32 the nodes are equally probable. In the two tails, where a quantile
/// changes by orders of magnitude, each halving of the tail probability has 64 nodes, down to 2^-53, the
/// finest a double can tell from 0 or 1: then the node is the high bits of the number itself, and a look-up
/// needs no search and no logarithm. For a lognormal up to a P90/P10 ratio of 100 the relative error stays
/// below 4·10^-5 everywhere; for a gamma of shape 0.3 below 3·10^-4, of shape 0.1 below 3·10^-3.
///
/// An empirical distribution is its own table: its values are the nodes, and nothing is lost.
public struct QuantileTable: Sendable {
  /// The nodes: those over the whole of (0, 1), equally probable, then where there are tails those of the lower tail,
  /// from probability 2^-53 up to 1/32, and those of the upper tail by the probability that is left above.
  public let values: [Double]
  /// How the nodes lie.
  public let layout: Layout

  /// How the nodes of a table lie. Apart from them, so that a loop that borrows the nodes once counts no references.
  public struct Layout: Sendable, BitwiseCopyable {
    /// Equally probable cells.
    @usableFromInline let cells: Double
    /// Nodes over the whole of (0, 1).
    @usableFromInline let middleCount: Int
    /// Nodes of each tail.
    @usableFromInline let tailCount: Int
    /// 1/32 where there are tails, else 0.
    @usableFromInline let tailShare: Double

    init(middleCount: Int, tailCount: Int) {
      cells = Double(middleCount - 1)
      self.middleCount = middleCount
      self.tailCount = tailCount
      tailShare = tailCount > 0 ? 0x1p-5 : 0
    }
  }

  /// Bits of the significand that choose the node within a halving: 64 nodes.
  @usableFromInline static let tailBits: UInt64 = 6
  /// The bits below them, which say how far between two nodes.
  @usableFromInline static let fractionBits: UInt64 = 52 - tailBits
  /// High bits of 2^-53, the first node.
  @usableFromInline static let firstTailNode = Int(truncatingIfNeeded: (0x1p-53).bitPattern >> fractionBits)

  /// The table of a distribution.
  /// - Parameters:
  ///   - distribution: the distribution.
  ///   - size: equally probable cells, at least 64.
  /// - Complexity: `size` + 6144 quantiles; none for an empirical distribution.
  public init(_ distribution: Distribution, size: Int = 4096) {
    if case .empirical(let values) = distribution {
      precondition(!values.isEmpty, "an empirical distribution of no values")
      self.init(nodes: values.count == 1 ? [values[0], values[0]] : values)
    } else {
      self.init(size: size, quantile: distribution.quantile)
    }
  }

  /// The table of a gamma distribution, such as that of the gaps between bursty arrivals.
  /// - Parameters:
  ///   - shape: above 0; 1 is the exponential.
  ///   - scale: above 0; the mean is shape × scale.
  ///   - size: equally probable cells, at least 64.
  public init(gammaShape shape: Double, scale: Double, size: Int = 4096) {
    self.init(size: size, quantile: GammaDistribution(shape: shape, scale: scale).quantile)
  }

  /// The table of any continuous quantile function on (0, 1).
  /// - Parameters:
  ///   - size: equally probable cells, at least 64.
  ///   - quantile: the function, finite and non-decreasing on (0, 1).
  public init(size: Int = 4096, quantile: (Double) -> Double) {
    precondition(size >= 64, "a quantile table of \(size) cells")
    let lastNode = Int(truncatingIfNeeded: (0x1p-5).bitPattern >> Self.fractionBits)
    let probabilities = (Self.firstTailNode...lastNode).map {
      Double(bitPattern: UInt64($0) << Self.fractionBits)
    }
    // The outermost nodes are infinite for some distributions and lie in the tails: the tails' ends stand in.
    self.init(
      nodes: (0...size).map { quantile(min(max(Double($0) / Double(size), 0x1p-53), 1 - 0x1p-53)) },
      lowerTail: probabilities.map(quantile), upperTail: probabilities.map { quantile(1 - $0) })
  }

  private init(nodes: [Double], lowerTail: [Double] = [], upperTail: [Double] = []) {
    values = nodes + lowerTail + upperTail
    layout = Layout(middleCount: nodes.count, tailCount: lowerTail.count)
  }

  /// The quantile at a number of the open interval (0, 1); outside of it, that at its nearer end.
  ///
  /// - Complexity: O(1): two neighbouring nodes and a multiplication.
  @inlinable
  public subscript(uniform: Double) -> Double { layout.quantile(uniform, in: values.span) }
}

extension QuantileTable.Layout {
  /// The quantile at a number of the open interval (0, 1) in a table's nodes.
  @inlinable @inline(__always)
  public func quantile(_ uniform: Double, in values: Span<Double>) -> Double {
    if uniform < tailShare { return interpolated(values, from: middleCount, at: uniform) }
    if 1 - uniform < tailShare {
      return interpolated(values, from: middleCount + tailCount, at: 1 - uniform)
    }
    let position = min(max(uniform, 0), 1) * cells
    let index = min(Int(position), middleCount - 2)
    let below = values[index]
    return below + (values[index + 1] - below) * (position - Double(index))
  }

  /// The value in a tail at tail probability `share`, below 1/32.
  @inlinable @inline(__always)
  func interpolated(_ values: Span<Double>, from first: Int, at share: Double) -> Double {
    let bits = max(share, 0x1p-53).bitPattern
    let index =
      first + Int(truncatingIfNeeded: bits >> QuantileTable.fractionBits)
      - QuantileTable.firstTailNode
    let fraction = Double(bits & (1 << QuantileTable.fractionBits - 1)) * 0x1p-46
    return values[index] + (values[index + 1] - values[index]) * fraction
  }
}

/// A quantile table of token counts: rounded to the nearest whole token and clipped.
public struct TokenLengthTable: Sendable {
  /// The counts before rounding and clipping.
  public let table: QuantileTable
  /// The bounds.
  public let bounds: Bounds
  /// The fewest tokens, at least 1.
  public var minimum: Int32 { bounds.minimum }
  /// The most tokens.
  public var maximum: Int32 { bounds.maximum }

  /// The fewest and the most tokens. Apart from the table, as its layout is.
  public struct Bounds: Sendable, BitwiseCopyable {
    /// The fewest tokens, at least 1.
    public let minimum: Int32
    /// The most tokens.
    public let maximum: Int32

    /// A number of tokens before rounding, as a token count.
    @inlinable @inline(__always)
    public func rounded(_ tokens: Double) -> Int32 {
      // Clipped first, so that the conversion cannot overflow; then positive, so that cutting off rounds.
      Int32(min(max(tokens, Double(minimum)), Double(maximum)) + 0.5)
    }
  }

  /// The table of a distribution of token counts.
  /// - Parameters:
  ///   - distribution: the counts before rounding and clipping.
  ///   - minimum: the fewest tokens, at least 1.
  ///   - maximum: the most tokens, at least `minimum`.
  ///   - size: equally probable cells.
  public init(_ distribution: Distribution, minimum: Int, maximum: Int, size: Int = 4096) {
    precondition(
      minimum >= 1 && minimum <= maximum && maximum <= Int(Int32.max), "token counts \(minimum) … \(maximum)")
    table = QuantileTable(distribution, size: size)
    bounds = Bounds(minimum: Int32(minimum), maximum: Int32(maximum))
  }

  /// The token count at a number uniform on (0, 1).
  @inlinable
  public subscript(uniform: Double) -> Int32 { bounds.rounded(table[uniform]) }
}
