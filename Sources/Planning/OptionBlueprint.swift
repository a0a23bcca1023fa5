// SPDX-License-Identifier: GPL-3.0-or-later
// One option of a scenario, ready to be simulated in any future and priced in any other.

import Catalog
public import Economics
import Quantities
public import Scenario
import Simulation
import Uncertainty

/// A price as a product of inputs: a token price times its provider's factor, say.
struct PriceFormula: Sendable, Hashable {
  var factors: [InputReference]
  func value(in draw: [Double]) -> Double { factors.reduce(1) { $0 * $1.value(in: draw) } }
}

/// One option of a plan.
public struct OptionBlueprint: Sendable {
  /// As the scenario defines it.
  public let definition: OptionDefinition
  /// What it is billed for, in the order of its prices.
  public let schedule: CostSchedule
  let prices: [PriceFormula]
  let modelOfUseCase: [Int]
  let objectives: [ServiceObjective]
  let supplies: [SupplyBlueprint]
  let models: [LanguageModel]
  let gateway: GatewayBlueprint

  /// The prices of its lines in one future.
  public func linePrices(in draw: [Double]) -> [Double] { prices.map { $0.value(in: draw) } }

  /// The option in one future and window.
  /// - Parameters:
  ///   - physical: the future's physical inputs.
  ///   - weather: availability of spot zones in the week the window lies in.
  ///   - window: the window.
  func configuration(physical: [Double], weather: WeekWeather, window: SimulatedWindow) -> OptionConfiguration
  {
    // Tells the windows of a month apart.
    let minute = Int((window.start + window.played).rawValue / 60)
    var configuration = OptionConfiguration(
      modelOfUseCase: modelOfUseCase, objectives: objectives,
      chain: supplies.map { supply in
        switch supply {
        case .metered(let serves, let latency):
          .metered(MeteredConfiguration(serves: serves, latency: latency))
        case .reserved(let reserved):
          .reserved(reserved.configuration(physical, simulated: window.length))
        case .fleet(let fleet):
          .fleet(fleet.configuration(physical: physical, weather: weather, window: window))
        }
      }, models: models.count,
      randomness: RandomKey(
        seed: weather.seed, draw: weather.draw,
        window: UInt32(weather.month) << 16 | UInt32(minute & 0xFFFF)))
    configuration.gateway = gateway.configuration(physical, models: models.count)
    return configuration
  }
}

/// A supply of an option, ready to be drawn.
enum SupplyBlueprint: Sendable {
  case metered(serves: [Bool], latency: ServiceLatency)
  case reserved(ReservedBlueprint)
  case fleet(FleetBlueprint)
}
