// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about laying a folder's catalog over the built-in one.

import Catalog
import Foundation
import Testing
import Uncertainty
import YAMLDocument

@Suite("A catalog folder")
struct CatalogFolderTests {
  /// Loads the built-in catalog with the given files over it; the folder's path is cut from messages.
  private func load(_ files: [String: String]) throws -> Result<ReferenceData, InputProblems> {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    do throws(InputProblems) {
      return .success(try ReferenceData.load(directory: folder.path))
    } catch {
      return .failure(
        InputProblems(
          error.diagnostics.map { diagnostic in
            var diagnostic = diagnostic
            diagnostic.position.source = diagnostic.position.source.replacing(folder.path + "/", with: "")
              .replacing(folder.path, with: "FOLDER")
            return diagnostic
          }))
    }
  }

  private func messages(_ files: [String: String]) throws -> [String] {
    guard case .failure(let problems) = try load(files) else { return [] }
    return problems.diagnostics.map(\.description)
  }

  @Test("an entry replaces the built-in one whole, its neighbours stay")
  func overlay() throws {
    let prices = """
      gpu_hour:
        h100-sxm:
          on-demand: {amount: 2.1, source: our quote, verified_on: 2026-11-22}
        mi300x:
          spot: {amount: 1.5, source: our quote, verified_on: 2026-11-22}
      """
    let builtIn = try ReferenceData.load(directory: nil)
    let data = try load(["prices.yaml": prices]).get()
    let h100 = try #require(data.prices.gpuHour["h100-sxm"])
    #expect(h100[.onDemand]?.amount.distribution == .constant(2.1))
    #expect(h100[.onDemand]?.provenance?.source == "our quote")
    #expect(h100[.spot] == builtIn.prices.gpuHour["h100-sxm"]?[.spot])
    #expect(data.prices.gpuHour["mi300x"]?[.spot]?.amount.name == "prices.gpu_hour.mi300x.spot")
    #expect(data.prices.metered == builtIn.prices.metered)
    #expect(data.models == builtIn.models)
    #expect(data.digest != builtIn.digest)
  }

  @Test("a figure without its source does not take the built-in one's")
  func sourceIsNotInherited() throws {
    let text = "gpu_hour:\n  h100-sxm:\n    on-demand: {amount: 2.1}\n"
    #expect(
      try messages(["prices.yaml": text]) == [
        "prices.yaml:3:16: `source` is missing from gpu_hour.h100-sxm.on-demand; "
          + "add `source`, the document, page or measurement that states the figures",
        "prices.yaml:3:16: `verified_on` is missing from gpu_hour.h100-sxm.on-demand; "
          + "add `verified_on`, the day somebody last compared them, YYYY-MM-DD",
      ])
  }

  @Test("the problems of all files come together, each with its file")
  func allProblems() throws {
    let problems = try messages([
      "models.yaml": "models:\n  own: {name: Own, layers: 0, source: x, verified_on: 2026-13-01}\n",
      "gpus.yaml": "gpu: {}\n",
      "prices.yaml": "gpu_hour: {h100-sxm: {on-demand: {amount: -1, source: x, verified_on: 2026-11-20}}}\n",
    ])
    #expect(problems.contains("gpus.yaml:1:1: unknown key `gpu` in the file of gpus; did you mean `gpus`?"))
    #expect(problems.contains("models.yaml:2:28: `layers` is 0; it must be from 1 to 10000000"))
    #expect(problems.contains("models.yaml:2:55: `verified_on` is `2026-13-01`; write a day as YYYY-MM-DD"))
    #expect(problems.contains("prices.yaml:1:43: `amount` is -1; it must be 0 or more"))
  }

  @Test("a price book under any name goes over the built-in prices; one that is not there is a missing input")
  func priceBook() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
    try "gpu_hour: {mi300x: {spot: {amount: 1.5, source: our quote, verified_on: 2026-11-22}}}\n"
      .write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let builtIn = try ReferenceData.load(directory: nil)
    let data = try ReferenceData.load(directory: nil, priceBook: file.path)
    #expect(data.prices.gpuHour["mi300x"]?[.spot]?.amount.distribution == .constant(1.5))
    #expect(data.prices.metered == builtIn.prices.metered && data.models == builtIn.models)
    #expect(data.digest != builtIn.digest)
    do {
      _ = try ReferenceData.load(directory: nil, priceBook: "/nowhere/prices.yaml")
      Issue.record("a price book that is not there was read")
    } catch {
      #expect(error.exitCode == 66 && error.diagnostics.count == 1)
    }
  }

  @Test("a folder that is not there, or has nothing of a catalog, is a missing input")
  func missing() throws {
    #expect(throws: InputProblems.self) { try ReferenceData.load(directory: "/nowhere/at/all") }
    #expect(
      try messages([:]) == [
        "FOLDER: the catalog folder has no catalog file; "
          + "put one of models.yaml, gpus.yaml, engines.yaml, prices.yaml there"
      ])
    guard case .failure(let problems) = try load([:]) else { return }
    #expect(problems.exitCode == 66)
  }

  @Test("a YAML file that the catalog would leave out is a problem, with the name that was meant")
  func unknownFiles() throws {
    #expect(
      try messages(["gpu.yaml": "gpus: {}\n", "prices.yml": "{}\n", "engines.yaml": "engines: {}\n"]) == [
        "gpu.yaml: the catalog has no file of this name; did you mean `gpus.yaml`?",
        "prices.yml: the catalog has no file of this name; did you mean `prices.yaml`?",
      ])
    #expect(
      try messages(["overview.yaml": ""]) == [
        "overview.yaml: the catalog has no file of this name; "
          + "its files are models.yaml, gpus.yaml, engines.yaml, prices.yaml"
      ])
    guard case .failure(let problems) = try load(["gpu.yaml": ""]) else { return }
    #expect(problems.exitCode == 65)
  }

  @Test("what else lies in the folder is no concern of the catalog")
  func otherFiles() throws {
    let files = ["notes.md", ".prices.yaml.swp", ".hidden.yaml", "demand-presets.yaml", "prices.csv"]
    var folder = Dictionary(uniqueKeysWithValues: files.map { ($0, "none of ours") })
    folder["prices.yaml"] = "gpu_hour: {}\n"
    #expect(try messages(folder) == [])
  }

  @Test("the folder that the program ships is accepted and changes nothing")
  func shippedFolder() throws {
    let shipped = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "workloads/catalog")
    #expect(try ReferenceData.load(directory: shipped.path) == ReferenceData.load(directory: nil))
  }

  @Test("the same files give the same digest")
  func digest() throws {
    let text = "gpu_hour:\n  l4:\n    spot: {amount: 0.3, source: x, verified_on: 2026-11-22}\n"
    #expect(try load(["prices.yaml": text]).get().digest == load(["prices.yaml": text]).get().digest)
    #expect(try ReferenceData.load(directory: nil).digest.count == 64)
  }
}
