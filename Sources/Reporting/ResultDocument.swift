// SPDX-License-Identifier: GPL-3.0-or-later
// The result document as JSON: what `--json` prints and what the report's folder keeps are the same bytes.

public import Decision
public import Foundation

/// The JSON form of a result.
public enum ResultDocument {
  /// Indented JSON with sorted keys and a newline at the end.
  ///
  /// Throws `ReportError.invalidResult` where a number is not finite, naming its place.
  public static func encode(_ result: PlanResult) throws(ReportError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(result) + Data("\n".utf8)
    } catch EncodingError.invalidValue(let value, let context) {
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .invalidResult("\(place) is \(value), which JSON cannot hold")
    } catch {
      throw .invalidResult("\(error)")
    }
  }

  /// Reads a document that `encode` wrote.
  ///
  /// Throws `ReportError.invalidResult` for another layout, missing keys and anything that is not JSON.
  public static func decode(_ bytes: Data) throws(ReportError) -> PlanResult {
    let result: PlanResult
    do {
      result = try JSONDecoder().decode(PlanResult.self, from: bytes)
    } catch {
      throw .invalidResult("\(error)")
    }
    try check(result)
    return result
  }

  /// Throws where parts of a document don't fit together: the page and the tables rely on what is checked here.
  static func check(_ result: PlanResult) throws(ReportError) {
    guard result.schemaVersion == PlanResult.currentSchemaVersion else {
      throw .invalidResult(
        "schemaVersion \(result.schemaVersion); this version reads \(PlanResult.currentSchemaVersion)")
    }
    guard !result.options.isEmpty else { throw .invalidResult("it has no options") }
    let names = Set(result.options.map(\.name))
    guard names.count == result.options.count else { throw .invalidResult("two options have the same name") }
    let mentioned =
      [("decision.option", result.decision.option), ("decision.baseline", result.decision.baseline)]
      + result.breakEvens.flatMap { [("breakEvens.option", $0.option), ("breakEvens.against", $0.against)] }
    for (place, name) in mentioned where !names.contains(name) {
      throw .invalidResult("\(place) is \"\(name)\", which is no option")
    }
    for option in result.options where option.costQuantiles.count != 101 {
      throw .invalidResult(
        "option \"\(option.name)\" has \(option.costQuantiles.count) cost quantiles, not 101")
    }
    for option in result.options {
      for charge in option.charges ?? [] {
        let lengths = [charge.quantities.count, charge.costs.count]
        guard lengths.allSatisfy({ $0 == option.monthly.count }) else {
          throw .invalidResult(
            "\"\(charge.component)\" of \"\(option.name)\" has not one value for each month")
        }
      }
    }
    for point in result.alongVolume {
      let lengths = [point.probabilityCheapest.count, point.medianCost.count, point.serviceLevel.count]
      guard lengths.allSatisfy({ $0 == result.options.count }) else {
        throw .invalidResult("alongVolume at \(point.volume) has not one value for each option")
      }
      guard point.volume > 0 else { throw .invalidResult("alongVolume has a volume of \(point.volume)") }
    }
    try checkFlips(result, options: names)
    let hours = result.demand.hourOfWeekRate.count
    guard hours == 168 else { throw .invalidResult("demand.hourOfWeekRate has \(hours) values, not 168") }
  }
}
