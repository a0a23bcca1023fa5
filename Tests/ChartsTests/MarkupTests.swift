// SPDX-License-Identifier: GPL-3.0-or-later
// What is interpolated stays text; digits are the same everywhere.

import Charts
import Foundation
import FoundationXML
import NumberFormatting
import Testing

/// Reads a document and keeps all of its text.
final class TextReader: NSObject, XMLParserDelegate {
  var text = ""
  var elements: [String] = []

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append(name)
  }
}

@Suite("Markup and digits")
struct MarkupTests {
  static let hostile = [
    "<script>alert('x')</script>", "a\" onload=\"b", "it's & that's", "]]>", "<!-- -->", "&amp;",
    "שלום \u{202E}abc",
    "line\nbreak", "{{}}\\",
  ]

  @Test("any text comes back from a parser as it was, from content and from attributes", arguments: hostile)
  func roundTrip(text: String) throws {
    let markup: Markup = "<p title='\(text)'>\(text)<b>\(name: text)</b></p>"
    let parser = XMLParser(data: Data(markup.source.utf8))
    let reader = TextReader()
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(reader.text == text + text)
    #expect(reader.elements == ["p", "b", "bdi"])
  }

  @Test("characters that XML does not allow are replaced, not dropped")
  func controls() {
    #expect(Markup(text: "a\u{0}b\u{1B}c\u{FFFE}d\te\nf").source == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\te\nf")
  }

  @Test("markup in markup is not escaped twice")
  func nesting() {
    let inner: Markup = "<i>\("<")</i>"
    #expect(("<b>\(inner)</b>" as Markup).source == "<b><i>&lt;</i></b>")
    #expect([inner, inner].joined(separator: ", ").source == "<i>&lt;</i>, <i>&lt;</i>")
  }

  @Test("fixed decimals agree with the C library", arguments: 0..<300)
  func fixedDecimals(index: Int) throws {
    // A linear congruential sequence: spread over many sizes and both signs.
    var state = UInt64(index) &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    state ^= state >> 29
    let size = pow(10, Double(index % 19) - 6)
    let value = (Double(state >> 11) / 9_007_199_254_740_992 - 0.5) * size
    for digits in 0...6 {
      let ours = DecimalText.fixed(value, digits: digits)
      let theirs = String(format: "%.\(digits)f", value)
      #expect(ours == theirs || "-" + ours == theirs, "\(value)")
    }
  }

  @Test("zero has no sign, what is not a number is a dash, trimming leaves whole numbers alone")
  func edges() {
    #expect(DecimalText.fixed(-0.001, digits: 2) == "0.00")
    #expect(DecimalText.fixed(.nan, digits: 2) == "–")
    #expect(DecimalText.fixed(.infinity, digits: 0) == "–")
    #expect(DecimalText.fixed(0.9999, digits: 2) == "1.00")
    #expect(DecimalText.trimmed(1200, digits: 0) == "1200")
    #expect(DecimalText.trimmed(1.50, digits: 3) == "1.5")
    #expect(DecimalText.trimmed(-2.0, digits: 3) == "-2")
    #expect(DecimalText.fixed(9_007_199_254_740_992, digits: 2) == "9007199254740992.00")
  }
}
