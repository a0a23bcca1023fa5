// SPDX-License-Identifier: GPL-3.0-or-later
// The uncertain inputs of a plan, found by who reads them: what the simulation reads is physical, what only the
// ledger reads is a price.

public import Uncertainty

/// A number of a plan: certain, or the value of an uncertain input in each draw.
public struct InputReference: Sendable, Hashable {
  /// The certain value, or nil.
  private let constant: Double?
  /// The input's place among its kind.
  private let index: Int

  fileprivate init(constant: Double) {
    self.constant = constant
    index = 0
  }

  fileprivate init(index: Int) {
    constant = nil
    self.index = index
  }

  /// The number, given the draw's values of all inputs of the kind.
  @inline(__always)
  public func value(in draw: [Double]) -> Double { constant ?? draw[index] }
}

/// The uncertain inputs of one kind, in the order in which they were first read.
public struct UncertainInputs: Sendable {
  /// Each with the path that names it.
  public private(set) var inputs: [UncertainValue] = []
  private var places: [String: Int] = [:]

  /// Registers a value that is read. The same path read twice is one input.
  mutating func reference(_ value: UncertainValue) -> InputReference {
    if case .constant(let number) = value.distribution { return InputReference(constant: number) }
    if let place = places[value.name] { return InputReference(index: place) }
    places[value.name] = inputs.count
    inputs.append(value)
    return InputReference(index: inputs.count - 1)
  }

  /// Every input at its median.
  var medians: [Double] { inputs.map { $0.distribution.quantile(0.5) } }

  /// The values at a point of the unit cube.
  func values(at point: (Int) -> Double) -> [Double] {
    inputs.indices.map { inputs[$0].distribution.quantile(point($0)) }
  }
}
