// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about laying imported entries into a book that somebody keeps by hand.

import Catalog
import PriceImport
import Testing
import Uncertainty
import YAMLDocument

@Suite("Entries laid into a price book")
struct PriceBookTextTests {
  private let title = "LiteLLM model price list"

  private func entry(_ input: Double, _ model: String = "llama-4-scout", source: String = "x") -> BookEntry {
    BookEntry(
      path: ["metered", "bedrock", "models", model],
      fields: [
        BookField("input", .number(input)), BookField("output", .number(0.66)),
        BookField("source", .quoted("\(title): \(source)")), BookField("verified_on", .bare("2026-11-24")),
      ])
  }

  private func lay(
    _ entries: [BookEntry], into book: String, replacing: Bool = false
  ) throws -> (text: String, changes: PriceBookText.Changes) {
    var text = try PriceBookText(bytes: [UInt8](book.utf8), file: "book.yaml")
    let changes = try text.lay(entries, title: title, replacesOthers: replacing)
    return (text.text, changes)
  }

  private let book = """
    # Our prices.

    metered:
      bedrock:   # the account in Frankfurt
        models:
          # agreed with the vendor
          llama-3.1-8b:
            input: 0.20   # not 0.22
            output: 0.2
            source: our contract
            verified_on: 2026-10-01

          llama-4-scout:
            input: 0.5
            output: 0.5
            source: "LiteLLM model price list: y"
            verified_on: 2026-01-01
      # nothing yet
    gpu_hour:
      h100-sxm: {spot: {amount: 1.5, source: "a, b", verified_on: 2026-11-01}}

    """

  @Test("a new book loads, and says what was laid into it")
  func roundTrip() throws {
    var text = PriceBookText(comment: "Prices.\n\nImported.")
    let changes = try text.lay(
      [entry(0.17), entry(0.3, "llama-3.3-70b")], title: title, replacesOthers: false)
    #expect(changes.added.count == 2 && text.text.hasPrefix("# Prices.\n#\n# Imported.\nmetered:\n"))
    let prices = try Fixture.load(text.text).prices
    #expect(prices.metered["bedrock"]?.models["llama-4-scout"]?.input.median == 0.17)
    #expect(prices.metered["bedrock"]?.models["llama-3.3-70b"]?.input.median == 0.3)
    #expect(
      prices.listed.contains { $0.path == "api.bedrock.llama-4-scout.input" && $0.price.median == 0.17 })
  }

  @Test("what stands in a book stays to the letter; only entries of an import are renewed")
  func keeping() throws {
    let (text, changes) = try lay(
      [entry(0.9, "llama-3.1-8b"), entry(0.17), entry(0.72, "llama-3.3-70b")], into: book)
    #expect(changes.kept == ["metered.bedrock.models.llama-3.1-8b"])
    #expect(changes.updated == ["metered.bedrock.models.llama-4-scout"])
    #expect(changes.added == ["metered.bedrock.models.llama-3.3-70b"])
    let before = book.split(separator: "\n", omittingEmptySubsequences: false)
    let after = text.split(separator: "\n", omittingEmptySubsequences: false)
    let renewed = 12..<17
    for (line, words) in before.enumerated() where !renewed.contains(line) && !words.isEmpty {
      #expect(after.contains(words), "line \(line + 1) is lost")
    }
    #expect(
      text.contains("      # agreed with the vendor\n      llama-3.1-8b:\n        input: 0.20   # not 0.22\n")
    )
    #expect(
      text.contains(
        """
              llama-3.3-70b:
                input: 0.72
                output: 0.66
                source: "LiteLLM model price list: x"
                verified_on: 2026-11-24
          # nothing yet
        gpu_hour:
        """), "\(text)")
    #expect(try Fixture.load(text).prices.metered["bedrock"]?.models["llama-3.1-8b"]?.input.median == 0.2)
  }

  @Test("laying the same twice changes nothing, the second time by not a byte")
  func idempotence() throws {
    let entries = [entry(0.17), entry(0.72, "llama-3.3-70b")]
    let once = try lay(entries, into: book)
    let twice = try lay(entries, into: once.text)
    #expect(twice.text == once.text)
    #expect(
      twice.changes.unchanged.count == 2 && twice.changes.added.isEmpty && twice.changes.updated.isEmpty)
    // Nor does the order in which lists are imported matter to what is there.
    let apart = try lay([entries[1]], into: try lay([entries[0]], into: book).text)
    #expect(apart.text == once.text)
  }

  @Test("with replacing, what somebody else has written gives way too")
  func replacing() throws {
    let (text, changes) = try lay([entry(0.9, "llama-3.1-8b")], into: book, replacing: true)
    #expect(changes.updated == ["metered.bedrock.models.llama-3.1-8b"])
    #expect(text.contains("      # agreed with the vendor\n      llama-3.1-8b:\n        input: 0.9\n"))
    #expect(!text.contains("our contract") && text.contains("LiteLLM model price list: y"))
  }

  @Test("braces on the way are opened, values within them kept")
  func braces() throws {
    let spot = BookEntry(
      path: ["gpu_hour", "h100-sxm", "regions", "aws-us-east-1", "spot"],
      fields: [
        BookField("amount", .distribution("pert", [1, 2, 3])),
        BookField("source", .quoted("a \"quote\" \\ \n")),
        BookField("verified_on", .bare("2026-11-24")),
      ])
    let (text, _) = try lay([spot], into: book)
    let gpus = try Fixture.load(text).prices
    #expect(gpus.gpuHour["h100-sxm"]?[.spot]?.median == 1.5)
    #expect(gpus.gpuHour["h100-sxm"]?[.spot]?.provenance?.source == "a, b")
    let imported = gpus.gpuHour(of: "h100-sxm", region: "aws-us-east-1")[.spot]
    #expect(imported?.amount.distribution == .pert(low: 1, mode: 2, high: 3))
    #expect(imported?.provenance?.source == "a \"quote\" \\ \u{FFFD}")
    #expect(try lay([spot], into: text).text == text)
  }

  @Test("empty braces, line ends of other systems and comments alone can be filled")
  func corners() throws {
    for start in ["metered: {}\n", "# none\n", "", "metered:\n  bedrock:\n    models: {}\n"] {
      let (text, _) = try lay([entry(0.17)], into: start)
      #expect(try Fixture.load(text).prices.metered["bedrock"]?.models["llama-4-scout"]?.input.median == 0.17)
    }
    let (text, changes) = try lay([entry(0.17)], into: book.replacing("\n", with: "\r\n"))
    #expect(changes.updated.count == 1)
    #expect(text.utf8.count { $0 == 0x0D } == text.utf8.count { $0 == 0x0A })
    #expect(text.replacing("\r\n", with: "\n") == (try lay([entry(0.17)], into: book).text))
    // A byte-order mark is no part of the first key's indentation.
    let (marked, _) = try lay([entry(0.17)], into: "\u{FEFF}" + book)
    #expect(marked == "\u{FEFF}" + (try lay([entry(0.17)], into: book).text))
    let (added, _) = try lay([entry(0.17)], into: "\u{FEFF}gpu_hour: {}\n")
    #expect(added.hasPrefix("\u{FEFF}gpu_hour: {}\nmetered:\n"))
  }

  @Test(
    "layouts that cannot be edited without loss are refused at their place",
    arguments: [
      ("metered:\n  bedrock: &b\n    models: {}\n  other: *b\n", "book.yaml:2:3: "),
      ("all: &m {a: 1}\nmetered: *m\n", "book.yaml:2:1: "),
      ("metered: {bedrock: {name: B}} # keep me\n", "book.yaml:1:1: "),
      ("metered: [1, 2]\n", "book.yaml:1:1: "), ("metered: text\n", "book.yaml:1:1: "),
      ("{metered: {}}\n", "book.yaml:1:2: "), ("a: [\n", "book.yaml:2:1: "),
      ("a: 1\na: 2\n", "book.yaml:2:1: "),
    ])
  func refusals(book: String, place: String) throws {
    do {
      let (text, _) = try lay([entry(0.17)], into: book)
      Issue.record("taken: \(text)")
    } catch let error as InputProblems {
      #expect(error.description.hasPrefix(place), "\(error)")
    }
  }
}
