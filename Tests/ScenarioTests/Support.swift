// SPDX-License-Identifier: GPL-3.0-or-later
// A small complete scenario for tests to spoil, and the ways to load it.

import Foundation
import Scenario
import YAMLDocument

/// The repository's root.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A scenario with one of everything; tests replace parts of it.
let base = """
  name: base
  demand:
    uses:
      chat:
        model: llama-3.1-8b
        rate: 2
        input_tokens: {p10: 100, p90: 900}
        output_tokens: 50
  options:
    api:
      chain:
        - metered: {provider: bedrock}
    own:
      chain:
        - fleet:
            name: spot
            gpu: h100-sxm
            purchase: spot
            spot: {mean_up_hours: 8, mean_down_hours: 1}
            pools:
              llama-3.1-8b: {replicas: 1, weights: fp8}
        - fleet:
            gpu: h100-sxm
            standby_for: spot
            pools:
              llama-3.1-8b: {replicas: 1}
    units:
      chain:
        - reserved: {provider: bedrock-provisioned, units: {llama-3.1-8b: 1}}
        - metered: {provider: bedrock}
  horizon: {start: 2026-12, months: 3}

  """

/// Loads a scenario text; positions name it `s.yaml`.
func load(_ text: String, _ overrides: [String] = []) -> Result<ScenarioDefinition, ScenarioProblems> {
  do throws(ScenarioProblems) {
    return .success(try ScenarioLoader.load(bytes: [UInt8](text.utf8), file: "s.yaml", overrides: overrides))
  } catch {
    return .failure(error)
  }
}

/// The messages with which a text is refused; empty where it is accepted.
func problems(_ text: String, _ overrides: [String] = []) -> [String] {
  guard case .failure(let problems) = load(text, overrides) else { return [] }
  return problems.diagnostics.map(\.description)
}
