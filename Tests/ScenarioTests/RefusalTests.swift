// SPDX-License-Identifier: GPL-3.0-or-later
// Golden messages: each way to spoil a scenario, and the one line a reader gets for it.

import Foundation
import Scenario
import Testing

/// A change of the base scenario and the message it must cause.
struct Spoiled: Sendable, CustomTestStringConvertible {
  var old: String
  var new: String
  var message: String
  init(_ old: String, _ new: String, _ message: String) {
    (self.old, self.new, self.message) = (old, new, message)
  }
  var testDescription: String { new.isEmpty ? "without \(old)" : new }
}

@Suite("Refused scenarios")
struct RefusalTests {
  static let keyTable: [Spoiled] = [
    Spoiled(
      "rate: 2", "ratee: 2",
      "s.yaml:6:7: unknown key `ratee` in demand.uses.chat; did you mean `rate`?"),
    Spoiled(
      "horizon: {start: 2026-12, months: 3}", "",
      "s.yaml:1:1: `horizon` is missing from the scenario; add `horizon`, the months planned "
        + "for"),
    Spoiled(
      "name: base", "name: my report",
      "s.yaml:1:7: `name` is `my report`; a name begins with a letter or digit and has only "
        + "letters, digits, `-`, `_` and `.`"),
    Spoiled(
      "    chat:", "    chat room:",
      "s.yaml:4:5: `chat room` is no name for a use case; a name begins with a letter or digit "
        + "and has only letters, digits, `-`, `_` and `.`"),
    Spoiled(
      "start: 2026-12", "start: 2026-13",
      "s.yaml:31:18: `start` is `2026-13`; write a month as YYYY-MM"),
    Spoiled(
      "start: 2026-12", "start: December",
      "s.yaml:31:18: `start` is `December`; write a month as YYYY-MM"),
    Spoiled(
      "months: 3", "months: 0",
      "s.yaml:31:35: `months` is 0; it must be from 1 to 120"),
    Spoiled(
      "months: 3", "months: 3, represent: {months: 4}",
      "s.yaml:31:58: 4 months are to be simulated of a horizon of 3; write at most 3"),
    Spoiled(
      "months: 3", "months: 3, represent: {windows: 169}",
      "s.yaml:31:59: `windows` is 169; it must be from 1 to 168"),
    Spoiled(
      "months: 3", "months: 3, represent: {window_minutes: 10}",
      "s.yaml:31:66: `window_minutes` means nothing without `windows`; add windows: 12, or "
        + "remove it"),
    Spoiled(
      "months: 3", "months: 3, represent: full",
      "s.yaml:31:49: simulating every hour of a month is not offered; write week, or {months: "
        + "…, windows: …, window_minutes: …}"),
    Spoiled(
      "months: 3", "months: 3, represent: day",
      "s.yaml:31:49: `represent` is `day`; write week, or {months: …, windows: …, "
        + "window_minutes: …}"),
    Spoiled(
      "name: base", "name: base\nbaseline: ap",
      "s.yaml:2:11: there is no option `ap`; did you mean `api`?"),
    Spoiled(
      "name: base", "name: base\ndiscount_rate: 8",
      "s.yaml:2:16: `discount_rate` is 8; it must be from 0 to 1; 8 % is 0.08"),
    Spoiled(
      "name: base", "name: base\nsampling: {draws: 100, simulations: 16}",
      "s.yaml:2:19: 100 draws do not divide into 16 simulations; write 112 draws, or other "
        + "simulations"),
    Spoiled(
      "name: base", "name: base\nsampling: {seed: -1}",
      "s.yaml:2:18: `seed` is -1; it must be 0 or more"),
  ]

  static let demandTable: [Spoiled] = [
    Spoiled(
      "demand:", "demand:\n  growth_per_month: 3",
      "s.yaml:3:21: `growth_per_month` is 3; it must be above -1, at most 1; 3 % is 0.03"),
    Spoiled(
      "llama-3.1-8b\n", "llama3.1-8b\n",
      "s.yaml:5:14: there is no model `llama3.1-8b`; did you mean `llama-3.1-8b`?"),
    Spoiled(
      "llama-3.1-8b\n", "mistral-large\n",
      "s.yaml:5:14: there is no model `mistral-large`; the catalog has llama-2-13b, "
        + "llama-2-70b, llama-2-7b, llama-3.1-405b, llama-3.1-70b, llama-3.1-8b, llama-3.2-1b, llama-3.2-3b, llama-3.3-70b, "
        + "llama-4-maverick, llama-4-scout"),
    Spoiled(
      "rate: 2", "rate: 0",
      "s.yaml:6:13: `rate` is 0; it must be above 0, at most 100000"),
    Spoiled(
      "rate: 2", "rate: {p10: 3, p90: 1}",
      "s.yaml:6:19: p10 3 of `rate` is above p90 1; swap them"),
    Spoiled(
      "rate: 2", "rate: {p10: 3, p90: 3}",
      "s.yaml:6:19: p10 and p90 of `rate` are both 3; write the number alone where it is "
        + "certain"),
    Spoiled(
      "rate: 2", "rate: {p10: 3}",
      "s.yaml:6:13: `p90` is missing from demand.uses.chat.rate; give it beside `p10`"),
    Spoiled(
      "rate: 2", "rate: {p10: 3, pert: [1, 2, 3]}",
      "s.yaml:6:13: demand.uses.chat.rate gives `p10` and `pert`; keep only one of them"),
    Spoiled(
      "rate: 2", "rate: {pert: [1, 4, 3]}",
      "s.yaml:6:20: pert has 1, 4, 3; give lowest, most likely and highest in this order, "
        + "lowest below highest"),
    Spoiled(
      "rate: 2", "rate: {triangular: [1, 2]}",
      "s.yaml:6:26: triangular has 2 elements; give exactly 3"),
    Spoiled(
      "rate: 2", "rate: {uniform: [2, 1]}",
      "s.yaml:6:23: uniform from 2 to 1; give the lower end first, and a single number where "
        + "both are equal"),
    Spoiled(
      "rate: 2", "rate: {normal: [2, 1]}",
      "s.yaml:6:22: `rate` may fall outside its range: it must be above 0, at most 100000; use {p10: …, p90: "
        + "…} or {pert: […]}, or a standard deviation that keeps 4 of itself within"),
    Spoiled(
      "rate: 2", "rate: {normal: [2, -1]}",
      "s.yaml:6:22: the standard deviation of `rate` is -1; it must be above 0; write the "
        + "number alone where it is certain"),
    Spoiled(
      "rate: 2", "rate: {uniform: [-1, 1]}",
      "s.yaml:6:24: `uniform` is -1; it must be above 0, at most 100000"),
    Spoiled(
      "rate: 2", "rate: {empirical: none.csv}",
      "s.yaml:6:25: the file none.csv of `rate` cannot be read; check its path"),
    Spoiled(
      "rate: 2", "rate: [1, 2]",
      "s.yaml:6:13: `rate` is a list; write a number or a distribution such as {p10: 1.9, p90: "
        + "3.4} or {pert: [1.5, 3, 4]}"),
    Spoiled(
      "rate: 2", "rate: {}",
      "s.yaml:6:13: demand.uses.chat.rate lacks what it must have; give one of `p10` with "
        + "`p90`, `pert`, `triangular`, `uniform`, `normal`, `empirical`"),
    Spoiled(
      "rate: 2", "rate: 2\n      trace: t.csv",
      "s.yaml:5:7: demand.uses.chat gives `rate` and `trace`; keep only one of them\n"
        + "s.yaml:7:14: the trace t.csv is not there; check its path"),
    Spoiled(
      "      rate: 2\n", "",
      "s.yaml:5:7: demand.uses.chat lacks what it must have; give one of `rate`, `trace`"),
    Spoiled(
      "rate: 2", "rate: 2\n      speedup: 2",
      "s.yaml:7:16: `speedup` means nothing without `trace`; change `rate` instead"),
    Spoiled(
      "rate: 2", "rate: 2\n      profile: azure-cod",
      "s.yaml:7:16: there is no load curve `azure-cod`; did you mean `azure-code`?"),
    Spoiled(
      "rate: 2", "rate: 2\n      profile: {weekday: [1, 2], weekend: [1]}",
      "s.yaml:7:26: demand.uses.chat.profile.weekday has 2 elements; give exactly 24\n"
        + "s.yaml:7:43: demand.uses.chat.profile.weekend has 1 element; give exactly 24"),
    Spoiled(
      "rate: 2", "rate: 2\n      burstiness: 0",
      "s.yaml:7:19: `burstiness` is 0; it must be above 0, at most 1000"),
    Spoiled(
      "rate: 2", "rate: 2\n      slo: {ttft: 800}",
      "s.yaml:7:13: unknown key `ttft` in demand.uses.chat.slo; did you mean `ttft_ms`?"),
    Spoiled(
      "output_tokens: 50", "output_tokens: 0",
      "s.yaml:8:22: `output_tokens` is 0; it must be from 1 to 16777216"),
    Spoiled(
      "output_tokens: 50", "output_tokens: {fixed: 50, max: 40}",
      "s.yaml:8:30: `fixed` is 50; it must be a whole number from 1 to 40"),
    Spoiled(
      "output_tokens: 50", "output_tokens: {p10: 5, p90: 50, min: 9, max: 4}",
      "s.yaml:8:45: min 9 of `output_tokens` is above max 4; swap them"),
    Spoiled(
      "      output_tokens: 50\n", "",
      "s.yaml:5:7: `output_tokens` is missing from demand.uses.chat; add it, such as "
        + "output_tokens: {p10: 180, p90: 900, max: 4096}"),
  ]

  static let supplyTable: [Spoiled] = [
    Spoiled(
      "weights: fp8", "kv_blocks: 100",
      "s.yaml:21:52: `kv_blocks` means 1600 tokens of context; a replica needs 2048 or more"),
    Spoiled(
      "weights: fp8", "kv_cache_gib: 64.5",
      "s.yaml:21:55: `kv_cache_gib` means 64.5 GiB on each GPU, of which the weights leave 64.2; "
        + "write what the engine printed with this model, precision and number of GPUs"),
    Spoiled(
      "weights: fp8", "kv_blocks: 9000, kv_cache_gib: 20",
      "s.yaml:21:72: `kv_blocks` and `kv_cache_gib` both say how large the KV cache is; keep one of them"),
    Spoiled(
      "weights: fp8", "kv_blocks: 0", "s.yaml:21:52: `kv_blocks` is 0; it must be from 1 to 1000000000"),
    Spoiled(
      "weights: fp8", "max_num_batched_tokens: 128",
      "s.yaml:21:65: a step of 128 tokens cannot give one to each of 256 sequences; "
        + "max_num_batched_tokens must be at least max_num_seqs"),
    Spoiled(
      "    chain:\n      - metered: {provider: bedrock}\n  own", "    chain: []\n  own",
      "s.yaml:11:12: options.api.chain is empty; give at least 1"),
    Spoiled(
      "metered: {provider: bedrock}", "metered: {provider: bedrok}",
      "s.yaml:12:29: there is no API provider `bedrok`; did you mean `bedrock`?"),
    Spoiled(
      "- metered: {provider: bedrock}", "- metred: {provider: bedrock}",
      "s.yaml:12:9: unknown key `metred` in options.api.chain.0; did you mean `metered`?"),
    Spoiled(
      "gpu: h100-sxm", "gpu: h100",
      "s.yaml:17:16: there is no GPU `h100`; did you mean `h100-pcie`?"),
    Spoiled(
      "gpu: h100-sxm", "gpu: mi300x",
      "s.yaml:18:21: there is no spot price of mi300x; add prices.gpu_hour.mi300x.spot"),
    Spoiled(
      "gpu: h100-sxm\n          standby", "gpu: h100-sxm\n          engine: vlm\n          standby",
      "s.yaml:24:19: there is no engine `vlm`; did you mean `vllm`?"),
    Spoiled(
      "gpu: h100-sxm\n          standby",
      "gpu: h100-sxm\n          purchase: committed-1-year\n          standby",
      "s.yaml:24:21: there is no committed-1-year price of h100-sxm; add "
        + "prices.gpu_hour.h100-sxm.committed-1-year; the price book has on-demand, spot"),
    Spoiled(
      "          spot: {mean_up_hours: 8, mean_down_hours: 1}\n", "",
      "s.yaml:18:21: a spot fleet needs its interruptions; add spot: {mean_up_hours: {p10: 4, "
        + "p90: 40}, mean_down_hours: {p10: 0.5, p90: 3}}"),
    Spoiled(
      "purchase: spot", "purchase: on demand",
      "s.yaml:18:21: `purchase` is `on demand`; did you mean `on-demand`? it must be one of "
        + "on-demand, committed-1-year, committed-3-year, capacity-block, spot"),
    Spoiled(
      "standby_for: spot", "standby_for: spott",
      "s.yaml:24:24: there is no spot fleet earlier in the chain named `spott`; did you mean "
        + "`spot`?"),
    Spoiled(
      "          standby_for: spot\n", "          standby_for: fleet\n",
      "s.yaml:24:24: there is no spot fleet earlier in the chain named `fleet`; the spot "
        + "fleets before this one are spot"),
    Spoiled(
      "          standby_for: spot\n", "          spot: {mean_up_hours: 8, mean_down_hours: 1}\n",
      "s.yaml:24:17: `spot` means nothing with purchase on-demand; write purchase: spot, or "
        + "remove it"),
    Spoiled(
      "          name: spot\n", "",
      "s.yaml:21:9: two supplies of options.own.chain are named `fleet`; give each a `name` of "
        + "its own\n"
        + "s.yaml:23:24: there is no spot fleet earlier in the chain named `spot`; the spot fleets "
        + "before this one are fleet"),
    Spoiled(
      "weights: fp8", "weights: FP8",
      "s.yaml:21:50: `weights` is `FP8`; did you mean `fp8`? it must be one of bf16, fp8, "
        + "int8, fp4"),
    Spoiled(
      "weights: fp8", "tensor_parallel: 3",
      "s.yaml:21:58: tensor_parallel 3 does not divide the 32 query and 8 key/value heads of "
        + "llama-3.1-8b; write one of 1, 2, 4, 8"),
    Spoiled(
      "weights: fp8", "tensor_parallel: 16",
      "s.yaml:21:58: tensor_parallel 16 is more than a node of h100-sxm has; write at most 8, "
        + "and pipeline_parallel for more GPUs"),
    Spoiled(
      "{replicas: 1, weights: fp8}", "{replicas: 0}",
      "s.yaml:21:38: `replicas` is 0; it must be from 1 to 10000"),
    Spoiled(
      "{replicas: 1, weights: fp8}", "{weights: fp8}",
      "s.yaml:21:27: options.own.chain.0.fleet.pools.llama-3.1-8b lacks what it must have; "
        + "give one of `replicas`, `schedule`, `autoscale`"),
    Spoiled(
      "llama-3.1-8b: {replicas: 1}", "llama-3.1-405b: {replicas: 1, tensor_parallel: 4}",
      "s.yaml:26:13: llama-3.1-405b in bf16 does not fit 4 × h100-sxm: each GPU lacks 120 "
        + "GiB for weights, activations and 2048 tokens; what fits is tensor_parallel: 8 with "
        + "pipeline_parallel: 2, or tensor_parallel: 8 with weights: fp8"),
    Spoiled(
      "llama-3.1-8b: {replicas: 1}", "llama-4-maverick: {replicas: 1, tensor_parallel: 8}",
      "s.yaml:26:13: llama-4-maverick in bf16 does not fit 8 × h100-sxm: each GPU lacks 25 "
        + "GiB for weights, activations and 2048 tokens; what fits is tensor_parallel: 8 with "
        + "pipeline_parallel: 2, or tensor_parallel: 8 with weights: fp8"),
    Spoiled(
      "units: {llama-3.1-8b: 1}", "units: {llama-3.2-1b: 1}",
      "s.yaml:29:59: bedrock-provisioned offers no units of llama-3.2-1b; it offers "
        + "llama-3.1-8b, llama-3.3-70b, llama-4-maverick, llama-4-scout; add others under "
        + "prices.reserved.bedrock-provisioned"),
    Spoiled(
      "units: {llama-3.1-8b: 1}", "units: {llama-3.1-8b: 1.5}",
      "s.yaml:29:73: `llama-3.1-8b` is 1.5; it must be a whole number"),
    Spoiled(
      "provider: bedrock-provisioned,", "provider: bedrock-provisioned, term: 3-months,",
      "s.yaml:29:57: `term` is `3-months`; did you mean `6-months`? it must be one of none, "
        + "1-month, 6-months"),
    Spoiled(
      "  api:\n", "  api:\n    route: llama-3.2-1b\n",
      "s.yaml:10:3: option `api` has nothing that serves llama-3.2-1b for chat; add a pool or "
        + "units for it, or a provider that prices it"),
    Spoiled(
      "  api:\n", "  api:\n    costs: {people_per_month: -5}\n",
      "s.yaml:11:31: `people_per_month` is -5; it must be 0 or more"),
  ]

  static let priceTable: [Spoiled] = [
    Spoiled(
      "name: base", "name: base\nprices: {gpu_hour: {h100-sxm: {spot: -1}}}",
      "s.yaml:2:38: `spot` is -1; it must be 0 or more"),
    Spoiled(
      "name: base", "name: base\nprices: {gpu_hour: {h100-sxm: {spott: 1}}}",
      "s.yaml:2:32: unknown key `spott` in prices.gpu_hour.h100-sxm; did you mean `spot`?"),
    Spoiled(
      "name: base", "name: base\nprices: {gpu_hour: {h1000-sxm: {spot: 1}}}",
      "s.yaml:2:21: there is no GPU `h1000-sxm`; did you mean `h100-sxm`?"),
    Spoiled(
      "name: base", "name: base\nprices: {api: {bedrock: {factr: 1}}}",
      "s.yaml:2:26: there is no model `factr`; did you mean `factor`?"),
    Spoiled(
      "name: base", "name: base\nprices: {api: {bedrock: {llama-3.2-1b: {input: 1}}}}",
      "s.yaml:2:40: the price book has no price of llama-3.2-1b at bedrock; give both `input` "
        + "and `output`"),
    Spoiled(
      "name: base", "name: base\nprices: {api: {bedrok: {factor: 1}}}",
      "s.yaml:2:16: there is no API provider `bedrok`; did you mean `bedrock`?"),
    Spoiled(
      "name: base",
      "name: base\nprices: {reserved: {bedrock-provisioned: {llama-3.1-8b: {unit_hour: {1-months: 3}}}}}",
      "s.yaml:2:70: unknown key `1-months` in "
        + "prices.reserved.bedrock-provisioned.llama-3.1-8b.unit_hour; did you mean `1-month`?"
    ),
    Spoiled(
      "name: base", "name: base\nprices: {reserved: {bedrock-provisioned: {llama-3.2-1b: {unit_hour: 3}}}}",
      "s.yaml:2:57: the price book has no offer of llama-3.2-1b by bedrock-provisioned; give "
        + "`unit_hour`, `input_tokens_per_minute` and `output_tokens_per_minute`"),
  ]

  @Test("each problem of keys, horizon and sampling has its line", arguments: keyTable)
  func keys(spoiled: Spoiled) { check(spoiled) }

  @Test("each problem of the demand has its line", arguments: demandTable)
  func demand(spoiled: Spoiled) { check(spoiled) }

  @Test("each problem of an option has its line", arguments: supplyTable)
  func supplies(spoiled: Spoiled) { check(spoiled) }

  @Test("each problem of the prices has its line", arguments: priceTable)
  func prices(spoiled: Spoiled) { check(spoiled) }

  private func check(_ spoiled: Spoiled) {
    guard let range = base.range(of: spoiled.old) else {
      Issue.record("the base has no \(spoiled.old)")
      return
    }
    let text = base.replacingCharacters(in: range, with: spoiled.new)
    #expect(problems(text).joined(separator: "\n") == spoiled.message)
  }
}
