// SPDX-License-Identifier: GPL-3.0-or-later
// Whether long prompts get long answers: correlations of input and output lengths.

import Foundation

/// Correlations of the two lengths of requests.
struct LengthCorrelation {
  /// Spearman's, ties sharing their mean rank.
  var rank: Double
  /// Pearson's of the natural logarithms, 0 tokens counted as 1.
  var logarithmic: Double

  /// The correlations of pairs of lengths packed as `input << 32 | output`; nil where one of them never varies.
  ///
  /// Ranks follow from the counts of each length alone, so the pairs need not be sorted.
  /// - Complexity: O(n).
  init?(_ pairs: IdentityLog, output: LengthCounts) {
    guard pairs.count > 1 else { return nil }
    // Counted anew: all inputs also hold those of failed requests, which have no pair.
    var paired = LengthCounts()
    pairs.forEach { paired.add(Int32(truncatingIfNeeded: $0 >> 32)) }
    let (inputs, outputs) = (Table(paired.entries), Table(output.entries))
    var (ranks, logs) = (0.0, 0.0)
    pairs.forEach { pair in
      let (left, right) = (inputs[Int(pair >> 32)], outputs[Int(pair & 0xFFFF_FFFF)])
      ranks += left.rank * right.rank
      logs += left.logarithm * right.logarithm
    }
    let count = Double(pairs.count)
    guard inputs.rankSquares > 0, outputs.rankSquares > 0 else { return nil }
    rank = ranks / (inputs.rankSquares * outputs.rankSquares).squareRoot()
    logarithmic = logs / count / (inputs.logVariance * outputs.logVariance).squareRoot()
    if !logarithmic.isFinite { logarithmic = 0 }
  }

  /// The centred rank and logarithm of each length.
  private struct Table {
    private var direct: [(rank: Double, logarithm: Double)] = []
    private var rare: [Int: (rank: Double, logarithm: Double)] = [:]
    private(set) var rankSquares = 0.0
    private(set) var logVariance = 0.0

    init(_ entries: [(length: Int, count: Int)]) {
      let total = Double(entries.reduce(0) { $0 + $1.count })
      func logarithm(_ length: Int) -> Double { log(Double(max(1, length))) }
      let logMean = entries.reduce(0) { $0 + logarithm($1.length) * Double($1.count) } / total
      let longest = min(entries.last?.length ?? 0, 1 << 21)
      direct = Array(repeating: (0, 0), count: longest + 1)
      var below = 0.0
      for (length, count) in entries {
        let rank = below + (Double(count) + 1) / 2 - (total + 1) / 2
        let centred = logarithm(length) - logMean
        below += Double(count)
        rankSquares += rank * rank * Double(count)
        logVariance += centred * centred * Double(count) / total
        if length <= longest { direct[length] = (rank, centred) } else { rare[length] = (rank, centred) }
      }
    }

    subscript(length: Int) -> (rank: Double, logarithm: Double) {
      length < direct.count ? direct[length] : rare[length] ?? (0, 0)
    }
  }
}
