// SPDX-License-Identifier: GPL-3.0-or-later
// Labels are placed before any browser has measured them, so their size is estimated here, on the generous side.

/// Estimated sizes of text in a proportional sans-serif font.
enum TextFit {
  /// The height of a line, pixels.
  static let lineHeight = 14.0

  /// The estimated width of a text, pixels: advance widths of common system fonts by class of character, rounded up.
  static func width(_ text: String, size: Double = 12) -> Double {
    var ems = 0.0
    for scalar in text.unicodeScalars {
      switch scalar {
      case "i", "j", "l", "t", "f", "r", "I", ".", ",", ":", ";", "'", "|", "!", "(", ")", " ", "-":
        ems += 0.34
      case "m", "w", "M", "W", "@", "%": ems += 0.9
      case "A"..."Z": ems += 0.68
      case "\u{202F}", "\u{2009}": ems += 0.25
      case "\u{0}"..."\u{7F}": ems += 0.57
      case "\u{1100}"...: ems += 1
      default: ems += 0.6
      }
    }
    return ems * size
  }

  /// A text cut at a width, with an ellipsis where something was cut.
  static func shortened(_ text: String, width limit: Double, size: Double = 12) -> String {
    guard width(text, size: size) > limit else { return text }
    var kept = text
    while !kept.isEmpty, width(kept + "…", size: size) > limit { kept.removeLast() }
    while kept.last == " " || kept.last == "," || kept.last == ":" { kept.removeLast() }
    return kept + "…"
  }

  /// A text broken at spaces into at most `lines` lines of a width; what does not fit is cut with an ellipsis.
  static func wrapped(_ text: String, width limit: Double, lines: Int, size: Double = 12) -> [String] {
    var result: [String] = []
    var current = ""
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    for (index, word) in words.enumerated() {
      let longer = current.isEmpty ? word : current + " " + word
      if width(longer, size: size) <= limit || current.isEmpty {
        current = longer
      } else if result.count == lines - 1 {
        current = ([current] + words[index...]).joined(separator: " ")
        break
      } else {
        result.append(current)
        current = word
      }
    }
    if !current.isEmpty || result.isEmpty { result.append(current) }
    return result.map { shortened($0, width: limit, size: size) }
  }

  /// Centres pushed apart, so that labels of the given heights don't overlap, and kept between two bounds where they
  /// fit there. `wanted` is in ascending order.
  static func spread(_ wanted: [Double], heights: [Double], from low: Double, to high: Double) -> [Double] {
    precondition(wanted.count == heights.count, "\(wanted.count) labels, \(heights.count) heights")
    var centres = wanted
    var edge = low
    for index in centres.indices {
      centres[index] = max(centres[index], edge + heights[index] / 2)
      edge = centres[index] + heights[index] / 2
    }
    edge = high
    for index in centres.indices.reversed() {
      centres[index] = min(centres[index], edge - heights[index] / 2)
      edge = centres[index] - heights[index] / 2
    }
    return centres
  }
}
