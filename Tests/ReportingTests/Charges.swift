// SPDX-License-Identifier: GPL-3.0-or-later
// The fixture with a bill for every option, and names that would do harm where they were not taken for text.

import Decision

extension Fixture {
  /// The fixture whose options say what they pay for: one charge per component, whose price is $2 a unit.
  static var charged: PlanResult {
    var result = result
    let kinds: [(OptionCharge.Kind, OptionCharge.Unit)] = [
      (.usage, .millionTokens), (.interruptible, .gpuHours), (.commitment, .unitHours),
      (.recurring, .months),
      (.once, .units),
    ]
    for place in result.options.indices {
      let option = result.options[place]
      result.options[place].charges = option.components.indices.map { part in
        let costs = option.monthly.map { $0.components[part].mean }
        let (kind, unit) = kinds[part % kinds.count]
        return OptionCharge(
          component: option.components[part].component, supply: part < 3 ? option.supplies[0].name : nil,
          item: part < 3 ? "llama-4-scout" : nil, provider: part == 0 ? "Amazon Bedrock" : nil,
          region: part == 1 ? "us-east-1" : nil, kind: kind, unit: unit, quantities: costs.map { $0 / 2 },
          costs: costs)
      }
    }
    return result
  }

  /// Names that mean something to HTML, CSV, spreadsheets, Markdown, JSON, or the direction of writing.
  static let hostileNames = [
    "<script>alert(1)</script>", "\"quotes\", 'more' & commas", "two\r\nlines\nand more", "=1+1",
    "@everyone", "\u{202E}txet desrever", "| a | b |", "[a](https://example.com) www.example.com",
    "`code` *bold* _and_ ~~gone~~", "#12 C:\\path", "שלום ‏", "]]>-->",
  ]

  /// The fixture with a name in every place that a scenario names.
  static func named(_ name: String) -> PlanResult {
    var result = charged
    result.run.title = name
    result.run.command = "breakeven plan '\(name)'"
    result.warnings = [name]
    let old = result.options[6].name
    result.options[6].name = name
    result.options[6].title = name
    result.decision.option = name
    result.decision.sentence = "Take \(name). It is the cheapest."
    for place in result.breakEvens.indices {
      if result.breakEvens[place].option == old { result.breakEvens[place].option = name }
      result.breakEvens[place].finding = name
    }
    result.options[6].supplies[0].name = name
    result.options[6].charges?[0].supply = name
    result.options[6].charges?[0].provider = name
    for place in result.options.indices {
      for use in result.options[place].latency.indices
      where result.options[place].latency[use].useCase == "reason" {
        result.options[place].latency[use].useCase = name
      }
    }
    result.demand.useCases[2].name = name
    result.assumptions[0].source = name
    return result
  }
}
