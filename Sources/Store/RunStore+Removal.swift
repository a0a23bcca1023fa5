// SPDX-License-Identifier: GPL-3.0-or-later
// Runs leave the store whole, and in one transaction with the decision which of them do.

extension RunStore {
  /// Deletes runs with everything that belongs to them, all of them or none.
  /// - Parameters:
  ///   - references: the runs; one named twice counts once.
  ///   - isRehearsal: deletes nothing, and says what would go.
  /// - Returns: the runs deleted, newest first.
  /// - Throws: `noSuchRun` for the first reference that names none, or what SQLite says.
  @discardableResult
  public func delete(
    _ references: [RunReference], isRehearsal: Bool = false
  ) throws(StoreError) -> [RunSummary] {
    try database.transaction(writing: !isRehearsal) { () throws(StoreError) in
      // Every reference is resolved before the first deletion: `latest latest~1` are two runs.
      var numbers: Set<Int64> = []
      for reference in references { numbers.insert(try number(of: reference)) }
      let runs = try list().filter { numbers.contains($0.id) }
      if !isRehearsal { try remove(runs) }
      return runs
    }
  }

  /// Deletes the runs that a retention does not keep; never one with a name, the newest of a scenario, nor its newest
  /// nightly one.
  /// - Parameters:
  ///   - retention: what is kept of each scenario.
  ///   - scenario: the scenario whose runs may go; those of all where nil.
  ///   - isRehearsal: deletes nothing, and says what would go.
  ///   - unfinishedBefore: pieces that belong to no run go too where they were last touched before this time, ISO
  ///     8601 in UTC; nil keeps them.
  /// - Returns: the runs deleted, newest first.
  @discardableResult
  public func prune(
    keeping retention: Retention, scenario: String? = nil, isRehearsal: Bool = false,
    unfinishedBefore: String? = nil
  ) throws(StoreError) -> [RunSummary] {
    try database.transaction(writing: !isRehearsal) { () throws(StoreError) in
      let nights = try newestNights()
      var seen: [String: Int] = [:]
      let runs = try list(scenario: scenario).filter { run in
        // Whoever gave it a name wants to find it again.
        if run.name != nil { return false }
        let newer = seen[run.scenario, default: 0]
        seen[run.scenario] = newer + 1
        if newer == 0 || nights.contains(run.id) { return false }
        return switch retention {
        case .newest(let count): newer >= count
        case .since(let time): run.createdAt < time
        }
      }
      if !isRehearsal {
        try remove(runs)
        if let unfinishedBefore { try removeOrphanPieces(untouchedSince: unfinishedBefore) }
      }
      return runs
    }
  }

  private func remove(_ runs: [RunSummary]) throws(StoreError) {
    // Pieces go with the last run that they belong to.
    var sets: [Int64] = []
    for run in runs {
      let set = try database.integer(
        "SELECT piece_set FROM runs WHERE id = ?1 AND piece_set IS NOT NULL", [.integer(run.id)])
      if let set { sets.append(set) }
    }
    // Options, break-evens and draws go with their run: their foreign keys cascade.
    let deletion = try database.prepare("DELETE FROM runs WHERE id = ?1", action: "write")
    for run in runs { try deletion.run([.integer(run.id)]) }
    try removePieces(left: sets)
    try removeUnusedTexts()
  }
}
