// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of tiny scenarios whose night takes a second, and what can be asked of the database that it leaves.

import Foundation
import Testing

/// Scenarios for nights.
enum NightlyFolder {
  static let database = "reports/breakeven.sqlite"

  /// A metered option and a fleet of one replica.
  /// - Parameter more: keys to add.
  static func scenario(_ name: String, rate: Double = 1, minutes: Int = 2, _ more: String = "") -> String {
    """
    name: \(name)
    title: The \(name)
    demand:
      volume: {pert: [0.8, 1.0, 1.2]}
      uses:
        chat:
          model: llama-3.1-8b
          rate: \(rate)
          input_tokens: 300
          output_tokens: {p10: 10, p90: 80}
    options:
      api:
        chain: [{metered: {provider: bedrock}}]
      own:
        chain:
          - fleet: {gpu: h100-sxm, pools: {llama-3.1-8b: {replicas: 1, weights: fp8}}}
    horizon: {start: 2026-12, months: 2, represent: {months: 1, windows: 2, window_minutes: \(minutes)}}
    prices: {gpu_hour: {h100-sxm: {on-demand: 3}}}
    sampling: {draws: 8, simulations: 4, seed: 3}
    \(more)

    """
  }

  /// A folder `nights` with scenarios by name; `nil` is the plain one.
  static func make(_ scenarios: [String: String?]) throws -> Folder {
    let folder = try Folder()
    for (name, text) in scenarios {
      try folder.write(text ?? scenario(name), to: "nights/\(name).yaml")
    }
    return folder
  }

  /// Runs a night.
  static func run(_ more: [String] = [], in folder: Folder) async throws -> Program.Outcome {
    try await Program.run(["nightly", "nights", "--quiet"] + more, in: folder)
  }

  /// What `runs list` has of the database.
  static func runs(in folder: Folder) async throws -> [[String: Any]] {
    let outcome = try await Program.run(["runs", "list", "--json"], in: folder)
    if outcome.exitCode == 66 { return [] }
    let list = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(list as? [[String: Any]], "\(outcome)")
  }
}
