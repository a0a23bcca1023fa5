// SPDX-License-Identifier: GPL-3.0-or-later
// From the runs of a result file to measurements that can be fitted, on a server that the user names.

/// Why a run cannot be simulated as it stands.
public struct IncompleteRun: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is missing and how to give it.
  public var description: String
}

extension BenchmarkRun {
  /// Requests that a simulation of a run needs at most: more tell nothing new of its means.
  private static let mostRequests = 2000

  /// The run's measurements.
  /// - Parameters:
  ///   - setup: the server that was measured.
  ///   - input: prompt tokens, where the file does not tell.
  ///   - output: generated tokens, where the file does not tell.
  ///   - rangeRatio: by what share lengths differ from their mean.
  public func points(
    on setup: ServingSetup, input: Int?, output: Int?, rangeRatio: Double
  ) throws(IncompleteRun) -> [CalibrationPoint] {
    guard let input = meanInput.map({ Int($0.rounded()) }) ?? input,
      let output = meanOutput.map({ Int($0.rounded()) }) ?? output, input >= 1, output >= 1
    else {
      throw IncompleteRun(
        description: "\(origin): the file does not tell how long prompts and answers were; "
          + "give --random-input-len and --random-output-len")
    }
    var load = ServingLoad(
      input: LengthRange(around: input, upTo: rangeRatio),
      output: LengthRange(around: output, upTo: rangeRatio),
      requests: min(completed, Self.mostRequests), concurrency: concurrency, rate: rate)
    load.burstiness = burstiness
    let measured = BenchmarkCase(setup: setup, load: load)
    if let problem = setup.problem { throw IncompleteRun(description: "\(origin): \(problem)") }
    return figures.map {
      CalibrationPoint(origin: origin, configuration: measured, metric: $0.metric, value: $0.value)
    }
  }
}
