// SPDX-License-Identifier: GPL-3.0-or-later
// One price: how many dollars, from where, and what else it moves with. Currencies end here: the rest of the program
// knows dollars only.

public import Quantities
public import Uncertainty

/// A price with where it comes from.
///
/// What is paid is the product of `factors`. Where nothing moves a price, that is its amount alone; whoever ignores the
/// movers has the price with each of them at its median.
public struct Price: Sendable, Hashable {
  /// The amount, US dollars per unit of whatever is priced, with every mover at its median.
  public var amount: UncertainValue
  /// Where it comes from; nil where a scenario states it as its own assumption.
  public var provenance: Provenance?
  /// Uncertain inputs in proportion to which the price moves, such as the exchange rate of its currency.
  public var movers: [PriceMover]
  /// The rate at which the price was converted; nil where it is stated in US dollars.
  public var exchangeRate: ExchangeRate?

  /// A price in US dollars that moves with nothing but itself.
  public init(amount: UncertainValue, provenance: Provenance?) {
    self.amount = amount
    self.provenance = provenance
    movers = []
  }

  /// A price stated in a currency.
  ///
  /// A certain rate is multiplied in. An uncertain one becomes a mover, one input for all prices of the currency.
  /// - Parameters:
  ///   - amount: units of the currency; US dollars where there is no rate.
  ///   - rate: the currency's rate; nil for US dollars.
  public init(amount: UncertainValue, provenance: Provenance?, convertedAt rate: ExchangeRate?) {
    self.init(amount: amount, provenance: provenance)
    guard let rate else { return }
    exchangeRate = rate
    let mover = PriceMover(value: rate.dollarsPerUnit, provenance: rate.provenance)
    self.amount.distribution = amount.distribution.scaled(by: mover.reference)
    if !rate.dollarsPerUnit.isConstant { movers = [mover] }
  }

  /// The values whose product is paid, US dollars per unit.
  public var factors: [UncertainValue] {
    [amount]
      + movers.flatMap { [$0.value, UncertainValue(name: "\($0.value.name).reference", 1 / $0.reference)] }
  }

  /// The amount and the movers, each with where it comes from.
  public var inputs: [(UncertainValue, Provenance?)] {
    [(amount, provenance)] + movers.map { ($0.value, $0.provenance) }
  }

  /// The day from which on the price may be out of date: its own or its exchange rate's, whichever is earlier.
  public var verifiedOn: CalendarDay? {
    guard let own = provenance?.verifiedOn else { return nil }
    return min(own, exchangeRate?.provenance.verifiedOn ?? own)
  }

  /// A share of this price, such as half of it for batches, that moves with it in every future.
  ///
  /// - Parameters:
  ///   - factor: what to multiply by, above 0.
  ///   - name: the name of the new amount.
  public func scaled(by factor: Double, name: String) -> Price {
    var result = self
    result.amount = UncertainValue(name: name, distribution: amount.distribution.scaled(by: factor))
    if amount.isConstant { return result }
    // An uncertain amount is one input, whatever it is multiplied by: the new amount is its median's share.
    let mover = PriceMover(value: amount, provenance: provenance)
    result.amount.distribution = .constant(mover.reference * factor)
    result.movers = [mover] + movers
    return result
  }
}

/// An uncertain input in proportion to which a price moves.
public struct PriceMover: Sendable, Hashable {
  /// The input.
  public var value: UncertainValue
  /// Where it comes from; nil where a scenario states it as its own assumption.
  public var provenance: Provenance?

  /// A mover.
  public init(value: UncertainValue, provenance: Provenance?) {
    self.value = value
    self.provenance = provenance
  }

  /// The value at which the mover changes nothing: its median, or 1 where that is 0.
  public var reference: Double {
    let median = value.distribution.median
    return median > 0 ? median : 1
  }
}

/// What a currency is worth.
public struct ExchangeRate: Sendable, Hashable {
  /// The currency's code of ISO 4217, such as `EUR`.
  public var currency: String
  /// US dollars for one unit of it.
  public var dollarsPerUnit: UncertainValue
  /// Where the rate comes from.
  public var provenance: Provenance

  /// A rate.
  public init(currency: String, dollarsPerUnit: UncertainValue, provenance: Provenance) {
    self.currency = currency
    self.dollarsPerUnit = dollarsPerUnit
    self.provenance = provenance
  }

  /// Whether `text` looks like a code of ISO 4217: three capital letters.
  public static func isCode(_ text: String) -> Bool {
    text.utf8.count == 3 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
  }
}
