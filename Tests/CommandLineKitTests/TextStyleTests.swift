// SPDX-License-Identifier: GPL-3.0-or-later
// When text is colored, and that it says the same without.

import CommandLineKit
import Testing

@Suite("Color")
struct TextStyleTests {
  @Test(
    "only a terminal that knows colors gets them, and none where NO_COLOR is set to anything",
    arguments: [
      (true, nil, "xterm", true), (true, nil, nil, true), (true, "", "xterm", true),
      (true, "1", "xterm", false),
      (true, "0", "xterm", false), (true, nil, "dumb", false), (false, nil, "xterm", false),
    ] as [(Bool, String?, String?, Bool)])
  func rule(isTerminal: Bool, noColor: String?, term: String?, shows: Bool) {
    #expect(Terminal.showsColor(isTerminal: isTerminal, noColor: noColor, term: term) == shows)
  }

  @Test(
    "a style wraps the text and leaves it whole; without colors the text is as it was",
    arguments: TextStyle.allCases)
  func wrapping(style: TextStyle) {
    #expect(style.applied(to: "text", isColored: false) == "text")
    let colored = style.applied(to: "text", isColored: true)
    #expect(colored.wholeMatch(of: /\u{1B}\[\d+mtext\u{1B}\[0m/) != nil)
  }
}
