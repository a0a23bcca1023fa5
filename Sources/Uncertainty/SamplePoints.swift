// SPDX-License-Identifier: GPL-3.0-or-later
// Where in the space of uncertain inputs the futures lie: spread more evenly than independent draws would be.

import Numerics
public import Quantities

/// How the futures are spread over what is uncertain.
public enum SamplingMethod: String, Sendable, Hashable, CaseIterable {
  /// Scrambled Sobol' points: even in every dimension and in many pairs of them.
  case sobol
  /// Latin hypercube: even in every dimension alone (McKay, Beckman, Conover: A comparison of three methods
  /// for selecting values of input variables, 1979, doi:10.1080/00401706.1979.10489755).
  case latinHypercube = "latin-hypercube"
  /// Independent draws.
  case plain
}

/// Points of the open unit cube, by default evenly spread, and random: each coordinate of each point is
/// uniform on (0, 1).
///
/// Ten dimensions at a time are Sobol' points under a random linear scramble and digital shift (Matoušek: On
/// the L2-discrepancy for anchored boxes, Journal of Complexity 14, 1998, doi:10.1006/jcom.1998.0489): a
/// lower triangular binary matrix per dimension multiplies a coordinate's binary digits, and a random word is
/// added to them. That keeps each dimension's stratification: 2^m points hit each interval of length 2^-m
/// once.
///
/// Each further ten dimensions are such points again, in an order shuffled at random: Latin supercube
/// sampling (Owen, 1998, doi:10.1145/272991.273010). It has no highest dimension, and avoids what the plain
/// sequence does in high dimensions: with 256 points, some pairs of its 40 dimensions have a correlation of
/// 0.75, because their leading digits coincide, which no scramble of digits undoes. Among the first ten, no
/// pair is worse than independent draws at any number of points from 8 to 4096 (measured).
///
/// The points may be made of several replicates: equal runs of neighbours, each randomized anew, so that what
/// is computed from one is independent of the others and their scatter tells how far chance reaches.
///
/// All of it follows from the seed: each replicate of a purpose has a stream per dimension, so that further
/// dimensions leave the first ones as they are.
public struct SamplePoints: Sendable {
  /// The number of points.
  public let count: Int
  /// The number of dimensions.
  public let dimensions: Int
  /// Dimensions that share one Sobol' sequence.
  private static let blockDimensions = 10
  /// Coordinates, point by point.
  private let coordinates: [Double]

  /// `count` points in `dimensions` dimensions.
  /// - Parameters:
  ///   - count: at least 1; a power of 2 per replicate uses the sequence best.
  ///   - dimensions: 0 or more.
  ///   - seed: the run's seed.
  ///   - purpose: what the points are for; each has its own streams.
  ///   - replicates: independent sets that the points come in; divides `count`.
  ///   - method: how they are spread.
  /// - Complexity: O(count × dimensions).
  public init(
    count: Int, dimensions: Int, seed: UInt64, purpose: StreamPurpose, replicates: Int = 1,
    method: SamplingMethod = .sobol
  ) {
    precondition(count >= 1 && count <= 1 << SobolSequence.digits, "\(count) sample points")
    precondition(dimensions >= 0 && dimensions < 1 << 24, "\(dimensions) dimensions")
    precondition(replicates >= 1 && count % replicates == 0, "\(count) points in \(replicates) replicates")
    self.count = count
    self.dimensions = dimensions
    var coordinates = [Double](repeating: 0, count: count * dimensions)
    let size = count / replicates
    for replicate in 0..<replicates {
      let rows = replicate * size..<(replicate + 1) * size
      func stream(_ dimension: Int) -> CounterRandom {
        CounterRandom(seed: seed, draw: UInt32(replicate), purpose: purpose, index: UInt32(dimension))
      }
      switch method {
      case .sobol: Self.fillSobol(&coordinates, rows, dimensions: dimensions, stream)
      case .latinHypercube, .plain:
        for dimension in 0..<dimensions {
          var stream = stream(dimension)
          let cells = method == .plain ? nil : Self.permutation(of: size, from: &stream)
          for row in rows {
            let uniform = stream.nextUniform()
            let value = cells.map { (Double($0[row - rows.lowerBound]) + uniform) / Double(size) } ?? uniform
            coordinates[row * dimensions + dimension] = min(value, 1 - 0x1p-53)
          }
        }
      }
    }
    self.coordinates = coordinates
  }

  /// Fills some rows with one scramble of the Sobol' points.
  private static func fillSobol(
    _ coordinates: inout [Double], _ rows: Range<Int>, dimensions: Int, _ stream: (Int) -> CounterRandom
  ) {
    for first in stride(from: 0, to: dimensions, by: blockDimensions) {
      let block = first..<min(first + blockDimensions, dimensions)
      var streams = block.map(stream)
      let scrambles = streams.indices.map { DigitScramble(from: &streams[$0]) }
      // The first block keeps the sequence's order, in which runs of neighbours are evenly spread too.
      let order = first == 0 ? Array(0..<rows.count) : permutation(of: rows.count, from: &streams[0])
      forEachSobolPoint(count: rows.count, dimensions: block.count) { index, point in
        let row = rows.lowerBound + order[index]
        for (offset, scramble) in scrambles.enumerated() {
          coordinates[row * dimensions + first + offset] = scramble(point[offset])
        }
      }
    }
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

/// A random scramble of a coordinate's binary digits that keeps which interval of each length 2^-m holds it
/// apart from the others.
private struct DigitScramble {
  /// Row i of the matrix: which of the digits 1 … i the new digit i is the sum of. Digit 1 is the highest
  /// bit.
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
