// SPDX-License-Identifier: GPL-3.0-or-later
// A store of the first layout, as the program that knew no other wrote it, opened by today's.

import Foundation
import Store
import Testing

@Suite("Migrations")
struct MigrationTests {
  /// The tables of layout 1, which never change again, and one run in them. Its costs are binary64: 1.5 and
  /// 2.5.
  static let firstLayout = """
    PRAGMA application_id = 1114794821;
    CREATE TABLE migrations (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    INSERT INTO migrations VALUES (1, 'runs');
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY AUTOINCREMENT, scenario TEXT NOT NULL, title TEXT NOT NULL,
      version TEXT NOT NULL, seed TEXT NOT NULL, draws INTEGER NOT NULL,
      simulations INTEGER NOT NULL, start_month TEXT NOT NULL,
      months INTEGER NOT NULL, scenario_digest TEXT NOT NULL, catalog_digest TEXT NOT NULL,
      created_at TEXT NOT NULL, sentence TEXT NOT NULL, recommended TEXT NOT NULL, baseline TEXT NOT NULL,
      expected_regret REAL NOT NULL, schema_version INTEGER NOT NULL, result_json TEXT NOT NULL
    ) STRICT;
    CREATE INDEX runs_by_scenario ON runs (scenario, id);
    CREATE TABLE options (
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, position INTEGER NOT NULL,
      name TEXT NOT NULL, title TEXT NOT NULL, mean REAL NOT NULL, p10 REAL NOT NULL, p50 REAL NOT NULL,
      p90 REAL NOT NULL, p95 REAL NOT NULL, cvar95 REAL NOT NULL, p_cheapest REAL NOT NULL,
      p_cheapest_low REAL NOT NULL, p_cheapest_high REAL NOT NULL, expected_regret REAL NOT NULL,
      served_share REAL NOT NULL, service_level REAL NOT NULL, meets_service_level INTEGER NOT NULL,
      PRIMARY KEY (run_id, position), UNIQUE (run_id, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE break_evens (
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, position INTEGER NOT NULL,
      option TEXT NOT NULL, against TEXT NOT NULL, axis TEXT NOT NULL, finding TEXT NOT NULL,
      mean REAL, p10 REAL, p50 REAL, p90 REAL, p95 REAL,
      never_share REAL NOT NULL, always_share REAL NOT NULL,
      PRIMARY KEY (run_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE draws (
      run_id INTEGER NOT NULL, position INTEGER NOT NULL, futures INTEGER NOT NULL, costs BLOB NOT NULL,
      PRIMARY KEY (run_id, position),
      FOREIGN KEY (run_id, position) REFERENCES options (run_id, position) ON DELETE CASCADE
    ) STRICT;
    INSERT INTO runs VALUES (1, 'old', 'Old', '0.1.0', '7', 2, 1, '2026-01', 12, 'aa', 'bb',
      '2026-01-01T00:00:00Z', 'Keep it.', 'api', 'api', 0, 1,
      '{ "run": {"scenario": "old", "draws": 2}, "decision": {"option": "api", "baseline": "api"},
        "options": [0] }');
    INSERT INTO options VALUES (1, 0, 'api', 'API', 2, 1.5, 2, 2.5, 2.5, 2.5, 1, 1, 1, 0, 1, 1, 1);
    INSERT INTO draws VALUES (1, 0, 2, x'000000000000F83F0000000000000440');
    PRAGMA user_version = 1;
    """

  @Test("a store of the first layout comes up to date by being opened, with every bit of its costs")
  func firstLayout() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("runs.sqlite")
    do { try Database(path: path).execute(Self.firstLayout) }
    let before = try folder.contents()
    #expect(RefusalTests.openingError(path, access: .readOnly) == .outdated(path: path, found: 1, known: 7))
    #expect(try folder.contents() == before)
    let store = try RunStore(path: path, access: .existing)
    let run = try store.load(1)
    #expect(run.costs == [[1.5, 2.5]] && run.summary.scenario == "old" && run.summary.medianCost == 2)
    #expect(
      String(decoding: run.json, as: UTF8.self)
        == #"{"run":{"scenario":"old","draws":2},"decision":{"option":"api","baseline":"api"},"options":[0]}"#
    )
    #expect(try store.problems().isEmpty)
    // New runs beside it take half the bytes a cost, and go as it goes.
    try Fixture.save(Fixture.result(), in: store)
    let widths = try Database(path: path, access: .readOnly)
    #expect(try widths.integer("SELECT bytes_per_cost FROM draws WHERE run_id = 1") == 8)
    #expect(try widths.integer("SELECT max(bytes_per_cost) FROM draws WHERE run_id = 2") == 4)
    try store.delete([1])
    #expect(try widths.integer("SELECT count(*) FROM draws WHERE run_id = 1") == 0)
  }

  @Test("costs are kept to 1 part in 16 million; one that binary32 cannot hold is refused")
  func precision() throws {
    let folder = try TemporaryFolder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    let costs: [[Double]] = [[366_123.456_789, 1e-3, 0.1, -7.7], [1e30, 0, -0.0, .pi]]
    let json = try Fixture.json(Fixture.result())
    let run = try store.save(Fixture.result(), json: json, costs: costs, createdAt: Fixture.createdAt)
    let kept = try store.load(.number(run)).costs
    for (kept, given) in zip(kept.joined(), costs.joined()) {
      #expect((kept - given).magnitude <= given.magnitude * 6e-8)
    }
    for bad in [1e39, .infinity, .nan] {
      do {
        _ = try store.save(
          Fixture.result(), json: json, costs: [costs[0], [0, 0, 0, bad]], createdAt: Fixture.createdAt)
        Issue.record("\(bad) was saved")
      } catch {
        #expect("\(error)".contains("binary32"))
      }
    }
    #expect(try store.list().count == 1)
  }
}
