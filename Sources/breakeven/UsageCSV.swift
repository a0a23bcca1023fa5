// SPDX-License-Identifier: GPL-3.0-or-later
// A usage document as a table for spreadsheets, through the one CSV writer.

import Reporting

/// The CSV of a usage document: a row for each model, each use case, and all; `scope` tells which.
struct UsageCSV {
  private static let header = [
    "scope", "name", "requests", "failed", "answered_from_cache", "input_tokens", "cached_input_tokens",
    "output_tokens", "dollars", "unpriced_requests", "dollars_per_million_output_tokens",
    "dollars_per_request",
    "duplicate_requests", "duplicate_input_tokens", "duplicate_output_tokens", "duplicate_dollars",
    "duplicate_unpriced_requests", "first_token_p50_seconds", "first_token_p90_seconds",
    "first_token_p99_seconds", "duration_p50_seconds", "duration_p90_seconds", "duration_p99_seconds",
  ]

  /// The text of the table.
  let text: String

  init(_ document: UsageDocument) {
    var table = CSVTable(header: Self.header)
    for (scope, rows) in [
      ("model", document.models), ("use_case", document.useCases), ("total", [document.total]),
    ] {
      for row in rows { table.append([.text(scope), .text(row.name)] + Self.cells(row)) }
    }
    text = table.text
  }

  private static func cells(_ row: UsageDocument.Row) -> [CSVTable.Cell] {
    let saved = row.duplicates
    let figures: [Double?] = [
      row.requests, row.failed, row.answeredFromCache, row.inputTokens, row.cachedInputTokens,
      row.outputTokens, row.dollars, row.unpricedRequests, row.dollarsPerMillionOutputTokens,
      row.dollarsPerRequest, saved?.requests, saved?.inputTokens, saved?.outputTokens, saved?.dollars,
      saved?.unpricedRequests, row.firstTokenSeconds?.p50, row.firstTokenSeconds?.p90,
      row.firstTokenSeconds?.p99, row.durationSeconds?.p50, row.durationSeconds?.p90,
      row.durationSeconds?.p99,
    ]
    // Nine decimals: a request of a small model costs millionths of a dollar.
    return figures.map { $0.map { .number($0, digits: 9) } ?? .empty }
  }
}
