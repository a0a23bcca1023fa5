// SPDX-License-Identifier: GPL-3.0-or-later
// How a scenario asks for its futures: method, replicates, correlations and a budget, read or refused with a place.

import Scenario
import Testing
import Uncertainty

@Suite("Sampling, correlations and budget")
struct SamplingTests {
  @Test("what is asked for is read; what is not has its default")
  func read() throws {
    let plain = try load(base).get()
    #expect(plain.sampling.method == .sobol && plain.correlations.isEmpty && plain.budget == nil)
    #expect(plain.sampling.simulations == 16 && plain.sampling.replicates == 4)
    let asked = try load(
      base + """
        sampling: {draws: 96, simulations: 24, method: latin-hypercube, replicates: 6}
        budget: 250000
        correlations:
          - {between: [demand.volume, prices.a], value: -0.25}

        """
    ).get()
    #expect(asked.sampling.method == .latinHypercube && asked.sampling.replicates == 6)
    #expect(asked.budget == 250_000)
    let pair = try #require(asked.correlations.first)
    #expect(pair.first == "demand.volume" && pair.second == "prices.a" && pair.value == -0.25)
    #expect(pair.location == "s.yaml:35:5")
  }

  @Test("a fast run is asked for, with what it simulates and puts up with")
  func fidelity() throws {
    let plain = try load(base).get().sampling
    #expect(plain.fidelity == .full && plain.fast == FastSampling(simulations: 16, errorLimit: 0.03))
    let asked = try load(
      base + "sampling: {fidelity: fast, fast_simulations: 64, fast_error_limit: 0.01}\n"
    ).get().sampling
    #expect(asked.fidelity == .fast && asked.fast == FastSampling(simulations: 64, errorLimit: 0.01))
  }

  @Test("replicates always divide the simulations, and have at least four unless asked for")
  func replicates() {
    for simulations in 1...200 {
      let left = Sampling(draws: simulations, simulations: simulations, seed: 1)
      #expect(simulations % left.replicates == 0)
      #expect(left.replicates == 1 || simulations / left.replicates >= 4)
      for wanted in [1, 5, 8, 64] {
        var asked = left
        asked.wantedReplicates = wanted
        #expect(simulations % asked.replicates == 0 && asked.replicates <= wanted)
      }
    }
    #expect(Sampling(draws: 64, simulations: 64, seed: 1).replicates == 8)
  }

  @Test(
    "what contradicts itself is refused where it stands",
    arguments: [
      (
        "sampling: {simulations: 16, draws: 64, replicates: 6}",
        "s.yaml:32:52: 16 simulations do not divide into 6 replicates; write 4 replicates, or 18 simulations"
      ),
      (
        "sampling: {method: sobel}",
        "s.yaml:32:20: `method` is `sobel`; did you mean `sobol`? it must be one of sobol, latin-hypercube, plain"
      ),
      (
        "sampling: {fidelity: quick}",
        "s.yaml:32:22: `fidelity` is `quick`; it must be one of full, fast"
      ),
      (
        "sampling: {fast_simulations: 4}",
        "s.yaml:32:30: `fast_simulations` is 4; it must be from 8 to 65536"
      ),
      ("budget: 0", "s.yaml:32:9: `budget` is 0; it must be above 0"),
      (
        "correlations: [{between: [a, b], value: 1.5}]",
        "s.yaml:32:41: `value` is 1.5; it must be from -1 to 1; 1.5 % is 0.015"
      ),
      (
        "correlations: [{between: [a, a], value: 0.5}]",
        "s.yaml:32:26: `between` names a twice; name two inputs"
      ),
      (
        "correlations: [{between: [a], value: 0.5}]",
        "s.yaml:32:26: correlations.0.between has 1 element; give exactly 2"
      ),
      (
        "correlations: [{between: [a, b], value: 0.5}, {between: [b, a], value: 0.4}]",
        "s.yaml:32:47: the correlation between b and a is given twice; remove one of them"
      ),
      (
        "correlations: [{between: [a, b]}]",
        "s.yaml:32:16: `value` is missing from correlations.0; add `value`, correlation of their normal scores, "
          + "nearly that of their ranks"
      ),
    ])
  func refused(text: String, message: String) {
    #expect(problems(base + text + "\n") == [message])
  }
}
