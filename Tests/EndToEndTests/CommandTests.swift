// SPDX-License-Identifier: GPL-3.0-or-later
// The other subcommands, and that what the help shows as an example works.

import Foundation
import Testing

@Suite("Subcommands", .timeLimit(.minutes(15)))
struct CommandTests {
  @Test(
    "calc: the field's closed form in words",
    arguments: [
      ("2500", "Self-hosting never breaks even: it would need 101 % utilization."),
      ("5000", "Self-hosting breaks even at 50.5 % utilization; at 100 % it is the cheaper one."),
    ])
  func calc(_ throughput: String, _ sentence: String) async throws {
    let arguments = [
      "calc", "--gpu-hour", "3", "--gpus", "2", "--throughput", throughput, "--output-price", "0.66",
    ]
    let outcome = try await Program.run(arguments, in: Folder())
    #expect(outcome.exitCode == 0 && outcome.diagnostics.isEmpty)
    #expect(outcome.output.hasSuffix("\n\(sentence)\n"), "\(outcome.output)")
    let json = try Document(try await Program.run(arguments + ["--json"], in: Folder()).output)
    let perMillion = 6 / (3600 * (Double(throughput) ?? .nan)) * 1e6
    #expect(json.numbers.contains { isClose($0, perMillion) })
    #expect(json.numbers.contains { isClose($0, perMillion / 0.66) })
  }

  @Test("calc: with input counted, both verdicts are said, the first unclamped")
  func calcWithInput() async throws {
    let arguments = [
      "calc", "--gpu-hour", "3", "--gpus", "2", "--throughput", "2500", "--utilization", "1",
      "--input-price", "0.17", "--output-price", "0.66", "--input-per-output", "4",
    ]
    let outcome = try await Program.run(arguments, in: Folder())
    #expect(
      outcome.output.hasSuffix(
        """
        Against output tokens alone self-hosting never breaks even: it would need 101 % utilization.
        With their input it breaks even at 49.8 % utilization; at 100 % it is the cheaper one.

        """), "\(outcome.output)")
  }

  @Test("simulate accounts for every request and every GPU-hour", arguments: SmallScenario.options)
  func simulate(_ option: String) async throws {
    let folder = try SmallScenario.folder()
    let outcome = try await Program.run(["simulate", "small.yaml", "--option", option, "--json"], in: folder)
    #expect(outcome.exitCode == 0 && outcome.diagnostics.isEmpty)
    let document = try Document(outcome.output)
    let totals = try #require(document["totals"] as? [String: Double])
    func total(_ name: String) -> Double { totals[name, default: .nan] }
    #expect(total("arrived") > 100)
    #expect(
      total("arrived") == total("served") + total("throttled") + total("failed") + total("inFlight"), "INV-1")
    let supplies = try #require(document["supplies"] as? [[String: Any]])
    func sum(_ name: String) -> Double { supplies.reduce(0) { $0 + ($1[name] as? Double ?? .nan) } }
    #expect(sum("served") == total("served"))
    #expect(sum("outputTokens") == total("outputTokens"), "INV-2")
    #expect(totals["requestsPerSecond"].map { $0 > 1 && $0 < 4 } == true, "\(totals)")
    if option == "own" {
      let states = try #require(supplies.first?["gpuHours"] as? [[String: Any]])
      let hours = states.reduce(0) { $0 + ($1["hours"] as? Double ?? .nan) }
      #expect(isClose(hours, 3 * 2 * 4 / 60.0), "INV-3: \(hours)")
    }
  }

  @Test("A standby stands in for a spot fleet that is never there: all the hours, all its requests")
  func standby() async throws {
    let folder = try SmallScenario.folder()
    let spot = "options.spot.chain.0.fleet.spot"
    let outcome = try await Program.run(
      [
        "simulate", "small.yaml", "--option", "spot", "--json", "--set", "\(spot).mean_up_hours=0.01",
        "--set",
        "\(spot).mean_down_hours=1000",
      ], in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.diagnostics)")
    let document = try Document(outcome.output)
    let hours = try #require(document["simulatedHours"] as? Double)
    let supplies = try #require(document["supplies"] as? [[String: Any]])
    let states = try #require(supplies[1]["gpuHours"] as? [[String: Any]])
    #expect(isClose(states.reduce(0) { $0 + ($1["hours"] as? Double ?? .nan) }, 2 * hours))
    let chat = try #require((document["useCases"] as? [[String: Any]])?.first)
    #expect(supplies[1]["served"] as? Int == chat["arrived"] as? Int)
  }

  @Test("simulate without --json is a text with one line per use case, per supply and per pool")
  func simulateText() async throws {
    let folder = try SmallScenario.folder()
    let outcome = try await Program.run(["simulate", "small.yaml", "--option", "spot"], in: folder)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("small, option spot, seed 3: ") == true)
    for (name, count) in [("chat ", 1), ("code ", 1), ("spot ", 2), ("standby ", 2), ("bedrock ", 1)] {
      #expect(lines.count { $0.hasPrefix(name) } == count, "\(name)")
    }
  }

  @Test("schema prints the JSON Schema that the shipped scenarios name")
  func schema() async throws {
    let outcome = try await Program.run(["schema"], in: Folder())
    #expect(outcome.exitCode == 0)
    let shipped = try Data(
      contentsOf: Program.repository.appending(path: "workloads/scenario.schema.json"))
    #expect(outcome.output == String(decoding: shipped, as: UTF8.self))
  }

  @Test("The shipped scenarios are valid", arguments: ["support-assistant", "replay-code-assistant"])
  func shipped(_ name: String) async throws {
    let path = Program.repository.appending(path: "workloads/\(name).yaml").path
    let outcome = try await Program.run(["validate", path], in: Folder())
    #expect(outcome.exitCode == 0 && outcome.output.hasPrefix("\(name) is good: "), "\(outcome)")
  }

  @Test("A scenario is found wherever it lies: in odd folders, with its trace and catalog beside it")
  func oddPaths() async throws {
    let folder = try Folder()
    let scenario = "Überraschung & Co/it's 100 %/s.yaml"
    try folder.write(Trace.scenario, to: scenario)
    try folder.write(Trace.text, to: "Überraschung & Co/it's 100 %/trace.csv")
    let outcome = try await Program.run(["simulate", scenario, "--option", "api", "--json"], in: folder)
    #expect(outcome.exitCode == 0, "\(outcome.diagnostics)")
    #expect((try Document(outcome.output)["totals"] as? [String: Double])?["arrived"] == 4)
  }

  @Test("Every subcommand's help succeeds on standard output, however it is asked for")
  func help() async throws {
    let folder = try Folder()
    for command in try await Commands.all.value {
      for arguments in [command + ["--help"], ["help"] + command] {
        let outcome = try await Program.run(arguments, in: folder)
        #expect(outcome.exitCode == 0 && outcome.diagnostics.isEmpty)
        #expect(outcome.output.contains("USAGE: breakeven \(command.joined(separator: " "))"))
        #expect(outcome.output.contains("EXAMPLES:"), "\(command) shows no example")
      }
    }
  }

  @Test("--version says which program this is and what it was built with")
  func version() async throws {
    let version = try await Program.run(["--version"], in: Folder())
    #expect(version.exitCode == 0 && version.diagnostics.isEmpty)
    let lines = version.output.split(separator: "\n")
    #expect(lines.first?.wholeMatch(of: /breakeven \d+\.\d+\.\d+/) != nil)
    #expect(
      lines.dropFirst().first?.wholeMatch(
        of: /Swift 6\.\d.*, (debug|release) build; SQLite 3\.[\d.]+, GSL 2\.[\d.]+, libyaml 0\.[\d.]+/)
        != nil,
      "\(version.output)")
  }

  @Test("Every example of every help text runs")
  func examples() async throws {
    for command in try await Commands.all.value {
      let folder = try await Commands.stage()
      let help = try await Program.run(command + ["--help"], in: folder).output
      for example in Commands.examples(in: help) {
        #expect(example.hasPrefix("breakeven \(command.joined(separator: " "))"))
        let outcome = try await Commands.run(Commands.shortened(example), in: folder)
        // 3 is an answer: a threshold was crossed.
        #expect([0, 3].contains(outcome.exitCode), "\(example): \(outcome.diagnostics)")
      }
    }
  }
}

/// A tiny trace and a scenario that replays it.
enum Trace {
  static let text = """
    TIMESTAMP,ContextTokens,GeneratedTokens
    2023-11-16 18:17:03.9799600,4808,10
    2023-11-16 18:17:04.0319600,110,27
    2023-11-16 18:17:04.0781350,74,12
    2023-11-16 18:17:09.1050000,7000,300

    """

  static let scenario = """
    name: replay
    demand:
      uses:
        code: {model: llama-3.3-70b, trace: trace.csv}
    options:
      api: {chain: [{metered: {provider: bedrock}}]}
      own:
        chain:
          - fleet: {gpu: h100-sxm, pools: {llama-3.3-70b: {replicas: 1, tensor_parallel: 4}}}
    horizon: {start: 2026-12, months: 2}
    sampling: {draws: 4, simulations: 2}

    """
}
