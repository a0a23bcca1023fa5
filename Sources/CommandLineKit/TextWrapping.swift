// SPDX-License-Identifier: GPL-3.0-or-later
// Breaking text into lines at spaces, by Unicode scalars: for help and usage.

/// Text broken into lines of at most `columns` scalars, where words allow it.
///
/// - Parameters:
///   - text: Paragraphs parted by empty lines; a line that begins with a space is kept as it is.
///   - first: What the first line begins with.
///   - indent: Spaces before every further line.
///   - columns: The width.
/// - Complexity: O(length).
func wrap(_ text: String, first: String = "", indent: Int, columns: Int) -> String {
  let margin = String(repeating: " ", count: indent)
  var lines: [String] = []
  var paragraph: [String] = []
  var isFirst = true
  func flush() {
    guard !paragraph.isEmpty else { return }
    lines.append(
      wrap(
        words: paragraph, first: isFirst ? first : margin, indent: indent, columns: columns, isPrefix: true))
    paragraph = []
    isFirst = false
  }
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    if line.isEmpty || line.hasPrefix(" ") {
      flush()
      lines.append(line.isEmpty ? "" : margin + line)
    } else {
      paragraph += line.split(separator: " ").map(String.init)
    }
  }
  flush()
  return lines.joined(separator: "\n")
}

/// Words joined by spaces into lines of at most `columns` scalars, none of them broken.
///
/// With `isPrefix`, the first word follows `first` without a space between.
func wrap(words: [String], first: String, indent: Int, columns: Int, isPrefix: Bool = false) -> String {
  let margin = String(repeating: " ", count: indent)
  var lines: [String] = []
  var line = first
  var needsSpace = !isPrefix
  for word in words {
    let width = line.unicodeScalars.count + (needsSpace ? 1 : 0) + word.unicodeScalars.count
    if needsSpace && width > columns {
      lines.append(line)
      line = margin + word
    } else {
      line += (needsSpace ? " " : "") + word
    }
    needsSpace = true
  }
  lines.append(line)
  return lines.joined(separator: "\n")
}
