// SPDX-License-Identifier: GPL-3.0-or-later
// A scenario with one of everything that runs in a blink, for tests to run and to spoil.

import Foundation

/// A scenario that runs in well under a second.
enum SmallScenario {
  /// Metered, reserved, on-demand, spot with a standby; two use cases; uncertain rates, growth and prices.
  static let text = """
    name: small
    title: A small one
    demand:
      growth_per_month: {p10: 0.01, p90: 0.05}
      volume: {pert: [0.8, 1.0, 1.2]}
      noise: {day: 0.1, hour: 0.1}
      uses:
        chat:
          model: llama-3.1-8b
          rate: {p10: 1.0, p90: 2.0}
          profile: azure-conversation
          input_tokens: {p10: 100, p90: 900}
          output_tokens: {p10: 10, p90: 120}
          slo: {ttft_ms: 2000, tpot_ms: 80}
        code:
          model: llama-3.3-70b
          rate: 0.5
          burstiness: 0.5
          input_tokens: 600
          output_tokens: {p10: 20, p90: 200}
    options:
      api:
        title: The API
        chain:
          - metered: {provider: bedrock}
      own:
        title: Own GPUs
        chain:
          - fleet:
              gpu: h100-sxm
              pools:
                llama-3.1-8b: {replicas: 1, weights: fp8}
                llama-3.3-70b: {replicas: 1, tensor_parallel: 2, weights: fp8}
        costs: {people_per_month: 500, one_off: 2000}
      spot:
        title: Spot with a standby
        chain:
          - fleet:
              name: spot
              gpu: h100-sxm
              purchase: spot
              spot: {zones: 2, mean_up_hours: 3, mean_down_hours: {p10: 0.5, p90: 3}}
              queue_limit: 16
              pools:
                llama-3.1-8b: {replicas: 2, weights: fp8}
          - fleet:
              name: standby
              gpu: h100-sxm
              standby_for: spot
              pools:
                llama-3.1-8b: {replicas: 2, weights: fp8}
          - metered: {provider: bedrock}
      units:
        title: Reserved units
        chain:
          - reserved: {provider: bedrock-provisioned, units: {llama-3.1-8b: 1}}
          - metered: {name: spill, provider: bedrock}
    baseline: api
    horizon:
      start: 2026-12
      months: 3
      represent: {months: 2, windows: 2, window_minutes: 4}
    prices:
      gpu_hour:
        h100-sxm:
          on-demand: {pert: [1.5, 2.6, 4.0]}
          spot: {pert: [1.0, 1.5, 2.5]}
    sampling: {draws: 16, simulations: 4, seed: 3}

    """

  /// The names of its options.
  static let options = ["api", "own", "spot", "units"]

  /// The scenario with a passage replaced, which must be there.
  static func replacing(_ passage: String, by other: String) -> String {
    precondition(text.contains(passage), "the small scenario has no '\(passage)'")
    return text.replacingOccurrences(of: passage, with: other)
  }

  /// A folder that holds the scenario as `small.yaml`.
  static func folder(_ text: String = text) throws -> Folder {
    let folder = try Folder()
    try folder.write(text, to: "small.yaml")
    return folder
  }
}
