// SPDX-License-Identifier: GPL-3.0-or-later
// The colours of charts and pages, for light and dark. They stand here as numbers so that tests can hold them to the
// contrast that text needs.

/// The colours of one appearance, as `#rrggbb`.
public struct Palette: Sendable, Hashable {
  /// Behind everything.
  public var surface: String
  /// Behind tiles, table heads and notes.
  public var panel: String
  /// Text.
  public var ink: String
  /// Secondary text: axes, captions.
  public var muted: String
  /// Hairlines; no text is set in it.
  public var rule: String
  /// Words that recommend.
  public var good: String
  /// Words that warn.
  public var bad: String
  /// Eight colours for series, of different lightness, so that they stay apart under colour blindness; each dark (or light) enough to set text in it, or to set text of the surface on it.
  public var series: [String]
  /// Seven steps from little to much; no text is set on them.
  public var heat: [String]

  /// Light screens and print.
  public static let light = Palette(
    surface: "#ffffff", panel: "#f4f5f3", ink: "#1b1f24", muted: "#565d66", rule: "#d5d8da",
    good: "#0b6b4f", bad: "#a3320b",
    series: [
      "#1d5fa6", "#bb5209", "#08594b", "#8f5cb0", "#6e5500", "#c42b7a", "#2b3138", "#0f2f55",
    ],
    heat: ["#e8eff6", "#c9dcec", "#a3c3de", "#76a5cb", "#4a84b4", "#286299", "#123f6e"])

  /// Dark screens.
  public static let dark = Palette(
    surface: "#15181c", panel: "#1e2227", ink: "#e9ebed", muted: "#a9b1ba", rule: "#3a4048",
    good: "#62c9a0", bad: "#f39a6b",
    series: [
      "#5b9ff0", "#f2a065", "#8fe3cc", "#d9b6f5", "#c9a63a", "#f07fb2", "#b9c0c8", "#dcebfc",
    ],
    heat: ["#1d2733", "#213a54", "#285078", "#33699c", "#4f87bb", "#7faad4", "#bcd6ee"])

  /// Dash patterns of the series' lines, so that a line is known by more than its colour.
  public static let dashes = ["none", "8 3", "2 2", "9 3 2 3", "5 3", "14 4", "7 2 2 2 2 2", "3 5"]

  /// The class of a series: its colour and its dash. From the ninth on colours come again with another dash.
  static func seriesClass(_ slot: Int) -> Markup {
    let lap = slot / 8
    return lap == 0 ? "s\(slot + 1)" : "s\(slot % 8 + 1) again"
  }

  /// The colours as CSS custom properties.
  var declarations: String {
    var lines = [
      "--surface:\(surface)", "--panel:\(panel)", "--ink:\(ink)", "--muted:\(muted)", "--rule:\(rule)",
      "--good:\(good)", "--bad:\(bad)",
    ]
    lines += series.enumerated().map { "--series-\($0.offset + 1):\($0.element)" }
    lines += heat.enumerated().map { "--heat-\($0.offset + 1):\($0.element)" }
    return lines.joined(separator: ";")
  }
}
