// SPDX-License-Identifier: GPL-3.0-or-later
// Guesses which name a reader meant, for messages about names that are not known.

/// Likeness of names.
public enum NearestName {
  /// The candidate most like `name`, or nil where none is like enough: at most one edit for every three
  /// characters (and one more), without regard to case. The first among equals. A candidate that `name`
  /// begins, or that begins `name`, goes before those that differ by more than one edit: people leave endings
  /// out.
  ///
  /// - Complexity: the product of the lengths, per candidate.
  public static func of(_ name: String, among candidates: [String]) -> String? {
    let lowered = name.lowercased()
    let relative = candidates.first { candidate in
      min(candidate.count, name.count) >= 3
        && (candidate.lowercased().hasPrefix(lowered) || lowered.hasPrefix(candidate.lowercased()))
    }
    let limit = name.count / 3 + 1
    var best: (name: String, distance: Int)?
    for candidate in candidates where abs(candidate.count - name.count) <= limit {
      let edits = distance(lowered, candidate.lowercased())
      if edits <= limit, edits < candidate.count, edits < best?.distance ?? .max { best = (candidate, edits) }
    }
    if let best, best.distance <= 1 { return best.name }
    return relative ?? best?.name
  }

  /// The fewest insertions, deletions, replacements and swaps of neighbours that turn one text into the
  /// other, no part edited twice (optimal string alignment; Damerau, Communications of the ACM 7(3), 1964,
  /// doi:10.1145/363958.363994).
  public static func distance(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left), Array(right))
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
        row.append(best)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }

  /// What to say of an unknown name: the nearest candidate, else all of them.
  /// - Parameter all: words before the list, such as `the catalog has`.
  public static func remedy(for name: String, among candidates: [String], all: String) -> String {
    if let nearest = of(name, among: candidates) { return "did you mean `\(nearest)`?" }
    if candidates.isEmpty { return "\(all) none" }
    return "\(all) \(candidates.joined(separator: ", "))"
  }
}
