// SPDX-License-Identifier: GPL-3.0-or-later
// A warning about a line of a file begins with the line's place, for editors and terminals. On a page the words come
// first, and the place is there for who wants to go to it.

import Charts

/// A warning for a page.
struct WarningText {
  /// `file:line:column`, where the warning begins with one.
  let place: String?
  /// What it says.
  let words: String

  /// Divides a warning at the end of its place.
  init(_ warning: String) {
    guard let end = warning.firstRange(of: ": ") else {
      (place, words) = (nil, warning)
      return
    }
    let start = warning[..<end.lowerBound]
    let parts = start.split(separator: ":", omittingEmptySubsequences: false)
    let isNumber = { (text: Substring) in !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) } }
    guard parts.count >= 3, !parts[0].isEmpty, parts.suffix(2).allSatisfy(isNumber) else {
      (place, words) = (nil, warning)
      return
    }
    let rest = warning[end.upperBound...]
    place = String(start)
    words = rest.prefix(1).uppercased() + rest.dropFirst()
  }

  /// The words, and the place behind a word that opens it.
  var html: Markup {
    guard let place else { return "\(name: words)" }
    return """
      \(name: words) <details class='place'><summary>where</summary><code>\(name: place)</code></details>
      """
  }
}
