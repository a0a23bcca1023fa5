// SPDX-License-Identifier: GPL-3.0-or-later
// The tidy tables of what went in: the demand and the assumptions.

import Decision

extension ReportTables {
  static func demandByHour(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .init("hour_of_week", .integer, unit: "hours", "Hours since Monday 00:00 UTC, from 0."),
        .init("weekday", .string, "The day of the week."),
        .init("hour_utc", .integer, unit: "hours", "The hour of the day, UTC."),
        .init("requests_per_second", .number, unit: "requests/s", "Mean rate over futures, all use cases."),
      ], meaning: "An hour of the first month's week.", key: ["hour_of_week"])
    for (hour, rate) in result.demand.hourOfWeekRate.enumerated() {
      table.append([
        .integer(hour), .text(CalendarText.weekdays[hour / 24]), .integer(hour % 24),
        .number(rate, digits: 6),
      ])
    }
    return table
  }

  static func demandByUse(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .useCase, .init("model", .string, "The model that answers by default."),
        .init("source", .string, "Where its requests come from: synthesized, or a trace's path."),
        .init("requests_per_day", .number, unit: "requests/day", "Mean over futures, first month."),
        .init("mean_input_tokens", .number, unit: "tokens", "Mean prompt length."),
        .init("mean_output_tokens", .number, unit: "tokens", "Mean length of an answer."),
      ], meaning: "A use case's demand in the first month.", key: ["use_case"])
    for use in result.demand.useCases {
      table.append([
        .text(use.name), .text(use.model), .text(use.source), .number(use.requestsPerDay, digits: 1),
        .number(use.meanInputTokens, digits: 3), .number(use.meanOutputTokens, digits: 3),
      ])
    }
    return table
  }

  static func demandMonthly(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .month, .init("requests", .number, unit: "requests", "Requests in the month, mean over futures."),
        .init("input_tokens", .number, unit: "tokens", "Prompt tokens in the month, mean over futures."),
        .init("output_tokens", .number, unit: "tokens", "Output tokens in the month, mean over futures."),
      ], meaning: "The demand of a month, all use cases.", key: ["month"])
    for month in result.demand.monthly {
      table.append([
        .text(month.month), .number(month.requests, digits: 0), .number(month.inputTokens, digits: 0),
        .number(month.outputTokens, digits: 0),
      ])
    }
    return table
  }

  static func assumptions(_ result: PlanResult) -> CSVTable {
    var table = CSVTable(
      columns: [
        .init("name", .string, "The path of the value in the scenario or the price book."),
        .init("kind", .string, "physical: it changes what is simulated; price: it does not."),
        .init("distribution", .string, "What is believed of it, in words."),
        .init("p10", .number, "10th percentile, in the row's unit."),
        .init("p50", .number, "Median, in the row's unit."),
        .init("p90", .number, "90th percentile, in the row's unit."),
        .init("unit", .string, "The row's unit."), .init("source", .string, "Where it comes from."),
        .init("verified_on", .date, "The last check against the source; empty where there is none."),
      ], meaning: "An input: every uncertain one, and every price used.")
    for one in result.assumptions {
      table.append([
        .text(one.name), .text(one.kind), .text(one.distribution), .number(one.p10, digits: 9),
        .number(one.p50, digits: 9), .number(one.p90, digits: 9), .text(one.unit), .text(one.source),
        one.verifiedOn.map { .text($0) } ?? .empty,
      ])
    }
    return table
  }
}
