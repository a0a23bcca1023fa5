// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that a nightly job has stored: they are what the next night is held against, whatever else was tried by day.

/// What a nightly run knows of a scenario beside its result.
public struct NightlyFacts: Sendable, Hashable, Codable {
  /// How many thresholds it crossed.
  public var alerts: Int
  /// What the plan has for the time that the usage logs cover, $; nil where no log tells dollars.
  public var plannedSpend: Double?
  /// What the usage logs say was spent, $.
  public var actualSpend: Double?
  /// Requests that the plan has for that time; nil where there is no usage log.
  public var plannedRequests: Double?
  /// Requests of the usage logs.
  public var actualRequests: Double?

  /// Facts of a night without usage logs.
  public init(alerts: Int) { self.alerts = alerts }
}

/// A nightly run as a point of a trend.
public struct TrendPoint: Sendable, Hashable, Codable {
  /// The run's number.
  public let run: Int64
  /// When it was saved, ISO 8601, UTC.
  public let createdAt: String
  /// The id of the recommended option.
  public let recommendedOption: String
  /// The recommended option's median cost over the horizon, discounted, $.
  public let medianCost: Double
  /// The probability that the recommended option is the cheapest.
  public let probabilityCheapest: Double
  /// How many thresholds it crossed.
  public let alerts: Int

  /// A point.
  public init(
    run: Int64, createdAt: String, recommendedOption: String, medianCost: Double,
    probabilityCheapest: Double, alerts: Int
  ) {
    self.run = run
    self.createdAt = createdAt
    self.recommendedOption = recommendedOption
    self.medianCost = medianCost
    self.probabilityCheapest = probabilityCheapest
    self.alerts = alerts
  }
}

extension RunStore {
  /// The run that a night is held against: the newest nightly one of a scenario, or where there is none its newest of
  /// all; nil where it has none.
  public func lastGoodRun(of scenario: String) throws(StoreError) -> Int64? {
    let nightly = try database.integer(
      """
      SELECT max(run_id) FROM nightly_runs JOIN runs ON runs.id = run_id WHERE scenario = ?1
      HAVING max(run_id) IS NOT NULL
      """, [.text(scenario)])
    if let nightly { return nightly }
    return try database.integer(
      "SELECT max(id) FROM runs WHERE scenario = ?1 HAVING max(id) IS NOT NULL", [.text(scenario)])
  }

  /// When a nightly run of a scenario was last stored, ISO 8601 in UTC; nil where none was.
  public func lastNight(of scenario: String) throws(StoreError) -> String? {
    let row = try database.prepare(
      """
      SELECT created_at FROM nightly_runs JOIN runs ON runs.id = run_id WHERE scenario = ?1
      ORDER BY run_id DESC LIMIT 1
      """)
    try row.bind([.text(scenario)])
    return try row.step() ? row.text(0) : nil
  }

  /// The newest nightly runs of a scenario, oldest first.
  /// - Parameter limit: at most so many.
  public func trend(of scenario: String, limit: Int) throws(StoreError) -> [TrendPoint] {
    let rows = try database.prepare(
      """
      SELECT runs.id, created_at, recommended, p50, p_cheapest, alerts
      FROM nightly_runs JOIN runs ON runs.id = nightly_runs.run_id
        JOIN options ON options.run_id = runs.id AND options.name = recommended
      WHERE scenario = ?1 ORDER BY runs.id DESC LIMIT ?2
      """)
    try rows.bind([.text(scenario), .integer(Int64(limit))])
    var points: [TrendPoint] = []
    while try rows.step() {
      points.append(
        TrendPoint(
          run: rows.integer(0), createdAt: rows.text(1), recommendedOption: rows.text(2),
          medianCost: rows.real(3), probabilityCheapest: rows.real(4), alerts: Int(rows.integer(5))))
    }
    return points.reversed()
  }

  /// What SQLite finds wrong with the file's pages at a first look, in words; nil where it is sound. Reads the whole
  /// file, but compares no index with its table (https://www.sqlite.org/pragma.html#pragma_quick_check).
  public func quickCheck() throws(StoreError) -> String? {
    let finding = try database.prepare("PRAGMA quick_check(1)")
    guard try finding.step(), finding.text(0) != "ok" else { return nil }
    return finding.text(0)
  }

  /// Deletes the pieces of runs that a newer run of their scenario has replaced: what is priced again is the newest. The
  /// runs stay.
  /// - Parameter time: ISO 8601 in UTC; pieces that were touched since stay too.
  /// - Returns: how many were deleted.
  @discardableResult
  public func dropSupersededPieces(untouchedSince time: String) throws(StoreError) -> Int {
    try database.transaction { () throws(StoreError) in
      try database.prepare(
        """
        DELETE FROM pieces WHERE piece_set IN (
          SELECT id FROM piece_sets WHERE touched_at < ?1
            AND id NOT IN (
              SELECT piece_set FROM runs
              WHERE piece_set IS NOT NULL AND id IN (SELECT max(id) FROM runs GROUP BY scenario)))
        """, action: "write"
      ).run([.text(time)])
      return Int(try database.integer("SELECT changes()") ?? 0)
    }
  }

  /// The newest nightly run of each scenario: the next night needs it, however old it is.
  func newestNights() throws(StoreError) -> Set<Int64> {
    let rows = try database.prepare(
      "SELECT max(run_id) FROM nightly_runs JOIN runs ON runs.id = run_id GROUP BY scenario")
    var runs: Set<Int64> = []
    while try rows.step() { runs.insert(rows.integer(0)) }
    return runs
  }

  /// Notes that a run is a nightly one; inside the caller's transaction.
  func insertNight(_ facts: NightlyFacts, run: Int64) throws(StoreError) {
    try database.prepare(
      """
      INSERT INTO nightly_runs
        (run_id, alerts, planned_spend, actual_spend, planned_requests, actual_requests)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      """, action: "write"
    ).run([
      .integer(run), .integer(Int64(facts.alerts)), SQLValue(facts.plannedSpend),
      SQLValue(facts.actualSpend), SQLValue(facts.plannedRequests), SQLValue(facts.actualRequests),
    ])
  }
}
