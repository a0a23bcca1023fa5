// SPDX-License-Identifier: GPL-3.0-or-later
// The one place where text becomes Markdown. Names come from a scenario file that someone else may have written, and
// where pull requests are read, HTML, links and mentions act.

/// Text that Markdown leaves alone.
enum MarkdownText {
  /// The text on one line, shown as it is: what Markdown, HTML, links or mentions would act on is escaped.
  ///
  /// HTML, links and mentions are found in what a backslash leaves behind, so entities stand there. Line ends become
  /// spaces, for a row of a table ends with its line. Characters that turn the direction of writing are isolated, so
  /// that they end with the text.
  static func escaped(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = ""
    var turns = false
    for (place, scalar) in scalars.enumerated() {
      let next = place + 1 < scalars.count ? scalars[place + 1] : " "
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      // `@name` and `#12`.
      case "@" where next.properties.isAlphabetic || next.properties.numericType != nil: result += "&#64;"
      case "#": result += "&#35;"
      // `https://` and `www.`.
      case ":" where next == "/": result += "&#58;"
      case "." where place >= 3 && scalars[(place - 3)..<place].allSatisfy({ $0 == "w" || $0 == "W" }):
        result += "&#46;"
      case "\\", "`", "*", "_", "[", "]", "|", "~": result += "\\" + String(scalar)
      case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}": result += " "
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{200E}", "\u{200F}", "\u{061C}":
        turns = true
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    // A first strong isolate ends, and whatever was begun within it, at a pop directional isolate (Unicode Standard
    // Annex #9, X5c and X6a).
    return turns ? "\u{2068}" + result + "\u{2069}" : result
  }

  /// A table; its heads and cells are text still to be escaped.
  /// - Parameter columns: the heads, and whether numbers stand below them.
  static func table(_ columns: [(head: String, isNumeric: Bool)], _ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    return line(columns.map { escaped($0.head) }) + line(columns.map { $0.isNumeric ? "---:" : "---" })
      + rows.map { line($0.map(escaped)) }.joined()
  }
}
