// SPDX-License-Identifier: GPL-3.0-or-later
// "Did you mean …": the known name closest to what was typed.

/// The candidate that `typed` most likely stood for, or nil where none is near.
///
/// Near is one slip per three letters, at most three (insertions, deletions, substitutions and swapped
/// neighbours: the optimal string alignment distance); failing that, a candidate that `typed` begins. Among equals
/// the first wins.
///
/// - Complexity: O(candidates × length²).
func nearestName(to typed: String, among candidates: [String]) -> String? {
  let limit = max(1, min(3, (typed.count + 1) / 3))
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(Array(typed), Array(candidate))
    if distance <= limit && distance < (best?.distance ?? .max) { best = (candidate, distance) }
  }
  if let best { return best.name }
  return typed.count < 2 ? nil : candidates.first { $0.hasPrefix(typed) }
}

/// The fewest single-letter edits, neighbouring swaps included, that turn one word into the other.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var twoAbove: [Int] = []
  var above = Array(0...right.count)
  for (row, letter) in left.enumerated() {
    var current = [row + 1]
    for (column, other) in right.enumerated() {
      var cost = min(
        above[column + 1] + 1, current[column] + 1, above[column] + (letter == other ? 0 : 1))
      if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
        cost = min(cost, twoAbove[column - 1] + 1)
      }
      current.append(cost)
    }
    twoAbove = above
    above = current
  }
  return above[right.count]
}
