// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may say of costs beside the supplies, as data.

import Catalog
import YAMLDocument

extension ScenarioKeys {
  static let costs = KeyTable(
    "the costs of an option",
    keys: [
      .optional("people_per_month", .uncertain(.notNegative), absent: "0", "operations people, $ per month"),
      .optional(
        "people", .mapping(shares("the people of an option", "role")), absent: "none",
        "full-time employees by role of prices.people"),
      .optional(
        "platform_per_month", .uncertain(.notNegative), absent: "0",
        "load balancer, storage, egress, observability in one sum, $ per month"),
      .optional(
        "platform", .mapping(shares("the services of an option", "service id")), absent: "none",
        "how many of a service of prices.platform that is paid by the month or hour"),
      .optional("one_off", .uncertain(.notNegative), absent: "0", "migration, $ in the first month"),
      .optional("load_balancer", .mapping(monthlyUse("a load balancer")), absent: "0", "the load balancer"),
      .optional("storage", .mapping(storage), absent: "0", "weights and data kept"),
      .optional("egress", .mapping(egress), absent: "0", "what answers weigh as they leave the cloud"),
      .optional(
        "observability", .mapping(monthlyUse("observability")), absent: "0", "logs, metrics and traces"),
      .optional(
        "redundancy_share", .uncertain(.from(0, to: 10)), absent: "0",
        "what is held twice of the fleets, as in a second region, as a share of what they cost"),
      .optional(
        "support_share", .uncertain(.from(0, to: 1)), absent: "0",
        "a support plan, as a share of what is bought of vendors month by month"),
      .optional(
        "tax_share", .uncertain(.from(0, to: 1)), absent: "0",
        "tax on what is bought of vendors month by month and on its support"),
    ])

  private static func shares(_ title: String, _ meaning: String) -> KeyTable {
    KeyTable(title, named: .uncertain(.notNegative), nameMeaning: meaning)
  }

  /// A price: a number, a distribution, or the id of a price of the book.
  private static func price(_ name: String, absent: String? = nil, _ summary: String) -> Key {
    .optional(
      name, .anyOf([.uncertain(.notNegative), .text]), absent: absent,
      "\(summary), or the id of a price under prices.platform")
  }

  private static func monthlyUse(_ title: String) -> KeyTable {
    KeyTable(
      title,
      keys: [
        price("per_month", absent: "0", "$ per month"),
        price("per_million_requests", absent: "0", "$ per 1M requests that arrive"),
      ])
  }

  static let storage = KeyTable(
    "storage",
    keys: [
      .optional(
        "gigabytes", .uncertain(.notNegative), absent: "0", "kept at all times, 10⁹ bytes"),
      .optional(
        "weight_copies", .uncertain(.notNegative), absent: "0",
        "copies of the weights of every pool that are kept at all times"),
      .optional(
        "replica_disks", .boolean, absent: "false",
        "whether each replica holds its weights on a disk of its own while it is paid for"),
      price("per_gigabyte_month", "$ per 10⁹ bytes and month; required"),
    ])

  static let egress = KeyTable(
    "egress",
    keys: [
      price("per_gigabyte", "$ per 10⁹ bytes; required"),
      .optional(
        "bytes_per_request", .uncertain(.notNegative), absent: "0", "bytes of an answer beside its tokens"),
      .optional(
        "bytes_per_output_token", .uncertain(.notNegative), absent: "4",
        "bytes of a token of an answer; streamed one by one in JSON some 300"),
    ])

  static let owned = KeyTable(
    "owned hardware",
    keys: [
      .optional(
        "gpus", .integer(1...1_000_000), absent: "as many as the fleet has at most", "GPUs bought"),
      .required(
        "capex_per_gpu", .uncertain(.notNegative),
        "$ per GPU with its share of server and network, paid in the first month"),
      .optional(
        "residual_share", .uncertain(.from(0, to: 1)), absent: "0",
        "share of the capex that the hardware is still worth as the horizon ends"),
      .optional(
        "life_months", .integer(1...600),
        "months over which it is written off in equal parts; the rest at the horizon's end is its worth, instead of "
          + "residual_share"),
      .optional(
        "colocation_per_gpu_month", .uncertain(.notNegative), absent: "0",
        "$ per GPU and month for the space it stands in"),
      .optional(
        "maintenance_per_gpu_month", .uncertain(.notNegative), absent: "0",
        "$ per GPU and month for repairs and spare parts"),
      .optional("power", .mapping(power), absent: "not counted", "electricity"),
    ])

  static let power = KeyTable(
    "the power of owned hardware",
    keys: [
      price("per_kwh", "$ per kWh; required"),
      .optional(
        "busy_kw", .uncertain(.notNegative), absent: "the GPU's TDP",
        "kW per GPU with its share of the server, while a request is in work"),
      .optional(
        "idle_kw", .uncertain(.notNegative), absent: "busy_kw", "kW per GPU at any other time"),
      .optional(
        "pue", .uncertain(.from(1, to: 5)), absent: "1", "power of the building over that of its servers"),
    ])

  static let penalties = KeyTable("the penalties", named: .mapping(penalty), nameMeaning: "use case")

  static let penalty = KeyTable(
    "a penalty",
    keys: [
      .optional(
        "per_thousand_missed", .uncertain(.notNegative), absent: "0",
        "$ per 1,000 requests that are late, failed, throttled or unfinished"),
      .optional(
        "credits",
        .mapping(
          KeyTable(
            "service credits", named: .number(.from(0, to: 1)), nameMeaning: "attainment", namedMinimum: 1)),
        absent: "none",
        "by attainment of a month, 0.99 for 99 %: the share of bill_per_month given back below it"),
      .optional(
        "bill_per_month", .uncertain(.notNegative),
        "$ per month that the use case's users are billed; required with credits"),
    ])
}
