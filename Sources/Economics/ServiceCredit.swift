// SPDX-License-Identifier: GPL-3.0-or-later
// What a missed service level costs where it is promised in steps, as providers write it into their agreements.

/// A step of a service-level agreement.
public struct ServiceCredit: Sendable, Hashable {
  /// The attainment under which it applies, above 0 and at most 1.
  public var below: Double
  /// The share of the month's bill that is given back.
  public var share: Double

  /// A step.
  public init(below: Double, share: Double) {
    self.below = below
    self.share = share
  }

  /// The share given back at an attainment: the largest of the steps that apply, 0 where none does.
  public static func share(of credits: [ServiceCredit], at attainment: Double) -> Double {
    credits.reduce(0) { attainment < $1.below ? max($0, $1.share) : $0 }
  }
}
