// SPDX-License-Identifier: GPL-3.0-or-later
// When each replica of a fleet is there during a window: spot weather, standing in for lost replicas, failing nodes.

import Quantities
import Scenario
import Simulation

extension FleetBlueprint {
  /// Failures of nodes, before a draw.
  struct Failures: Sendable {
    var perGPUYear: InputReference
    var repairHours: InputReference
    /// The place of the fleet's supply in its chain, which tells its nodes from those of other fleets.
    var supply: Int

    /// The failures in one future.
    func drawn(_ physical: [Double]) -> NodeFailures {
      NodeFailures(
        perGPUYear: perGPUYear.value(in: physical),
        repair: Seconds(repairHours.value(in: physical) * 3600))
    }
  }

  /// When the replicas of a model's pool are there during a window of a week, replica by replica.
  /// - Complexity: O(replicas × (stretches of the weather + failures)).
  func schedules(
    model: Int, _ pool: Pool, physical: [Double], week: WeekWeather, window: SimulatedWindow
  ) -> [ReplicaSchedule] {
    let region = spot.map { week.region(of: $0, physical: physical) }
    let failures = failures.map { (model: $0.drawn(physical), supply: $0.supply) }
    return (0..<pool.definition.replicas).map { replica in
      if region == nil && failures == nil { return .always }
      var lives = [ReplicaLifetime].always
      if let region { lives = self.lives(in: region.replica(replica, model: model)) }
      if let failures {
        let working = failures.model.working(
          gpus: pool.definition.gpusPerReplica, seed: week.seed, draw: week.draw, month: week.month,
          supply: failures.supply, model: model, replica: replica)
        lives = lives.interrupted(where: working, startup: startup)
      }
      return .during(lives.during(start: window.start, length: window.length))
    }
  }

  /// The spot capacity that the fleet's replicas live on or stand in for; nil for neither.
  var spot: SpotBlueprint? {
    switch presence {
    case .always: nil
    case .spot(let spot), .standby(let spot, _): spot
    }
  }

  /// The lives of a replica in the weather of its capacity, or of the replica that it stands in for.
  private func lives(in weather: SpotWeather) -> [ReplicaLifetime] {
    switch presence {
    case .always: .always
    case .spot(let spot): weather.replicaLifetimes(startup: spot.startup, notice: spot.notice)
    case .standby(let spot, let startup):
      weather.standbyLifetimes(spotStartup: spot.startup, notice: spot.notice, startup: startup)
    }
  }
}
