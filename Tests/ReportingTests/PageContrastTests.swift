// SPDX-License-Identifier: GPL-3.0-or-later
// Text is read on a projector and on a phone in the sun: every colour that the page sets text in is held to WCAG 2.2's
// contrast, computed from the custom properties as the page has them.

import Foundation
import Testing

@Suite("Contrast of a page")
struct PageContrastTests {
  /// The custom properties of each appearance, as the page declares them: light, then dark.
  static func appearances(_ style: String) -> [[String: String]] {
    let blocks = style.matches(of: /:root\{([^}]*)\}/).map { String($0.output.1) }
    return blocks.map { block in
      Dictionary(
        block.matches(of: /--([a-z0-9-]+):(#[0-9a-f]{6})/).map { (String($0.output.1), String($0.output.2)) },
        uniquingKeysWith: { $1 })
    }
  }

  static func luminance(_ hex: String) -> Double {
    let value = Int(hex.dropFirst(), radix: 16) ?? 0
    let channels = [value >> 16 & 255, value >> 8 & 255, value & 255].map { byte -> Double in
      let share = Double(byte) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return zip(channels, [0.2126, 0.7152, 0.0722]).reduce(0) { $0 + $1.0 * $1.1 }
  }

  static func contrast(_ one: String, _ other: String) -> Double {
    let pair = [luminance(one), luminance(other)].sorted()
    return (pair[1] + 0.05) / (pair[0] + 0.05)
  }

  @Test("every colour of text has a contrast of 4.5 on everything it may stand on, light and dark")
  func text() throws {
    let style = try ReportPageTests.page(Fixture.detailed()).page.style
    let appearances = Self.appearances(style)
    #expect(appearances.count == 2)
    let used = Set(style.matches(of: /[;{]color:var\(--([a-z0-9-]+)\)/).map { String($0.output.1) })
    #expect(used.isSuperset(of: ["ink", "muted", "good", "bad"]))
    let backgrounds = Set(style.matches(of: /background:var\(--([a-z0-9-]+)\)/).map { String($0.output.1) })
    #expect(backgrounds == ["surface", "panel"])
    for colors in appearances {
      for name in used {
        for background in backgrounds {
          let (one, other) = (try #require(colors[name]), try #require(colors[background]))
          #expect(Self.contrast(one, other) >= 4.5, "\(name) \(one) on \(background) \(other)")
        }
      }
      // In charts text stands on the surface in a series' colour, and on a series in the surface's.
      for slot in 1...8 {
        let color = try #require(colors["series-\(slot)"])
        #expect(Self.contrast(color, try #require(colors["surface"])) >= 4.5, "series \(slot)")
      }
    }
  }
}
