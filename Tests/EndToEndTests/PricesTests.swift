// SPDX-License-Identifier: GPL-3.0-or-later
// `prices` as a shell runs it: an imported book is one that can be planned with, and what fails leaves no trace.

import Foundation
import Testing

@Suite("prices", .timeLimit(.minutes(15)))
struct PricesTests {
  private let litellm = Program.repository.appending(path: "workloads/price-lists/litellm-excerpt.json").path
  private let skypilot =
    Program.repository.appending(path: "workloads/price-lists/skypilot-aws-excerpt.csv").path

  private func importing(_ list: String, _ further: [String] = [], in folder: Folder) async throws
    -> Program.Outcome
  {
    try await Program.run(
      ["prices", "import", list, "--verified-on", "2026-11-20"] + further, in: folder)
  }

  private struct Row: Decodable {
    var path: String
    var dollars: Double
    var source: String?
    var verifiedOn: String?
    var place: String?
  }

  private func listed(_ book: String, in folder: Folder) async throws -> [String: Row] {
    let outcome = try await Program.run(["prices", "list", book, "--json"], in: folder)
    try #require(outcome.exitCode == 0, "\(outcome.diagnostics)")
    let rows = try JSONDecoder().decode([Row].self, from: Data(outcome.output.utf8))
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.path, $0) })
  }

  @Test("two lists laid into one book: both are there, a second time changes nothing")
  func roundTrip() async throws {
    let folder = try Folder()
    let aws = ["--provider", "aws", "--out", "book.yaml"]
    for _ in 0..<2 {
      #expect(try await importing(skypilot, aws, in: folder).exitCode == 0)
      #expect(try await importing(litellm, ["--out", "book.yaml"], in: folder).exitCode == 0)
    }
    let once = try folder.bytes("book.yaml")
    let again = try await importing(litellm, ["--out", "book.yaml"], in: folder)
    #expect(again.exitCode == 0 && again.diagnostics.contains("2 unchanged") && again.output.isEmpty)
    #expect(try folder.bytes("book.yaml") == once)
    #expect(try folder.names() == ["book.yaml"])
    let prices = try await listed("book.yaml", in: folder)
    #expect(prices["api.bedrock.llama-4-scout.batch.output"]?.dollars == 0.33)
    #expect(prices["api.deepinfra.llama-3.3-70b.input"]?.dollars == 0.23)
    // 55.04 / 8, and 28.3188 / 8 of its only zone.
    #expect(prices["gpu_hour.h100-sxm.regions.aws-us-east-2.on-demand"]?.dollars == 6.88)
    let spot = try #require(prices["gpu_hour.h100-sxm.regions.aws-eu-north-1.spot"])
    #expect(spot.dollars == 3.53985 && spot.verifiedOn == "2026-11-20")
    #expect(spot.source == "SkyPilot catalog: aws eu-north-1, p5.48xlarge with 8 GPUs")
    #expect(spot.place?.hasPrefix("book.yaml:") == true)
  }

  @Test("a plan takes an imported price of a fleet's region")
  func plan() async throws {
    let folder = try Folder()
    #expect(
      try await importing(skypilot, ["--provider", "aws", "--out", "prices.yaml"], in: folder).exitCode == 0)
    let scenario = """
      name: region
      demand:
        uses:
          chat: {model: llama-3.1-8b, rate: 0.1, profile: flat, input_tokens: 200, output_tokens: 50}
      options:
        own:
          chain:
            - fleet: {gpu: h100-sxm, region: aws-us-east-2, pools: {llama-3.1-8b: {replicas: 1}}}
      horizon: {start: 2026-12, months: 1, represent: {windows: 1, window_minutes: 1}}
      sampling: {draws: 2, simulations: 1}
      """
    try folder.write(scenario, to: "scenario/s.yaml")
    let words = ["plan", "scenario/s.yaml", "--catalog", ".", "--quiet", "--json"]
    let outcome = try await Program.run(words, in: folder)
    try #require(outcome.exitCode == 0, "\(outcome.diagnostics)")
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let options = try #require(document["options"] as? [[String: Any]])
    let cost = try #require((options.first?["totalCost"] as? [String: Any])?["mean"] as? Double)
    #expect(abs(cost - 6.88 * 744) < 1e-6)
    try folder.write(scenario.replacing("aws-us-east-2", with: "us-east-2"), to: "scenario/s.yaml")
    let wrong = try await Program.run(words, in: folder)
    #expect(wrong.exitCode == 65)
    #expect(
      wrong.diagnostics.hasPrefix("scenario/s.yaml:8:")
        && wrong.diagnostics.contains("did you mean `aws-us-east-2`?"))
  }

  @Test("what cannot be imported leaves the book as it was")
  func failures() async throws {
    let folder = try Folder()
    try folder.write("# mine\n", to: "book.yaml")
    let whole = try String(contentsOfFile: litellm, encoding: .utf8)
    try folder.write(String(whole.prefix(700)), to: "cut.json")
    try folder.write(whole.replacing("6.6e-07", with: "-6.6e-07"), to: "negative.json")
    try folder.write("{\"gpt\": {}}", to: "empty.json")
    try folder.write("metered: {oops: 1}\n", to: "bad.yaml")
    let cases: [(list: String, words: [String], exitCode: Int32, says: String)] = [
      ("cut.json", ["--out", "book.yaml"], 65, "cut.json:"),
      ("negative.json", ["--out", "book.yaml"], 65, "negative.json:12:30: "),
      ("empty.json", ["--out", "book.yaml"], 65, "no row of this list can be imported"),
      ("none.json", ["--out", "book.yaml"], 66, "none.json: cannot be read"),
      (litellm, ["--out", "no/such/folder.yaml"], 73, "no/such/folder.yaml: cannot be written"),
      (litellm, ["--out", "bad.yaml"], 65, "bad.yaml:1:"),
      (litellm, ["--format", "skypilot", "--provider", "aws", "--out", "book.yaml"], 65, ":1:"),
      (skypilot, ["--out", "book.yaml"], 65, "--provider"),
      (skypilot, ["--out", skypilot], 64, ", which is read; name another file"),
      (litellm, ["--verified-on", "yesterday"], 64, "--verified-on"),
    ]
    for (list, words, exitCode, says) in cases {
      let outcome = try await importing(list, words, in: folder)
      #expect(outcome.exitCode == exitCode, "\(words): \(outcome.diagnostics)")
      #expect(outcome.diagnostics.contains(says), "\(words): \(outcome.diagnostics)")
      #expect(outcome.output.isEmpty)
    }
    #expect(try folder.text("book.yaml") == "# mine\n")
    #expect(try folder.text("bad.yaml") == "metered: {oops: 1}\n")
    #expect(
      try folder.names() == ["bad.yaml", "book.yaml", "cut.json", "empty.json", "negative.json"])
  }

  @Test("an entry of one's own stays, and gives way to --replace")
  func keeping() async throws {
    let folder = try Folder()
    let own =
      "input: 0.1\n        output: 0.4\n        source: our contract\n        verified_on: 2026-11-01\n"
    try folder.write(
      "metered:\n  bedrock:\n    models:\n      llama-4-scout:\n        \(own)", to: "book.yaml")
    let kept = try await importing(litellm, ["--out", "book.yaml"], in: folder)
    #expect(
      kept.exitCode == 0 && kept.diagnostics.contains("metered.bedrock.models.llama-4-scout is not from"))
    #expect(try await listed("book.yaml", in: folder)["api.bedrock.llama-4-scout.input"]?.dollars == 0.1)
    #expect(try await importing(litellm, ["--out", "book.yaml", "--replace"], in: folder).exitCode == 0)
    #expect(try await listed("book.yaml", in: folder)["api.bedrock.llama-4-scout.input"]?.dollars == 0.17)
  }

  @Test("`prices check` ends with 3 where it finds something, and with 0 where not")
  func check() async throws {
    let folder = try Folder()
    #expect(try await Program.run(["prices", "check"], in: folder).exitCode == 0)
    let stale = try await Program.run(["prices", "check", "--as-of", "2027-06-01"], in: folder)
    #expect(stale.exitCode == 3 && stale.output.hasPrefix("built-in/prices.yaml:"))
    #expect(stale.diagnosticLines.last?.contains("findings in 69 prices") == true)
    try folder.write("gpu_hour:\n  mi300x:\n    spot: {amount: 1, source: x}\n", to: "prices.yaml")
    let dateless = try await Program.run(["prices", "check", "."], in: folder)
    #expect(dateless.exitCode == 3 && dateless.output.hasPrefix("prices.yaml:3:11: "))
    let refused = try await Program.run(["prices", "check", "prices.yaml", "--factor", "1"], in: folder)
    #expect(refused.exitCode == 64)
  }
}
