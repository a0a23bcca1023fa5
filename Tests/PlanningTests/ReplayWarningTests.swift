// SPDX-License-Identifier: GPL-3.0-or-later
// A record that is shorter than what it stands for is repeated; whoever reads the numbers is told.

import Decision
import Foundation
import Planning
import Testing

@Suite("Warnings of replayed records")
struct ReplayWarningTests {
  @Test(
    "A short record of capacity is named in the plan, and in the simulation of the option that replays it")
  func shortRecord() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("zone-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let counts = (0..<288).map { _ in "4" }.joined(separator: ", ")
    try "{\"metadata\": {\"gap_seconds\": 300}, \"data\": [\(counts)]}".write(
      to: file, atomically: true, encoding: .utf8)
    let model = try plan(
      scenario(
        options: api + """
          spot:
            chain:
              - fleet:
                  gpu: h100-sxm
                  purchase: spot
                  spot: {trace: \(file.path)}
                  pools:
                    llama-3.1-8b: {replicas: 2, weights: fp8, kv_cache: fp8}

          """, prices: prices()))
    let expected = "\(file.path) is 24 h long, less than the simulated week: it is repeated 7 times"
    let planned = model.run(threads: 2, version: "test", command: "test").result.warnings
    #expect(planned.contains { $0.contains(expected) }, "\(planned)")
    #expect(model.simulateOnce(option: 1).warnings?.contains { $0.contains(expected) } == true)
    #expect(model.simulateOnce(option: 0).warnings == nil)
  }
}
