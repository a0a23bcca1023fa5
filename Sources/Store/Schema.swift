// SPDX-License-Identifier: GPL-3.0-or-later
// The store's tables, as the list of changes that made them. A released change is never edited: the next one
// is appended, and `user_version` counts how many a file has seen.

/// One named change of the layout.
struct Migration: Sendable {
  let name: String
  let sql: String
}

/// The layout of the store.
enum Schema {
  /// "BrkE" in ASCII: what `PRAGMA application_id` of a store says, so that `file` and the store itself know
  /// it.
  static let applicationID: Int32 = 0x4272_6B45

  /// All changes, oldest first.
  static let migrations: [Migration] = [
    Migration(name: "runs", sql: runs),
    Migration(name: "compact-runs", sql: compactRuns),
    Migration(name: "pieces", sql: pieces),
    Migration(name: "what-if", sql: whatIf),
    Migration(name: "nightly-runs", sql: nightlyRuns),
    Migration(name: "earlier-runs", sql: earlierRuns),
    Migration(name: "compressed-results", sql: compressedResults),
  ]

  /// Finished runs: what was run, what came out, and every option's cost in every future.
  private static let runs = """
    CREATE TABLE runs (
      id              INTEGER PRIMARY KEY AUTOINCREMENT,
      scenario        TEXT NOT NULL,
      title           TEXT NOT NULL,
      version         TEXT NOT NULL,            -- of the program
      seed            TEXT NOT NULL,            -- decimal: an unsigned 64-bit number does not fit an INTEGER
      draws           INTEGER NOT NULL CHECK (draws > 0),
      simulations     INTEGER NOT NULL CHECK (simulations > 0),
      start_month     TEXT NOT NULL,            -- YYYY-MM
      months          INTEGER NOT NULL CHECK (months > 0),
      scenario_digest TEXT NOT NULL,            -- SHA-256, hexadecimal
      catalog_digest  TEXT NOT NULL,            -- SHA-256, hexadecimal
      created_at      TEXT NOT NULL             -- ISO 8601, UTC
        CHECK (created_at GLOB
          '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z'),
      sentence        TEXT NOT NULL,
      recommended     TEXT NOT NULL,
      baseline        TEXT NOT NULL,
      expected_regret REAL NOT NULL,            -- $
      schema_version  INTEGER NOT NULL,         -- of result_json
      result_json     TEXT NOT NULL CHECK (json_valid(result_json))
    ) STRICT;

    CREATE INDEX runs_by_scenario ON runs (scenario, id);

    CREATE TABLE options (
      run_id              INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position            INTEGER NOT NULL CHECK (position >= 0),   -- in the scenario's order
      name                TEXT NOT NULL,
      title               TEXT NOT NULL,
      mean                REAL NOT NULL,        -- this and the next five: $ over the horizon, discounted
      p10                 REAL NOT NULL,
      p50                 REAL NOT NULL,
      p90                 REAL NOT NULL,
      p95                 REAL NOT NULL,
      cvar95              REAL NOT NULL,
      p_cheapest          REAL NOT NULL CHECK (p_cheapest BETWEEN 0 AND 1),
      p_cheapest_low      REAL NOT NULL,
      p_cheapest_high     REAL NOT NULL,
      expected_regret     REAL NOT NULL,        -- $
      served_share        REAL NOT NULL,
      service_level       REAL NOT NULL,
      meets_service_level INTEGER NOT NULL CHECK (meets_service_level IN (0, 1)),
      PRIMARY KEY (run_id, position),
      UNIQUE (run_id, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE break_evens (
      run_id       INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position     INTEGER NOT NULL CHECK (position >= 0),
      option       TEXT NOT NULL,
      against      TEXT NOT NULL,
      axis         TEXT NOT NULL,
      finding      TEXT NOT NULL,
      mean         REAL,                        -- this and the next four: NULL where too few futures have one
      p10          REAL,
      p50          REAL,
      p90          REAL,
      p95          REAL,
      never_share  REAL NOT NULL,
      always_share REAL NOT NULL,
      PRIMARY KEY (run_id, position),
      FOREIGN KEY (run_id, option) REFERENCES options (run_id, name),
      FOREIGN KEY (run_id, against) REFERENCES options (run_id, name)
    ) STRICT, WITHOUT ROWID;

    -- One row per option: costs holds its cost in future 0, 1, 2, … as IEEE 754 binary64, little-endian,
    -- without gaps. Future f is physical draw f / (draws / simulations), and is the same
    -- future for every option of the run.
    CREATE TABLE draws (
      run_id   INTEGER NOT NULL,
      position INTEGER NOT NULL,
      futures  INTEGER NOT NULL CHECK (futures > 0),
      costs    BLOB NOT NULL CHECK (length(costs) = 8 * futures),
      PRIMARY KEY (run_id, position),
      FOREIGN KEY (run_id, position) REFERENCES options (run_id, position) ON DELETE CASCADE
    ) STRICT;
    """

  /// Halves what a run takes: the document without its indentation, and costs in half the bytes. Binary32
  /// holds a cost to 1 part in 16 million, far finer than any price is known; rows of before keep their eight
  /// bytes.
  private static let compactRuns = """
    UPDATE runs SET result_json = json(result_json);

    CREATE TABLE compact_draws (
      run_id         INTEGER NOT NULL,
      position       INTEGER NOT NULL,
      futures        INTEGER NOT NULL CHECK (futures > 0),
      bytes_per_cost INTEGER NOT NULL CHECK (bytes_per_cost IN (4, 8)),   -- binary32 or binary64
      costs          BLOB NOT NULL CHECK (length(costs) = bytes_per_cost * futures),
      PRIMARY KEY (run_id, position),
      FOREIGN KEY (run_id, position) REFERENCES options (run_id, position) ON DELETE CASCADE
    ) STRICT;
    INSERT INTO compact_draws SELECT run_id, position, futures, 8, costs FROM draws;
    DROP TABLE draws;
    ALTER TABLE compact_draws RENAME TO draws;
    """

  /// Simulated quantities, piece by piece as they finish, so that an interrupted run goes on and a change of
  /// prices alone simulates nothing. A run points to the set that its pieces are in; several may to one.
  private static let pieces = """
    CREATE TABLE piece_sets (
      id         INTEGER PRIMARY KEY AUTOINCREMENT,
      digest     TEXT NOT NULL UNIQUE,          -- SHA-256 of what all pieces of the set have in common
      scenario   TEXT NOT NULL,                 -- whose run began the set
      touched_at TEXT NOT NULL                  -- ISO 8601, UTC: when a piece was last stored, or a run saved
    ) STRICT;

    CREATE TABLE pieces (
      id         INTEGER PRIMARY KEY,
      piece_set  INTEGER NOT NULL REFERENCES piece_sets (id) ON DELETE CASCADE,
      draw       INTEGER NOT NULL CHECK (draw >= 0),
      month      INTEGER NOT NULL CHECK (month >= 0),
      volume     REAL NOT NULL CHECK (volume > 0),  -- multiple of the planned one
      inputs     TEXT NOT NULL,                 -- digest of the draw's physical inputs
      quantities BLOB NOT NULL,
      UNIQUE (piece_set, draw, month, volume, inputs)
    ) STRICT;

    ALTER TABLE runs ADD COLUMN piece_set INTEGER REFERENCES piece_sets (id) ON DELETE SET NULL;
    CREATE INDEX runs_by_piece_set ON runs (piece_set);
    """

  /// What a run was made from, so that "what if" can be asked of it when its file is gone or has changed; what its
  /// pieces come to, so that a change of prices reads one block and not all of them; and names for runs.
  private static let whatIf = """
    CREATE TABLE summaries (
      id         INTEGER PRIMARY KEY,
      piece_set  INTEGER NOT NULL REFERENCES piece_sets (id) ON DELETE CASCADE,
      digest     TEXT NOT NULL UNIQUE,          -- SHA-256 of all that the quantities follow from
      quantities BLOB NOT NULL
    ) STRICT;
    CREATE INDEX summaries_by_piece_set ON summaries (piece_set);

    CREATE TABLE texts (
      id       INTEGER PRIMARY KEY,
      checksum INTEGER NOT NULL,                -- FNV-1a of the text, to find it by
      text     TEXT NOT NULL
    ) STRICT;
    CREATE INDEX texts_by_checksum ON texts (checksum);

    CREATE TABLE run_texts (
      run_id  INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      role    TEXT NOT NULL CHECK (role IN ('scenario', 'catalog', 'overlay')),
      name    TEXT NOT NULL,                    -- of the file
      text_id INTEGER NOT NULL REFERENCES texts (id),
      PRIMARY KEY (run_id, role, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX run_texts_by_text ON run_texts (text_id);

    CREATE TABLE run_inputs (
      run_id         INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      folder         TEXT NOT NULL,             -- in which it was run: relative paths are seen from there
      catalog_folder TEXT,                      -- whose files are the overlays; NULL where there was none
      overrides      TEXT NOT NULL CHECK (json_valid(overrides)),   -- texts `path=value`, in order
      settings       TEXT NOT NULL CHECK (json_valid(settings))     -- seed, draws, …: what --set does not set
    ) STRICT;

    ALTER TABLE runs ADD COLUMN name TEXT CHECK (length(name) > 0);
    CREATE UNIQUE INDEX runs_by_name ON runs (name) WHERE name IS NOT NULL;
    """

  /// Which runs a nightly job has stored, and what it knew beside the result.
  private static let nightlyRuns = """
    CREATE TABLE nightly_runs (
      run_id           INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      alerts           INTEGER NOT NULL CHECK (alerts >= 0),   -- thresholds crossed
      planned_spend    REAL,                    -- $ over the time of the usage logs; NULL without them
      actual_spend     REAL,                    -- $
      planned_requests REAL,
      actual_requests  REAL
    ) STRICT;
    """

  /// What had changed since the run before, as the report of a run says it: the run before may be gone by now.
  private static let earlierRuns = """
    CREATE TABLE earlier_runs (
      run_id     INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      earlier_id INTEGER NOT NULL,              -- its number, which is never used again
      day        TEXT NOT NULL,                 -- YYYY-MM-DD, UTC, on which it was stored
      comparison TEXT NOT NULL CHECK (json_valid(comparison))
    ) STRICT;
    """

  /// The whole result, in a quarter of its length; runs.result_json keeps what queries ask for. Runs of before have theirs
  /// there as a whole.
  private static let compressedResults = """
    CREATE TABLE results (
      run_id      INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      fingerprint INTEGER NOT NULL,             -- FNV-1a of the document without its command
      bytes       INTEGER NOT NULL CHECK (bytes > 0),   -- of the document
      result      BLOB NOT NULL                 -- JSON in the zlib format
    ) STRICT;
    """
}
