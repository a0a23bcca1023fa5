// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that a scenario is read from but its traces, held as text: to be kept beside a run, and to be read again
// with other overrides without another look at the disk.

public import Catalog
import YAMLDocument

/// The texts of a scenario: its file, its overrides, its catalog.
public struct ScenarioTexts: Sendable, Hashable {
  /// The scenario's path, which messages name, and from whose folder relative paths are seen.
  public var file: String
  /// The scenario file's bytes.
  public var bytes: [UInt8]
  /// Texts of the form `path=value`, in order.
  public var overrides: [String]
  /// The catalog's files.
  public var catalog: CatalogFiles

  /// Texts from their parts.
  public init(file: String, bytes: [UInt8], overrides: [String], catalog: CatalogFiles) {
    self.file = file
    self.bytes = bytes
    self.overrides = overrides
    self.catalog = catalog
  }

  /// The texts of the scenario in the file at `path`, or of the one built into the program.
  /// - Parameters:
  ///   - path: the scenario file; nil for the built-in one.
  ///   - catalogDirectory: a folder whose entries go before the built-in catalog; where nil, the folder `catalog`
  ///     beside the scenario if it holds catalog files.
  ///   - overrides: texts of the form `path=value`, in order.
  /// - Returns: nil where the file cannot be read, which loading it says.
  public init?(path: String?, catalogDirectory: String?, overrides: [String]) {
    guard let path else {
      self.init(
        file: ScenarioLoader.embeddedFile, bytes: PackageResources.support_assistant_yaml,
        overrides: overrides, catalog: CatalogFiles(folder: catalogDirectory))
      return
    }
    guard let bytes = InputFile.read(path) else { return nil }
    let folder = catalogDirectory ?? ScenarioLoader.neighbouringCatalog(of: InputFile.folder(of: path))
    self.init(file: path, bytes: bytes, overrides: overrides, catalog: CatalogFiles(folder: folder))
  }
}
