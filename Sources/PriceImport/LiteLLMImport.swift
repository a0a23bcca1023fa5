// SPDX-License-Identifier: GPL-3.0-or-later
// LiteLLM's `model_prices_and_context_window.json`: one object, whose keys are names of models and whose values say the
// provider, US dollars per token, and the day the model is retired.

import Catalog
import Foundation
import Quantities
import TextFormats

/// Reads LiteLLM's price list.
enum LiteLLMImport {
  /// A row with a price of a model and a provider at hand.
  private struct Candidate {
    var name: String
    var provider: String
    var model: String
    var mode: String
    var input: Double
    var output: Double
    var cachedInput: Double?
    var batch: (input: Double, output: Double)?
    var endOfLife: CalendarDay?

    /// The plainest name first: a chat model before a base model, `meta.llama…` before `us.meta.llama…` and
    /// `….-Instruct` before `…-Instruct-Turbo`.
    var rank: (Int, Int, String) { (mode == "chat" ? 0 : 1, name.utf8.count, name) }

    var prices: [Double?] { [input, output, cachedInput, batch?.input, batch?.output] }
  }

  /// No token costs more: a greater number is a price per 1,000 or per million tokens.
  private static let mostDollarsPerToken = 0.01
  /// No token with a price costs less: a smaller number is a slip of the exponent.
  private static let leastDollarsPerToken = 1e-12

  static func prices(
    in text: consuming TextReader, for request: PriceImportRequest
  ) throws(PriceListProblems) -> ImportedPrices {
    var result = ImportedPrices()
    var problems: [TextProblem] = []
    var candidates: [Candidate] = []
    do throws(TextProblem) {
      var names: Set<String> = []
      var json = JSONReader(text, splitsArrays: false)
      guard try json.nextDocument() else {
        throw json.problem("the file is empty; a price list is one object")
      }
      try json.beginObject()
      while let name = try json.nextKey() {
        let value = try json.readValue()
        guard names.insert(name).inserted else {
          problems.append(
            value.problem(file: json.text.file, "\(shown(name)) stands twice; keep one of them"))
          continue
        }
        if let row = candidate(name, value, json.text.file, request, &result, &problems) {
          candidates.append(row)
        }
      }
      if try json.nextDocument() {
        throw json.problem("something follows the list; a price list is one object")
      }
    } catch {
      throw PriceListProblems(problems: problems + [error])
    }
    if !problems.isEmpty { throw PriceListProblems(problems: problems) }
    result.entries = entries(candidates, request, &result)
    return result
  }

  private static func shown(_ name: String) -> String { "`\(TextProblem.excerpt(ArraySlice(name.utf8)))`" }

  /// The price in a row; nil where there is none to import, which is then told.
  private static func candidate(
    _ name: String, _ row: JSONValue, _ file: String, _ request: PriceImportRequest,
    _ result: inout ImportedPrices, _ problems: inout [TextProblem]
  ) -> Candidate? {
    guard row.members != nil else {
      problems.append(
        row.problem(file: file, "\(shown(name)) is \(row.kindName); write an object with its prices"))
      return nil
    }
    guard let model = request.reference.model(named: name) else {
      result.leave(name, .unknownModel)
      return nil
    }
    let listed = row["litellm_provider"]?.string ?? ""
    guard isOriginal(name, provider: listed) else {
      result.leave(name, .derivative)
      return nil
    }
    guard let provider = request.reference.prices.meteredProvider(named: listed) else {
      result.leave(listed.isEmpty ? name : listed, .unknownProvider)
      return nil
    }
    if let wanted = request.provider, wanted != provider.id, wanted != listed {
      result.leave(provider.id, .otherProvider)
      return nil
    }
    var wrong: [TextProblem] = []
    func price(_ key: String) -> Double? {
      guard let value = row[key], !value.isNull else { return nil }
      guard let dollars = value.double else {
        wrong.append(
          value.problem(file: file, "`\(key)` of \(shown(name)) is \(value.kindName); write $ per token"))
        return nil
      }
      guard dollars == 0 || (leastDollarsPerToken...mostDollarsPerToken).contains(dollars) else {
        let least = dollars < leastDollarsPerToken
        let what =
          dollars < 0 ? "is negative" : "is \(dollars), \(least ? "less" : "more") than any token costs"
        wrong.append(
          value.problem(file: file, "`\(key)` of \(shown(name)) \(what); write $ per token, such as 7.2e-07"))
        return nil
      }
      return BookValue.rounded(dollars * 1e6)
    }
    let (input, output) = (price("input_cost_per_token"), price("output_cost_per_token"))
    let batch = (price("input_cost_per_token_batches"), price("output_cost_per_token_batches"))
    let cached = price("cache_read_input_token_cost")
    var end: CalendarDay?
    if let value = row["deprecation_date"], !value.isNull {
      end = value.string.flatMap { CalendarDay($0) }
      if end == nil {
        wrong.append(
          value.problem(file: file, "`deprecation_date` of \(shown(name)) is no day; write YYYY-MM-DD"))
      }
    }
    problems += wrong
    guard wrong.isEmpty else { return nil }
    guard let input, let output else {
      result.leave(name, .unpriced)
      return nil
    }
    guard input > 0 || output > 0 else {
      result.leave(name, .free)
      return nil
    }
    var candidate = Candidate(
      name: name, provider: provider.id, model: model.id, mode: row["mode"]?.string ?? "", input: input,
      output: output, cachedInput: cached, endOfLife: end)
    if let input = batch.0, let output = batch.1 { candidate.batch = (input, output) }
    return candidate
  }

  /// Words before `llama` that say where or by whom the model itself is served.
  private static let placeWords: Set<Substring> = [
    "meta", "us", "eu", "apac", "ap", "au", "ca", "jp", "sa", "global", "gov",
  ]

  /// Whether a name is that of a Llama model and not of one made from it: `us.meta.llama3-1-8b` is, and
  /// `Hermes-3-Llama-3.1-8B` is not.
  private static func isOriginal(_ name: String, provider: String) -> Bool {
    let last = name.lowercased().split(separator: "/").last ?? ""
    guard let start = last.range(of: "llama", options: .backwards) else { return true }
    let words = last[..<start.lowerBound].split { !$0.isLetter && !$0.isNumber }
    let own = provider.lowercased().split { !$0.isLetter && !$0.isNumber }
    return words.allSatisfy { placeWords.contains($0) || own.contains($0) }
  }

  /// One entry for each provider and model, from the row with the plainest name.
  private static func entries(
    _ candidates: [Candidate], _ request: PriceImportRequest, _ result: inout ImportedPrices
  ) -> [BookEntry] {
    var groups: [String: [Candidate]] = [:]
    for row in candidates { groups["\(row.provider) \(row.model)", default: []].append(row) }
    var entries: [BookEntry] = []
    for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
      let ordered = group.sorted { $0.rank < $1.rank }
      guard let chosen = ordered.first else { continue }
      for other in ordered.dropFirst() {
        let isSame = other.prices == chosen.prices
        result.leave(isSame ? other.name : "\(other.name) (at another price)", .otherName)
      }
      entries.append(entry(chosen, request))
    }
    return entries
  }

  private static func entry(_ row: Candidate, _ request: PriceImportRequest) -> BookEntry {
    var fields = [BookField("input", .number(row.input)), BookField("output", .number(row.output))]
    if let cached = row.cachedInput { fields.append(BookField("cached_input", .number(cached))) }
    if let batch = row.batch {
      fields.append(
        BookField(
          "batch",
          .mapping([
            BookField("input", .number(batch.input)), BookField("output", .number(batch.output)),
          ])))
    }
    if let end = row.endOfLife { fields.append(BookField("end_of_life", .bare(end.description))) }
    fields.append(BookField("source", .quoted("\(PriceListFormat.litellm.title): \(row.name)")))
    fields.append(BookField("verified_on", .bare(request.verifiedOn.description)))
    return BookEntry(path: ["metered", row.provider, "models", row.model], fields: fields)
  }
}
