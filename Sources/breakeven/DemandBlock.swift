// SPDX-License-Identifier: GPL-3.0-or-later
// Fitted demand as the block of a scenario file.

import Foundation
import NumberFormatting
import Traces
import Uncertainty

/// The `demand:` block of fitted use cases.
struct DemandBlock {
  /// A use case to be written.
  struct Use {
    /// Its name in the scenario.
    var name: String
    /// The catalog's id of the model that answers.
    var model: String
    /// What is said of the model, for a comment; empty where there is nothing to say.
    var modelNote: String
    var fit: DemandFit
  }

  /// What the block was made from, in a sentence.
  var source: String
  var uses: [Use]
  /// Noise of the days and hours that all use cases have in common.
  var dayNoise: Double
  var hourNoise: Double

  /// The block as YAML, lines of at most 110 columns where words allow.
  var yaml: String {
    var lines = ["demand:"]
    lines += Self.comment(source, indent: 2)
    if dayNoise > 0 || hourNoise > 0 {
      lines.append("  noise: {day: \(Self.number(dayNoise)), hour: \(Self.number(hourNoise))}")
    }
    lines.append("  uses:")
    for use in uses {
      lines.append("    \(use.name):")
      for note in use.fit.notes { lines += Self.comment(note, indent: 6) }
      lines += body(use).map { "      " + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func body(_ use: Use) -> [String] {
    let fit = use.fit
    var lines = ["model: \(use.model)" + (use.modelNote.isEmpty ? "" : "   # \(use.modelNote)")]
    lines.append("rate: \(Self.number(fit.shape.rate, digits: 6))")
    let input = Self.lengths("input_tokens", fit.inputTokens)
    let output = Self.lengths("output_tokens", fit.outputTokens)
    if input.isEmpty || output.isEmpty {
      lines.append("preset: \(Self.standIn)   # for lengths, which the log does not tell")
    }
    if let profile = fit.shape.profile {
      // Six decimals, so that a quiet hour does not become none.
      let factors = profile.map { NumberText.plain($0, digits: 6) }
      lines += Self.flow("profile: {hourly: [", factors, "]}")
    } else if input.isEmpty || output.isEmpty {
      lines.append("profile: flat")
    }
    if let bursts = fit.bursts {
      lines.append("burstiness: \(Self.number(bursts.burstiness))")
      if bursts.onSeconds > 0 {
        lines.append(
          "on_off: {on_seconds: \(Self.number(bursts.onSeconds)), off_seconds: \(Self.number(bursts.offSeconds))}"
        )
      }
      if bursts.minuteNoise > 0 { lines.append("noise: {minute: \(Self.number(bursts.minuteNoise))}") }
    } else if input.isEmpty || output.isEmpty {
      lines += ["burstiness: 1", "noise: {minute: 0}"]
    }
    lines += input + output
    if fit.correlation != 0 { lines.append("length_correlation: \(NumberText.plain(fit.correlation))") }
    if let repeated = fit.duplicates {
      lines.append(
        "duplicates: {share: \(Self.number(repeated.share)), distinct: \(repeated.distinct), "
          + "zipf: \(NumberText.plain(repeated.zipf))}")
    }
    if let groups = fit.prefixes {
      lines.append(
        "prefix_groups: {count: \(groups.count), zipf: \(NumberText.plain(groups.zipf)), tokens: \(groups.tokens)}"
      )
    }
    if let sessions = fit.sessions {
      lines.append("sessions:")
      lines.append("  turns: \(Self.number(max(1, sessions.turns)))")
      lines.append(
        "  gap_seconds: {p10: \(Self.number(sessions.gapP10)), p90: \(Self.number(sessions.gapP90))}")
      lines += Self.lengths("new_tokens", sessions.newTokens).map { "  " + $0 }
      lines.append("  max_tokens: \(sessions.maximum)")
    }
    return lines
  }

  /// Which preset's lengths stand in where a log tells none.
  static let standIn = "azure-conversation"

  private static func lengths(_ key: String, _ lengths: DemandFit.Lengths?) -> [String] {
    guard let lengths else { return [] }
    switch lengths.distribution {
    case .quantiles(let points):
      let entries = points.map {
        NumberText.plain($0.probability, digits: 4) + ": " + NumberText.plain($0.value, digits: 0)
      }
      return ["\(key):"] + flow("  quantiles: {", entries, "}") + ["  max: \(lengths.maximum)"]
    case .mixture(let components):
      let entries = components.map {
        "{weight: \(number($0.weight)), mu: \(number($0.mu)), sigma: \(number($0.sigma))}"
      }
      return ["\(key):"] + flow("  mixture: [", entries, "]") + ["  max: \(lengths.maximum)"]
    case .lognormal(let p10, let p90):
      return ["\(key): {p10: \(number(p10)), p90: \(number(p90)), max: \(lengths.maximum)}"]
    default:
      return ["\(key): \(lengths.maximum)"]
    }
  }

  /// Entries of a flow collection over several lines.
  private static func flow(_ opening: String, _ entries: [String], _ closing: String) -> [String] {
    var lines: [String] = []
    var line = opening
    let indent = String(repeating: " ", count: opening.prefix { $0 == " " }.count + 2)
    for (index, entry) in entries.enumerated() {
      let text = entry + (index + 1 < entries.count ? "," : closing)
      if line.count + text.count + 1 > 102 {
        lines.append(line)
        line = indent + text
      } else {
        line += (line.hasSuffix("{") || line.hasSuffix("[") || line == indent ? "" : " ") + text
      }
    }
    return lines + [line]
  }

  private static func comment(_ text: String, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent) + "#"
    var lines = [margin]
    for word in text.split(whereSeparator: \.isWhitespace) {
      if lines[lines.count - 1].count + word.count + 1 > 108 { lines.append(margin) }
      lines[lines.count - 1] += " " + word
    }
    return lines
  }

  /// Significant digits without an exponent, as YAML and people read them.
  static func number(_ value: Double, digits: Int = 4) -> String {
    guard value != 0 else { return "0" }
    let decimals = digits - 1 - Int(log10(abs(value)).rounded(.down))
    return NumberText.plain(value, digits: min(15, max(0, decimals)))
  }

  /// A text as a name of a use case: letters, digits and `-`, beginning with one of the first two.
  static func identifier(_ text: String) -> String {
    var name = ""
    for character in text.lowercased().unicodeScalars {
      let isPlain = character.isASCII && character.properties.isAlphabetic || ("0"..."9").contains(character)
      if isPlain {
        name.unicodeScalars.append(character)
      } else if !name.isEmpty, !name.hasSuffix("-") {
        name += "-"
      }
    }
    while name.hasSuffix("-") { name.removeLast() }
    return name.isEmpty ? "requests" : String(name.prefix(60))
  }
}
