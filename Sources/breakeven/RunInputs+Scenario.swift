// SPDX-License-Identifier: GPL-3.0-or-later
// What is stored of a run's making, and back: the scenario's texts, and what was said beside them.

import Catalog
import Foundation
import Planning
import Scenario
import Store

extension RunInputs {
  /// What a run is made from; nil where a text is not UTF-8 and could not come back as it was.
  init?(_ texts: ScenarioTexts, settings: Settings) {
    func decoded(_ files: [String: [UInt8]]) -> [Text]? {
      let known = ReferenceData.fileNames.compactMap { name -> Text?? in
        files[name].map { bytes in
          String(validating: bytes, as: UTF8.self).map { Text(name: name, text: $0) }
        }
      }
      let good = known.compactMap(\.self)
      return good.count == known.count ? good : nil
    }
    guard let scenario = String(validating: texts.bytes, as: UTF8.self),
      let catalog = decoded(texts.catalog.builtIn), let overlays = decoded(texts.catalog.overlays)
    else { return nil }
    self.init(
      scenario: Text(name: texts.file, text: scenario),
      folder: FileManager.default.currentDirectoryPath, overrides: texts.overrides, catalog: catalog,
      overlays: overlays, catalogFolder: texts.catalog.folder, settings: settings)
  }

  /// The texts to read the scenario from again.
  var texts: ScenarioTexts {
    func bytes(_ texts: [Text]) -> [String: [UInt8]] {
      Dictionary(texts.map { ($0.name, Array($0.text.utf8)) }) { first, _ in first }
    }
    return ScenarioTexts(
      file: seen(scenario.name), bytes: Array(scenario.text.utf8), overrides: overrides,
      catalog: CatalogFiles(
        builtIn: bytes(catalog), overlays: bytes(overlays), folder: catalogFolder.map(seen)))
  }

  /// A path of the run's as it is seen from here: traces beside the scenario are found wherever it is asked from.
  func seen(_ path: String) -> String {
    let isHere = folder == FileManager.default.currentDirectoryPath
    if isHere || path.hasPrefix("/") || path == ScenarioLoader.embeddedFile { return path }
    return "\(folder)/\(path)"
  }
}

extension Sampling {
  /// The plan's sampling with what was said beside the scenario.
  func with(_ settings: RunInputs.Settings) throws(PlanningProblem) -> Sampling {
    try with(
      seed: settings.seed, draws: settings.draws, target: settings.target,
      maximumDraws: settings.maximumDraws, fidelity: settings.fidelity.flatMap(Fidelity.init(rawValue:)))
  }
}
