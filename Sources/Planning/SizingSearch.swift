// SPDX-License-Identifier: GPL-3.0-or-later
// The search for the size of least cost. Cost against size need not have one valley: a unit too few may spill a whole
// use case to a dear supply. So a grid comes first, and its two deepest valleys are looked into.

/// The sizes that can be had: none, and from the smallest on in equal steps, as a provider sells its units.
struct SizeLadder: Sendable, Hashable {
  /// The smallest size beside 0.
  var smallest = 1
  /// From one size to the next.
  var step = 1

  /// The size at a rung; 0 at rung 0.
  func size(at rung: Int) -> Int { rung == 0 ? 0 : smallest + (rung - 1) * step }

  /// The rung of a size, or of the next larger one that can be had.
  func rung(of size: Int) -> Int {
    size <= 0 ? 0 : size <= smallest ? 1 : 1 + (size - smallest + step - 1) / step
  }
}

/// A size as it was tried.
struct SizedPoint: Sendable, Hashable {
  /// Its place among the sizes that can be had.
  var rung: Int
  /// Replicas or units.
  var size: Int
  /// Mean discounted cost over the horizon, $.
  var cost: Double
  /// Share of all requests within their objective, over the horizon.
  var serviceLevel: Double
  /// Share of the part's requests that it refused, over the horizon.
  var refusedShare: Double
  /// The same in the month of most demand.
  var refusedShareAtPeak: Double

  /// Whether it serves as an option must to be recommended.
  var isGoodEnough: Bool { serviceLevel >= requiredServiceLevel }

  /// What comes first is better: what serves well enough, then the cheaper; where none does, what serves better.
  static func isBetter(_ left: SizedPoint, _ right: SizedPoint) -> Bool {
    if left.isGoodEnough != right.isGoodEnough { return left.isGoodEnough }
    let (one, other) = left.isGoodEnough ? (left.cost, right.cost) : (-left.serviceLevel, -right.serviceLevel)
    return (one, left.size) < (other, right.size)
  }
}

/// The rungs of a ladder of sizes from 0 to a largest one, tried where it matters.
struct SizingSearch {
  /// Up to so many sizes are all tried.
  static let exhaustive = 24
  /// Sizes of a coarse grid.
  static let gridPoints = 12

  /// The rungs tried, ascending.
  private(set) var points: [SizedPoint] = []
  /// The largest rung.
  let largest: Int

  /// Searches.
  /// - Parameters:
  ///   - largest: the largest rung, such as carries the peak.
  ///   - known: rungs that were tried already.
  ///   - include: a rung that is to be among those tried, such as the present one.
  ///   - trial: tries rungs, all in the range.
  init(
    to largest: Int, known: [SizedPoint] = [], include: Int,
    trial: ([Int]) throws(PlanningProblem) -> [SizedPoint]
  ) throws(PlanningProblem) {
    self.largest = largest
    points = known.sorted { $0.rung < $1.rung }
    var wanted = Set([0, min(include, largest), largest])
    if largest <= Self.exhaustive {
      wanted.formUnion(0...largest)
    } else {
      wanted.formUnion((0...Self.gridPoints).map { largest * $0 / Self.gridPoints })
    }
    try add(wanted, trial)
    // Each round tries what lies between a valley's neighbours, until they touch.
    while true {
      var next: Set<Int> = []
      for valley in valleys.prefix(2) {
        for (low, high) in [(valley - 1, valley), (valley, valley + 1)]
        where low >= 0 && high < points.count {
          let (from, to) = (points[low].rung, points[high].rung)
          guard to - from > 1 else { continue }
          let steps = min(to - from, Self.gridPoints / 2)
          next.formUnion((1..<steps).map { from + (to - from) * $0 / steps })
          if steps == to - from { next.formUnion(from + 1..<to) }
        }
      }
      next.subtract(points.map(\.rung))
      if next.isEmpty { return }
      try add(next, trial)
    }
  }

  /// The best size tried.
  var best: SizedPoint {
    points.min(by: SizedPoint.isBetter)
      ?? SizedPoint(rung: 0, size: 0, cost: 0, serviceLevel: 0, refusedShare: 1, refusedShareAtPeak: 1)
  }

  /// The places of points that are no worse than their neighbours, the best first.
  private var valleys: [Int] {
    points.indices.filter { place in
      (place == 0 || !SizedPoint.isBetter(points[place - 1], points[place]))
        && (place == points.count - 1 || !SizedPoint.isBetter(points[place + 1], points[place]))
    }.sorted { SizedPoint.isBetter(points[$0], points[$1]) }
  }

  private mutating func add(
    _ rungs: Set<Int>, _ trial: ([Int]) throws(PlanningProblem) -> [SizedPoint]
  ) throws(PlanningProblem) {
    let new = rungs.subtracting(points.map(\.rung)).sorted()
    points = (points + (try trial(new))).sorted { $0.rung < $1.rung }
  }
}
