// SPDX-License-Identifier: GPL-3.0-or-later
// A bill as a row of numbers, for what treats all of its quantities alike: regressions and their residuals.
// Fields that are added to the totals are in the row without a line here.

extension BillOfQuantities {
  /// What a stretch of a bill's row is about.
  public enum Part: Sendable, Hashable {
    /// The requests of a use case.
    case requests(useCase: Int)
    /// What a supply did for a use case, with one model.
    case supply(Int, useCase: Int)
    /// The hours of a supply's pool.
    case hours(supply: Int, model: Int)
    /// A supply's reserved throughput.
    case reserved(supply: Int, model: Int)
    /// A fleet's load-duration curve.
    case loadDuration(supply: Int)
  }

  /// Every quantity of the bill: requests by use case, supplies by use case and model, GPU-hours, reserved
  /// throughput, load-duration curves; each total's fields in the order of their declaration.
  public var row: [Double] {
    var row: [Double] = []
    for totals in requests { Fields.append(totals, to: &row) }
    for totals in supplies.joined() { Fields.append(totals, to: &row) }
    for totals in poolHours.joined() { Fields.append(totals, to: &row) }
    for totals in reserved.joined() { Fields.append(totals, to: &row) }
    return row + hoursByGPUs.joined()
  }

  /// The parts of `row`, in its order, each with its length.
  public var parts: [(part: Part, count: Int)] {
    requests.indices.map { (.requests(useCase: $0), Fields<RequestTotals>.count) }
      + supplies.indices.flatMap { supply in
        supplies[supply].indices.map {
          (.supply(supply, useCase: $0 / models), Fields<SupplyTotals>.count)
        }
      }
      + poolHours.indices.flatMap { supply in
        poolHours[supply].indices.map { (.hours(supply: supply, model: $0), Fields<PoolHours>.count) }
      }
      + reserved.indices.flatMap { supply in
        reserved[supply].indices.map { (.reserved(supply: supply, model: $0), Fields<ReservedTotals>.count) }
      }
      + hoursByGPUs.indices.map { (.loadDuration(supply: $0), hoursByGPUs[$0].count) }
  }

  /// The bill of this one's shape with the quantities of a row.
  /// - Parameter row: as long as this bill's own.
  public func with(row: [Double]) -> BillOfQuantities {
    var (bill, place) = (self, 0)
    for index in bill.requests.indices { bill.requests[index] = Fields.take(from: row, at: &place) }
    for supply in bill.supplies.indices {
      for index in bill.supplies[supply].indices {
        bill.supplies[supply][index] = Fields.take(from: row, at: &place)
      }
    }
    for supply in bill.poolHours.indices {
      for index in bill.poolHours[supply].indices {
        bill.poolHours[supply][index] = Fields.take(from: row, at: &place)
      }
    }
    for supply in bill.reserved.indices {
      for index in bill.reserved[supply].indices {
        bill.reserved[supply][index] = Fields.take(from: row, at: &place)
      }
    }
    for supply in bill.hoursByGPUs.indices {
      let end = place + bill.hoursByGPUs[supply].count
      bill.hoursByGPUs[supply] = Array(row[place..<end])
      place = end
    }
    precondition(place == row.count, "a row of \(row.count) numbers for a bill of \(place)")
    return bill
  }

  /// The fields of totals that consist of nothing but `Double`s. The one place that looks at their memory.
  @safe
  private enum Fields<Totals: BitwiseCopyable> {
    /// How many there are.
    static var count: Int { MemoryLayout<Totals>.size / MemoryLayout<Double>.size }

    static func append(_ totals: Totals, to row: inout [Double]) {
      unsafe withUnsafeBytes(of: totals) { bytes in
        for field in 0..<count {
          unsafe row.append(
            bytes.loadUnaligned(fromByteOffset: field * MemoryLayout<Double>.size, as: Double.self))
        }
      }
    }

    static func take(from row: [Double], at place: inout Int) -> Totals {
      precondition(place + count <= row.count, "a row of \(row.count) numbers is too short for its bill")
      let first = place
      place += count
      return unsafe row.withUnsafeBytes { bytes in
        unsafe bytes.loadUnaligned(fromByteOffset: first * MemoryLayout<Double>.size, as: Totals.self)
      }
    }
  }
}
