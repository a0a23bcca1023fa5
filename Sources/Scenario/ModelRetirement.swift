// SPDX-License-Identifier: GPL-3.0-or-later
// Which model a metered supply serves in which month, where its provider retires one within the horizon.

public import Catalog
public import Quantities

extension Horizon {
  /// The share of each month that lies after a day, by month of the horizon: 0 before, 1 after, days in between.
  public func shares(after end: CalendarDay) -> [Double] {
    (0..<months).map { index in
      let month = start.advanced(by: index)
      if end.month == month { return Double(month.days - end.day) / Double(month.days) }
      return end.month < month ? 1 : 0
    }
  }
}

extension MeteredDefinition {
  /// The price of an input token of a model in this supply's tier, which stands for all of them; nil where the provider
  /// has none.
  public func price(of model: String, in prices: PriceBook) -> Price? {
    let tokens = prices.metered[provider]?.models[model]
    switch tier {
    case .onDemand: return tokens?.input
    case .batch: return tokens?.batchOutput == nil ? nil : tokens?.batchInput
    }
  }

  /// The models that answer requests for a model over the horizon, in order, each with its share of every month.
  ///
  /// A model answers to the end of its last day; its replacement, where the supply names one, from the day after. Where it
  /// names none the model is taken to go on.
  public func succession(
    of model: String, in prices: PriceBook, over horizon: Horizon
  ) -> [(model: String, shares: [Double])] {
    var result: [(model: String, shares: [Double])] = []
    var current = model
    var left = Array(repeating: 1.0, count: horizon.months)
    while let successor = replacements.first(where: { $0.model == current })?.successor,
      let end = prices.metered[provider]?.models[current]?.endOfLife
    {
      let after = zip(left, horizon.shares(after: end)).map { min($0, $1) }
      result.append((current, zip(left, after).map { $0 - $1 }))
      left = after
      current = successor
    }
    result.append((current, left))
    return result.filter { $0.shares.contains { $0 > 0 } }
  }

  /// The models that answer requests for some models when the horizon ends.
  func lastModels(_ models: [String], _ prices: PriceBook, _ horizon: Horizon) -> [String] {
    models.compactMap { succession(of: $0, in: prices, over: horizon).last?.model }
  }
}

extension SupplyDefinition {
  /// Whether requests of a use case may come to it: a batch tier takes only those that can wait for its window.
  public func admits(_ use: UseCase) -> Bool {
    guard case .metered(let metered) = self, metered.tier == .batch else { return true }
    return use.deadlineHours ?? 0 >= MeteredDefinition.batchWindowHours
  }
}
