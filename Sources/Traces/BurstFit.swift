// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the bursts that have a trace's spread of gaps and counts.

import Foundation
public import Numerics

/// The figures of a trace that its bursts are fitted to; what the trace cannot tell is nil.
public struct BurstFigures: Sendable, Hashable {
  /// Coefficient of variation of the gaps.
  public var interArrivalCV: Double?
  /// Index of dispersion in windows of 1, 10 and 60 seconds.
  public var dispersion: [(seconds: Double, index: Double, weight: Double)]

  /// The figures of a trace. Windows shorter than two ticks of its clock tell of the clock.
  public init(_ statistics: TraceStatistics) {
    interArrivalCV = statistics.interArrivalVariation
    dispersion = zip(statistics.windowCounts, [(1.0, 0.5), (10, 2), (60, 0.5)]).compactMap { windows, scale in
      guard let index = windows.indexOfDispersion, index > 0, windows.count >= 10,
        scale.0 >= 2 * statistics.tickSeconds
      else { return nil }
      return (scale.0, index, scale.1)
    }
  }

  /// Figures given one by one.
  public init(interArrivalCV: Double?, oneSecond: Double?, tenSeconds: Double?, sixtySeconds: Double?) {
    self.interArrivalCV = interArrivalCV
    dispersion = [(1.0, oneSecond, 0.5), (10, tenSeconds, 2), (60, sixtySeconds, 0.5)].compactMap {
      seconds, index, weight in index.map { (seconds, $0, weight) }
    }
  }

  /// Figures are alike whose numbers are.
  public static func == (left: BurstFigures, right: BurstFigures) -> Bool {
    left.interArrivalCV == right.interArrivalCV && left.dispersion.elementsEqual(right.dispersion, by: ==)
  }

  /// Feeds the gaps' figure.
  public func hash(into hasher: inout Hasher) { hasher.combine(interArrivalCV) }
}

extension BurstModel {
  /// The simplest structure that meets a trace's figures: gamma gaps, then minute noise with them, then on and off
  /// periods, then all; where none meets them, the one that comes closest.
  ///
  /// The gaps' variation and the dispersion at 10 s count most: they say how long a queue gets.
  /// - Complexity: some ten thousand evaluations of closed forms, well under a second.
  public static func fitted(to figures: BurstFigures, _ load: Load) throws(NumericsError) -> BurstModel {
    guard figures.interArrivalCV != nil || !figures.dispersion.isEmpty, load.rate > 0 else {
      return BurstModel()
    }
    // Starts: the logarithms of burstiness, on and off seconds, and minute noise.
    let structures: [(Structure, [[Double]])] = [
      (Structure(hasPeriods: false, hasNoise: false), [[0]]),
      (Structure(hasPeriods: false, hasNoise: true), [[0, log(0.1)], [-1, log(0.4)]]),
      (
        Structure(hasPeriods: true, hasNoise: false),
        [[0, log(10), log(40)], [0, log(60), log(20)], [-1, log(3), log(3)], [0, log(300), log(300)]]
      ),
      (
        Structure(hasPeriods: true, hasNoise: true),
        [
          [0, log(10), log(40), log(0.1)], [0, log(30), log(10), log(0.3)], [-0.5, log(2), log(2), log(0.2)],
        ]
      ),
    ]
    var best: (model: BurstModel, error: Double)?
    for (structure, starts) in structures {
      for start in starts {
        let found = try findMinimum(from: start, step: 0.7, tolerance: 1e-5, maximumIterations: 600) {
          structure.model($0).map { $0.error(figures, load) + $0.oddity } ?? .infinity
        }
        guard let model = structure.model(found.arguments) else { continue }
        let error = model.error(figures, load)
        if error < (best?.error ?? .infinity) { best = (model, error) }
      }
      // A weighted mean squared error of the logarithms: each figure within about 4 %.
      if let best, best.error < 0.0015 { return best.model.rounded }
    }
    return best?.model.rounded ?? BurstModel()
  }

  /// Which of the parts a structure has.
  private struct Structure {
    var hasPeriods: Bool
    var hasNoise: Bool

    /// The model of parameters; nil outside of what a scenario may say.
    func model(_ parameters: [Double]) -> BurstModel? {
      var model = BurstModel()
      var rest = parameters[...]
      model.burstiness = exp(rest.removeFirst())
      guard model.burstiness > 0.02, model.burstiness < 200 else { return nil }
      if hasPeriods {
        model.onSeconds = exp(rest.removeFirst())
        model.offSeconds = exp(rest.removeFirst())
        guard (0.05...20_000).contains(model.onSeconds), (0.05...20_000).contains(model.offSeconds) else {
          return nil
        }
      }
      if hasNoise {
        model.minuteNoise = exp(rest.removeFirst())
        guard model.minuteNoise < 2.5 else { return nil }
      }
      return model
    }
  }

  /// Weighted mean of the squared errors of logarithms.
  private func error(_ figures: BurstFigures, _ load: Load) -> Double {
    var (sum, weights) = (0.0, 0.0)
    func add(_ value: Double, _ target: Double, _ weight: Double) {
      let deviation = log(max(value, 1e-9) / target)
      sum += weight * deviation * deviation
      weights += weight
    }
    if let variation = figures.interArrivalCV, variation > 0 {
      add(squaredVariation(load).squareRoot(), variation, 3)
    }
    for (seconds, index, weight) in figures.dispersion {
      add(indexOfDispersion(seconds: seconds, load), index, weight)
    }
    return sum / weights
  }

  /// A slight cost of extreme parts, so that figures which several models meet get the tamest.
  private var oddity: Double {
    let periods = onSeconds > 0 ? pow(log(onSeconds / 20), 2) + pow(log(offSeconds / 20), 2) : 0
    return 1e-5 * (pow(log(burstiness), 2) + periods + minuteNoise * minuteNoise)
  }

  /// Four significant digits: no trace tells more.
  private var rounded: BurstModel {
    func digits(_ value: Double) -> Double {
      guard value > 0 else { return 0 }
      let unit = pow(10, (log10(value)).rounded(.down) - 3)
      return (value / unit).rounded() * unit
    }
    var model = self
    model.burstiness = digits(burstiness)
    model.onSeconds = digits(onSeconds)
    model.offSeconds = digits(offSeconds)
    model.minuteNoise = digits(minuteNoise)
    return model
  }
}
