// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the catalog's entry behind the many names that logs, clouds and benchmarks give one model or GPU.

import Foundation

extension ReferenceData {
  /// The model that a log or a benchmark names.
  ///
  /// An id or alias of the catalog comes first. Otherwise names are compared by their words: runs of letters and of
  /// digits, in lower case, of what follows the last `/`. What only says where or how a model is served does not count:
  /// regions and makers before the name (`us.meta.`), `instruct`, `chat`, `hf`, number formats, versions (`-v1:0`), and
  /// the sizes of Llama 4's experts after its name. So `us.meta.llama4-scout-17b-instruct-v1:0` and
  /// `meta-llama/Llama-4-Scout-17B-16E-Instruct-FP8-dynamic` are both `llama-4-scout`, while `llama3-70b` is not 3.1.
  /// - Complexity: O(models) per call; keep the answer where a name comes often.
  public func model(named name: String) -> LanguageModel? {
    if let model = models[name] { return model }
    let words = Self.modelWords(name)
    guard !words.isEmpty else { return nil }
    return models.values.filter { model in
      ([model.id] + model.aliases).contains { $0 == name || Self.modelWords($0) == words }
    }
    .min { $0.id < $1.id }
  }

  /// The GPU that a cloud, a driver or a benchmark names: an id or an alias, without regard to letter case,
  /// punctuation, makers' names, and what stands in parentheses (`H100 (79.18 GiB)`).
  public func accelerator(named name: String) -> Accelerator? {
    if let accelerator = accelerators[name] { return accelerator }
    let words = Self.acceleratorWords(name)
    guard !words.isEmpty else { return nil }
    return accelerators.values.filter { accelerator in
      ([accelerator.id] + accelerator.aliases).contains { Self.acceleratorWords($0) == words }
    }
    .min { $0.id < $1.id }
  }

  /// Words that say where, by whom or in which format a model is served, not which it is.
  private static let servingWords: Set<[String]> = [
    ["instruct"], ["chat"], ["hf"], ["original"], ["turbo"], ["versatile"], ["instant"], ["dynamic"],
    ["quantized"], ["fp", "8"], ["fp", "4"], ["nvfp", "4"], ["int", "8"], ["int", "4"], ["bf", "16"],
    ["fp", "16"], ["awq"], ["gptq"], ["kv"], ["maas"], ["w", "8", "a", "8"], ["w", "4", "a", "16"],
    ["17", "b"], ["16", "e"], ["128", "e"], ["basic"],
  ]

  private static func modelWords(_ name: String) -> [String] {
    var text = name.lowercased()[...]
    // The version of a hosted model, after the last `-v`, and the part of an ARN or a path before the name.
    if let slash = text.lastIndex(of: "/") { text = text[text.index(after: slash)...] }
    if let version = text.range(of: "-v", options: .backwards), isVersion(text[version.upperBound...]) {
      text = text[..<version.lowerBound]
    }
    if let start = text.range(of: "llama", options: .backwards) { text = text[start.lowerBound...] }
    var result: [String] = []
    for part in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      var words = words(part)
      // `v3p1` is how Fireworks spells 3.1.
      if words.count == 4, words[0] == "v", words[2] == "p" { words = [words[1], words[3]] }
      if !servingWords.contains(words) { result += words }
    }
    return result
  }

  /// Whether this is what stands behind `-v`: digits and colons.
  private static func isVersion(_ text: Substring) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isNumber || $0 == ":" || $0 == "." }
  }

  private static func acceleratorWords(_ name: String) -> [String] {
    let makers: Set<String> = ["nvidia", "amd", "instinct", "tensor", "core", "gpu"]
    return name.lowercased().prefix { $0 != "(" }
      .split(whereSeparator: { !$0.isLetter && !$0.isNumber })
      .filter { !makers.contains(String($0)) }
      .flatMap(words)
  }

  /// Runs of letters and runs of digits.
  private static func words(_ text: Substring) -> [String] {
    var result: [String] = []
    for character in text {
      if let last = result.last?.last, last.isNumber == character.isNumber {
        result[result.count - 1].append(character)
      } else {
        result.append(String(character))
      }
    }
    return result
  }
}
