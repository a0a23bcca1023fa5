// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the JSON Schema: it is the file beside the scenarios, it accepts them, and it refuses what
// they must not hold.

import Foundation
import Scenario
import Testing
import YAMLDocument

@Suite("The scenario's JSON Schema")
struct SchemaTests {
  private static let path = repository.path + "/workloads/scenario.schema.json"

  @Test("workloads/scenario.schema.json is what the program prints")
  func file() throws {
    if ProcessInfo.processInfo.environment["BREAKEVEN_RECORD"] == "1" {
      try ScenarioSchema.json.write(toFile: Self.path, atomically: true, encoding: .utf8)
      Issue.record("recorded scenario.schema.json; look at it, then run without BREAKEVEN_RECORD")
      return
    }
    let bytes = try #require(InputFile.read(Self.path))
    #expect(
      String(decoding: bytes, as: UTF8.self) == ScenarioSchema.json,
      "scenario.schema.json differs; BREAKEVEN_RECORD=1 records it anew")
  }

  private func violations(_ text: [UInt8]) throws -> [String] {
    let root = try JSONSerialization.jsonObject(with: Data(ScenarioSchema.json.utf8))
    let schema = try #require(root as? [String: Any])
    let context = DecodingContext()
    let node = try #require(YAMLDocument.parse(text, file: "s", context: context))
    return Validator(root: schema).violations(node, schema)
  }

  @Test(
    "it accepts the shipped scenarios", arguments: ["support-assistant.yaml", "replay-code-assistant.yaml"])
  func accepts(name: String) throws {
    let bytes = try #require(InputFile.read(repository.path + "/workloads/\(name)"))
    #expect(try violations(bytes) == [])
  }

  @Test(
    "it accepts the tests' base and refuses it spoiled",
    arguments: [
      ("", "", true), ("rate: 2", "ratee: 2", false), ("rate: 2", "rate: -2", false),
      ("rate: 2", "rate: {p10: 1}", false), ("rate: 2", "rate: {p10: 1, p90: 2}", true),
      ("rate: 2", "rate: 2\n      profile: flat", true), ("rate: 2", "rate: 2\n      profile: bumpy", false),
      ("replicas: 1, weights: fp8", "weights: fp8", false), ("purchase: spot", "purchase: often", false),
      ("- metered: {provider: bedrock}", "- metered: {provider: bedrock}\n        fleet: {}", false),
      ("start: 2026-12", "start: 2026-13", false), ("months: 3", "months: 3.5", false),
      ("name: base", "name: base\nprices: {api: {bedrock: {factor: 0.9, llama-3.1-8b: {input: 1}}}}", true),
      ("name: base", "name: base\nprices: {api: {bedrock: {llama-3.1-8b: 1}}}", false),
    ])
  func judges(old: String, new: String, isGood: Bool) throws {
    var text = base
    if let range = text.range(of: old) { text.replaceSubrange(range, with: new) }
    #expect(try violations([UInt8](text.utf8)).isEmpty == isGood)
  }
}

/// As much of JSON Schema as the scenario's schema uses. Scalars are typed as YAML 1.2 types plain text.
private struct Validator {
  var root: [String: Any]

  func violations(_ node: YAMLNode, _ schema: [String: Any]) -> [String] {
    var found: [String] = []
    for (keyword, value) in schema.sorted(by: { $0.key < $1.key }) {
      if !holds(keyword, value, node, schema) { found.append("\(node.position): \(keyword)") }
    }
    return found
  }

  private func accepts(_ node: YAMLNode, _ schema: Any?) -> Bool {
    guard let schema = schema as? [String: Any] else { return false }
    return violations(node, schema).isEmpty
  }

  private func number(_ node: YAMLNode) -> Double? {
    guard case .scalar(let text, isPlain: true) = node.content else { return nil }
    return Double(text)
  }

  private func holds(_ keyword: String, _ value: Any, _ node: YAMLNode, _ schema: [String: Any]) -> Bool {
    let list = value as? [Any] ?? []
    switch keyword {
    case "$schema", "title", "description", "$defs": return true
    case "$ref":
      let name = (value as? String)?.split(separator: "/").last.map(String.init) ?? ""
      return accepts(node, (root["$defs"] as? [String: Any])?[name])
    case "type": return (list.isEmpty ? [value] : list).contains { isOfType(node, $0 as? String) }
    case "enum": return list.contains { $0 as? String == node.text }
    case "pattern":
      guard let pattern = value as? String, let text = node.text else { return false }
      return text.range(of: pattern, options: .regularExpression) != nil
    case "minimum": return number(node).map { $0 >= limit(value) } ?? true
    case "exclusiveMinimum": return number(node).map { $0 > limit(value) } ?? true
    case "maximum": return number(node).map { $0 <= limit(value) } ?? true
    case "items": return node.elements?.allSatisfy { accepts($0, value) } ?? true
    case "minItems": return node.elements.map { Double($0.count) >= limit(value) } ?? true
    case "maxItems": return node.elements.map { Double($0.count) <= limit(value) } ?? true
    case "minProperties": return node.entries.map { Double($0.count) >= limit(value) } ?? true
    case "anyOf": return list.contains { accepts(node, $0) }
    case "oneOf": return list.filter { accepts(node, $0) }.count == 1
    case "required": return list.allSatisfy { node[($0 as? String) ?? ""] != nil }
    case "properties":
      let properties = value as? [String: Any] ?? [:]
      return (node.entries ?? []).allSatisfy {
        properties[$0.key] == nil || accepts($0.value, properties[$0.key])
      }
    case "additionalProperties":
      let properties = schema["properties"] as? [String: Any] ?? [:]
      return (node.entries ?? []).allSatisfy { properties[$0.key] != nil || accepts($0.value, value) }
    default: return false
    }
  }

  private func limit(_ value: Any) -> Double { (value as? NSNumber)?.doubleValue ?? .nan }

  private func isOfType(_ node: YAMLNode, _ type: String?) -> Bool {
    switch type {
    case "object": node.entries != nil
    case "array": node.elements != nil
    case "number": number(node) != nil
    case "integer": number(node).map { $0 == $0.rounded() } ?? false
    case "string": node.text != nil && number(node) == nil
    default: false
    }
  }
}
