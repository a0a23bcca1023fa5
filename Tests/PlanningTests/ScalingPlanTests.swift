// SPDX-License-Identifier: GPL-3.0-or-later
// From a scenario's keys to hours: schedules, autoscalers, spares, spot capacity, several pools, warm-ups.

import Decision
import Foundation
import Planning
import Testing

@Suite("Plans that scale")
struct ScalingPlanTests {
  /// Replicas of 8 sequences that take some twenty seconds a request, so that few requests keep several busy.
  private static let slow = "weights: fp8, max_num_seqs: 8, throughput: 80"

  /// What `simulate` says of an option that is one fleet.
  private func simulate(
    _ pools: String, fleet: String = "gpu: h100-sxm, purchase: on-demand", rate: String = "0.3",
    use: String = "profile: flat", then: String = "", represent: String = "week"
  ) throws -> SimulationReport {
    let option = """
      own:
        chain:
          - fleet: {\(fleet), pools: {\(pools)}}
      \(then)
      """
    return try plan(
      scenario(
        rate: rate, use: use, options: option, represent: represent, prices: prices(), baseline: "own")
    ).simulateOnce(option: 0)
  }

  private func hours(_ report: SimulationReport, _ state: String) -> Double {
    report.supplies[0].gpuHours.first { $0.state == state }?.hours ?? 0
  }

  private func paid(_ report: SimulationReport) -> Double {
    report.supplies[0].gpuHours.reduce(0) { $0 + $1.hours }
  }

  @Test("a schedule by hour of the week is paid as it says, start-ups and drains included")
  func schedule() throws {
    let report = try simulate(
      "llama-3.1-8b: {weights: fp8, schedule: [{replicas: 1}, {days: [mon, tue, wed, thu, fri], from: 8, to: 20, "
        + "replicas: 3}]}", fleet: "gpu: h100-sxm, startup_seconds: 360")
    #expect(abs(hours(report, "booting") - 5 * 2 * 0.1) < 1e-6)
    let scheduled = 168.0 + 5 * 12 * 2
    #expect(paid(report) - hours(report, "draining") >= scheduled - 1e-6)
    #expect(paid(report) < scheduled + 5 * 2 * 120 / 3600)
    #expect(abs((report.supplies[0].pools[0].meanReplicas ?? 0) - paid(report) / 168) < 1e-9)
    #expect(report.supplies[0].pools[0].replicaStarts == 10)
  }

  @Test("autoscaling follows the week and pays less than its peak; longer start-ups pay more")
  func autoscaling() throws {
    let pool = "{\(Self.slow), autoscale: {metric: concurrency, target: 4, min: 1, max: 8}}"
    let use = "profile: azure-code"
    let quick = try simulate(
      "llama-3.1-8b: \(pool)", fleet: "gpu: h100-sxm, startup_seconds: 60", use: use)
    let slow = try simulate(
      "llama-3.1-8b: \(pool)", fleet: "gpu: h100-sxm, startup: {provision_seconds: 600}", use: use
    )
    let most = Double(8 * 168)
    #expect(paid(quick) < 0.6 * most)
    #expect(hours(slow, "booting") > 3 * hours(quick, "booting"))
    #expect(quick.totals.throttled == 0 && quick.totals.served == quick.totals.arrived)
    #expect(quick.supplies[0].pools[0].meanReplicas ?? 0 > 1)
  }

  @Test("two models in one fleet scale each by its own load and within its own bounds")
  func twoPools() throws {
    let options = """
      own:
        chain:
          - fleet:
              gpu: h100-sxm
              pools:
                llama-3.1-8b: {\(Self.slow), autoscale: {metric: concurrency, target: 4, min: 0, max: 6}}
                llama-3.3-70b: {weights: fp8, tensor_parallel: 2, autoscale: {metric: utilization, target: 0.5, min: 2, max: 3}}
      """
    let text = scenario(rate: "0.3", options: options, represent: "week", prices: prices(), baseline: "own")
      .replacingOccurrences(
        of: "options:\n",
        with:
          "    long: {model: llama-3.3-70b, rate: 0.001, input_tokens: 500, output_tokens: 50}\noptions:\n"
      )
    let pools = try plan(text).simulateOnce(option: 0).supplies[0].pools
    #expect(pools.map(\.model) == ["llama-3.1-8b", "llama-3.3-70b"])
    #expect(abs((pools[1].meanReplicas ?? 0) - 2) < 1e-6, "nothing asks for more than its minimum")
    #expect(pools[0].meanReplicas ?? 0 > 1.5)
  }

  @Test("an autoscaled spot fleet pays only while it has capacity, and no more than what a fixed one would")
  func spot() throws {
    let spot =
      "gpu: h100-sxm, purchase: spot, startup_seconds: 300, spot: {zones: 4, mean_up_hours: 3, mean_down_hours: 1}"
    let then = "    - metered: {provider: bedrock}"
    let text = "llama-3.1-8b: {\(Self.slow), "
    func report(_ size: String) throws -> SimulationReport {
      let option = "own:\n  chain:\n    - fleet: {\(spot), pools: {\(text)\(size)}}}\n\(then)\n"
      let prices = prices().replacingOccurrences(of: "{on-demand: 3}", with: "{on-demand: 3, spot: 1}")
      return try plan(
        scenario(rate: "0.3", options: option, represent: "week", prices: prices, baseline: "own")
      ).simulateOnce(option: 0)
    }
    let fixed = try report("replicas: 4")
    let scaled = try report("autoscale: {metric: concurrency, target: 4, min: 1, max: 4}")
    #expect(paid(fixed) < 0.9 * 4 * 168)
    #expect(paid(scaled) < paid(fixed) && paid(scaled) > 0)
    #expect(scaled.supplies[0].served > 0 && scaled.supplies[1].served > 0)
    #expect(scaled.totals.throttled == 0 && scaled.totals.failed == 0)
  }

  @Test("spares are paid for and shown apart")
  func spares() throws {
    let report = try simulate(
      "llama-3.1-8b: {replicas: 3, spares: 1, weights: fp8}", represent: "{windows: 4}")
    #expect(abs(hours(report, "spare") - 4) < 1e-9)
    #expect(abs(paid(report) - 12) < 1e-9)
    let none = try simulate("llama-3.1-8b: {replicas: 2, weights: fp8}", represent: "{windows: 4}")
    #expect(!none.supplies[0].gpuHours.contains { $0.state == "spare" })
  }

  @Test("short windows with a warm-up hold the replicas that the whole week holds")
  func warmUp() throws {
    let pool = "llama-3.1-8b: {\(Self.slow), autoscale: {metric: concurrency, target: 4, min: 1, max: 8}}"
    func mean(_ represent: String) throws -> Double {
      try simulate(
        pool, fleet: "gpu: h100-sxm, startup_seconds: 120", use: "profile: azure-conversation",
        represent: represent
      ).supplies[0].pools[0].meanReplicas ?? .nan
    }
    let week = try mean("week")
    let windows = try mean("{windows: 24, window_minutes: 15, warm_up_minutes: 30}")
    expectClose(windows, week, within: 0.05, "replicas")
  }

  @Test("a warm-up of none leaves every byte as it was")
  func noWarmUp() throws {
    let pool = "llama-3.1-8b: {weights: fp8, replicas: 2}"
    let plain = try simulate(pool, represent: "{windows: 6, window_minutes: 10}")
    let none = try simulate(pool, represent: "{windows: 6, window_minutes: 10, warm_up_minutes: 0}")
    #expect(plain == none)
    let some = try simulate(pool, represent: "{windows: 6, window_minutes: 10, warm_up_minutes: 5}")
    #expect(some.simulatedHours == plain.simulatedHours && some != plain)
  }
}
