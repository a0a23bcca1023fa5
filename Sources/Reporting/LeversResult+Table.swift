// SPDX-License-Identifier: GPL-3.0-or-later
// The tidy table of what each measure saves.

public import Decision

extension LeversResult {
  /// One row per state: before any lever, after each of them in order, and with each measure beside them.
  public var table: CSVTable {
    let cost = ["mean", "p10", "p50", "p90", "p95"]
    var table = CSVTable(
      columns: [
        .init("option", .string, "The id of the option that has all levers."),
        .init("step", .integer, "Place in the order; empty for measures beside the levers."),
        .init("measure", .string, "What is done; none before the first."),
        .init("gpus", .integer, unit: "GPU", "GPUs of all replicas."),
        .init("replicas", .string, "Replicas by model."),
        .init("served_within_objective_share", .number, unit: "1", "Share of requests served in time."),
      ]
        + cost.map {
          .init(
            "total_cost_\($0)_usd", .number, unit: "USD", "Discounted cost over the horizon, over prices.")
        }
        + cost.map {
          .init("saving_\($0)_usd", .number, unit: "USD", "What the measure saves after those before it.")
        }
        + [.init("shapley_share_usd", .number, unit: "USD", "Its mean saving over all orders.")],
      meaning: "What a measure leaves an option to cost, in the order of the levers, and beside them.")
    func amounts(_ spread: Spread) -> [CSVTable.Cell] {
      [spread.mean, spread.p10, spread.p50, spread.p90, spread.p95].map { .dollars($0) }
    }
    func row(_ step: Int?, _ measure: String, _ state: LeverState, _ saving: Spread?, _ share: Double?) {
      table.append(
        [
          .text(option), step.map { .integer($0) } ?? .empty, .text(measure), .integer(state.gpus),
          .text(state.replicas), .number(state.serviceLevel, digits: 6),
        ] + amounts(state.cost) + (saving.map(amounts) ?? Array(repeating: .empty, count: 5)) + [
          share.map { .dollars($0) } ?? .empty
        ])
    }
    row(0, "none", start, nil, nil)
    for (place, step) in steps.enumerated() {
      row(place + 1, step.lever.rawValue, step.state, step.saving, step.shapleyShare)
    }
    for measure in besides { row(nil, measure.name, measure.state, measure.saving, nil) }
    return table
  }
}
