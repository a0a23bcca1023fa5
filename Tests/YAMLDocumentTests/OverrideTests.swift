// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about laying `path=value` over a document.

import Testing
import YAMLDocument

@Suite("Overrides")
struct OverrideTests {
  private let text = """
    models:
      llama-3.1-8b: {rate: 1}
      llama-3: {rate: 9}
    chain:
      - fleet: {size: 1}
      - api: {name: a}
    empty:
    """

  private func apply(_ overrides: String...) -> (node: YAMLNode?, problems: [String]) {
    let context = DecodingContext()
    var node = YAMLDocument.parse([UInt8](text.utf8), file: "f.yaml", context: context)
    node?.apply(overrides: overrides, dottedNames: ["llama-3.2-1b"], context: context)
    return (node, context.problems.map(\.description))
  }

  @Test("the longest existing key wins, because ids contain dots")
  func dottedKeys() {
    let node = apply("models.llama-3.1-8b.rate=5").node
    #expect(node?["models"]?["llama-3.1-8b"]?["rate"]?.text == "5")
    #expect(node?["models"]?["llama-3"]?["rate"]?.text == "9")
  }

  @Test(
    "known names with dots and quoted names are made as one key",
    arguments: ["llama-3.2-1b", "\"llama-3.2-1b\""])
  func created(name: String) {
    let node = apply("models.\(name).rate=5").node
    #expect(node?["models"]?["llama-3.2-1b"]?["rate"]?.text == "5")
  }

  @Test("list elements go by index")
  func elements() {
    let node = apply("chain.0.fleet.size=7", "chain.1.api.name=b").node
    #expect(node?["chain"]?.elements?[0]["fleet"]?["size"]?.text == "7")
    #expect(node?["chain"]?.elements?[1]["api"]?["name"]?.text == "b")
  }

  @Test("bracketed values are YAML, others are text as it stands, empty keys become mappings")
  func values() {
    let node = apply("empty.a={p10: 1, p90: 2}", "empty.b=x: y # z", "empty.c=\"q=r\"", "empty.d.e=1").node
    #expect(node?["empty"]?["a"]?["p90"]?.text == "2")
    #expect(node?["empty"]?["b"]?.text == "x: y # z")
    #expect(node?["empty"]?["c"]?.text == "q=r")
    #expect(node?["empty"]?["d"]?["e"]?.position.description == "--set empty.d.e")
  }

  @Test("a later override sees what an earlier one made")
  func inOrder() {
    #expect(apply("new.a=1", "new.b=2", "new.a=3").node?["new"]?["a"]?.text == "3")
  }

  @Test("a path of a thousand parts is refused rather than built")
  func longPath() {
    let path = [String](repeating: "a", count: 1000).joined(separator: ".")
    #expect(apply("\(path)=1").problems == ["--set \(path): the path has more than 64 dots"])
  }

  @Test(
    "what cannot be laid over is refused",
    arguments: [
      (
        "models",
        "--set models: an override needs a path and a value; "
          + "write --set path=value, such as --set demand.volume=1.2"
      ),
      (
        "=3",
        "--set =3: an override needs a path and a value; "
          + "write --set path=value, such as --set demand.volume=1.2"
      ),
      ("chain.2.api=3", "--set chain.2.api: `2` is no element of chain; its elements are 0 to 1"),
      ("chain.x=3", "--set chain.x: `x` is no element of chain; its elements are 0 to 1"),
      (
        "chain.0.fleet.size.k=3",
        "--set chain.0.fleet.size.k: chain.0.fleet.size is a single value and has no `k`; "
          + "set chain.0.fleet.size as a whole"
      ),
      ("models..rate=3", "--set models..rate: the path has an empty part; join keys by single dots"),
      ("models.=3", "--set models.: the path ends with a dot; end it with a key"),
      (
        "models.a=[1",
        "--set models.a: not valid YAML: did not find expected ',' or ']'; close the list with `]`"
      ),
    ])
  func refused(override: String, message: String) {
    #expect(apply(override).problems == [message])
  }
}
