// SPDX-License-Identifier: GPL-3.0-or-later
// A back-off from what the scenario says to what is simulated.

import Quantities
import Scenario
import Simulation

extension RetryPolicy {
  /// The policy of a scenario's retries.
  init(_ definition: RetryDefinition) {
    self.init(
      retries: definition.retries, firstDelay: Seconds(definition.firstDelaySeconds),
      factor: definition.factor, longestDelay: Seconds(definition.longestDelaySeconds),
      jitter: definition.jitter)
  }
}
