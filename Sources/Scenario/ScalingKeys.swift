// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may say of pools whose number of replicas changes, as data.

import YAMLDocument

extension ScenarioKeys {
  /// The names of the days, from Monday.
  static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  static let scheduleEntry = KeyTable(
    "a stretch of the schedule",
    keys: [
      .optional(
        "days", .sequence(.choice(days), count: 1...7), absent: "every day",
        "days of the week, UTC; without `days`, `from` and `to` the stretch is all that no other names"),
      .optional("from", .integer(0...23), absent: "0", "the first hour of the day, UTC"),
      .optional("to", .integer(1...24), absent: "24", "the hour at which it ends"),
      .required("replicas", .integer(0...10_000), "replicas, spares included"),
    ])

  static let autoscale = KeyTable(
    "the autoscaling",
    keys: [
      .required(
        "metric", .choice(ScalingMetricName.allCases.map(\.rawValue)),
        "queue (requests waiting) or concurrency (waiting or running) per replica, or utilization (share of "
          + "max_num_seqs or of the KV cache in use)"),
      .required("target", .number(.positive), "what is wanted of each replica: requests, or a share"),
      .optional("min", .integer(0...10_000), absent: "1", "fewest replicas, spares included; 0 allows none"),
      .required("max", .integer(1...10_000), "most replicas, spares included"),
      .optional("evaluation_seconds", .number(.from(1, to: 3600)), absent: "15", "between two evaluations"),
      .optional(
        "tolerance", .number(.from(0, to: 1)), absent: "0.1",
        "relative distance of the metric from its target that nothing is done about"),
      .optional(
        "scale_up_window_seconds", .number(.from(0, to: 86_400)), absent: "0",
        "stabilization window on the way up"),
      .optional(
        "scale_down_window_seconds", .number(.from(0, to: 86_400)), absent: "300",
        "stabilization window on the way down"),
      .optional(
        "cooldown_seconds", .number(.from(0, to: 86_400)), absent: "300",
        "without a request before the last replica goes"),
      .optional(
        "scale_up_limit", .integer(1...10_000), absent: "4, or as many as there are",
        "most replicas that one evaluation adds"),
      .optional(
        "scale_down_limit", .integer(1...10_000), absent: "no limit",
        "most replicas that one evaluation takes away"),
      .optional(
        "when_empty", .choice(EmptyPoolName.allCases.map(\.rawValue)),
        absent: "hold, or overflow where a later supply serves the model",
        "what a request does that comes while no replica serves"),
    ])

  static let startup = KeyTable(
    "the start-up",
    keys: [
      .optional(
        "provision_seconds", .number(.from(0, to: 86_400)), absent: "180", "until the machine is there"),
      .optional("image_gb", .number(.from(0, to: 1000)), absent: "10", "size of the container image, GB"),
      .optional(
        "image_mb_per_s", .number(.above(0, to: 1_000_000)), absent: "200",
        "rate at which the image is pulled and unpacked, MB/s"),
      .optional(
        "weights_mb_per_s", .number(.above(0, to: 1_000_000)), absent: "1000",
        "rate at which a replica reads its weights into its GPUs, MB/s"),
      .optional(
        "compile_seconds", .number(.from(0, to: 86_400)), absent: "60",
        "from loaded weights until it serves"),
    ])
}
