// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about typed reading, nearest names and digests.

import Testing
import YAMLDocument

@Suite("Typed decoding")
struct DecodingTests {
  private enum Colour: String, CaseIterable { case red, green }

  private static let table = KeyTable(
    "a thing",
    keys: [
      .optional("number", .number(.above(0, to: 10)), "a number"),
      .optional("whole", .integer(1...1_000_000), "a whole number"),
      .optional("flag", .text, "a flag"),
      .optional("colour", .choice(["red", "green"]), "a colour"),
      .required("must", .text, "what must be there"),
    ])

  private func problems(_ line: String) -> [String] {
    let context = DecodingContext()
    guard let node = YAMLDocument.parse([UInt8](line.utf8), file: "f", context: context) else {
      return context.problems.map(\.description)
    }
    let view = context.mapping(node, Self.table, path: "")
    _ = (view?.number("number"), view?.integer("whole"), view?.boolean("flag"), view?.text("must"))
    _ = view?.choice("colour", as: Colour.self)
    return context.problems.map(\.description)
  }

  @Test(
    "every wrong value says what would be right",
    arguments: [
      (
        "{must: a, number: abc}",
        "f:1:19: `number` is `abc`, which is not a number; write a number such as 3, 0.5 or 1e6"
      ),
      ("{must: a, number: 1_000}", "f:1:19: `number` is `1_000`, which is not a number; write 1000"),
      ("{must: a, number: 8%}", "f:1:19: `number` is `8%`, which is not a number; write 0.08 for 8%"),
      ("{must: a, number: $3.50}", "f:1:19: `number` is `$3.50`, which is not a number; write 3.50"),
      (
        "{must: a, number: .inf}",
        "f:1:19: `number` is `.inf`, which is not a number; write a number such as 3, 0.5 or 1e6"
      ),
      (
        "{must: a, number: 1e999}",
        "f:1:19: `number` is `1e999`, which is not a number; write a number such as 3, 0.5 or 1e6"
      ),
      ("{must: a, number: 0}", "f:1:19: `number` is 0; it must be above 0, at most 10"),
      ("{must: a, number: [1]}", "f:1:19: `number` is a list; write a number"),
      ("{must: a, whole: 1.5}", "f:1:18: `whole` is 1.5; it must be a whole number"),
      ("{must: a, whole: 0}", "f:1:18: `whole` is 0; it must be from 1 to 1000000"),
      ("{must: a, flag: yes}", "f:1:17: `flag` is `yes`; write true or false"),
      (
        "{must: a, colour: Red}",
        "f:1:19: `colour` is `Red`; did you mean `red`? it must be one of red, green"
      ),
      ("{must: a, colour: blue}", "f:1:19: `colour` is `blue`; it must be one of red, green"),
      ("{must: a, numbr: 1}", "f:1:11: unknown key `numbr` in a thing; did you mean `number`?"),
      (
        "{must: a, zzzzzz: 1}",
        "f:1:11: unknown key `zzzzzz` in a thing; the keys of a thing are number, whole, flag, colour, must"
      ),
      ("{whole: 1}", "f:1:1: `must` is missing from a thing; add `must`, what must be there"),
      ("{must: }", "f:1:8: `must` has no value; give it one or remove the key"),
      ("[1]", "f:1:1: a thing is a list; write a thing as a mapping of keys and values"),
    ])
  func wrong(line: String, message: String) {
    #expect(problems(line) == [message])
  }

  @Test(
    "numbers may have exponents, and whole ones may be written so",
    arguments: ["1e6", "1000000", "+1e+6", "1.0e6"])
  func exponents(text: String) throws {
    let context = DecodingContext()
    let node = YAMLNode(.scalar(text, isPlain: true), at: SourcePosition(file: "f"))
    #expect(context.integer(node, "n", in: 1...2_000_000) == 1_000_000)
    #expect(context.problems.isEmpty)
  }

  @Test("reading a key that is wrong in several ways reports them all")
  func allAtOnce() {
    #expect(problems("{number: x, whole: y, flag: z, extra: 1}").count == 5)
  }
}

@Suite("Nearest names")
struct NearestNameTests {
  @Test(
    "distances are those of the literature's examples",
    arguments: [
      ("kitten", "sitting", 3), ("ca", "ac", 1), ("ca", "abc", 3), ("", "abc", 3), ("abc", "abc", 0),
    ])
  func distances(left: String, right: String, edits: Int) {
    #expect(NearestName.distance(left, right) == edits)
    #expect(NearestName.distance(right, left) == edits)
  }

  @Test("a slip finds its name, a different word finds none")
  func suggestions() {
    let models = ["llama-3.1-70b", "llama-3.1-8b", "llama-4-scout"]
    #expect(NearestName.of("llama3.1-8b", among: models) == "llama-3.1-8b")
    #expect(NearestName.of("LLAMA-4-SCOUT", among: models) == "llama-4-scout")
    #expect(NearestName.of("mistral", among: models) == nil)
    #expect(NearestName.of("x", among: ["y"]) == nil)
  }
}

@Suite("SHA-256")
struct SHA256Tests {
  @Test(
    "digests are those of FIPS 180-4's examples",
    arguments: [
      ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
  func vectors(text: String, count: Int, digest: String) {
    #expect(SHA256.hexDigest([UInt8](String(repeating: text, count: count).utf8)) == digest)
  }
}
