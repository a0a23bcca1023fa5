// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the KV cache of a pool: printed figures are believed, and the scheduler's limits count.

import Catalog
import Foundation
import Scenario
import Testing
import YAMLDocument

@Suite("The memory of a pool")
struct PoolMemoryTests {
  /// The memory of the spot fleet's pool, whose `weights: fp8` is replaced by other keys.
  private func memory(_ keys: String) throws -> MemoryFit {
    let scenario = try load(base.replacing("weights: fp8", with: keys)).get()
    let own = try #require(scenario.options.first { $0.name == "own" })
    guard case .fleet(let fleet) = own.chain[0] else { throw CocoaError(.coderInvalidValue) }
    let pool = try #require(fleet.pools.first)
    return pool.memory(
      model: try #require(scenario.reference.models[pool.model]),
      accelerator: try #require(scenario.reference.accelerators[fleet.gpu]),
      engine: try #require(scenario.reference.engines[fleet.engine]))
  }

  @Test("kv_blocks and kv_cache_gib stand for what would be computed")
  func printed() throws {
    #expect(try memory("kv_blocks: 27604").blocks == 27_604)
    #expect(try memory("kv_blocks: 27604").capacityTokens == 27_604 * 16)
    // 51.38 GiB of 128 KiB a token.
    #expect(try memory("kv_cache_gib: 51.38").blocks == Int(51.38 * 8192) / 16)
  }

  @Test("a pool without limits has those of its engine, as in the simulation")
  func limits() throws {
    #expect(try memory("weights: bf16") == memory("max_num_seqs: 256, max_num_batched_tokens: 8192"))
    let (many, few) = (try memory("max_num_seqs: 1024"), try memory("max_num_seqs: 256"))
    // 38.9 bytes for each logit of 768 sequences fewer (llm-d-planner, docs/empirical-vllm-memory-results.md).
    #expect(abs(few.cacheBytesPerGPU - many.cacheBytesPerGPU - 38.9 * 768 * 128_256) < 1)
  }

  @Test("a catalog folder beside the scenario is found by a misspelled file too, which is then told")
  func misspelled() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let catalog = folder.appending(path: "catalog")
    try FileManager.default.createDirectory(at: catalog, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(base.utf8).write(to: folder.appending(path: "s.yaml"))
    try Data("none of ours".utf8).write(to: catalog.appending(path: "winter-collection.yaml"))
    #expect(throws: Never.self) {
      _ = try ScenarioLoader.load(path: folder.appending(path: "s.yaml").path)
    }
    try Data("gpus: {}\n".utf8).write(to: catalog.appending(path: "gpu.yaml"))
    do throws(ScenarioProblems) {
      _ = try ScenarioLoader.load(path: folder.appending(path: "s.yaml").path)
      Issue.record("the misspelled file was left out without a word")
    } catch {
      #expect(error.diagnostics.contains { $0.description.hasSuffix("did you mean `gpus.yaml`?") })
    }
  }
}
