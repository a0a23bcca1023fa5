// SPDX-License-Identifier: GPL-3.0-or-later
// How much a replica can do when there is always more to do: the denominator of every utilization.

import Quantities
public import Workload

extension PoolConfiguration {
  /// What one replica generates per second under a backlog, measured by simulation.
  ///
  /// All requests are there at once; tokens of the requests that finish in the middle half of the run count, so that
  /// neither the filling nor the emptying of the batch does.
  /// - Parameter backlog: requests of the mix to be served, a few times `maxSequences`; all must fit the KV cache.
  /// - Returns: input and output tokens per second, 0 where nothing was served.
  public func saturatedThroughput(backlog: [Request]) -> (input: Double, output: Double) {
    var pool = self
    pool.schedules = [.always]
    pool.queueLimit = nil
    (pool.scaling, pool.spares) = (nil, 0)
    let option = OptionConfiguration(
      modelOfUseCase: [0], objectives: [ServiceObjective()],
      chain: [.fleet(FleetConfiguration(pools: [pool]))], models: 1)
    var simulation = OptionSimulation(option, window: .zero, keepsLog: true)
    // A span of an array without a name makes the compiler crash in debug builds (6.3.1).
    let requests = backlog.map { request in
      var request = request
      (request.arrival, request.useCase) = (0, 0)
      return request
    }
    simulation.offer(requests.span)
    let log = simulation.finish().log.sorted { $0.lastToken < $1.lastToken }
    guard log.count >= 8 else { return (0, 0) }
    let (first, last) = (log.count / 4, log.count * 3 / 4)
    let seconds = log[last].lastToken - log[first].lastToken
    guard seconds > 0 else { return (0, 0) }
    let middle = log[(first + 1)...last]
    return (
      middle.reduce(0) { $0 + Double($1.inputTokens) } / seconds,
      middle.reduce(0) { $0 + Double($1.outputTokens) } / seconds
    )
  }
}
