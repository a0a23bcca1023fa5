// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the names under which logs and benchmarks know models and GPUs.

import Catalog
import Foundation
import Testing

@Suite("Names of models and GPUs elsewhere")
struct ReferenceNamesTests {
  private let data: ReferenceData

  init() throws { data = try ReferenceData.load(directory: nil) }

  @Test(
    "a model is found under the names that providers, hubs and logs give it",
    arguments: [
      ("llama-3.3-70b", "llama-3.3-70b"), ("Llama-3.3-70B-Instruct", "llama-3.3-70b"),
      ("meta-llama/Llama-3.3-70B-Instruct-FP8-dynamic", "llama-3.3-70b"),
      ("nvidia/Llama-3.3-70B-Instruct-FP8", "llama-3.3-70b"),
      ("meta.llama3-3-70b-instruct-v1:0", "llama-3.3-70b"),
      ("us.meta.llama3-3-70b-instruct-v1:0", "llama-3.3-70b"),
      (
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3-1-8b-instruct-v1:0",
        "llama-3.1-8b"
      ),
      ("bedrock/us.meta.llama4-scout-17b-instruct-v1:0", "llama-4-scout"),
      ("Llama-4-Scout-17B-16E-Instruct-FP8-dynamic", "llama-4-scout"),
      ("meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8", "llama-4-maverick"),
      ("groq/llama-3.1-8b-instant", "llama-3.1-8b"), ("Llama-2-7b-hf", "llama-2-7b"),
      ("Llama-2-70B-chat", "llama-2-70b"), ("Meta-Llama-3.1-405B-Instruct", "llama-3.1-405b"),
      ("vertex_ai/meta/llama-3.1-70b-instruct-maas", "llama-3.1-70b"),
    ])
  func models(name: String, id: String) { #expect(data.model(named: name)?.id == id) }

  @Test(
    "a model that the catalog does not have is not mistaken for its neighbour",
    arguments: [
      "Llama-3-70B", "meta.llama3-8b-instruct-v1:0", "Llama-3.2-11B-Vision-Instruct", "gpt-4o", "", "llama",
      "mixtral-8x7b", "Llama-3.3-70B-Base-Experimental", "llama-3.1-80b",
    ])
  func strangers(name: String) { #expect(data.model(named: name) == nil) }

  @Test(
    "a GPU is found under the names of clouds, drivers and benchmarks",
    arguments: [
      ("H100-SXM-80GB", "h100-sxm"), ("H100 (79.18 GiB)", "h100-sxm"), ("H200-SXM-141GB", "h200-sxm"),
      ("A100-SXM-80GB", "a100-80gb"), ("A100-80GB", "a100-80gb"), ("NVIDIA H100 80GB HBM3", "h100-sxm"),
      ("L40S", "l40s"), ("NVIDIA L4", "l4"), ("MI300X", "mi300x"), ("h100_pcie", "h100-pcie"),
      ("B200", "b200"),
    ])
  func accelerators(name: String, id: String) { #expect(data.accelerator(named: name)?.id == id) }

  @Test(
    "a GPU that the catalog does not have is not mistaken", arguments: ["GB200", "V100", "H20", "", "(x)"])
  func strangeAccelerators(name: String) { #expect(data.accelerator(named: name) == nil) }

  @Test("no two entries share a name")
  func distinct() {
    for model in data.models.values {
      #expect(data.model(named: model.id.uppercased())?.id == model.id)
      for alias in model.aliases { #expect(data.model(named: alias)?.id == model.id, "\(alias)") }
    }
    for accelerator in data.accelerators.values {
      for name in [accelerator.id.uppercased()] + accelerator.aliases {
        #expect(data.accelerator(named: name)?.id == accelerator.id, "\(name)")
      }
    }
  }

  @Test("an alias of a folder's catalog counts")
  func alias() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let models = """
      models:
        house-model:
          {name: Ours, aliases: [prod-chat, prod-chat-eu], layers: 2, hidden_size: 8, attention_heads: 2,
           key_value_heads: 1, head_dimension: 4, total_parameters: 10, active_parameters: 10,
           context_length: 100, source: our config, verified_on: 2026-11-24}
      """
    try models.write(to: folder.appending(path: "models.yaml"), atomically: true, encoding: .utf8)
    let data = try ReferenceData.load(directory: folder.path)
    #expect(data.model(named: "prod-chat-eu")?.id == "house-model")
  }
}
