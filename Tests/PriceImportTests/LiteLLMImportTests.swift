// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the import of LiteLLM's price list, against numbers worked out by hand.

import Catalog
import Foundation
import PriceImport
import Testing

@Suite("Import of LiteLLM's price list")
struct LiteLLMImportTests {
  /// A list of one model of Bedrock.
  private func scout(_ fields: String, name: String = "meta.llama4-scout-17b-instruct-v1:0") -> String {
    "{\n  \"\(name)\": {\"litellm_provider\": \"bedrock_converse\", \"mode\": \"chat\",\n    \(fields)}\n}\n"
  }

  private let good = "\"input_cost_per_token\": 1.7e-07, \"output_cost_per_token\": 6.6e-07"

  private func entry(_ imported: ImportedPrices, _ provider: String, _ model: String) -> BookEntry? {
    imported.entries.first { $0.path == ["metered", provider, "models", model] }
  }

  @Test("dollars per token become dollars per million, batches, cached tokens and the end come along")
  func fields() throws {
    let imported = try Fixture.read(
      .litellm,
      scout(
        good + """
          , "input_cost_per_token_batches": 8.5e-08, "output_cost_per_token_batches": 3.3e-07,
            "cache_read_input_token_cost": 2.5e-08, "deprecation_date": "2027-03-30"
          """))
    #expect(
      imported.entries == [
        BookEntry(
          path: ["metered", "bedrock", "models", "llama-4-scout"],
          fields: [
            BookField("input", .bare("0.17")), BookField("output", .bare("0.66")),
            BookField("cached_input", .bare("0.025")),
            BookField(
              "batch", .mapping([BookField("input", .bare("0.085")), BookField("output", .bare("0.33"))])),
            BookField("end_of_life", .bare("2027-03-30")),
            BookField("source", .quoted("LiteLLM model price list: meta.llama4-scout-17b-instruct-v1:0")),
            BookField("verified_on", .bare("2026-11-24")),
          ])
      ])
  }

  @Test("the plainest name speaks for a model, the others are told")
  func names() throws {
    func row(_ name: String, _ price: String) -> String {
      "\"\(name)\": {\"litellm_provider\": \"deepinfra\", \"mode\": \"chat\", \"input_cost_per_token\": \(price), "
        + "\"output_cost_per_token\": \(price)}"
    }
    let list =
      "{"
      + [
        row("deepinfra/meta-llama/Llama-3.3-70B-Instruct-Turbo", "1e-07"),
        row("deepinfra/meta-llama/Llama-3.3-70B-Instruct", "2.3e-07"),
        row("deepinfra/NousResearch/Hermes-3-Llama-3.3-70B", "7e-07"),
      ].joined(separator: ",") + "}"
    let imported = try Fixture.read(.litellm, list)
    #expect(imported.entries.map(\.name) == ["metered.deepinfra.models.llama-3.3-70b"])
    #expect(imported.entries.first?.fields.first == BookField("input", .bare("0.23")))
    #expect(
      imported.leftOut[.otherName] == ["deepinfra/meta-llama/Llama-3.3-70B-Instruct-Turbo (at another price)"]
    )
    #expect(imported.leftOut[.derivative] == ["deepinfra/NousResearch/Hermes-3-Llama-3.3-70B"])
  }

  @Test("what cannot be mapped is counted by its reason")
  func leftOut() throws {
    func row(_ name: String, _ provider: String, _ fields: String) -> String {
      "\"\(name)\": {\"litellm_provider\": \"\(provider)\"\(fields.isEmpty ? "" : ", ")\(fields)}"
    }
    let rows = [
      row("gpt-9", "openai", good), row("groq/llama-3.1-8b-instant", "groq", good),
      row("us.meta.llama3-1-8b-instruct-v1:0", "bedrock", ""),
      row(
        "meta.llama3-3-70b-instruct-v1:0", "bedrock",
        "\"input_cost_per_token\": 0, \"output_cost_per_token\": 0.0"),
      row("deepinfra/Llama-4-Scout", "deepinfra", good),
    ]
    let imported = try Fixture.read(.litellm, "{\(rows.joined(separator: ","))}", provider: "bedrock")
    #expect(imported.entries.isEmpty)
    #expect(
      imported.leftOut == [
        .unknownModel: ["gpt-9"], .unknownProvider: ["groq"],
        .unpriced: ["us.meta.llama3-1-8b-instruct-v1:0"], .free: ["meta.llama3-3-70b-instruct-v1:0"],
        .otherProvider: ["deepinfra"],
      ])
    #expect(imported.leftOutRows.values.allSatisfy { $0 == 1 })
  }

  @Test(
    "a wrong number of a row that would be imported refuses the list, at its place",
    arguments: [
      (
        "\"input_cost_per_token\": -1.7e-07, \"output_cost_per_token\": 6.6e-07", "list:3:29: ", "is negative"
      ),
      (
        "\"input_cost_per_token\": 0.17, \"output_cost_per_token\": 0.66", "list:3:29: ",
        "more than any token costs"
      ),
      (
        "\"input_cost_per_token\": 1e308, \"output_cost_per_token\": 6e-7", "list:3:29: ",
        "more than any token costs"
      ),
      (
        "\"input_cost_per_token\": 1e-320, \"output_cost_per_token\": 6e-7", "list:3:29: ",
        "less than any token costs"
      ),
      ("\"input_cost_per_token\": \"1.7e-07\", \"output_cost_per_token\": 6e-7", "list:3:29: ", "is a text"),
      ("\"input_cost_per_token\": NaN, \"output_cost_per_token\": 6e-7", "list:3:29: ", "a bare NaN"),
      (
        "\"input_cost_per_token\": 1e-7, \"output_cost_per_token\": 6e-7, \"deprecation_date\": \"soon\"",
        "list:3:86: ",
        "is no day"
      ),
    ])
  func wrongNumbers(fields: String, place: String, message: String) throws {
    let found = try Fixture.problems(.litellm, scout(fields))
    #expect(found.contains { $0.hasPrefix(place) && $0.contains(message) }, "\(found)")
  }

  @Test(
    "what is no list is refused",
    arguments: [
      ("", "empty"), ("[]", "an object"), ("{\"a\": 1}", "`a` is a number"), ("{\"a\": {\"b\":", "truncated"),
      ("{}{}", "something follows"), ("{\"gpt\": {}, \"gpt\": {}}", "`gpt` stands twice"),
    ])
  func wrongLists(list: String, message: String) throws {
    let found = try Fixture.problems(.litellm, list)
    #expect(found.contains { $0.hasPrefix("list:1:") && $0.contains(message) }, "\(found)")
  }

  @Test("a list cut anywhere is refused, not half read", arguments: 1..<40)
  func truncation(part: Int) throws {
    let list = scout(good)
    let cut = String(list.prefix(list.count * part / 41))
    #expect(try !Fixture.problems(.litellm, cut).isEmpty)
  }

  @Test(
    "the list of November 2026 gives the prices that its rows have",
    .enabled(if: Fixture.real("litellm_model_prices.json") != nil, "there is no ../shared/data"))
  func realList() throws {
    let imported = try Fixture.read(.litellm, try #require(Fixture.real("litellm_model_prices.json")))
    // By hand: the three providers of the book list 10, 6 and 8 of the catalog's models.
    let providers = Dictionary(grouping: imported.entries) { $0.path[1] }.mapValues(\.count)
    #expect(providers == ["bedrock": 10, "deepinfra": 6, "fireworks": 8])
    let maverick = try #require(entry(imported, "bedrock", "llama-4-maverick"))
    #expect(
      maverick.fields.prefix(2) == [BookField("input", .bare("0.24")), BookField("output", .bare("0.97"))])
    #expect(
      maverick.fields.contains(
        BookField(
          "batch", .mapping([BookField("input", .bare("0.12")), BookField("output", .bare("0.485"))]))))
    let small = try #require(entry(imported, "deepinfra", "llama-3.1-8b"))
    #expect(
      small.fields.prefix(2) == [BookField("input", .bare("0.03")), BookField("output", .bare("0.05"))])
    let fireworks = try #require(entry(imported, "fireworks", "llama-3.3-70b"))
    #expect(
      fireworks.fields.prefix(2) == [BookField("input", .bare("0.9")), BookField("output", .bare("0.9"))])
    // Every row is either imported or accounted for.
    #expect(imported.entries.count + imported.leftOutRows.values.reduce(0, +) == 4553)
    // The shipped book says the same wherever it names the list.
    let book = try ReferenceData.load(directory: nil).prices
    for id in ["bedrock", "deepinfra", "fireworks"] {
      for (model, tokens) in try #require(book.metered[id]).models {
        let listed = try #require(entry(imported, id, model), "\(id) \(model)")
        #expect(
          listed.fields.prefix(2) == [
            BookField("input", .number(tokens.input.median)),
            BookField("output", .number(tokens.output.median)),
          ], "\(id) \(model)")
      }
    }
  }
}
