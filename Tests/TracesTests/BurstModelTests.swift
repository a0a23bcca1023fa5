// SPDX-License-Identifier: GPL-3.0-or-later
// The closed forms of bursts against known limits and against requests that were really made.

import Foundation
import Quantities
import Testing
import Traces
import Uncertainty
import Workload

@Suite("Burst model")
struct BurstModelTests {
  @Test("a Poisson process has variation and dispersion 1 at every scale")
  func poisson() {
    let load = BurstModel.Load(rate: 3)
    #expect(BurstModel().squaredVariation(load) == 1)
    for seconds in [1.0, 10, 60] {
      #expect(abs(BurstModel().indexOfDispersion(seconds: seconds, load) - 1) < 1e-12)
    }
  }

  @Test("an interrupted Poisson process: dispersion tends to the squared variation of its gaps")
  func renewalLimit() {
    // It is a renewal process, whose dispersion over long stretches is the squared variation (Cox, Renewal Theory).
    var model = BurstModel()
    (model.onSeconds, model.offSeconds) = (12, 43)
    let load = BurstModel.Load(rate: 2.6)
    expectClose(
      model.indexOfDispersion(seconds: 1e6, load), model.squaredVariation(load), within: 1e-4)
    expectClose(model.indexOfDispersion(seconds: 1e-4, load), 1, within: 0.01)
  }

  @Test("gamma gaps: dispersion goes from 1 to 1/shape", arguments: [0.2, 0.5, 2, 4])
  func gamma(shape: Double) {
    var model = BurstModel()
    model.burstiness = shape
    let load = BurstModel.Load(rate: 1)
    expectClose(model.squaredVariation(load), 1 / shape, within: 1e-12)
    expectClose(model.indexOfDispersion(seconds: 1e5, load), 1 / shape, within: 1e-3)
    // Over very short stretches there is one request or none.
    #expect(abs(model.indexOfDispersion(seconds: 1e-12, load) - 1) < 0.01)
    // Where the sum of terms gives way to the asymptote, the two agree.
    let border = 6 + 8 / shape
    expectClose(
      model.indexOfDispersion(seconds: border * 0.999, load),
      model.indexOfDispersion(seconds: border * 1.001, load), within: 0.01)
  }

  @Test("synthesized requests have the figures of the closed forms", arguments: 0..<5)
  func synthesized(index: Int) {
    let models: [(Double, Double, Double, Double)] = [
      (0.9, 0, 0, 0.21), (0.25, 0, 0, 0), (1, 12, 43, 0), (0.4, 5, 20, 0.2), (3, 0, 0, 0.1),
    ]
    let (shape, on, off, noise) = models[index]
    var model = BurstModel()
    (model.burstiness, model.onSeconds, model.offSeconds, model.minuteNoise) = (shape, on, off, noise)
    let lengths = TokenLengthTable(.constant(1), minimum: 1, maximum: 1)
    let use = UseCaseStatistics(
      hourlyRate: [Double](repeating: 3, count: 168), burstiness: shape, inputTokens: lengths,
      outputTokens: lengths, onOff: on > 0 ? OnOffPeriods(onSeconds: on, offSeconds: off) : nil,
      minuteNoise: noise)
    let made = Synthesis.measured(use, hours: 96, seed: 11).summary()
    let load = BurstModel.Load(rate: 3)
    expectClose(made.interArrivalCV, model.squaredVariation(load).squareRoot(), within: 0.05, "CV")
    for (seconds, measured) in [
      (1.0, made.indexOfDispersion?.oneSecond), (10, made.indexOfDispersion?.tenSeconds),
      (60, made.indexOfDispersion?.sixtySeconds),
    ] {
      expectClose(
        measured, model.indexOfDispersion(seconds: seconds, load), within: 0.12, "dispersion at \(seconds) s")
    }
  }

  @Test("a fit finds a model with the figures it is given")
  func fits() throws {
    let targets: [(Double, Double, Double, Double, Double)] = [
      // Rate, CV, dispersion at 1, 10 and 60 s: Azure 2023 code and conversation, Mooncake, a very regular one.
      (2.567, 13.15, 13.2, 71.6, 164), (5.53, 1.094, 1.39, 3.86, 16.1), (3.9, 1.011, 1.09, 1.18, 1.19),
      (10, 0.5, 0.3, 0.26, 0.25),
    ]
    for (rate, variation, one, ten, sixty) in targets {
      let figures = BurstFigures(
        interArrivalCV: variation, oneSecond: one, tenSeconds: ten, sixtySeconds: sixty)
      let load = BurstModel.Load(rate: rate)
      let model = try BurstModel.fitted(to: figures, load)
      expectClose(model.squaredVariation(load).squareRoot(), variation, within: 0.07, "CV, \(model)")
      expectClose(model.indexOfDispersion(seconds: 10, load), ten, within: 0.1, "dispersion, \(model)")
    }
  }
}
