// SPDX-License-Identifier: GPL-3.0-or-later
// One option of a scenario, ready to be simulated in any future and priced in any other.

import Catalog
public import Economics
import Quantities
public import Scenario
import Simulation
import Uncertainty

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

  /// The prices of its lines in one future; those that follow a path at their mean over the months.
  public func linePrices(in draw: [Double]) -> [Double] { prices.map { $0.value(in: draw) } }

  /// The prices of its lines in one month of one future.
  public func linePrices(in draw: [Double], month: Int) -> [Double] {
    prices.map { $0.value(in: draw, month: month) }
  }

  /// Whether any of its prices differs from month to month.
  var followsPaths: Bool { prices.contains(where: \.followsPath) }

  /// The share of time in which a supply's replicas have spot capacity; nil where they do not live on it.
  func spotAvailability(supply: Int, physical: [Double]) -> Double? {
    guard case .fleet(let fleet) = supplies[supply], case .spot(let spot) = fleet.presence else { return nil }
    return spot.availability(physical)
  }

  /// The option in one future and window.
  /// - Parameters:
  ///   - physical: the future's physical inputs.
  ///   - weather: availability of spot zones in the week the window lies in.
  ///   - window: the window.
  ///   - rates: requests per second of each use case as the simulation of the window begins, from which autoscalers
  ///     begin.
  func configuration(
    physical: [Double], weather: WeekWeather, window: SimulatedWindow, rates: [Double]
  ) -> OptionConfiguration {
    // Tells the windows of a month apart.
    let minute = Int((window.start + window.played).rawValue / 60)
    var configuration = OptionConfiguration(
      modelOfUseCase: modelOfUseCase, objectives: objectives,
      chain: supplies.map { supply in
        switch supply {
        case .metered(let metered): .metered(metered.configuration(physical))
        case .reserved(let reserved):
          .reserved(reserved.configuration(physical, simulated: window.length))
        case .fleet(let fleet):
          .fleet(
            fleet.configuration(
              physical: physical, weather: weather, window: window.withLeadIn, rates: modelRates(rates)))
        }
      }, models: models.count, retry: definition.retry.map(RetryPolicy.init),
      randomness: RandomKey(
        seed: weather.seed, draw: weather.draw,
        window: UInt32(weather.month) << 16 | UInt32(minute & 0xFFFF)))
    configuration.gateway = gateway.configuration(physical, models: models.count)
    return configuration
  }
}

extension OptionBlueprint {
  /// Requests per second of each model.
  private func modelRates(_ rates: [Double]) -> [Double] {
    models.indices.map { model in
      zip(modelOfUseCase, rates).reduce(0) { $1.0 == model ? $0 + $1.1 : $0 }
    }
  }
}

/// A supply of an option, ready to be drawn.
enum SupplyBlueprint: Sendable {
  case metered(MeteredBlueprint)
  case reserved(ReservedBlueprint)
  case fleet(FleetBlueprint)
}
