// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about reading YAML texts: what the tree holds, and what is refused with which words.

import Testing
import YAMLDocument

/// The tree and the problems of a text.
private func parse(_ text: String) -> (node: YAMLNode?, problems: [String]) {
  parse([UInt8](text.utf8))
}

private func parse(_ bytes: [UInt8]) -> (node: YAMLNode?, problems: [String]) {
  let context = DecodingContext()
  let node = YAMLDocument.parse(bytes, file: "f.yaml", context: context)
  return (node, context.problems.map(\.description))
}

@Suite("YAML documents")
struct YAMLDocumentTests {
  @Test(
    "scalars stay text whatever YAML 1.1 would make of them",
    arguments: ["no", "0777", "1_000", "12:30", ".inf"])
  func text(word: String) {
    #expect(parse("a: \(word)").node?["a"]?.text == word)
  }

  @Test("mappings keep the file's order and every node its line and column")
  func places() throws {
    let node = try #require(parse("z: 1\na:\n  - x\n  - {k: \"v\"}\n").node)
    #expect(node.entries?.map(\.key) == ["z", "a"])
    let list = try #require(node["a"]?.elements)
    #expect(list[0].position.description == "f.yaml:3:5")
    #expect(list[1]["k"]?.position.description == "f.yaml:4:9")
    #expect(node.entries?[1].keyPosition.description == "f.yaml:2:1")
  }

  @Test("columns count characters, not bytes")
  func columns() {
    #expect(parse("ä: {ö: 1, x: 2}").node?["ä"]?.entries?[1].keyPosition.description == "f.yaml:1:11")
  }

  @Test("an alias stands for what its anchor holds")
  func alias() {
    #expect(parse("a: &x {b: 1}\nc: *x").node?["c"]?["b"]?.text == "1")
  }

  @Test(
    "what cannot be read is refused with its place",
    arguments: [
      ("", "f.yaml:1:1: the file is empty"),
      ("# nothing\n", "f.yaml:2:1: the file is empty"),
      (
        "a: 1\n---\nb: 2",
        "f.yaml:2:1: a second document begins here; keep one document per file and drop the `---` line"
      ),
      ("a: 1\nb: 2\na: 3", "f.yaml:3:1: key `a` is given twice, first on line 1; keep one of them"),
      ("a: *b", "f.yaml:1:4: alias `*b` refers to nothing above it; define it first with `&b`"),
      ("a: &a [*a]", "f.yaml:1:8: alias `*a` refers to nothing above it; define it first with `&a`"),
      (
        "a:\n\tb: 1",
        "f.yaml:2:1: not valid YAML: found character that cannot start any token; "
          + "indent with spaces, not tabs; quote text that begins with @, ` or %"
      ),
      ("a: [1, 2", "f.yaml:2:1: not valid YAML: did not find expected ',' or ']'; close the list with `]`"),
      (
        "a: b: c",
        "f.yaml:1:5: not valid YAML: mapping values are not allowed in this context; "
          + "check the indentation; quote text that contains `: `"
      ),
      (
        "<<: {a: 1}", "f.yaml:1:1: merge keys (`<<`) are not read; write the keys out, or alias single values"
      ),
      (
        "a: !!int 3",
        "f.yaml:1:4: the tag `!!int` has no meaning here; remove it: what a value means follows from its key"
      ),
      ("? [a, b]\n: 1", "f.yaml:1:3: a key must be text, not a list"),
      ("a: \u{1}", "f.yaml:1:4: not valid YAML: control characters are not allowed"),
      ("a: b\0", "f.yaml:1:5: there is a NUL byte; a YAML file is UTF-8 text"),
    ])
  func refused(text: String, message: String) {
    #expect(parse(text).problems == [message])
  }

  @Test("bytes that are not UTF-8 are found where they stand")
  func invalidBytes() {
    let bytes = [UInt8]("a: 1\nä: ".utf8) + [0xC3, 0x28]
    #expect(parse(bytes).problems == ["f.yaml:2:4: this is not valid UTF-8; save the file as UTF-8"])
  }

  @Test("several keys given twice are all reported, and the rest is still read")
  func allDuplicates() {
    let (node, problems) = parse("a: 1\na: 2\nb: {c: 1, c: 2}\nd: 4")
    #expect(problems.count == 2)
    #expect(node?["d"]?.text == "4")
  }

  @Test("aliases that multiply are stopped, not expanded")
  func bomb() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...20 {
      let aliases = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let (node, problems) = parse(text)
    #expect(node == nil)
    #expect(problems.count == 1)
    #expect(problems.first?.contains("aliases expand to more than") == true)
  }

  @Test("depth, length and number of values are limited")
  func limits() {
    let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    #expect(parse("a: \(deep)").problems.first?.contains("nested more than 64 deep") == true)
    let many = String(repeating: "- 1\n", count: YAMLDocument.nodeLimit + 1)
    #expect(parse(many).problems.first?.contains("more than 100000 values") == true)
    #expect(parse(String(repeating: "#", count: YAMLDocument.byteLimit + 1)).problems.count == 1)
  }

  @Test("no sequence of bytes brings the parser down", arguments: 0..<20)
  func garbage(seed: UInt64) {
    var state = seed
    let alphabet = [UInt8]("ab:-?[]{},&*!|>'\"%@`#~ \n\t\\x0<.".utf8) + [0xC3, 0xA4, 0xEF, 0xBB, 0xBF, 0]
    for _ in 0..<200 {
      var bytes: [UInt8] = []
      for _ in 0..<60 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      let (node, problems) = parse(bytes)
      #expect(node != nil || !problems.isEmpty, "neither a tree nor a problem for \(bytes), seed \(seed)")
    }
  }
}
