// SPDX-License-Identifier: GPL-3.0-or-later
// What must be true of a store beyond what its tables enforce: each invariant is a query for the runs that
// break it.

/// One thing that a check looked at, and what it found.
public struct StoreFinding: Sendable, Hashable, Codable {
  /// What must be true, in words.
  public var claim: String
  /// Where it is not; empty where all is well.
  public var problems: [String]
}

extension RunStore {
  /// Checks the whole file: SQLite's own checks, then the invariants of stored runs. Reads everything.
  /// - Throws: what SQLite says where not even reading works.
  public func check() throws(StoreError) -> [StoreFinding] {
    try database.transaction(writing: false) { () throws(StoreError) in
      let integrity = try integrityProblems()
      let references = try referenceProblems()
      var findings = [
        StoreFinding(claim: "every page, index and constraint is sound", problems: integrity),
        StoreFinding(claim: "every reference between tables leads to a row", problems: references),
      ]
      // Queries over broken pages say nothing worth hearing.
      if !integrity.isEmpty { return findings }
      for (claim, query) in Self.invariants {
        let broken = try database.prepare(query)
        var problems: [String] = []
        while try broken.step() { problems.append("run \(broken.integer(0)): \(broken.text(1))") }
        findings.append(StoreFinding(claim: claim, problems: problems))
      }
      findings.append(
        StoreFinding(
          claim: "each option's mean and percentiles are those of its stored costs",
          problems: try costProblems()))
      findings.append(
        StoreFinding(claim: "every result is as it was stored", problems: try resultProblems()))
      findings.append(
        StoreFinding(
          claim: "every piece of simulated quantities is as it was stored", problems: try pieceProblems()))
      return findings
    }
  }

  /// What SQLite and the invariants find wrong with the file, in words; empty where it is sound. Reads the
  /// whole file.
  public func problems() throws(StoreError) -> [String] { try check().flatMap(\.problems) }

  /// SQLite's check of the file's pages, indexes and constraints.
  private func integrityProblems() throws(StoreError) -> [String] {
    var problems: [String] = []
    let integrity = try database.prepare("PRAGMA integrity_check")
    while try integrity.step() {
      let finding = integrity.text(0)
      if finding != "ok" { problems.append(finding) }
    }
    return problems
  }

  private func referenceProblems() throws(StoreError) -> [String] {
    var problems: [String] = []
    let foreignKeys = try database.prepare("PRAGMA foreign_key_check")
    while try foreignKeys.step() {
      problems.append("a row of \(foreignKeys.text(0)) refers to no row of \(foreignKeys.text(2))")
    }
    return problems
  }

  /// Claims, each with a query for the runs that break it and how.
  private static let invariants: [(claim: String, query: String)] = [
    (
      "a run has options, the first at position 0 and none left out",
      """
      SELECT runs.id, count(options.run_id) || ' options up to position ' || ifnull(max(position), '–')
      FROM runs LEFT JOIN options ON options.run_id = runs.id
      GROUP BY runs.id HAVING count(options.run_id) = 0 OR max(position) + 1 <> count(options.run_id)
      ORDER BY runs.id
      """
    ),
    (
      "the recommended option and the baseline are among a run's options",
      """
      SELECT id, 'it has no option ''' || wanted || '''' FROM
        (SELECT id, recommended AS wanted FROM runs UNION SELECT id, baseline FROM runs)
      WHERE NOT EXISTS (SELECT 1 FROM options WHERE run_id = id AND name = wanted) ORDER BY id, wanted
      """
    ),
    (
      "every option has a cost in each of its run's futures",
      """
      SELECT runs.id, 'option ''' || options.name || ''' has '
          || ifnull(futures || ' costs', 'no costs') || ', not ' || runs.draws
      FROM runs JOIN options ON options.run_id = runs.id
        LEFT JOIN draws ON draws.run_id = runs.id AND draws.position = options.position
      WHERE futures IS NOT runs.draws ORDER BY runs.id, options.position
      """
    ),
    (
      "percentiles ascend: P10 ≤ P50 ≤ P90 ≤ P95",
      """
      SELECT run_id, 'those of option ''' || name || ''' do not' FROM options
      WHERE NOT (p10 <= p50 AND p50 <= p90 AND p90 <= p95) ORDER BY run_id, position
      """
    ),
    (
      "a probability lies within its interval",
      """
      SELECT run_id, 'P(cheapest) of option ''' || name || ''' does not' FROM options
      WHERE NOT (p_cheapest_low <= p_cheapest AND p_cheapest <= p_cheapest_high) ORDER BY run_id, position
      """
    ),
    (
      "the columns say what the result document says",
      """
      SELECT id, 'scenario, seed, draws or decision differ' FROM runs
      WHERE json_extract(result_json, '$.run.scenario') IS NOT scenario
         OR json_extract(result_json, '$.run.draws') IS NOT draws
         OR json_extract(result_json, '$.decision.option') IS NOT recommended
         OR json_extract(result_json, '$.decision.baseline') IS NOT baseline
         OR json_array_length(result_json, '$.options')
            IS NOT (SELECT count(*) FROM options WHERE run_id = id)
      ORDER BY id
      """
    ),
  ]

  /// Options whose stored mean is not the mean of their stored costs, to the precision in which these are
  /// kept.
  private func costProblems() throws(StoreError) -> [String] {
    let rows = try database.prepare(
      """
      SELECT run_id, name, mean, p10, p90, bytes_per_cost, costs
      FROM options JOIN draws USING (run_id, position) ORDER BY run_id, position
      """)
    var problems: [String] = []
    while try rows.step() {
      let (run, name) = (rows.integer(0), rows.text(1))
      guard let costs = CostBlob.decode(rows.bytes(6), bytesPerCost: Int(rows.integer(5))) else { continue }
      let mean = costs.reduce(0, +) / Double(costs.count)
      let scale = max(costs.map(\.magnitude).max() ?? 0, 1e-9)
      if !((mean - rows.real(2)).magnitude <= 1e-6 * scale) {
        problems.append("run \(run): option '\(name)' has the mean \(rows.real(2)), its costs have \(mean)")
        continue
      }
      let range = (costs.min() ?? 0) - 1e-6 * scale...(costs.max() ?? 0) + 1e-6 * scale
      if !range.contains(rows.real(3)) || !range.contains(rows.real(4)) {
        problems.append("run \(run): option '\(name)' has percentiles beyond all its costs")
      }
    }
    return problems
  }
}
