// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about pools that scale: what is read, and what is refused where.

import Catalog
import Scenario
import Testing
import YAMLDocument

@Suite("Pools that scale")
struct ScalingTests {
  private static let api = "      - metered: {provider: bedrock}\n"

  /// A scenario whose option `own` is one fleet with these keys, and what comes after it in the chain.
  private func text(_ pool: String, fleet: String = "gpu: h100-sxm", then: String = "") -> String {
    """
    name: base
    demand:
      uses:
        chat: {model: llama-3.1-8b, rate: 2, input_tokens: 100, output_tokens: 50}
    options:
      own:
        chain:
          - fleet:
              \(fleet.split(separator: "\n").joined(separator: "\n          "))
              pools:
                llama-3.1-8b: {\(pool)}
    \(then)
    horizon: {start: 2026-12}

    """
  }

  private func pool(_ keys: String, fleet: String = "gpu: h100-sxm") throws -> PoolDefinition {
    let scenario = try load(text(keys, fleet: fleet)).get()
    guard case .fleet(let fleet) = scenario.options[0].chain[0] else { throw CancellationError() }
    return fleet.pools[0]
  }

  @Test("an autoscaler has HPA's and KEDA's defaults")
  func defaults() throws {
    let pool = try pool("autoscale: {metric: queue, target: 4, max: 6}")
    guard case .autoscale(let autoscale) = pool.scaling else {
      Issue.record("no autoscaler")
      return
    }
    #expect(pool.replicas == 6 && autoscale.minimum == 1 && autoscale.maximum == 6)
    #expect(autoscale.evaluationSeconds == 15 && autoscale.tolerance == 0.1)
    #expect(autoscale.scaleUpWindowSeconds == 0 && autoscale.scaleDownWindowSeconds == 300)
    #expect(autoscale.cooldownSeconds == 300 && autoscale.whenEmpty == nil)
  }

  @Test("a schedule is read hour by hour of the week, with what holds outside of its stretches")
  func schedule() throws {
    let pool = try pool(
      "schedule: [{replicas: 1}, {days: [mon, fri], from: 8, to: 20, replicas: 4}, {days: [sat], replicas: 0}]"
    )
    guard case .schedule(let hours) = pool.scaling else {
      Issue.record("no schedule")
      return
    }
    #expect(pool.replicas == 4)
    for hour in 0..<168 {
      let (day, clock) = (hour / 24, hour % 24)
      let expected = day == 5 ? 0 : (day == 0 || day == 4) && (8..<20).contains(clock) ? 4 : 1
      #expect(hours[hour] == expected, "hour \(hour)")
    }
  }

  @Test("the start-up in phases is their sum: bytes over bandwidths")
  func phases() throws {
    let pool = try pool(
      "replicas: 1, weights: fp8",
      fleet: "gpu: h100-sxm\nstartup: {provision_seconds: 100, image_gb: 8, image_mb_per_s: 400, "
        + "weights_mb_per_s: 500, compile_seconds: 30}")
    let model = try #require(try load(base).get().reference.models["llama-3.1-8b"])
    let weights = model.weightBytes(precision: .fp8)
    #expect(weights > 8e9 && weights < 10e9)
    #expect(abs((pool.startupSeconds ?? 0) - (100 + 20 + weights / 5e8 + 30)) < 1e-9)
  }

  @Test(
    "what cannot be is refused at its place",
    arguments: [
      (
        "autoscale: {metric: queue, target: 4, min: 7, max: 6}", ":11:", "`min` is 7, above `max`, which is 6"
      ),
      ("autoscale: {metric: latency, target: 4, max: 6}", ":11:", "`metric` is `latency`"),
      ("autoscale: {metric: queue, target: 0, max: 6}", ":11:", "`target` is 0; it must be above 0"),
      ("autoscale: {metric: queue, target: -1, max: 6}", ":11:", "`target` is -1; it must be above 0"),
      (
        "autoscale: {metric: utilization, target: 70, max: 6}", ":11:",
        "a utilization of 70 is never reached; it must be above 0, at most 1; 70 % is 0.7"
      ),
      (
        "replicas: 3, autoscale: {metric: queue, target: 4, max: 6}", ":11:",
        "gives `replicas` and `autoscale`; keep only one of them"
      ),
      ("weights: fp8", ":11:", "lacks what it must have; give one of `replicas`, `schedule`, `autoscale`"),
      ("replicas: 2, spares: 2", ":11:", "of 2 replicas 2 are to be spares, and none would serve"),
      ("autoscale: {metric: queue, target: 4, max: 1}, spares: 1", ":11:", "none would serve"),
      (
        "schedule: [{from: 8, to: 20, replicas: 4}]", ":11:",
        "does not say how many replicas there are on mon from 0 to 1"
      ),
      (
        "schedule: [{replicas: 1}, {days: [mon], replicas: 4}, {from: 8, to: 9, replicas: 2}]", ":11:",
        "two stretches of the schedule hold on mon from 8 to 9"
      ),
      (
        "schedule: [{replicas: 1}, {from: 20, to: 8, replicas: 4}]", ":11:",
        "from 20 to 8 ends before it begins"
      ),
      ("schedule: [{replicas: 1}, {days: [mo], replicas: 4}]", ":11:", "`days` has `mo`"),
      (
        "schedule: [{replicas: 1}, {replicas: 2}]", ":11:",
        "two stretches of the schedule name neither days nor hours"
      ),
      ("schedule: [{replicas: 0}]", ":11:", "the schedule never has a replica"),
    ])
  func refused(keys: String, place: String, message: String) {
    let found = problems(text(keys))
    #expect(found.contains { $0.hasPrefix("s.yaml\(place)") && $0.contains(message) }, "\(found)")
  }

  @Test("keys of the fleet that contradict each other are refused")
  func fleetKeys() {
    let both = problems(
      text("replicas: 1", fleet: "gpu: h100-sxm\nstartup_seconds: 60\nstartup: {image_gb: 4}"))
    #expect(both.contains { $0.contains("`startup_seconds` and `startup` both say") })
    let bound = problems(text("replicas: 1", fleet: "gpu: h100-sxm\nload_bound: 2"))
    #expect(bound.contains { $0.contains("`load_bound` means nothing without `router: prefix-affine`") })
    #expect(problems(text("replicas: 1", fleet: "gpu: h100-sxm\nrouter: prefix-affine\nload_bound: 2")) == [])
    let standby = base.replacing(
      "standby_for: spot\n          pools:\n            llama-3.1-8b: {replicas: 1}",
      with: "standby_for: spot\n          pools:\n            llama-3.1-8b: "
        + "{autoscale: {metric: queue, target: 4, max: 6}}")
    #expect(problems(standby).contains { $0.contains("cannot also be scaled") })
  }

  @Test("a pool that can be empty is warned of where its requests would be lost")
  func warnings() throws {
    func isWarned(_ pool: String, then: String = "") throws -> Bool {
      try load(text(pool, then: then)).get().warnings.contains {
        $0.description.contains("can be without a replica")
      }
    }
    let lost = "autoscale: {metric: queue, target: 4, min: 0, max: 6, when_empty: overflow}"
    #expect(try isWarned(lost))
    #expect(try !isWarned(lost, then: Self.api))
    #expect(try !isWarned("autoscale: {metric: queue, target: 4, min: 0, max: 6}"))
    #expect(try isWarned("schedule: [{replicas: 1}, {days: [sun], replicas: 0}]"))
  }

  @Test("a warm-up needs windows")
  func warmUp() throws {
    let with = base.replacing(
      "months: 3}", with: "months: 3, represent: {windows: 4, warm_up_minutes: 10}}")
    #expect(try load(with).get().horizon.represent.warmUpSeconds == 600)
    let without = base.replacing("months: 3}", with: "months: 3, represent: {warm_up_minutes: 10}}")
    #expect(problems(without).contains { $0.contains("`warm_up_minutes` means nothing without `windows`") })
  }
}
