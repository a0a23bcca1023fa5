// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the scenarios that come with the program, and about what a scenario decodes to.

import Catalog
import Foundation
import Quantities
import Scenario
import Testing
import Uncertainty
import Workload
import YAMLDocument

@Suite("Shipped scenarios")
struct ShippedScenarioTests {
  private func shipped(_ name: String, _ overrides: [String] = []) throws -> ScenarioDefinition {
    try ScenarioLoader.load(
      path: repository.appending(path: "workloads/\(name)").path, overrides: overrides)
  }

  @Test("the support assistant reads as its file says")
  func supportAssistant() throws {
    let scenario = try shipped("support-assistant.yaml")
    #expect(scenario.name == "support-assistant")
    #expect(scenario.baseline == "bedrock-on-demand")
    #expect(
      scenario.options.map(\.name) == [
        "bedrock-on-demand", "all-on-maverick", "self-hosted-bf16", "self-hosted-fp8", "spot-fp8",
        "provisioned", "base-with-burst",
      ])
    #expect(scenario.demand.uses.map(\.name) == ["classify", "extract", "reason"])
    #expect(
      scenario.demand.growthPerMonth
        == UncertainValue(name: "demand.growth_per_month", distribution: .lognormal(p10: 0.01, p90: 0.05)))
    #expect(scenario.demand.volume.distribution == .pert(low: 0.75, mode: 1, high: 1.3))
    let classify = scenario.demand.uses[0]
    #expect(classify.timeToFirstTokenLimit == 0.8 && classify.timePerOutputTokenLimit == 0.06)
    guard case .synthesized(let source) = classify.source else {
      Issue.record("classify is not synthesized")
      return
    }
    #expect(source.rate == UncertainValue(name: "demand.uses.classify.rate", 18))
    #expect(source.profile == ProfilePresets.hourly(named: "azure-conversation"))
    #expect(
      source.inputTokens
        == TokenLengths(distribution: .lognormal(p10: 180, p90: 900), minimum: 1, maximum: 4096))
    #expect(scenario.horizon.represent == Representation(months: 3, windows: 10, windowSeconds: 240))
    #expect(scenario.horizon.start.description == "2026-12" && scenario.horizon.months == 12)
    #expect(scenario.discountRate == UncertainValue(name: "discount_rate", 0.08))
    #expect(
      (scenario.sampling.draws, scenario.sampling.simulations, scenario.sampling.seed) == (
        2048, 64, 20_261_201
      ))
  }

  @Test("its chains read as its file says")
  func chains() throws {
    let options = try shipped("support-assistant.yaml").options
    let spot = options[4]
    #expect(spot.chain.map(\.name) == ["spot", "fallback", "burst"])
    guard case .fleet(let first) = spot.chain[0], case .fleet(let second) = spot.chain[1] else {
      Issue.record("not two fleets")
      return
    }
    #expect(first.purchase == .spot && first.queueLimit == 64 && first.startupSeconds == 420)
    #expect(first.spot?.zones == 1 && first.spot?.noticeSeconds == 120)
    guard case .process(let process)? = first.spot?.source else {
      Issue.record("no process")
      return
    }
    #expect(process.shape == 0.6 && process.zoneCorrelation == 0)
    #expect(process.kills == nil && process.droughts == nil)
    #expect(process.meanUpHours?.name == "options.spot-fp8.chain.0.fleet.spot.mean_up_hours")
    #expect(second.standbyFor == "spot" && second.spot == nil && second.purchase == .onDemand)
    #expect(first.pools.map(\.model) == ["llama-3.1-8b", "llama-4-scout", "llama-4-maverick"])
    #expect(first.pools.map(\.gpusPerReplica) == [1, 4, 8])
    #expect(first.pools.allSatisfy { $0.weights == .fp8 && $0.keyValueCache == .fp8 })
    guard case .reserved(let reserved) = options[5].chain[0] else {
      Issue.record("not reserved")
      return
    }
    #expect(reserved.term == .sixMonths && reserved.units.map(\.units) == [1, 1, 1])
    #expect(options[1].route == "llama-4-maverick")
    #expect(spot.costs.oneOff == UncertainValue(name: "options.spot-fp8.costs.one_off", 60_000))
    #expect(options[0].costs.oneOff.distribution == .constant(0))
  }

  @Test("its prices lie over the book, the rest of the book stays")
  func prices() throws {
    let (scenario, book) = (
      try shipped("support-assistant.yaml").reference.prices, try ReferenceData.load(directory: nil).prices
    )
    let onDemand = scenario.gpuHour["h100-sxm"]?[.onDemand]
    #expect(onDemand?.amount.name == "prices.gpu_hour.h100-sxm.on-demand")
    #expect(onDemand?.amount.distribution == .pert(low: 1.5, mode: 2.6, high: 4))
    #expect(onDemand?.provenance == nil)
    #expect(scenario.gpuHour["h200-sxm"] == book.gpuHour["h200-sxm"])
    #expect(scenario.metered["bedrock"]?.priceFactor.name == "prices.api.bedrock.factor")
    #expect(scenario.metered["bedrock"]?.priceFactor.distribution == .pert(low: 0.6, mode: 0.95, high: 1.1))
    #expect(scenario.metered["bedrock"]?.models == book.metered["bedrock"]?.models)
  }

  @Test("the end of Bedrock's models lies within the horizon and is said once for all of them")
  func warnings() throws {
    let warnings = try shipped("support-assistant.yaml").warnings
    #expect(warnings.count == 1)
    #expect(
      warnings[0].contains(
        "bedrock serves llama-3.1-8b, llama-4-scout, llama-4-maverick only until 2027-03-30, within the horizon, "
          + "which ends with 2027-11"))
  }

  @Test("the replay reads its trace from beside the scenario")
  func replay() throws {
    let scenario = try shipped("replay-code-assistant.yaml")
    guard case .replayed(let source) = scenario.demand.uses[0].source else {
      Issue.record("not replayed")
      return
    }
    #expect(source.path.hasSuffix("/workloads/traces/code-assistant.csv"))
    #expect(source.location.hasSuffix("replay-code-assistant.yaml:12:14"))
    #expect(source.speedup == 1)
    #expect(scenario.baseline == "bedrock-on-demand")
    #expect(scenario.horizon.represent == Representation(months: 2, windows: nil, windowSeconds: 3600))
  }

  @Test("the built-in scenario is the shipped file, and a changed input changes the digest")
  func embedded() throws {
    let (file, builtIn) = (try shipped("support-assistant.yaml"), try ScenarioLoader.loadEmbedded())
    #expect(file.digest == builtIn.digest)
    #expect(file.reference == builtIn.reference)
    #expect(file.options.map(\.name) == builtIn.options.map(\.name))
    #expect(try shipped("support-assistant.yaml", ["demand.volume=1"]).digest != file.digest)
  }

  @Test("the trace is in the Azure format: ordered, in bursts, prompts long and answers short")
  func trace() throws {
    let bytes = try #require(InputFile.read(repository.path + "/workloads/traces/code-assistant.csv"))
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    #expect(lines.first == "TIMESTAMP,ContextTokens,GeneratedTokens")
    let rows = lines.dropFirst().map { $0.split(separator: ",") }
    #expect(rows.count == 1500)
    #expect(rows.allSatisfy { $0.count == 3 && $0[0].count == 27 && $0[0].hasPrefix("2026-11-16 09:") })
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $0[0] <= $1[0] })
    #expect(rows.allSatisfy { (100...7000).contains(Int($0[1]) ?? 0) && (5...200).contains(Int($0[2]) ?? 0) })
    let inputs = rows.compactMap { Int($0[1]) }.sorted()
    #expect((1200...1800).contains(inputs[750]))
  }
}

@Suite("Scenario decoding")
struct ScenarioDecodingTests {
  @Test("what is left out has its default under its own name")
  func defaults() throws {
    let scenario = try load(base).get()
    #expect(scenario.title == "base" && scenario.baseline == "api" && scenario.warnings.isEmpty)
    #expect(scenario.demand.growthPerMonth == UncertainValue(name: "demand.growth_per_month", 0))
    #expect(scenario.demand.volume == UncertainValue(name: "demand.volume", 1))
    #expect(scenario.discountRate == UncertainValue(name: "discount_rate", 0))
    #expect(scenario.horizon.represent == Representation(months: 3, windows: nil, windowSeconds: 3600))
    guard case .synthesized(let source) = scenario.demand.uses[0].source else {
      Issue.record("not synthesized")
      return
    }
    #expect(source.profile == [Double](repeating: 1, count: 168) && source.burstiness == 1)
    #expect(source.outputTokens == TokenLengths(distribution: .constant(50), minimum: 1, maximum: 131_072))
    #expect(scenario.demand.uses[0].timeToFirstTokenLimit == .infinity)
  }

  @Test("the order of the keys does not matter")
  func order() throws {
    let blocks = ["name: base", "horizon: {start: 2026-12, months: 3}"]
    let body = blocks.reduce(base) { $0.replacing($1 + "\n", with: "") }
    let turned = blocks.reversed().joined(separator: "\n") + "\n" + body
    let (left, right) = (try load(base).get(), try load(turned).get())
    #expect(left.demand == right.demand && left.options.map(\.name) == right.options.map(\.name))
    #expect(left.reference == right.reference && left.horizon == right.horizon)
  }

  @Test(
    "every form of a distribution reads as itself",
    arguments: [
      ("3.5", Distribution.constant(3.5)), ("{p10: 1, p90: 2}", .lognormal(p10: 1, p90: 2)),
      ("{pert: [1, 2, 3]}", .pert(low: 1, mode: 2, high: 3)),
      ("{triangular: [1, 1, 3]}", .triangular(low: 1, mode: 1, high: 3)),
      ("{uniform: [1, 3]}", .uniform(low: 1, high: 3)),
      ("{normal: [10, 2]}", .normal(mean: 10, standardDeviation: 2)),
    ])
  func distributions(text: String, expected: Distribution) throws {
    let scenario = try load(base, ["demand.volume=\(text)"]).get()
    #expect(scenario.demand.volume == UncertainValue(name: "demand.volume", distribution: expected))
  }

  @Test("an empirical file gives its first column, sorted, its header skipped")
  func empirical() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv")
    try "rate,note\n3,a\n1.5,b\n\n2,c\n".write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let scenario = try load(base, ["demand.volume={empirical: \(file.path)}"]).get()
    #expect(scenario.demand.volume.distribution == .empirical([1.5, 2, 3]))
    try "1\n2\nx\n".write(to: file, atomically: true, encoding: .utf8)
    let messages = problems(base, ["demand.volume={empirical: \(file.path)}"])
    #expect(messages == ["\(file.path):3:1: `x` is not a number; write one number per line"])
  }

  @Test("a load curve may be two days and levels, or 168 hours, and has mean 1")
  func profiles() throws {
    let day = (0..<24).map { String($0) }.joined(separator: ", ")
    let week = "{weekday: [\(day)], weekend: [\(day)], days: [2, 1, 1, 1, 1, 0.5, 0.5]}"
    for text in [week, "{hourly: [\((0..<168).map { String($0) }.joined(separator: ", "))]}"] {
      guard
        case .synthesized(let source) = try load(base, ["demand.uses.chat.profile=\(text)"]).get()
          .demand.uses[0].source
      else { continue }
      #expect(abs(source.profile.reduce(0, +) - 168) < 1e-9)
      if text == week { #expect(abs(source.profile[5] - 4 * source.profile[125]) < 1e-12) }
    }
  }

  @Test(
    "overrides pass the same checks, and their problems name them",
    arguments: [
      (
        "demand.uses.chat.rate=0",
        "--set demand.uses.chat.rate: `rate` is 0; it must be above 0, at most 100000"
      ),
      (
        "demand.uses.chat.rte=1",
        "--set demand.uses.chat.rte: unknown key `rte` in demand.uses.chat; did you mean `rate`?"
      ),
      (
        "prices.gpu_hour.h100-sxm.spot={p10: 2, p90: 1}",
        "--set prices.gpu_hour.h100-sxm.spot: p10 2 of `spot` is above p90 1; swap them"
      ),
      (
        "options.own.chain.0.fleet.pools.llama-3.1-8b.weights=fp9",
        "--set options.own.chain.0.fleet.pools.llama-3.1-8b.weights: `weights` is `fp9`; "
          + "did you mean `fp8`? it must be one of bf16, fp8, int8, fp4"
      ),
      (
        "demand.uses.chat={model: llama-3.1-8b, trace: none.csv}",
        "--set demand.uses.chat: the trace none.csv is not there; check its path"
      ),
    ])
  func overrides(argument: String, message: String) {
    #expect(problems(base, [argument]) == [message])
  }

  @Test(
    "overrides reach prices of models with dots in their ids, quoted or not",
    arguments: [
      "prices.api.bedrock.llama-3.1-8b.input=0.1", "prices.api.bedrock.\"llama-3.1-8b\".input=0.1",
    ])
  func priceOverride(argument: String) throws {
    let price = try load(base, [argument]).get().reference.prices.metered["bedrock"]?.models["llama-3.1-8b"]
    #expect(price?.input.amount == UncertainValue(name: "prices.api.bedrock.llama-3.1-8b.input", 0.1))
    #expect(price?.input.provenance == nil && price?.output.provenance != nil)
  }

  @Test("reserved prices go to one term or to all")
  func reservedPrices() throws {
    let path = "prices.reserved.bedrock-provisioned.llama-3.1-8b"
    let one = try load(base, ["\(path).unit_hour.6-months=10"]).get().reference.prices
      .reserved["bedrock-provisioned"]?.models["llama-3.1-8b"]
    #expect(one?.unitHour[.sixMonths]?.amount == UncertainValue(name: "\(path).unit_hour.6-months", 10))
    #expect(one?.unitHour[.oneMonth]?.provenance != nil)
    let all = try load(base, ["\(path).unit_hour={p10: 9, p90: 12}", "\(path).input_tokens_per_minute=7e4"])
      .get().reference.prices.reserved["bedrock-provisioned"]?.models["llama-3.1-8b"]
    #expect(all?.unitHour.values.allSatisfy { $0.amount.distribution == .lognormal(p10: 9, p90: 12) } == true)
    #expect(all?.unitHour.count == 3 && all?.inputTokensPerMinute.distribution == .constant(70_000))
  }

  @Test("draws alone may be overridden to a number that simulations do not divide")
  func drawsOverride() throws {
    #expect(try load(base, ["sampling.draws=100"]).get().sampling.draws == 100)
  }

  @Test("idle pools and old prices are warnings with their place")
  func warnings() throws {
    let idle = base.replacing(
      "llama-3.1-8b: {replicas: 1}",
      with: "llama-3.1-8b: {replicas: 1}\n            llama-3.2-1b: {replicas: 1}")
    #expect(
      try load(idle).get().warnings == [
        "s.yaml:22:9: the pool of llama-3.2-1b in option `own` never gets a request: "
          + "no use case is routed to it; "
          + "it is still paid for; remove it"
      ])
    let late = try load(base, ["horizon.start=2027-04"]).get().warnings
    #expect(
      late.contains { $0.contains("the price of h100-sxm spot was verified on 2026-11-20, 132 days before") })
    #expect(late.contains { $0.contains("only until 2027-03-30, before the horizon begins") })
    #expect(late.filter { $0.contains("llama-3.1-8b at bedrock was verified") }.count == 1)
  }

  @Test("a scenario that is not there exits with 66, one that is wrong with 65")
  func exitCodes() {
    #expect(throws: ScenarioProblems.self) { try ScenarioLoader.load(path: "/nowhere/s.yaml") }
    do throws(ScenarioProblems) {
      _ = try ScenarioLoader.load(path: "/nowhere/s.yaml")
    } catch {
      #expect(error.exitCode == 66)
      #expect(error.description == "/nowhere/s.yaml: the scenario file cannot be read; check its path")
    }
    let trace = base.replacing(
      "rate: 2\n      input_tokens: {p10: 100, p90: 900}\n      output_tokens: 50", with: "trace: no.csv")
    guard case .failure(let missing) = load(trace), case .failure(let wrong) = load("name: [") else {
      Issue.record("accepted")
      return
    }
    #expect(missing.exitCode == 66 && missing.diagnostics.count == 1)
    #expect(wrong.exitCode == 65)
  }

  @Test("all problems are reported at once, in the order of their places")
  func allAtOnce() {
    let text = base.replacing("rate: 2", with: "rate: -2").replacing("gpu: h100-sxm", with: "gpu: h100-sxn")
      .replacing("months: 3", with: "months: x").replacing("provider: bedrock}", with: "provider: bedrocks}")
    #expect(
      problems(text) == [
        "s.yaml:6:13: `rate` is -2; it must be above 0, at most 100000",
        "s.yaml:12:29: there is no API provider `bedrocks`; did you mean `bedrock`?",
        "s.yaml:17:16: there is no GPU `h100-sxn`; did you mean `h100-sxm`?",
        "s.yaml:23:16: there is no GPU `h100-sxn`; did you mean `h100-sxm`?",
        "s.yaml:30:29: there is no API provider `bedrocks`; did you mean `bedrock`?",
        "s.yaml:31:35: `months` is `x`, which is not a number; write a number such as 3, 0.5 or 1e6",
      ])
  }

  @Test("no mutation of the shipped scenario brings the loader down", arguments: 0..<20)
  func fuzz(seed: UInt32) throws {
    let original = try #require(InputFile.read(repository.path + "/workloads/support-assistant.yaml"))
    var random = CounterRandom(seed: 0xF022, draw: seed, purpose: .testing)
    let pieces = [
      "{", "}", "[", "]", ":", " ", "\n", "-", "&a ", "*a", "1e308", "-1", "0", "~", "\"", "#", "~: ",
      "\u{0}",
    ]
    for _ in 0..<100 {
      var bytes = original
      for _ in 0..<(1 + Int(random.nextUniform() * 4)) {
        let place = Int(random.nextUniform() * Double(bytes.count))
        switch Int(random.nextUniform() * 4) {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = UInt8(random.nextUniform() * 256)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int(random.nextUniform() * 40)))
        default:
          bytes.insert(
            contentsOf: Array(pieces[Int(random.nextUniform() * Double(pieces.count))].utf8), at: place)
        }
      }
      do throws(ScenarioProblems) {
        _ = try ScenarioLoader.load(bytes: bytes, file: "fuzz.yaml")
      } catch {
        #expect(!error.diagnostics.isEmpty, "refused without a reason, seed \(seed)")
        #expect(error.diagnostics.allSatisfy { $0.position.line > 0 && $0.position.column > 0 })
      }
    }
  }
}

@Suite("Load curves")
struct ProfilePresetTests {
  @Test("presets have 168 factors of mean 1", arguments: ProfilePresets.names)
  func mean(name: String) throws {
    let week = try #require(ProfilePresets.hourly(named: name))
    #expect(week.count == 168 && abs(week.reduce(0, +) / 168 - 1) < 1e-12)
  }

  @Test(
    "the Azure presets have the peaks, weekends and variation of the Azure 2024 week",
    arguments: [
      ("azure-code", 3.01, 0.325, 0.834), ("azure-conversation", 1.65, 0.569, 0.289),
    ])
  func statistics(name: String, peak: Double, weekend: Double, variation: Double) throws {
    let week = try #require(ProfilePresets.hourly(named: name))
    #expect(abs((week.max() ?? 0) / peak - 1) < 0.05)
    let (work, rest) = (week[..<120].reduce(0, +) / 120, week[120...].reduce(0, +) / 48)
    #expect(abs(rest / work / weekend - 1) < 0.05)
    let deviation = (week.map { ($0 - 1) * ($0 - 1) }.reduce(0, +) / 168).squareRoot()
    #expect(abs(deviation / variation - 1) < 0.1)
  }
}
