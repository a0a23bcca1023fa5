// SPDX-License-Identifier: GPL-3.0-or-later
// How far predictions are from a table of measurements, by model, GPU, precision, engine and metric.

public import Catalog
import Numerics

/// A measurement and its prediction.
public struct AccuracyPoint: Sendable, Hashable {
  /// The row.
  public var row: BenchmarkRow
  /// What it measures.
  public var metric: RowMetric
  /// Its configuration.
  public var configuration: BenchmarkCase
  /// What the simulation says, in the row's unit.
  public var predicted: Double
  /// (predicted − measured) / measured.
  public var error: Double { (predicted - row.value) / row.value }
}

/// Errors of the points of one kind, in percent of what was measured.
public struct AccuracyGroup: Sendable, Hashable, Codable {
  /// The catalog's model; empty in a summary over several.
  public var model: String
  /// The catalog's GPU.
  public var gpu: String
  /// Format of the weights.
  public var precision: String
  /// The catalog's engine.
  public var engine: String
  /// The metric, as the table names it; in a summary its family.
  public var metric: String
  /// Points.
  public var points: Int
  /// Mean absolute percentage error.
  public var mape: Double
  /// Mean percentage error: positive where predictions are too high.
  public var bias: Double
}

/// Rows that were left out for one reason.
public struct SkippedRows: Sendable, Hashable, Codable {
  /// The reason.
  public var reason: String
  /// How many rows.
  public var rows: Int
  /// Their lines in the file.
  public var lines: [Int]
}

/// The accuracy of predictions on a table of measurements.
public struct AccuracyReport: Sendable {
  /// Every prediction, in the table's order.
  public var points: [AccuracyPoint]
  /// What was left out, in order of first appearance.
  public var skipped: [SkippedRows]

  /// Predicts every row that can be simulated.
  /// - Parameters:
  ///   - rows: the table.
  ///   - catalog: models, GPUs and engines.
  ///   - threads: threads to simulate on; the result does not depend on them.
  public init(_ rows: [BenchmarkRow], catalog: ReferenceData, threads: Int) {
    var modelled: [(row: BenchmarkRow, metric: RowMetric, place: Int)] = []
    var cases: [BenchmarkCase] = []
    var places: [BenchmarkCase: Int] = [:]
    skipped = []
    for row in rows {
      do throws(UnmodelledRow) {
        guard let metric = RowMetric(row.metric) else {
          throw UnmodelledRow(reason: "\(row.metric) is no metric of a run")
        }
        guard row.value > 0 else { throw UnmodelledRow(reason: "the value is not above 0") }
        let found = try BenchmarkCase(row, metric: metric, catalog: catalog)
        let place = places[found] ?? cases.count
        if place == cases.count {
          places[found] = place
          cases.append(found)
        }
        modelled.append((row, metric, place))
      } catch {
        Self.add(error.reason, line: row.line, to: &skipped)
      }
    }
    let all = cases
    let outcomes = parallelMap(count: all.count, threads: threads) { index in
      all[index].load.map { all[index].setup.simulate($0) }
    }
    points = []
    for entry in modelled {
      let found = all[entry.place]
      guard let value = entry.metric.value(of: found, outcome: outcomes[entry.place]), value.isFinite else {
        Self.add("no request can be served", line: entry.row.line, to: &skipped)
        continue
      }
      points.append(
        AccuracyPoint(row: entry.row, metric: entry.metric, configuration: found, predicted: value))
    }
  }

  private static func add(_ reason: String, line: Int, to skipped: inout [SkippedRows]) {
    if let place = skipped.firstIndex(where: { $0.reason == reason }) {
      skipped[place].rows += 1
      skipped[place].lines.append(line)
    } else {
      skipped.append(SkippedRows(reason: reason, rows: 1, lines: [line]))
    }
  }

  /// The errors by model, GPU, precision, engine and metric, in order of first appearance.
  public var groups: [AccuracyGroup] {
    Self.grouped(points) { point in
      let setup = point.configuration.setup
      return AccuracyGroup(
        model: setup.model.id, gpu: setup.accelerator.id, precision: setup.weights.rawValue,
        engine: setup.engine.id, metric: point.row.metric, points: 0, mape: 0, bias: 0)
    }
  }

  /// The errors by family of metrics, over everything or one half of the configurations.
  /// - Parameter fitSet: the half that the shipped efficiencies were fitted on, the other one, or nil for both.
  public func summary(fitSet: Bool?) -> [AccuracyGroup] {
    let chosen = points.filter { fitSet == nil || $0.configuration.isInFitSet == fitSet }
    return Self.grouped(chosen) { point in
      AccuracyGroup(
        model: "", gpu: "", precision: "", engine: "", metric: point.metric.family, points: 0, mape: 0,
        bias: 0)
    }
  }

  /// Groups points that have the same key and averages their errors.
  public static func grouped(
    _ points: [AccuracyPoint], by key: (AccuracyPoint) -> AccuracyGroup
  ) -> [AccuracyGroup] {
    var groups: [AccuracyGroup] = []
    var places: [AccuracyGroup: Int] = [:]
    for point in points {
      let key = key(point)
      let place = places[key] ?? groups.count
      if place == groups.count {
        places[key] = place
        groups.append(key)
      }
      groups[place].points += 1
      groups[place].mape += abs(point.error) * 100
      groups[place].bias += point.error * 100
    }
    for place in groups.indices {
      groups[place].mape /= Double(groups[place].points)
      groups[place].bias /= Double(groups[place].points)
    }
    return groups
  }
}

extension RowMetric {
  /// The metric's value for a case, in the row's unit.
  /// - Parameter outcome: its run; nil where the case has no load.
  func value(of found: BenchmarkCase, outcome: ServingOutcome?) -> Double? {
    let gpus = Double(found.setup.gpus)
    switch self {
    case .milliseconds(let metric): return outcome?.value(metric).map { $0 * 1000 }
    case .total(let metric): return outcome?.value(metric)
    case .perGPU(let metric): return outcome?.value(metric).map { $0 / gpus }
    case .derivedPerGPU:
      guard let load = found.load, let users = load.concurrency, let outcome,
        let first = outcome.value(BenchmarkMetric(.timeToFirstToken)),
        let per = outcome.value(BenchmarkMetric(.timePerOutputToken))
      else { return nil }
      return Double(users) * load.output.mean / (first + per * (load.output.mean - 1)) / gpus
    case .cacheTokens: return Double(found.setup.capacityTokens)
    case .cacheGiBPerGPU: return found.setup.memory.cacheBytesPerGPU / 1_073_741_824
    case .weightsGiBPerGPU: return found.setup.memory.weightBytesPerGPU / 1_073_741_824
    }
  }
}
