// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes what a scenario says to the nightly run.

import Catalog
import YAMLDocument

extension ScenarioDecoder {
  /// The thresholds; those of a scenario that says nothing where it does not.
  func alerts(_ root: MappingView) -> AlertThresholds {
    var alerts = AlertThresholds()
    guard let view = root.mapping("alert") else { return alerts }
    alerts.probabilityCheapestBelow = share("p_cheapest_below", in: view)
    alerts.p90Above = view.number("p90_above")
    alerts.breakEvenWithin = share("break_even_within", in: view)
    alerts.decisionChanges = view.boolean("decision_changes") ?? true
    alerts.costChangesBy = share("cost_changes_by", in: view)
    alerts.spendAbovePlan = share("spend_above_plan", in: view)
    alerts.volumeAbovePlan = share("volume_above_plan", in: view)
    return alerts
  }

  /// What a nightly run reads beside the scenario.
  func nightly(_ root: MappingView) -> NightlyInputs {
    var inputs = NightlyInputs()
    guard let view = root.mapping("nightly") else { return inputs }
    inputs.usage = texts("usage", in: view).map(seenFromHere)
    if let provider = view.identifier("provider") {
      inputs.provider = known(
        provider, among: reference.prices.metered.keys.sorted(), "provider", "the price book has",
        view.position(of: "provider"))
    }
    for node in texts("prices", in: view) {
      guard var list = PriceListPattern(node.text ?? "") else {
        context.report(
          node.position, "`prices` is `\(node.text ?? "")`",
          remedy: "write a path, or a provider and a path as aws=lists/vms.csv")
        continue
      }
      list.pattern = seenFromHere(YAMLNode(.scalar(list.pattern, isPlain: true), at: node.position))
      inputs.prices.append(list)
    }
    if let text = view.text("keep") {
      inputs.keep = KeepSpan(text)
      if inputs.keep == nil {
        context.report(
          view.position(of: "keep"), "`keep` is `\(text)`", remedy: "write \(KeepSpan.expectation)")
      }
    }
    return inputs
  }

  /// The texts under a key that takes one or several.
  private func texts(_ key: String, in view: MappingView) -> [YAMLNode] {
    guard let value = view[key] else { return [] }
    let path = view.path(of: key)
    let nodes = value.elements == nil ? [value] : context.elements(value, path, count: 1...100) ?? []
    return nodes.filter { node in
      if node.isEmpty || node.text == "" {
        context.report(node.position, "\(path) has an empty element", remedy: "write a path")
        return false
      }
      return context.text(node, key) != nil
    }
  }

  /// A path in the scenario as seen from the working folder; one on the command line is already.
  private func seenFromHere(_ node: YAMLNode) -> String {
    let folder = node.position.isOverride ? "." : InputFile.folder(of: node.position.source)
    return InputFile.path(node.text ?? "", in: folder)
  }

  /// A share: a number, or one with a percent sign.
  private func share(_ key: String, in view: MappingView) -> Double? {
    guard let value = view[key], case .anyOf(let shapes) = view.table.key(key)?.shape,
      case .number(let range) = shapes.first, let text = context.text(value, key)
    else { return nil }
    guard text.hasSuffix("%") else { return context.number(value, key, in: range) }
    var digits = text.dropLast()
    while digits.last == " " { digits.removeLast() }
    let percent = NumberRange(
      minimum: range.minimum.map { $0 * 100 }, excludesMinimum: range.excludesMinimum,
      maximum: range.maximum.map { $0 * 100 })
    let number = YAMLNode(.scalar(String(digits), isPlain: true), at: value.position)
    return context.number(number, key, in: percent).map { $0 / 100 }
  }
}
