// SPDX-License-Identifier: GPL-3.0-or-later
// What all pieces of a plan come to, in one block: a change of prices multiplies these quantities anew and needs no
// piece, whose histograms of latencies are most of what would have to be read.

import Economics
import Scenario
import Simulation

/// Every option's bills at the levels of demand that the planned volume needs, draw by draw, as bytes.
///
/// Little-endian: for each draw the count of options (32 bits); for each option the count of levels (32 bits), their
/// values, ascending (binary64), the length of a bill's row (32 bits), and the rows one after the other (binary64,
/// `BillOfQuantities.row`).
enum StoredQuantities {
  /// The version of that layout, which is part of the digest.
  private static let layout = 1

  /// A digest of everything that simulated quantities follow from; predicted ones follow from prices too.
  /// - Parameters:
  ///   - set: the digest of what the plan's pieces have in common.
  ///   - physical: by draw, then input.
  static func digest(_ model: PlanModel, set: String, physical: [[Double]]) -> String? {
    let horizon = model.scenario.horizon
    var digest = StructureDigest()
    digest.add(set)
    digest.add(layout)
    digest.add(horizon)
    digest.add(model.sampling.fidelity == .full)
    for values in physical { digest.add(values) }
    return digest.hexadecimal
  }

  /// The bytes of a plan's quantities.
  /// - Complexity: O(draws × options × levels × quantities of a bill).
  static func encode(_ quantities: PlanQuantities) -> [UInt8] {
    let sink = ByteSink()
    for draw in 0..<quantities.draws {
      let levels = quantities.monthlyLevels(draw: draw)
      sink.append(UInt32(quantities.responses[draw].count))
      for response in quantities.responses[draw] {
        let points = response.points(around: levels)
        sink.append(UInt32(points.count))
        for point in points { sink.append(point.level.bitPattern) }
        let rows = points.map(\.bill.row)
        sink.append(UInt32(rows[0].count))
        for number in rows.joined() { sink.append(number.bitPattern) }
      }
    }
    return sink.bytes
  }

  /// The responses in some bytes, by draw, then option; nil where they are not those of this plan.
  /// - Parameters:
  ///   - empty: by option, a bill of its shape.
  ///   - draws: how many there must be.
  static func decode(_ bytes: [UInt8], empty: [BillOfQuantities], draws: Int) -> [[DemandResponse]]? {
    let source = ByteSource(bytes)
    let lengths = empty.map(\.row.count)
    do {
      let responses = try (0..<draws).map { _ in
        guard try source.integer(UInt32.self) == empty.count else { throw other }
        return try empty.indices.map { option in
          let levels = try source.doubles(Int(source.integer(UInt32.self)))
          let length = Int(try source.integer(UInt32.self))
          guard length == lengths[option], !levels.isEmpty else { throw other }
          return DemandResponse(
            levels: levels,
            bills: try levels.map { _ in empty[option].with(row: try source.doubles(length)) })
        }
      }
      return source.isAtEnd ? responses : nil
    } catch {
      return nil
    }
  }

  private static let other = PositionalCodingError(reason: "quantities of another plan")
}

extension PieceSource {
  /// A plan's quantities: from a summary where only what is priced is asked for and there is one, else from its pieces,
  /// and then their summary is kept.
  func quantities(of model: PlanModel) -> PlanQuantities {
    guard let archive, let set else { return PlanQuantities(model, from: self) }
    if isForPrices, let summarized = summarized(model) { return summarized }
    let quantities = PlanQuantities(model, from: self)
    if let digest = Self.summaryDigest(model, set: set, physical: quantities.physical) {
      archive.keep(summary: StoredQuantities.encode(quantities), as: digest, of: set)
    }
    return quantities
  }

  /// A plan's quantities from a summary; nil where there is none.
  func summarized(_ model: PlanModel) -> PlanQuantities? {
    guard let archive, let set else { return nil }
    let physical = model.physicalDraws()
    guard let digest = Self.summaryDigest(model, set: set, physical: physical),
      let bytes = archive.summary(digest),
      let responses = StoredQuantities.decode(
        bytes, empty: model.options.indices.map(model.emptyBill), draws: physical.count)
    else { return nil }
    return PlanQuantities(model, physical: physical, responses: responses)
  }

  /// What a plan's summary is kept as; of a fast run it would be that of these prices alone, and is not kept.
  private static func summaryDigest(_ model: PlanModel, set: String, physical: [[Double]]) -> String? {
    model.sampling.fidelity == .full ? StoredQuantities.digest(model, set: set, physical: physical) : nil
  }
}
