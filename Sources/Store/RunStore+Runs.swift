// SPDX-License-Identifier: GPL-3.0-or-later
// Saving a finished run as a whole, and finding it again.

public import Decision
public import Foundation

extension RunStore {
  /// Saves a finished run, all of it or nothing.
  /// - Parameters:
  ///   - result: the result document.
  ///   - json: the same as JSON, kept without its indentation, compressed.
  ///   - costs: cost by option (in the result's order) and future, $; kept as binary32.
  ///   - createdAt: the time of saving, ISO 8601 in UTC: `2026-02-01T03:00:00Z`.
  ///   - pieceSet: the set that its pieces are kept in; nil where none were.
  ///   - inputs: what it was made from; nil keeps nothing of it.
  ///   - name: a name for it; nil for a run like any other of its scenario.
  ///   - night: what a nightly job knows beside the result; nil for a run that is none of its.
  ///   - earlier: the run that its report is held against; nil where there is none.
  /// - Returns: the run's number.
  /// - Throws: `StoreError`; `invalidRun` where the parts do not fit together, `nameTaken`.
  public func save(
    _ result: PlanResult, json: Data, costs: [[Double]], createdAt: String, pieceSet: String? = nil,
    inputs: RunInputs? = nil, name: String? = nil, night: NightlyFacts? = nil, earlier: EarlierRun? = nil
  ) throws(StoreError) -> Int64 {
    guard costs.count == result.options.count, costs.allSatisfy({ $0.count == result.run.draws }) else {
      throw .invalidRun(
        reason: "costs of \(costs.map(\.count)) futures for \(result.options.count) options and "
          + "\(result.run.draws) draws")
    }
    let rows = costs.compactMap(CostBlob.encode)
    guard rows.count == costs.count else { throw .invalidRun(reason: "a cost is not finite in binary32") }
    guard let text = String(validating: json, as: UTF8.self) else {
      throw .invalidRun(reason: "its JSON is not UTF-8")
    }
    return try database.transaction { () throws(StoreError) in
      if let name { try checkName(name) }
      let run = try insertRun(
        result, json: try queriedPart(of: text, options: result.options.count), createdAt: createdAt)
      try insertResult(text, run: run)
      if let name {
        try database.prepare("UPDATE runs SET name = ?2 WHERE id = ?1", action: "write")
          .run([.integer(run), .text(name)])
      }
      if let inputs { try insertInputs(inputs, run: run) }
      try insertOptions(result.options, costs: rows, run: run)
      try insertBreakEvens(result.breakEvens, run: run)
      if let pieceSet {
        let set = try self.pieceSet(pieceSet, scenario: result.run.scenario, now: createdAt)
        try database.prepare("UPDATE runs SET piece_set = ?2 WHERE id = ?1", action: "write")
          .run([.integer(run), .integer(set)])
      }
      if let night { try insertNight(night, run: run) }
      if let earlier { try insertEarlier(earlier, run: run) }
      return run
    }
  }

  /// The run that a reference names.
  /// - Throws: `noSuchRun`, `damaged`, or what SQLite says.
  public func load(_ reference: RunReference) throws(StoreError) -> StoredRun {
    try database.transaction(writing: false) { () throws(StoreError) in
      let run = try number(of: reference)
      let rows = try database.prepare(
        "SELECT \(Self.summaryColumns), result_json FROM \(Self.summaryTables) WHERE runs.id = ?1")
      try rows.bind([.integer(run)])
      guard try rows.step() else { throw .noSuchRun(reference, path: path) }
      let summary = try summary(in: rows)
      let json = try wholeResult(of: run) ?? Data(rows.bytes(Self.summaryColumnCount))
      let draws = try database.prepare(
        "SELECT bytes_per_cost, costs FROM draws WHERE run_id = ?1 ORDER BY position")
      try draws.bind([.integer(run)])
      var costs: [[Double]] = []
      while try draws.step() {
        let row = CostBlob.decode(draws.bytes(1), bytesPerCost: Int(draws.integer(0)))
        guard let row, row.count == summary.draws else {
          throw .damaged(path: path, reason: "run \(run) has costs of another length than its draws")
        }
        costs.append(row)
      }
      return StoredRun(summary: summary, json: json, costs: costs)
    }
  }

  /// The number of the run that a reference names.
  /// - Throws: `noSuchRun`, or what SQLite says.
  public func number(of reference: RunReference) throws(StoreError) -> Int64 {
    let found =
      switch reference {
      case .number(let number):
        try database.integer("SELECT id FROM runs WHERE id = ?1", [.integer(number)])
      case .recent(let scenario, let back):
        // A name goes before a scenario's; runs with names do not count as their scenario's, whose history they are
        // no part of.
        try database.integer(
          """
          SELECT id FROM (
            SELECT id, 0 AS place FROM runs WHERE name = ?1 AND ?2 = 0
            UNION ALL SELECT id, 1 FROM runs WHERE ?1 IS NULL OR (scenario = ?1 AND name IS NULL))
          ORDER BY place, id DESC LIMIT 1 OFFSET ?2
          """, [scenario.map(SQLValue.text) ?? .null, .integer(Int64(back))])
      }
    guard let found else { throw .noSuchRun(reference, path: path) }
    return found
  }

  /// The number of the newest run of the same scenario, without a name of its own, that is older than a run; nil where
  /// there is none.
  public func predecessor(of run: Int64) throws(StoreError) -> Int64? {
    try database.integer(
      """
      SELECT max(id) FROM runs
      WHERE id < ?1 AND name IS NULL AND scenario = (SELECT scenario FROM runs WHERE id = ?1)
      HAVING max(id) IS NOT NULL
      """, [.integer(run)])
  }

  /// The stored runs, newest first.
  /// - Parameters:
  ///   - scenario: only those of this scenario; of all where nil.
  ///   - limit: at most so many; all where nil.
  public func list(scenario: String? = nil, limit: Int? = nil) throws(StoreError) -> [RunSummary] {
    let rows = try database.prepare(
      """
      SELECT \(Self.summaryColumns) FROM \(Self.summaryTables)
      WHERE ?1 IS NULL OR scenario = ?1 ORDER BY id DESC LIMIT ?2
      """
    )
    // To SQLite, a limit below 0 is none.
    try rows.bind([scenario.map(SQLValue.text) ?? .null, .integer(Int64(limit ?? -1))])
    var runs: [RunSummary] = []
    while try rows.step() { runs.append(try summary(in: rows)) }
    return runs
  }

  private static var summaryColumns: String {
    """
    id, scenario, runs.title, version, seed, draws, simulations, scenario_digest, catalog_digest, \
    created_at, sentence, recommended, baseline, p50, p_cheapest, runs.name
    """
  }

  private static var summaryColumnCount: Int32 { 16 }

  /// Left: a run whose recommended option is missing is listed all the same; `check()` finds it.
  private static var summaryTables: String {
    "runs LEFT JOIN options ON options.run_id = runs.id AND options.name = recommended"
  }

  private func summary(in row: borrowing Statement) throws(StoreError) -> RunSummary {
    guard let seed = UInt64(row.text(4)) else {
      throw .damaged(path: path, reason: "run \(row.integer(0)) has the seed '\(row.text(4))'")
    }
    return RunSummary(
      id: row.integer(0), scenario: row.text(1), title: row.text(2), version: row.text(3), seed: seed,
      draws: Int(row.integer(5)), simulations: Int(row.integer(6)), scenarioDigest: row.text(7),
      catalogDigest: row.text(8), createdAt: row.text(9), sentence: row.text(10),
      recommendedOption: row.text(11), baseline: row.text(12), medianCost: row.real(13),
      probabilityCheapest: row.real(14), name: row.isNull(15) ? nil : row.text(15))
  }

  /// Checks that a run may be called so.
  /// - Throws: `nameTaken` where another run or a scenario is.
  public func checkName(_ name: String) throws(StoreError) {
    let other = try database.integer(
      "SELECT id FROM runs WHERE name = ?1 OR scenario = ?1 ORDER BY name IS NULL, id DESC LIMIT 1",
      [.text(name)])
    if let other { throw .nameTaken(name, run: other, path: path) }
  }

  private func insertRun(
    _ result: PlanResult, json: String, createdAt: String
  ) throws(StoreError) -> Int64 {
    let (run, decision) = (result.run, result.decision)
    try database.insert(
      into: "runs",
      [
        ("scenario", .text(run.scenario)), ("title", .text(run.title)), ("version", .text(run.version)),
        ("seed", .text(String(run.seed))), ("draws", .integer(Int64(run.draws))),
        ("simulations", .integer(Int64(run.simulations))), ("start_month", .text(run.startMonth)),
        ("months", .integer(Int64(run.months))), ("scenario_digest", .text(run.scenarioDigest)),
        ("catalog_digest", .text(run.catalogDigest)), ("created_at", .text(createdAt)),
        ("sentence", .text(decision.sentence)), ("recommended", .text(decision.option)),
        ("baseline", .text(decision.baseline)), ("expected_regret", .real(decision.expectedRegret)),
        ("schema_version", .integer(Int64(result.schemaVersion))), ("result_json", .text(json)),
      ])
    return database.lastInsertedRow
  }

  private func insertOptions(
    _ options: [OptionResult], costs: [[UInt8]], run: Int64
  ) throws(StoreError) {
    for (position, option) in options.enumerated() {
      let key: [(String, SQLValue)] = [("run_id", .integer(run)), ("position", .integer(Int64(position)))]
      try database.insert(
        into: "options",
        key + [("name", .text(option.name)), ("title", .text(option.title))]
          + option.totalCost.columns + [
            ("cvar95", .real(option.conditionalValueAtRisk95)),
            ("p_cheapest", .real(option.probabilityCheapest.estimate)),
            ("p_cheapest_low", .real(option.probabilityCheapest.low)),
            ("p_cheapest_high", .real(option.probabilityCheapest.high)),
            ("expected_regret", .real(option.expectedRegret)),
            ("served_share", .real(option.servedShare)), ("service_level", .real(option.serviceLevel)),
            ("meets_service_level", .integer(option.meetsServiceLevel ? 1 : 0)),
          ])
      try database.insert(
        into: "draws",
        key + [
          ("futures", .integer(Int64(costs[position].count / CostBlob.bytesPerCost))),
          ("bytes_per_cost", .integer(Int64(CostBlob.bytesPerCost))), ("costs", .blob(costs[position])),
        ])
    }
  }

  private func insertBreakEvens(_ breakEvens: [BreakEven], run: Int64) throws(StoreError) {
    for (position, breakEven) in breakEvens.enumerated() {
      let columns: [(String, SQLValue)] = [
        ("run_id", .integer(run)), ("position", .integer(Int64(position))),
        ("option", .text(breakEven.option)), ("against", .text(breakEven.against)),
        ("axis", .text(breakEven.axis)), ("finding", .text(breakEven.finding)),
        ("never_share", .real(breakEven.neverShare)), ("always_share", .real(breakEven.alwaysShare)),
      ]
      // The columns of the spread stay null where there is none.
      try database.insert(into: "break_evens", columns + (breakEven.value?.columns ?? []))
    }
  }
}

extension Spread {
  /// The spread as columns of a row.
  fileprivate var columns: [(String, SQLValue)] {
    [
      ("mean", .real(mean)), ("p10", .real(p10)), ("p50", .real(p50)), ("p90", .real(p90)),
      ("p95", .real(p95)),
    ]
  }
}

extension Database {
  /// Inserts one row; the names are the program's own, the values are bound.
  fileprivate func insert(
    into table: String, _ columns: [(name: String, value: SQLValue)]
  ) throws(StoreError) {
    let names = columns.map(\.name).joined(separator: ", ")
    let places = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    let statement = try prepare("INSERT INTO \(table) (\(names)) VALUES (\(places))", action: "write")
    try statement.run(columns.map(\.value))
  }
}
