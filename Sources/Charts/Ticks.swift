// SPDX-License-Identifier: GPL-3.0-or-later
// Axes are read by their ticks: these are the round numbers (1, 2, 5 times a power of ten) a reader expects.

/// Round numbers for an axis.
public enum Ticks {
  /// A step of 1, 2 or 5 times a power of ten, kept as two integers so that multiples of it are exact decimals.
  struct Step {
    var factor: Double
    var exponent: Int

    /// The smallest such step that is at least `size`.
    init(atLeast size: Double) {
      precondition(size > 0 && size.isFinite, "step of size \(size)")
      var exponent = 0
      while Self.power(exponent) > size { exponent -= 1 }
      while Self.power(exponent + 1) <= size { exponent += 1 }
      let ratio = size / Self.power(exponent)
      // A hair of tolerance, so that 0.2 asked for as 0.2000…01 is 0.2 and not 0.5.
      switch ratio {
      case ...(1 + 1e-9): factor = 1
      case ...(2 + 1e-9): factor = 2
      case ...(5 + 1e-9): factor = 5
      default:
        factor = 1
        exponent += 1
      }
      self.exponent = exponent
    }

    /// `count` times the step.
    func multiple(_ count: Double) -> Double {
      exponent < 0 ? count * factor / Self.power(-exponent) : count * factor * Self.power(exponent)
    }

    /// A power of ten by multiplication: exact up to 10²², and the same on every machine.
    static func power(_ exponent: Int) -> Double {
      var result = 1.0
      for _ in 0..<exponent.magnitude { result *= 10 }
      return exponent < 0 ? 1 / result : result
    }
  }

  /// Multiples of a 1-2-5 step within a range, about `count` of them and never more than `count` + 1.
  public static func linear(from low: Double, to high: Double, count: Int) -> [Double] {
    guard low.isFinite, high.isFinite, high > low, count > 0 else { return [low] }
    let step = Step(atLeast: (high - low) / Double(count))
    let size = step.multiple(1)
    let first = (low / size - 1e-9).rounded(.up)
    let last = (high / size + 1e-9).rounded(.down)
    guard last >= first else { return [] }
    return (0...Int(last - first)).map { step.multiple(first + Double($0)) }
  }

  /// The range widened to the next multiples of its 1-2-5 step on both sides.
  public static func widened(from low: Double, to high: Double, count: Int) -> ClosedRange<Double> {
    guard low.isFinite, high.isFinite, high > low, count > 0 else {
      // One value only: an axis of some width around it.
      guard low.isFinite else { return 0...1 }
      let margin = low == 0 ? 1 : low.magnitude / 2
      return (low - margin)...(low + margin)
    }
    let step = Step(atLeast: (high - low) / Double(count))
    let size = step.multiple(1)
    return step.multiple(
      (low / size + 1e-9).rounded(.down))...step.multiple((high / size - 1e-9).rounded(.up))
  }

  /// 1, 2 and 5 times the powers of ten within a range of positive numbers; the powers alone where that is more than
  /// `count`, and every second, third, … power where those are too many.
  public static func logarithmic(from low: Double, to high: Double, count: Int) -> [Double] {
    guard low > 0, high > low, high.isFinite, count > 0 else { return [low] }
    var exponent = 0
    while Step.power(exponent) > low { exponent -= 1 }
    while Step.power(exponent + 1) <= low { exponent += 1 }
    var fine: [Double] = []
    var coarse: [Double] = []
    while Step.power(exponent) <= high * (1 + 1e-9) {
      for factor in [1.0, 2, 5] {
        let tick = exponent < 0 ? factor / Step.power(-exponent) : factor * Step.power(exponent)
        guard tick >= low * (1 - 1e-9), tick <= high * (1 + 1e-9) else { continue }
        fine.append(tick)
        if factor == 1 { coarse.append(tick) }
      }
      exponent += 1
    }
    if fine.count <= count || coarse.isEmpty { return fine }
    let every = max(1, (coarse.count + count - 1) / count)
    return coarse.indices.filter { $0 % every == 0 }.map { coarse[$0] }
  }
}
