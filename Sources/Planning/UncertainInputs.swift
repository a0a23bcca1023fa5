// SPDX-License-Identifier: GPL-3.0-or-later
// The uncertain inputs of a plan, found by who reads them: what the simulation reads is physical, what only the
// ledger reads is a price.

import Scenario
public import Uncertainty

/// A number of a plan: certain, the value of an uncertain input in each draw, or a price that follows a path over the
/// months.
public struct InputReference: Sendable, Hashable {
  /// The certain value, or nil.
  private let constant: Double?
  /// The input's place among its kind, or that of the path among all paths.
  private let index: Int
  /// Months of the path; 0 for what is the same in all months.
  let months: Int

  fileprivate init(constant: Double) {
    self.constant = constant
    index = 0
    months = 0
  }

  fileprivate init(index: Int, months: Int = 0) {
    constant = nil
    self.index = index
    self.months = months
  }

  /// The number, given the draw's values of all inputs of the kind; of what follows a path, that of the first month.
  @inline(__always)
  public func value(in draw: [Double]) -> Double {
    constant ?? draw[months == 0 ? index : draw.count - (index + 1) * months]
  }

  /// The number in a month of the horizon, from 0.
  ///
  /// Paths stand behind the inputs, the first one last: where they stand does not change as inputs are added.
  @inline(__always)
  func value(in draw: [Double], month: Int) -> Double {
    months == 0 ? value(in: draw) : draw[draw.count - (index + 1) * months + month]
  }
}

/// The uncertain inputs of one kind, in the order in which they were first read.
public struct UncertainInputs: Sendable {
  /// Each with the path that names it.
  public private(set) var inputs: [UncertainValue] = []
  private var places: [String: Int] = [:]
  /// The paths that values follow, each once.
  private(set) var courses: [PriceCourse] = []
  private var followers: [String: InputReference] = [:]
  /// The paths that some value follows, by name.
  private(set) var followed: Set<String> = []
  /// Which values follow paths.
  let paths: [PricePath]
  /// The months of a path.
  private let months: Int

  /// No inputs yet; none of them follows a path.
  init() { self.init(paths: [], months: 0) }

  /// No inputs yet.
  /// - Parameters:
  ///   - paths: the paths that values of some names will follow.
  ///   - months: the months of the horizon.
  init(paths: [PricePath], months: Int) {
    self.paths = paths
    self.months = months
  }

  /// Registers a value that is read. The same path read twice is one input.
  mutating func reference(_ value: UncertainValue) -> InputReference {
    if case .constant(let number) = value.distribution { return InputReference(constant: number) }
    if let place = places[value.name] { return InputReference(index: place) }
    places[value.name] = inputs.count
    inputs.append(value)
    return InputReference(index: inputs.count - 1)
  }

  /// Registers the values whose product is a price. Each path moves a price once: with the first of its values that
  /// follows it.
  /// - Parameter names: further names under which the first value is looked for among what follows paths.
  mutating func references(_ values: [UncertainValue], alias: String? = nil) -> [InputReference] {
    var moved: Set<String> = []
    return values.enumerated().map { place, value in
      let names = [value.name] + (place == 0 ? [alias].compactMap(\.self) : [])
      guard let path = PricePath.followed(by: names, among: paths), moved.insert(path.name).inserted else {
        return reference(value)
      }
      return course(of: value, along: path)
    }
  }

  private mutating func course(of value: UncertainValue, along path: PricePath) -> InputReference {
    let key = "\(path.name) \(value.name)"
    if let known = followers[key] { return known }
    let course = PriceCourse(path, base: reference(value), months: months) { reference($0) }
    courses.append(course)
    followed.insert(path.name)
    let result = InputReference(index: courses.count - 1, months: months)
    followers[key] = result
    return result
  }

  /// Every input at its median, and every path without chance.
  var medians: [Double] { withCourses(inputs.map { $0.distribution.quantile(0.5) }) }

  /// The values at a point of the unit cube.
  /// - Parameter chance: which future's chance moves the paths; nil for none.
  func values(chance: PathChance? = nil, at point: (Int) -> Double) -> [Double] {
    withCourses(inputs.indices.map { inputs[$0].distribution.quantile(point($0)) }, chance: chance)
  }

  private func withCourses(_ values: [Double], chance: PathChance? = nil) -> [Double] {
    if courses.isEmpty { return values }
    return values + courses.reversed().flatMap { $0.values(in: values, chance: chance) }
  }
}
