// SPDX-License-Identifier: GPL-3.0-or-later
// Prints the JSON Schema of a scenario from the decoder's own key tables, so that editors complete and check
// exactly what the program reads.

import Catalog
import YAMLDocument

/// The JSON Schema of scenario files.
public enum ScenarioSchema {
  /// The schema (JSON Schema draft 2020-12), two spaces per level, ending in a newline.
  ///
  /// It says less than the program checks: whether an id is in the catalog, a model fits its GPUs or a price
  /// exists is not for a schema to say.
  public static let json: String = {
    var root = object(ScenarioKeys.root)
    let header: [(String, JSONText)] = [
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("Breakeven scenario")),
      (
        "description",
        .string("Demand, the options to serve it, prices laid over the book, and how to decide.")
      ),
    ]
    let definitions = JSONText.object([
      ("distribution", .object(object(DistributionForms.table))),
      (
        "tokenLengths",
        .object([
          (
            "anyOf",
            .array([integer(1...DistributionForms.longest), .object(object(DistributionForms.tokenLengths))])
          )
        ])
      ),
    ])
    root.append(("$defs", definitions))
    return JSONText.object(header + root).text(indent: 0) + "\n"
  }()

  private static func object(_ table: KeyTable) -> [(String, JSONText)] {
    var members: [(String, JSONText)] = [("type", .string("object"))]
    let properties = table.keys.map { key in (key.name, JSONText.object(describe(key))) }
    if !properties.isEmpty { members.append(("properties", .object(properties))) }
    let required = table.keys.filter(\.isRequired).map { JSONText.string($0.name) }
    if !required.isEmpty { members.append(("required", .array(required))) }
    if !table.oneOf.isEmpty {
      let sets = table.oneOf.map { JSONText.object([("required", .array($0.map(JSONText.string)))]) }
      members.append(("oneOf", .array(sets)))
    }
    if let named = table.named {
      members.append(("additionalProperties", .object(schema(named))))
      if table.namedMinimum > 0 { members.append(("minProperties", .number(String(table.namedMinimum)))) }
    } else {
      members.append(("additionalProperties", .literal("false")))
    }
    return members
  }

  private static func describe(_ key: Key) -> [(String, JSONText)] {
    let absent = key.absent.map { " (absent: \($0))" } ?? ""
    return [("description", .string(key.summary + absent))] + schema(key.shape)
  }

  private static func schema(_ shape: Shape) -> [(String, JSONText)] {
    switch shape {
    // YAML tools read an unquoted 2026 as a number; the program reads text.
    case .text: return [("type", .array([.string("string"), .string("number")]))]
    case .identifier:
      return [("type", .string("string")), ("pattern", .string("^[A-Za-z0-9][A-Za-z0-9._-]*$"))]
    case .month: return [("type", .string("string")), ("pattern", .string("^[0-9]{4}-(0[1-9]|1[0-2])$"))]
    case .day: return [("type", .string("string")), ("pattern", .string("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    case .number(let range): return number(range)
    case .integer(let range): return [("type", .string("integer"))] + bounds(range)
    case .boolean: return [("type", .string("boolean"))]
    case .choice(let words): return [("enum", .array(words.map(JSONText.string)))]
    case .uncertain(let range):
      return [("anyOf", .array([.object(number(range)), reference("distribution")]))]
    case .tokenLengths: return [("$ref", .string("#/$defs/tokenLengths"))]
    case .mapping(let table): return object(table)
    case .sequence(let element, let count):
      return [
        ("type", .string("array")), ("items", .object(schema(element))),
        ("minItems", .number(String(count.lowerBound))), ("maxItems", .number(String(count.upperBound))),
      ]
    case .anyOf(let shapes): return [("anyOf", .array(shapes.map { .object(schema($0)) }))]
    }
  }

  private static func reference(_ name: String) -> JSONText {
    .object([("$ref", .string("#/$defs/\(name)"))])
  }

  private static func integer(_ range: ClosedRange<Int>) -> JSONText {
    .object([("type", .string("integer"))] + bounds(range))
  }

  private static func bounds(_ range: ClosedRange<Int>) -> [(String, JSONText)] {
    let minimum = ("minimum", JSONText.number(String(range.lowerBound)))
    return range.upperBound == .max
      ? [minimum] : [minimum, ("maximum", .number(String(range.upperBound)))]
  }

  private static func number(_ range: NumberRange) -> [(String, JSONText)] {
    var members: [(String, JSONText)] = [("type", .string("number"))]
    if let minimum = range.minimum {
      members.append((range.excludesMinimum ? "exclusiveMinimum" : "minimum", .number(plain(minimum))))
    }
    if let maximum = range.maximum { members.append(("maximum", .number(plain(maximum)))) }
    return members
  }
}

/// JSON whose members keep their order.
private indirect enum JSONText {
  case string(String)
  case number(String)
  case literal(String)
  case array([JSONText])
  case object([(String, JSONText)])

  /// The text, the first line not indented.
  func text(indent: Int) -> String {
    let inner = String(repeating: " ", count: indent + 2)
    let outer = String(repeating: " ", count: indent)
    switch self {
    case .string(let text): return Self.quoted(text)
    case .number(let text), .literal(let text): return text
    case .array(let elements):
      let texts = elements.map { $0.text(indent: indent + 2) }
      let line = "[" + texts.joined(separator: ", ") + "]"
      if !line.contains("\n"), line.count + indent <= 100 { return line }
      return "[\n" + texts.map { inner + $0 }.joined(separator: ",\n") + "\n\(outer)]"
    case .object(let members):
      let texts = members.map { "\(Self.quoted($0.0)): " + $0.1.text(indent: indent + 2) }
      let line = "{" + texts.joined(separator: ", ") + "}"
      if !line.contains("\n"), line.count + indent <= 80, members.count <= 3 { return line }
      return "{\n" + texts.map { inner + $0 }.joined(separator: ",\n") + "\n\(outer)}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
