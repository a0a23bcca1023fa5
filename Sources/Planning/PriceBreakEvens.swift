// SPDX-License-Identifier: GPL-3.0-or-later
// The price of a GPU-hour, the price of an output token and the speed of a replica at which two options cost the same.
// The quantities of a future depend on none of them, so every future is solved exactly.

import Decision
import NumberFormatting

/// Two options and their costs, about which every axis is asked.
struct OptionPair {
  /// The option that may pay.
  let option: (name: String, split: CostSplit)
  /// The one it is held against.
  let other: (name: String, split: CostSplit)

  /// The factor on all GPU-hour prices of both, or all prices of output tokens, at which they cost the same; nil where
  /// neither pays any.
  func breakEven(of price: SplitPrice) -> BreakEven? {
    let (mine, theirs) = (option.split.costs(price), other.split.costs(price))
    let (mySum, theirSum) = (mine.reduce(0, +), theirs.reduce(0, +))
    // Whoever pays more of it has the price that is spoken of.
    guard let spoken = mySum >= theirSum ? option.split.part(price) : other.split.part(price) else {
      return nil
    }
    let differences = mine.indices.map { future in
      AffineDifference(
        rest: option.split.total[future] - mine[future] - other.split.total[future] + theirs[future],
        slope: mine[future] - theirs[future])
    }
    let mean = Self.mean(differences)
    let (axis, unit, thing, things) =
      switch price {
      case .gpuHours: ("gpu-price", "$ per GPU-hour", "per GPU-hour", "GPUs")
      case .outputTokens:
        ("output-price", "$ per 1M output tokens", "per 1M output tokens", "output tokens")
      }
    return found(
      axis, unit: unit, crossings: differences.map { $0.crossing(mean.side) }, pays: mean.side,
      point: mean.crossing(mean.side), planned: spoken.unitPrices,
      at: { amount, factor in
        "\(NumberText.money(amount)) \(thing), \(NumberText.multiple(factor)) the planned price"
      }, always: "whatever \(things) cost",
      never: mean.side == .upTo ? "not even if \(things) cost nothing" : "however dear \(things) become")
  }

  /// How fast a replica of the option must be for the option to cost what the other does.
  ///
  /// Faster replicas serve the same tokens in fewer GPU-hours: at a speed s times as high the option is taken to pay for
  /// 1/s of them, busy to the same degree, and for all else as planned. The other stays as it is. Nil where the option
  /// pays for no GPU-hours.
  /// - Parameter planned: by draw: output tokens per second of a saturated replica as planned.
  func throughput(planned: [Double]) -> BreakEven? {
    guard let gpuHours = option.split.gpuHours, planned.contains(where: { $0 > 0 }) else { return nil }
    // Along 1/s the cost is a straight line.
    let differences = gpuHours.costs.indices.map { future in
      AffineDifference(
        rest: option.split.total[future] - gpuHours.costs[future] - other.split.total[future],
        slope: gpuHours.costs[future])
    }
    func speed(_ crossing: Crossing) -> Crossing {
      if case .at(let slowness) = crossing { .at(1 / slowness) } else { crossing }
    }
    let futuresPerDraw = differences.count / planned.count
    return found(
      "throughput", unit: "output tokens per second and replica",
      crossings: differences.map { speed($0.crossing(.upTo)) }, pays: .from,
      point: speed(Self.mean(differences).crossing(.upTo)),
      planned: differences.indices.map { planned[$0 / futuresPerDraw] },
      at: { amount, factor in
        "\(NumberText.significant(amount)) output tokens per second and replica, \(NumberText.multiple(factor)) "
          + "the planned speed"
      }, always: "at any speed", never: "not even if its replicas took no time")
  }

  /// A break-even along an axis that multiplies something planned.
  /// - Parameters:
  ///   - crossings: multiples of what is planned, by future.
  ///   - point: the multiple at which the mean costs are equal.
  ///   - planned: by future.
  ///   - at: an amount and a multiple in words.
  private func found(
    _ axis: String, unit: String, crossings: [Crossing], pays: BreakEven.Side, point: Crossing,
    planned: [Double], at: (Double, Double) -> String, always: String, never: String
  ) -> BreakEven {
    let multiples = CrossingSummary(crossings)
    let amounts = CrossingSummary(
      zip(crossings, planned).map { crossing, planned in
        if case .at(let factor) = crossing { .at(factor * planned) } else { crossing }
      })
    let meanPlanned = planned.reduce(0, +) / Double(planned.count)
    var found = BreakEven(
      option: option.name, against: other.name, axis: axis, finding: "", value: amounts.value,
      neverShare: amounts.neverShare, alwaysShare: amounts.alwaysShare, pays: pays, unit: unit,
      planned: meanPlanned, multiple: multiples.value)
    if case .at(let factor) = point { found.point = factor * meanPlanned }
    found.finding = BreakEvenWords.finding(
      found, at: { at($0, meanPlanned > 0 ? $0 / meanPlanned : 0) }, always: always, never: never)
    return found
  }

  private static func mean(_ differences: [AffineDifference]) -> AffineDifference {
    let count = Double(differences.count)
    return AffineDifference(
      rest: differences.reduce(0) { $0 + $1.rest } / count,
      slope: differences.reduce(0) { $0 + $1.slope } / count)
  }
}
