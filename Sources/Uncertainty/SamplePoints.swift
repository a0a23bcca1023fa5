// SPDX-License-Identifier: GPL-3.0-or-later
// Where in the space of uncertain inputs the futures lie: spread more evenly than independent draws would be.

import Numerics
public import Quantities

/// Points of the open unit cube, evenly spread and random: each coordinate of each point is uniform on (0, 1).
///
/// The first 40 dimensions are Sobol' points under a random linear scramble and digital shift (Matoušek: On the
/// L2-discrepancy for anchored boxes, Journal of Complexity 14, 1998, doi:10.1006/jcom.1998.0489): a lower
/// triangular binary matrix per dimension multiplies a coordinate's binary digits, and a random word is added to them.
/// The scramble keeps each dimension's stratification (2^m points hit each interval of length 2^-m once) and breaks up
/// the diagonal patterns that high dimensions of the plain sequence show among few points. Dimensions beyond the 40th
/// are Latin hypercube columns (McKay, Beckman, Conover, doi:10.2307/1268522): one point in each of `count` equal
/// strata, in random order.
///
/// All of it follows from the seed: draw 0 of a purpose has a stream per dimension, so that neither the other dimensions
/// nor their number changes a column.
public struct SamplePoints: Sendable {
  /// The number of points.
  public let count: Int
  /// The number of dimensions.
  public let dimensions: Int
  /// Coordinates, point by point.
  private let coordinates: [Double]

  /// `count` points in `dimensions` dimensions.
  /// - Parameters:
  ///   - count: at least 1; a power of 2 uses the sequence best.
  ///   - dimensions: 0 or more.
  ///   - seed: the run's seed.
  ///   - purpose: what the points are for; each has its own streams.
  /// - Complexity: O(count × dimensions).
  public init(count: Int, dimensions: Int, seed: UInt64, purpose: StreamPurpose) {
    precondition(count >= 1 && count <= 1 << SobolSequence.digits, "\(count) sample points")
    precondition(dimensions >= 0 && dimensions < 1 << 24, "\(dimensions) dimensions")
    self.count = count
    self.dimensions = dimensions
    var coordinates = [Double](repeating: 0, count: count * dimensions)
    var streams = (0..<dimensions).map {
      CounterRandom(seed: seed, draw: 0, purpose: purpose, index: UInt32($0))
    }
    let sobolDimensions = min(dimensions, SobolSequence.supportedDimensions.upperBound)
    if sobolDimensions > 0 {
      let scrambles = (0..<sobolDimensions).map { DigitScramble(from: &streams[$0]) }
      Self.forEachSobolPoint(count: count, dimensions: sobolDimensions) { index, point in
        for dimension in 0..<sobolDimensions {
          coordinates[index * dimensions + dimension] = scrambles[dimension](point[dimension])
        }
      }
    }
    for dimension in sobolDimensions..<dimensions {
      for (index, stratum) in Self.permutation(of: count, from: &streams[dimension]).enumerated() {
        let value = (Double(stratum) + streams[dimension].nextUniform()) / Double(count)
        coordinates[index * dimensions + dimension] = min(value, 1 - 0x1p-53)
      }
    }
    self.coordinates = coordinates
  }

  /// A coordinate of a point, in the open interval (0, 1).
  public subscript(point: Int, dimension: Int) -> Double {
    precondition(dimension >= 0 && dimension < dimensions, "dimension \(dimension) of \(dimensions)")
    return coordinates[point * dimensions + dimension]
  }

  /// Visits the points of the plain sequence, from the zero point on.
  private static func forEachSobolPoint(count: Int, dimensions: Int, _ visit: (Int, [Double]) -> Void) {
    do {
      var sequence = try SobolSequence(dimensions: dimensions)
      var point = [Double](repeating: 0, count: dimensions)
      for index in 0..<count {
        try sequence.next(into: &point)
        visit(index, point)
      }
    } catch {
      // Dimensions and count are within the generator's limits, so that only memory can be lacking.
      preconditionFailure("\(error)")
    }
  }

  /// The numbers 0 ..< count in random order (Fisher and Yates).
  private static func permutation(of count: Int, from stream: inout CounterRandom) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, min(Int(stream.nextUniform() * Double(last + 1)), last))
    }
    return order
  }
}

/// A random scramble of a coordinate's binary digits that keeps which interval of each length 2^-m holds it apart from
/// the others.
private struct DigitScramble {
  /// Row i of the matrix: which of the digits 1 … i the new digit i is the sum of. Digit 1 is the highest bit.
  private let rows: [UInt32]
  /// Added to the digits, modulo 2: 52 of them, so that the result is as fine as a double.
  private let shift: UInt64

  init(from stream: inout CounterRandom) {
    let digits = SobolSequence.digits
    var rows: [UInt32] = []
    for row in 0..<digits {
      let diagonal = UInt32(1) << UInt32(digits - 1 - row)
      let above = ((1 << UInt32(digits)) - 1) & ~(diagonal | (diagonal - 1))
      rows.append(stream.nextBlock().x & above | diagonal)
    }
    self.rows = rows
    let words = stream.nextBlock()
    shift = UInt64(words.x) << 20 | UInt64(words.y) >> 12
  }

  /// The scrambled coordinate, in the open interval (0, 1).
  func callAsFunction(_ coordinate: Double) -> Double {
    let plain = UInt32(coordinate * 0x1p30)
    var scrambled: UInt64 = 0
    for row in rows {
      scrambled = scrambled << 1 | UInt64((row & plain).nonzeroBitCount & 1)
    }
    return (Double(scrambled << 22 ^ shift) + 0.5) * 0x1p-52
  }
}
