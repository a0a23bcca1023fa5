// SPDX-License-Identifier: GPL-3.0-or-later
// Intervals of probabilities: published values, and whether 95 % means it when futures come in clusters.

import Decision
import Numerics
import Quantities
import Testing

@Suite("Intervals of a probability")
struct IntervalTests {
  @Test(
    "Wilson's interval has the values Newcombe (1998) tabulates for the score method",
    arguments: [
      (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
    ])
  func published(successes: Int, trials: Int, low: Double, high: Double) {
    let interval = WilsonInterval(successes: successes, trials: trials)
    #expect(abs(interval.low - low) < 5e-5 && abs(interval.high - high) < 5e-5)
    let mirrored = WilsonInterval(successes: trials - successes, trials: trials)
    #expect(abs(mirrored.low - 1 + high) < 5e-5 && abs(mirrored.high - 1 + low) < 5e-5)
  }

  @Test("with clusters of one future it is close to Wilson's interval, and never narrower")
  func singles() {
    let means = (0..<200).map { $0 % 5 == 0 ? 1.0 : 0 }
    let clustered = Probability(clusterMeans: means, clusterSize: 1)
    let wilson = WilsonInterval(successes: 40, trials: 200)
    #expect(abs(clustered.estimate - 0.2) < 1e-12)
    #expect(clustered.low <= wilson.low && clustered.high >= wilson.high)
    #expect(abs(clustered.low - wilson.low) < 0.002 && abs(clustered.high - wilson.high) < 0.002)
  }

  @Test("where all clusters agree on 0 or 1, each counts as one trial", arguments: [2, 8, 64])
  func unanimous(clusters: Int) {
    let wilson = WilsonInterval(successes: clusters, trials: clusters)
    let always = Probability(clusterMeans: Array(repeating: 1, count: clusters), clusterSize: 500)
    #expect(always.estimate == 1 && always.high == 1 && always.low <= wilson.low && always.low > 0)
    let never = Probability(clusterMeans: Array(repeating: 0, count: clusters), clusterSize: 500)
    #expect(never.estimate == 0 && never.low == 0 && abs(never.high - 1 + always.low) < 1e-12)
  }

  @Test("one cluster alone leaves nearly everything open")
  func oneCluster() {
    let probability = Probability(clusterMeans: [0.5], clusterSize: 10_000)
    #expect(probability.estimate == 0.5 && probability.low < 0.1 && probability.high > 0.9)
  }

  @Test("clusters that agree inside give a wider interval than futures that do not", arguments: [4, 16, 64])
  func clustering(clusters: Int) {
    // The same share, once spread within every cluster, once between clusters.
    let within = Probability(clusterMeans: Array(repeating: 0.5, count: clusters), clusterSize: 100)
    let between = Probability(clusterMeans: (0..<clusters).map { Double($0 % 2) }, clusterSize: 100)
    #expect(within.estimate == between.estimate)
    #expect(between.high - between.low > 1.4 * (within.high - within.low))
  }

  /// How clusters come about in a coverage experiment.
  struct Experiment: Sendable, CustomTestStringConvertible {
    let probability: Double
    let clusters: Int
    let clusterSize: Int
    /// Standard deviation between clusters over √(p(1 − p)): 0 is none, 1 makes each cluster 0 or 1.
    let clustering: Double
    var testDescription: String { "p \(probability), \(clusters) × \(clusterSize), clustering \(clustering)" }
  }

  static let experiments: [Experiment] =
    [0.05, 0.3, 0.5, 0.95].flatMap { probability in
      [(8, 64), (32, 32), (64, 16)].flatMap { clusters, size in
        [0, 0.3, 0.7, 1].map {
          Experiment(probability: probability, clusters: clusters, clusterSize: size, clustering: $0)
        }
      }
    }

  @Test("the 95 % interval holds the truth in at least 90 % of 200 seeded repeats", arguments: experiments)
  func coverage(experiment: Experiment) {
    var covered = 0
    // Beta-distributed cluster probabilities with that mean and standard deviation.
    let share = experiment.clustering * experiment.clustering
    let beta: BetaDistribution? =
      share > 0 && share < 1
      ? BetaDistribution(
        alpha: experiment.probability * (1 / share - 1), beta: (1 - experiment.probability) * (1 / share - 1))
      : nil
    for seed in 0..<200 {
      var stream = CounterRandom(seed: UInt64(seed), draw: 0, purpose: .testing)
      let means = (0..<experiment.clusters).map { _ in
        let uniform = stream.nextUniform()
        let chance =
          beta?.quantile(uniform)
          ?? (share == 0 ? experiment.probability : uniform < experiment.probability ? 1 : 0)
        let hits = (0..<experiment.clusterSize).count { _ in stream.nextUniform() < chance }
        return Double(hits) / Double(experiment.clusterSize)
      }
      let interval = Probability(clusterMeans: means, clusterSize: experiment.clusterSize)
      #expect(0 <= interval.low && interval.low <= interval.estimate)
      #expect(interval.estimate <= interval.high && interval.high <= 1)
      if interval.low <= experiment.probability && experiment.probability <= interval.high { covered += 1 }
    }
    #expect(covered >= 180, "the truth was inside in \(covered) of 200")
  }
}
