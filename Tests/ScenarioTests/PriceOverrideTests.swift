// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about regions of fleets and a scenario's own prices of regions, cached tokens and batches.

import Catalog
import Foundation
import Scenario
import Testing
import Uncertainty

@Suite("Regions and price tiers")
struct PriceOverrideTests {
  private let regions = "regions: {us-east-1: {on-demand: 6.88, spot: 1.8}, eu-north1: {on-demand: 2.95}}"

  private func scenario(region: String, prices: String) -> String {
    base.replacing("standby_for: spot\n", with: "standby_for: spot\n          region: \(region)\n")
      + "prices:\n  gpu_hour:\n    h100-sxm: {\(prices)}\n"
  }

  @Test("a fleet's hours have the price of its region, or else the one that holds anywhere")
  func region() throws {
    let loaded = try load(scenario(region: "eu-north1", prices: regions)).get()
    let fleets = loaded.options[1].chain.compactMap { supply in
      if case .fleet(let fleet) = supply { fleet } else { nil }
    }
    #expect(fleets.map(\.region) == [nil, "eu-north1"])
    let prices = loaded.reference.prices
    let builtIn = try ReferenceData.load(directory: nil).prices
    #expect(prices.gpuHour(of: "h100-sxm", region: nil) == builtIn.gpuHour["h100-sxm"])
    #expect(
      prices.gpuHour(of: "h100-sxm", region: "eu-north1")[.onDemand]?.amount
        == UncertainValue(name: "prices.gpu_hour.h100-sxm.regions.eu-north1.on-demand", 2.95))
  }

  @Test(
    "an unknown region is told with the nearest, one without that price with what it has",
    arguments: [
      ("eu-north-1", "did you mean `eu-north1`?"),
      ("mars", "its regions in the price book are eu-north1, us-east-1"),
    ])
  func unknown(region: String, remedy: String) {
    let found = problems(scenario(region: region, prices: regions))
    #expect(found.count == 1 && found[0].hasPrefix("s.yaml:25:19: "), "\(found)")
    #expect(found.first?.contains("region with a price of h100-sxm") == true, "\(found)")
    #expect(found.first?.contains(remedy) == true, "\(found)")
  }

  @Test("a region without the fleet's purchase type, and a GPU that only regions price")
  func missing() throws {
    let spot = base.replacing("purchase: spot\n", with: "purchase: spot\n          region: eu-north1\n")
    let text = spot + "prices:\n  gpu_hour:\n    h100-sxm: {\(regions)}\n"
    let found = problems(text)
    #expect(
      found.count == 1
        && found[0].contains(
          "there is no spot price of h100-sxm in eu-north1; add "
            + "prices.gpu_hour.h100-sxm.regions.eu-north1.spot; the price book has on-demand"),
      "\(found)")
    let amd =
      base.replacing("gpu: h100-sxm\n          standby", with: "gpu: mi300x\n          standby")
      + "prices:\n  gpu_hour:\n    mi300x: {regions: {east: {on-demand: 2}}}\n"
    let other = problems(amd)
    #expect(other.count == 1 && other[0].hasSuffix("or name a `region`: east"), "\(other)")
  }

  private func bedrock(_ keys: String) throws -> MeteredPrice {
    let text = base + "prices:\n  api:\n    bedrock:\n      llama-3.1-8b: {\(keys)}\n"
    return try #require(try load(text).get().reference.prices.metered["bedrock"]?.models["llama-3.1-8b"])
  }

  @Test("a scenario has its own prices of cached tokens and batches")
  func tiers() throws {
    let own = try bedrock("cached_input: 0.05, batch: {input: 0.08, output: 0.09}")
    #expect(
      own.cachedInput?.amount == UncertainValue(name: "prices.api.bedrock.llama-3.1-8b.cached_input", 0.05))
    #expect(
      own.batchInput?.amount == UncertainValue(name: "prices.api.bedrock.llama-3.1-8b.batch.input", 0.08))
    #expect(own.batchOutput?.median == 0.09 && own.batchOutput?.provenance == nil)
    #expect(own.input.median == 0.22)
  }

  @Test("a batch price that is a share follows the scenario's price on demand")
  func share() throws {
    #expect(try bedrock("input: 0.3").batchInput?.median == 0.15)
    let own = try bedrock("input: 0.3, output: 0.5, batch_factor: 0.6")
    #expect(own.batchInput.map { abs($0.median - 0.18) < 1e-12 } == true)
    #expect(own.batchOutput?.median == 0.3)
  }

  @Test("`--set` reaches the new keys")
  func overrides() throws {
    let settings = [
      "prices.api.bedrock.llama-3.1-8b.batch.input=0.1", "prices.api.bedrock.llama-3.1-8b.batch.output=0.2",
      "prices.gpu_hour.h100-sxm.regions.aws-us-east-1.on-demand={uniform: [5, 7]}",
    ]
    let prices = try load(base, settings).get().reference.prices
    #expect(prices.metered["bedrock"]?.models["llama-3.1-8b"]?.batchOutput?.median == 0.2)
    #expect(prices.gpuHour(of: "h100-sxm", region: "aws-us-east-1")[.onDemand]?.median == 6)
  }

  @Test(
    "wrong tiers are refused at their place",
    arguments: [
      ("batch: {input: 0.1}", "`output` is missing"), ("cached_input: -1", "`cached_input` is -1"),
      ("batch_factor: 0.5, batch: {input: 0.1, output: 0.1}", "gives `batch` and `batch_factor`"),
    ])
  func refusals(keys: String, message: String) {
    let found = problems(base + "prices:\n  api:\n    bedrock:\n      llama-3.1-8b: {\(keys)}\n")
    #expect(found.count == 1 && found[0].hasPrefix("s.yaml:35:") && found[0].contains(message), "\(found)")
  }
}
