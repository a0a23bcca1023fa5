// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of this target share: the catalog, servers, and the published measurements where they are at hand.

import Calibration
import Catalog
import Foundation
import TextFormats

let catalog: ReferenceData = {
  do { return try ReferenceData.load(directory: nil) } catch { fatalError("the built-in catalog: \(error)") }
}()

/// A server of the catalog.
func server(
  _ model: String = "llama-3.1-8b", on gpu: String = "h100-sxm", engine: String = "vllm",
  tensorParallel: Int = 1, weights: Precision = .bf16, cache: Precision = .bf16
) -> ServingSetup {
  guard let model = catalog.models[model], let gpu = catalog.accelerators[gpu],
    let engine = catalog.engines[engine]
  else { fatalError("the catalog lacks \(model), \(gpu) or \(engine)") }
  return ServingSetup(
    model: model, accelerator: gpu, engine: engine, tensorParallel: tensorParallel, weights: weights,
    keyValueCache: cache)
}

/// A text as a file.
func reader(_ text: String, file: String = "input") -> TextReader {
  TextReader(bytes: Array(text.utf8), file: file)
}

/// The published measurements; nil where they are not at hand.
let publishedPoints: [BenchmarkRow]? = {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let path = folder.appendingPathComponent("../shared/data/benchmarks/throughput_points.csv").standardized
    .path
  guard FileManager.default.fileExists(atPath: path) else { return nil }
  return try? BenchmarkRow.read(TextReader(path: path))
}()

/// What a test says that needs them.
let publishedPointsAbsent = "../shared/data/benchmarks/throughput_points.csv is absent"

/// The measurements of a table that can be fitted.
func calibrationPoints(
  _ rows: [BenchmarkRow], where isWanted: (BenchmarkCase) -> Bool
) -> [CalibrationPoint] {
  rows.compactMap { row in
    guard let metric = RowMetric(row.metric), !metric.isMemory, metric != .derivedPerGPU,
      let found = try? BenchmarkCase(row, metric: metric, catalog: catalog), isWanted(found)
    else { return nil }
    return CalibrationPoint(
      origin: "line \(row.line)", configuration: found, metric: metric, value: row.value)
  }
}
