// SPDX-License-Identifier: GPL-3.0-or-later
// What of a bill of quantities is paid for: one line per price, so that pricing a future is one product per line.

public import Simulation

/// A quantity of a bill that has a price.
public enum PricedQuantity: Sendable, Hashable {
  /// Millions of input tokens of one model at one supply.
  case inputTokens(supply: Int, model: Int)
  /// Millions of output tokens of one model at one supply.
  case outputTokens(supply: Int, model: Int)
  /// Millions of input tokens of one model at one supply that its prompt cache held.
  case cachedInputTokens(supply: Int, model: Int)
  /// Millions of input tokens of one model at one supply that its prompt cache did not hold.
  case uncachedInputTokens(supply: Int, model: Int)
  /// Millions of tokens of one model that a reserved supply served by the token, beyond its units.
  case spilledTokens(SpilledTokens, supply: Int, model: Int)
  /// GPU-hours paid at one fleet, all models.
  case gpuHours(supply: Int)
  /// GPU-hours of one fleet above what is committed: Σ max(0, n − gpus) · hours in which exactly n GPUs were paid for.
  case gpuHoursAbove(supply: Int, gpus: Int)
  /// Hours that are known beforehand and paid for whether they are used or not, by month of the horizon; see
  /// `Commitment`.
  case committed(supply: Int, hours: [Double])
  /// Unit-hours of one model at one reserved supply.
  case unitHours(supply: Int, model: Int)
  /// GPU-hours paid at one fleet for one model.
  case poolGPUHours(supply: Int, model: Int)
  /// GPU-hours of one fleet in which a request was in work.
  case busyGPUHours(supply: Int)
  /// GPU-hours of one fleet in which none was, of those that its GPUs are there, by month of the horizon.
  case restingGPUHours(supply: Int, present: [Double])
  /// Millions of requests that arrived, all use cases.
  case requests
  /// Millions of output tokens that the requests which arrived asked for, all use cases.
  case answerTokens
  /// Thousands of requests of a use case that were not served within their objective: late, failed, throttled or
  /// unfinished.
  case missedRequests(useCase: Int)
  /// The share of a month's bill that is given back where fewer requests of a use case than promised were served within
  /// their objective.
  case serviceCredit(useCase: Int, credits: [ServiceCredit])
  /// Amounts known beforehand, by month of the horizon.
  case scheduled([Double])
  /// Once a month, whatever is used.
  case monthly
  /// Once, in the first month.
  case once

  /// Tokens served beyond the reserved units, by how they are priced.
  public enum SpilledTokens: Sendable, Hashable {
    /// All input tokens.
    case input
    /// Input tokens that the prompt cache held.
    case cachedInput
    /// Input tokens that it did not hold.
    case uncachedInput
    /// Output tokens.
    case output
  }

  /// The quantity in a bill of one month, in the price's unit.
  /// - Parameter month: the month of the horizon, from 0.
  public func amount(in bill: BillOfQuantities, month: Int) -> Double {
    switch self {
    case .inputTokens(let supply, let model):
      bill.totals(supply: supply, model: model).inputTokens / 1e6
    case .outputTokens(let supply, let model):
      bill.totals(supply: supply, model: model).outputTokens / 1e6
    case .cachedInputTokens(let supply, let model):
      bill.totals(supply: supply, model: model).cachedInputTokens / 1e6
    case .uncachedInputTokens(let supply, let model):
      (bill.totals(supply: supply, model: model).inputTokens
        - bill.totals(supply: supply, model: model).cachedInputTokens) / 1e6
    case .spilledTokens(let tokens, let supply, let model):
      tokens.count(in: bill.reserved[supply][model]) / 1e6
    case .gpuHours(let supply): bill.poolHours[supply].reduce(0) { $0 + $1.paid }
    case .gpuHoursAbove(let supply, let gpus):
      LoadDurationCurve(hours: bill.hoursByGPUs[supply]).hours(above: gpus)
    case .committed(_, let hours): hours[month]
    case .unitHours(let supply, let model): bill.reserved[supply][model].unitHours
    case .poolGPUHours(let supply, let model): bill.poolHours[supply][model].paid
    case .busyGPUHours(let supply): Self.busy(bill.poolHours[supply])
    case .restingGPUHours(let supply, let present): max(0, present[month] - Self.busy(bill.poolHours[supply]))
    case .requests: bill.requests.reduce(0) { $0 + $1.arrived } / 1e6
    case .answerTokens: bill.requests.reduce(0) { $0 + $1.outputTokens } / 1e6
    case .missedRequests(let useCase):
      max(0, bill.requests[useCase].arrived - bill.requests[useCase].withinObjective) / 1e3
    case .serviceCredit(let useCase, let credits):
      ServiceCredit.share(of: credits, at: bill.requests[useCase].attainment)
    case .scheduled(let amounts): amounts[month]
    case .monthly: 1
    case .once: month == 0 ? 1 : 0
    }
  }
}

extension PricedQuantity {
  private static func busy(_ pools: [PoolHours]) -> Double { pools.reduce(0) { $0 + $1.busy } }
}

extension RequestTotals {
  /// Share of the requests that were served within their objective; 1 where none arrived.
  fileprivate var attainment: Double { arrived > 0 ? withinObjective / arrived : 1 }
}

extension PricedQuantity.SpilledTokens {
  /// How many there are.
  fileprivate func count(in totals: ReservedTotals) -> Double {
    switch self {
    case .input: totals.spilledInput
    case .cachedInput: totals.spilledCachedInput
    case .uncachedInput: totals.spilledInput - totals.spilledCachedInput
    case .output: totals.spilledOutput
    }
  }
}

/// One line of a cost ledger before it has an amount.
public struct CostLine: Sendable, Hashable {
  /// The kind of cost in words, such as "GPU-hours, spot". Lines of one kind are reported together.
  public var component: String
  /// What is paid for.
  public var quantity: PricedQuantity
  /// The share of each month's quantity that the line is for, by month of the horizon, where the price of one thing
  /// takes over from that of another; nil: all of it.
  public var monthShares: [Double]?

  /// A line.
  public init(component: String, quantity: PricedQuantity, monthShares: [Double]? = nil) {
    self.component = component
    self.quantity = quantity
    self.monthShares = monthShares
  }
}

/// All lines of an option.
public struct CostSchedule: Sendable, Hashable {
  /// The lines, in the order of the prices that multiply them.
  public var lines: [CostLine]

  /// A schedule.
  public init(lines: [CostLine]) { self.lines = lines }

  /// The quantity of each line in a bill of one month.
  /// - Parameter month: the month of the horizon, from 0.
  public func quantities(in bill: BillOfQuantities, month: Int) -> [Double] {
    lines.map { $0.quantity.amount(in: bill, month: month) * ($0.monthShares?[month] ?? 1) }
  }
}
