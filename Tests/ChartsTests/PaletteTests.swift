// SPDX-License-Identifier: GPL-3.0-or-later
// Colours are held to numbers: WCAG 2 contrast for text, and distance between neighbours for the colour-blind.

import Charts
import Foundation
import Testing

@Suite("Palette")
struct PaletteTests {
  static let palettes = [("light", Palette.light), ("dark", Palette.dark)]

  static func channels(_ hex: String) -> [Double] {
    let value = Int(hex.dropFirst(), radix: 16) ?? 0
    return [value >> 16 & 255, value >> 8 & 255, value & 255].map { byte in
      let share = Double(byte) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
  }

  /// Relative luminance and contrast ratio as WCAG 2.2 defines them.
  static func luminance(_ hex: String) -> Double {
    zip(channels(hex), [0.2126, 0.7152, 0.0722]).map(*).reduce(0, +)
  }

  static func contrast(_ one: String, _ other: String) -> Double {
    let pair = [luminance(one), luminance(other)].sorted()
    return (pair[1] + 0.05) / (pair[0] + 0.05)
  }

  @Test("text has a contrast of at least 4.5 on the surface and on panels", arguments: palettes)
  func text(name: String, palette: Palette) {
    for color in [palette.ink, palette.muted, palette.good, palette.bad] {
      #expect(Self.contrast(color, palette.surface) >= 4.5, "\(name) \(color)")
      #expect(Self.contrast(color, palette.panel) >= 4.5, "\(name) \(color) on panel")
    }
  }

  @Test(
    "series colours carry text of the surface's colour, and text in them stands on the surface",
    arguments: palettes)
  func series(name: String, palette: Palette) {
    #expect(palette.series.count == Palette.dashes.count)
    for color in palette.series {
      #expect(Self.contrast(color, palette.surface) >= 4.5, "\(name) \(color)")
    }
  }

  @Test("no two series share both colour and dash; dashes are all different")
  func distinct() {
    #expect(Set(Palette.dashes).count == Palette.dashes.count)
    for (_, palette) in Self.palettes { #expect(Set(palette.series).count == palette.series.count) }
  }

  @Test(
    "heat steps go one way in luminance, so they read in grey and for every kind of sight",
    arguments: palettes)
  func heat(name: String, palette: Palette) {
    let steps = palette.heat.map(Self.luminance)
    let sorted = steps.sorted()
    #expect(steps == sorted || steps == sorted.reversed(), "\(name)")
    for (step, next) in zip(palette.heat, palette.heat.dropFirst()) {
      #expect(Self.contrast(step, next) >= 1.15, "\(name) \(step) \(next)")
    }
  }

  @Test("all series stay apart under red-green blindness", arguments: palettes)
  func colorBlind(name: String, palette: Palette) {
    // Linear RGB seen by a deuteranope (Viénot, Brettel, Mollon 1999): red and green merge into one channel.
    let seen = palette.series.map { hex -> [Double] in
      let rgb = Self.channels(hex)
      let merged = 0.29275 * rgb[0] + 0.70725 * rgb[1]
      return [merged, -0.02234 * rgb[0] + 0.02234 * rgb[1] + rgb[2]].map { cbrt(max(0, $0)) }
    }
    for (index, one) in seen.enumerated() {
      for other in seen[(index + 1)...] {
        let distance = hypot(one[0] - other[0], one[1] - other[1])
        #expect(distance > 0.05, "\(name) \(index)")
      }
    }
  }

  @Test("the style sheet has both appearances, and dark for screens only")
  func sheet() {
    #expect(ChartStyle.sheet.contains("@media screen and (prefers-color-scheme:dark)"))
    for (_, palette) in Self.palettes {
      #expect(ChartStyle.sheet.contains("--series-8:\(palette.series[7])"))
    }
  }
}
