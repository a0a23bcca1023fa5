// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may say of interruptions, as data.

import YAMLDocument

extension ScenarioKeys {
  /// The greatest mean time of an outage or a life, hours.
  private static let hours = Shape.uncertain(.from(0.01, to: 100_000))

  static let spot = KeyTable(
    "the interruptions",
    keys: [
      .optional(
        "zones", .integer(1...64), absent: "1, or as many as there are traces",
        "zones the replicas are spread over"),
      .optional("mean_up_hours", hours, "mean time a zone stays available, hours"),
      .optional("mean_down_hours", hours, "mean time until it is available again, hours"),
      .optional(
        "shape", .number(.from(0.1, to: 10)), absent: "0.6",
        "Weibull shape of outages and of waits for replacements; below 1 is heavy-tailed"),
      .optional(
        "zone_correlation", .number(.from(0, to: 1)), absent: "0",
        "correlation of the availability of two zones"),
      .optional("kills", .mapping(spotKills), absent: "none", "kills of replicas in a zone that is up"),
      .optional(
        "droughts", .mapping(spotDroughts), absent: "none",
        "times in which nothing is to be had and replacements wait"),
      .optional(
        "trace", .anyOf([.text, .sequence(.text, count: 1...64)]),
        "a file of availability to replay instead, one value per tick, or one file per zone"),
      .optional(
        "tick_seconds", .number(.from(1, to: 86_400)), absent: "as the trace says",
        "time from one value of the trace to the next"),
      .optional(
        "full_capacity", .integer(1...1_000_000),
        absent: "one replica per unit; 1 is all where the trace has only 0 and 1",
        "the trace's value at which all replicas of a zone are there"),
      .optional(
        "notice_seconds", .number(.from(0, to: 3600)), absent: "120", "warning before an interruption"),
    ])

  static let spotKills = KeyTable(
    "the kills",
    keys: [
      .required("mean_up_hours", hours, "mean life of a replica, hours"),
      .optional(
        "replacement_hours", .uncertain(.from(0, to: 10_000)), absent: "0",
        "mean time from a kill until there is capacity for the replacement, hours"),
      .optional(
        "batch_share", .number(.above(0, to: 1)), absent: "each replica is killed by itself",
        "the share of a zone's replicas that one event takes at once"),
    ])

  static let spotDroughts = KeyTable(
    "the droughts",
    keys: [
      .required("mean_between_hours", hours, "mean time from the end of one to the start of the next, hours"),
      .required("mean_hours", hours, "mean length, hours"),
    ])

  static let failures = KeyTable(
    "the node failures",
    keys: [
      .required(
        "per_gpu_year", .uncertain(.from(0, to: 1000)),
        "failures per GPU and year; a replica of n GPUs fails n times as often"),
      .optional(
        "repair_hours", .uncertain(.from(0, to: 10_000)), absent: "0",
        "mean time until a replacement can be started, hours"),
    ])
}
