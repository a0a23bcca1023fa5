// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes how prices move over the horizon, and checks that each path moves something.

import Catalog
import Quantities
import Uncertainty
import YAMLDocument

extension ScenarioKeys {
  static let pricePaths = KeyTable(
    "the price paths", named: .mapping(pricePath), nameMeaning: "name", namedMinimum: 1)

  static let pricePath = KeyTable(
    "a price path",
    keys: [
      .required(
        "of", .anyOf([.text, .sequence(.text, count: 1...100)]),
        "the prices that follow it, as assumptions.csv names them, or the beginning of their names up to a dot"
      ),
      .optional(
        "steps", .mapping(priceSteps),
        "multiples of the price as drawn, each from its month on, 0.8 for 20 % less"),
      .optional(
        "levels", .mapping(priceSteps), "prices in the place of the one drawn, each from its month on"),
      .optional(
        "trend_per_month", .uncertain(.above(-1, to: 1)), "growth of the price per month, -0.02 for 2 % less"),
      .optional(
        "mean_reverting", .mapping(meanReversion),
        "a course that chance moves and that returns to a level (Ornstein–Uhlenbeck on the logarithm)"),
    ], oneOf: [["steps"], ["levels"], ["trend_per_month"], ["mean_reverting"]])

  static let priceSteps = KeyTable(
    "the steps of a price path", named: .uncertain(.notNegative), nameMeaning: "month, YYYY-MM",
    namedMinimum: 1)

  static let meanReversion = KeyTable(
    "a mean-reverting course",
    keys: [
      .required(
        "speed", .uncertain(.positive),
        "how fast it returns, per year: after 0.69 / speed years half of a deviation is left"),
      .required(
        "volatility", .uncertain(.from(0, to: 10)),
        "standard deviation of the logarithm that a year without return would add"),
      .optional(
        "long_run", .uncertain(.positive), absent: "1",
        "the multiple of the first month's price that the median tends to"),
    ])
}

extension ScenarioDecoder {
  /// The paths of `price_paths`; those that have a problem are left out.
  func pricePaths(_ root: MappingView, _ options: [DecodedOption], _ horizon: Horizon) -> [PricePath] {
    guard let view = root.mapping("price_paths") else { return [] }
    let names = priceNames(options)
    // What is missing from an option that could not be read would only repeat another problem.
    let isWhole = options.allSatisfy(\.isWhole)
    var result: [PricePath] = []
    for entry in view.namedEntries {
      checkName(entry, "price path")
      guard let part = view.mapping(entry.key) else { continue }
      let prices = followers(part, names, isWhole: isWhole)
      let course = course(part, horizon)
      guard let course, !prices.isEmpty else { continue }
      for price in prices {
        guard let other = result.first(where: { $0.prices.contains(price) }) else { continue }
        context.report(
          part.position(of: "of"), "`\(price)` follows `\(other.name)` already",
          remedy: "let each price follow one path; the longer of two names that fit wins")
      }
      result.append(PricePath(name: entry.key, prices: prices, course: course))
    }
    return result
  }

  /// The names of all prices that a path can move.
  private func priceNames(_ options: [DecodedOption]) -> [String] {
    let book = reference.prices
    let costs = options.flatMap { $0.definition.prices.map(\.name) }
    return Set(
      book.listed.map(\.price.amount.name) + book.metered.values.map(\.priceFactor.name)
        + book.exchangeRates.values.map(\.dollarsPerUnit.name) + costs
    ).sorted()
  }

  private func followers(_ view: MappingView, _ names: [String], isWhole: Bool) -> [String] {
    guard let node = view["of"] else { return [] }
    let nodes = node.elements == nil ? [node] : context.elements(node, "of", count: 1...100) ?? []
    return nodes.compactMap { node in
      guard let text = context.text(node, "of") else { return nil }
      if names.contains(where: { PricePath.covers(text, $0) }) { return text }
      if isWhole || !text.hasPrefix("options.") {
        context.report(
          node.position, "no price is named `\(text)`",
          remedy: NearestName.of(text, among: names).map { "did you mean `\($0)`?" }
            ?? "names begin with prices.gpu_hour, prices.api, prices.reserved or options.NAME.costs")
      }
      return nil
    }
  }

  private func course(_ view: MappingView, _ horizon: Horizon) -> PricePath.Course? {
    if let part = view.mapping("steps") { return steps(part, horizon).map(PricePath.Course.steps) }
    if let part = view.mapping("levels") { return steps(part, horizon).map(PricePath.Course.levels) }
    if let part = view.mapping("mean_reverting") {
      let (speed, volatility) = (part.uncertain("speed"), part.uncertain("volatility"))
      let longRun = uncertain(part, "long_run", part.path, default: 1)
      guard let speed, let volatility else { return nil }
      return .meanReverting(speed: speed, volatility: volatility, longRun: longRun)
    }
    return view.uncertain("trend_per_month").map(PricePath.Course.trend)
  }

  private func steps(_ view: MappingView, _ horizon: Horizon) -> [PricePath.Step]? {
    var steps: [PricePath.Step] = []
    var isGood = true
    for entry in view.namedEntries {
      let value = view.uncertain(entry.key)
      guard let month = CalendarMonth(entry.key) else {
        context.report(entry.keyPosition, "`\(entry.key)` is no month", remedy: "write a month as YYYY-MM")
        isGood = false
        continue
      }
      let place = horizon.place(of: month)
      if let last = steps.last, place <= last.month {
        context.report(
          entry.keyPosition, "\(month) does not come after the step before it",
          remedy: "give the steps in the order of their months, each month once")
        isGood = false
      }
      if place < 0 {
        context.warn(
          entry.keyPosition, "\(month) lies before the horizon: the step holds from its first month on")
      } else if place >= horizon.months {
        context.warn(
          entry.keyPosition,
          "\(month) lies after the horizon, which ends with \(horizon.start.advanced(by: horizon.months - 1)): the "
            + "step changes nothing", remedy: "plan more months, or remove it")
      }
      guard let value else {
        isGood = false
        continue
      }
      steps.append(PricePath.Step(month: place, value: value))
    }
    return isGood ? steps : nil
  }
}

extension Horizon {
  /// The place of a month, 0 for the first one.
  fileprivate func place(of month: CalendarMonth) -> Int {
    (month.year - start.year) * 12 + month.month - start.month
  }
}
