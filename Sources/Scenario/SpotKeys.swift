// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may say of interruptions, as data.

import YAMLDocument

extension ScenarioKeys {
  static let spot = KeyTable(
    "the interruptions",
    keys: [
      .optional("zones", .integer(1...64), absent: "1", "zones the replicas are spread over"),
      .required(
        "mean_up_hours", .uncertain(.from(0.01, to: 100_000)), "mean time a zone stays available, hours"),
      .required(
        "mean_down_hours", .uncertain(.from(0.01, to: 100_000)),
        "mean time until it is available again, hours"),
      .optional(
        "shape", .number(.from(0.1, to: 10)), absent: "0.6",
        "Weibull shape of both times; below 1 is heavy-tailed"),
      .optional(
        "notice_seconds", .number(.from(0, to: 3600)), absent: "120", "warning before an interruption"),
    ])
}
