// SPDX-License-Identifier: GPL-3.0-or-later
// The catalog as it was read, file by file, so that what was planned with it can be asked about again when its files
// have changed.

import YAMLDocument

/// The bytes of a catalog's files, by their names.
public struct CatalogFiles: Sendable, Hashable {
  /// The files built into the program.
  public var builtIn: [String: [UInt8]]
  /// The files laid over them that are other than those.
  public var overlays: [String: [UInt8]]
  /// The folder of the overlays, which messages name; nil where there is none.
  public var folder: String?

  /// Files from their bytes.
  public init(builtIn: [String: [UInt8]], overlays: [String: [UInt8]], folder: String?) {
    self.builtIn = builtIn
    self.overlays = overlays
    self.folder = folder
  }

  /// The program's own files, and those of a folder as they are now. What cannot be read is left out: loading the
  /// catalog from the folder says so.
  public init(folder: String?) {
    self.folder = folder
    builtIn = Dictionary(
      uniqueKeysWithValues: ReferenceData.fileNames.map { ($0, ReferenceData.builtIn($0)) })
    overlays = [:]
    guard let folder else { return }
    for name in ReferenceData.fileNames {
      let bytes = InputFile.read(InputFile.path(name, in: folder))
      if let bytes, bytes != builtIn[name] { overlays[name] = bytes }
    }
  }
}
