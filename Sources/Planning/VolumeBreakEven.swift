// SPDX-License-Identifier: GPL-3.0-or-later
// Where an option starts to pay against another as the volume grows, or stops to.

import Decision
import NumberFormatting
import Scenario

extension VolumeAnalysis {
  /// Where an option pays against another along volume.
  /// - Parameter isExact: whether the point is sought between the volumes of the grid by pricing further ones.
  func breakEven(_ option: Int, against other: Int, isExact: Bool) -> BreakEven {
    let futures = costs[option][0].count
    let futuresPerDraw = futures / serviceLevels[option][0].count
    let limits = serviceLevels[option][0].indices.map { draw in
      limit(serviceLevels[option].map { $0[draw] })
    }
    func along(_ option: Int, _ future: Int) -> [Double] { volumes.indices.map { costs[option][$0][future] } }
    let starts = (0..<futures).map { future in
      Crossing(
        axis: volumes, option: along(option, future), baseline: along(other, future),
        limit: limits[future / futuresPerDraw])
    }
    // An option that pays from the axis's start on may stop to: own GPUs catch up with an API as the volume grows.
    let ends = starts.indices.map { future -> Double? in
      guard starts[future] == .always else { return nil }
      let back = Crossing(axis: volumes, option: along(other, future), baseline: along(option, future))
      let limit = limits[future / futuresPerDraw]
      if case .at(let volume) = back { return min(volume, limit) }
      return limit.isFinite ? limit : nil
    }
    let ended = ends.count { $0 != nil }
    let side: BreakEven.Side =
      2 * ended >= starts.count { $0 == .always } && 2 * ended >= futures ? .upTo : .from
    let planned = volumes.firstIndex(of: 1) ?? volumes.count / 2
    let crossings =
      side == .from
      ? starts
      : starts.indices.map { future -> Crossing in
        if let end = ends[future] { return .at(end) }
        // Paid to the axis's end, or began to pay on the way: what holds at the plan decides.
        if starts[future] == .always { return .always }
        return costs[option][planned][future] < costs[other][planned][future] ? .always : .never
      }
    let point = point(option, against: other, side, isExact: isExact)
    let summary = CrossingSummary(crossings)
    var found = BreakEven(
      option: model.options[option].definition.name, against: model.options[other].definition.name,
      axis: "volume", finding: "", value: summary.value, neverShare: summary.neverShare,
      alwaysShare: summary.alwaysShare, point: point, pays: side, unit: "multiple of the planned demand",
      planned: 1)
    let most = NumberText.multiple(volumes[volumes.count - 1])
    found.finding = BreakEvenWords.finding(
      found,
      at: { volume in
        "\(NumberText.multiple(volume)) the planned demand, about "
          + "\(NumberText.quantity(outputTokensPerDay * volume)) output tokens a day"
      },
      always: side == .upTo
        ? "up to \(most) the planned demand and beyond"
        : "already at \(NumberText.multiple(volumes[0])) the planned demand",
      never: "not within \(most) the planned demand, or only where it misses its service level")
    return found
  }

  /// The volume at which the mean costs are equal, or an option that pays stops to serve.
  private func point(_ option: Int, against other: Int, _ side: BreakEven.Side, isExact: Bool) -> Double? {
    let limit = limit(meanServiceLevels[option])
    let pays = volumes.indices.map { meanCosts[option][$0] < meanCosts[other][$0] }
    let change = volumes.indices.dropLast().first { pays[$0] == (side == .upTo) && pays[$0] != pays[$0 + 1] }
    let crossing = change.map { equalMeans(option, other, after: $0, isExact: isExact) }
    switch side {
    case .from: return crossing.flatMap { $0 <= limit ? $0 : nil }
    case .upTo:
      guard pays[0], limit > volumes[0] else { return nil }
      let end = min(crossing ?? .infinity, limit)
      return end.isFinite ? end : nil
    }
  }

  /// The volume up to which an option serves the required share within the objective; infinite where it does to the
  /// axis's end.
  /// - Parameter levels: by volume.
  private func limit(_ levels: [Double]) -> Double {
    guard let last = levels.lastIndex(where: { $0 >= requiredServiceLevel }) else { return 0 }
    guard last + 1 < volumes.count else { return .infinity }
    let share = (levels[last] - requiredServiceLevel) / (levels[last] - levels[last + 1])
    return volumes[last] + share * (volumes[last + 1] - volumes[last])
  }
}
