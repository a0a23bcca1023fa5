// SPDX-License-Identifier: GPL-3.0-or-later
// The door to a scenario: reads the file and the catalog, lays the overrides over it, and either hands out a
// scenario in which everything was checked or every problem at once.

public import Catalog
public import YAMLDocument

/// Why a scenario was refused: every problem with its place, and the exit code (66 where only files are
/// missing, otherwise 65).
public typealias ScenarioProblems = InputProblems

/// Loads scenarios.
public enum ScenarioLoader {
  /// The scenario in the file at `path`.
  ///
  /// - Parameters:
  ///   - path: the scenario file.
  ///   - catalogDirectory: a folder whose entries go before the built-in catalog; where nil, the folder
  ///     `catalog` beside the scenario if it holds catalog files.
  ///   - overrides: texts of the form `path=value`, applied in order.
  /// - Throws: every problem of the scenario, or of the catalog where that cannot be read.
  public static func load(
    path: String, catalogDirectory: String? = nil, overrides: [String] = []
  ) throws(ScenarioProblems) -> ScenarioDefinition {
    let folder = InputFile.folder(of: path)
    guard let bytes = InputFile.read(path) else {
      let message = InputFile.isFolder(path) ? "this is a folder" : "the scenario file cannot be read"
      throw ScenarioProblems([
        Diagnostic(SourcePosition(file: path), message, remedy: "check its path", kind: .missingInput)
      ])
    }
    return try load(
      bytes: bytes, file: path, catalogDirectory: catalogDirectory ?? neighbouringCatalog(of: folder),
      overrides: overrides)
  }

  /// The scenario built into the program: the support assistant of `workloads/`. Relative paths in it are
  /// seen from the working folder.
  ///
  /// - Throws: every problem of the overrides or of the catalog folder.
  public static func loadEmbedded(
    catalogDirectory: String? = nil, overrides: [String] = []
  ) throws(ScenarioProblems) -> ScenarioDefinition {
    try load(
      bytes: PackageResources.support_assistant_yaml, file: embeddedFile,
      catalogDirectory: catalogDirectory, overrides: overrides)
  }

  /// What messages call the scenario built into the program.
  public static let embeddedFile = "built-in:support-assistant.yaml"

  /// The scenario in `bytes`, which positions name `file`; relative paths in it are seen from that file's
  /// folder.
  public static func load(
    bytes: [UInt8], file: String, catalogDirectory: String? = nil, overrides: [String] = []
  ) throws(ScenarioProblems) -> ScenarioDefinition {
    try load(bytes: bytes, file: file, overrides: overrides) { () throws(InputProblems) in
      try ReferenceData.load(directory: catalogDirectory)
    }
  }

  /// The scenario of texts that were read before.
  /// - Parameters:
  ///   - more: overrides to apply after the texts' own.
  ///   - catalog: the texts' catalog as it was loaded before; nil loads it.
  /// - Throws: every problem of the scenario, or of the catalog where that cannot be read.
  public static func load(
    _ texts: ScenarioTexts, overrides more: [String] = [], catalog: ReferenceData? = nil
  ) throws(ScenarioProblems) -> ScenarioDefinition {
    try load(
      bytes: texts.bytes, file: texts.file, overrides: texts.overrides + more
    ) { () throws(InputProblems) in
      if let catalog { return catalog }
      return try ReferenceData.load(texts.catalog)
    }
  }

  private static func load(
    bytes: [UInt8], file: String, overrides: [String],
    catalog: () throws(InputProblems) -> ReferenceData
  ) throws(ScenarioProblems) -> ScenarioDefinition {
    let context = DecodingContext()
    let root = YAMLDocument.parse(bytes, file: file, context: context)
    let reference: ReferenceData
    do {
      reference = try catalog()
    } catch {
      throw ScenarioProblems(context.problems + error.diagnostics)
    }
    guard var root else { throw ScenarioProblems(context.problems) }
    let dottedNames =
      reference.models.keys.sorted() + reference.accelerators.keys.sorted() + reference.engines.keys.sorted()
      + reference.prices.metered.keys.sorted() + reference.prices.reserved.keys.sorted()
    root.apply(overrides: overrides, dottedNames: dottedNames, context: context)
    var decoder = ScenarioDecoder(context: context, reference: reference)
    let digest = SHA256.hexDigest(bytes + overrides.flatMap { [UInt8]("\n--set \($0)".utf8) })
    guard let scenario = decoder.scenario(root, digest: digest), context.problems.isEmpty else {
      throw ScenarioProblems(context.problems)
    }
    return scenario
  }

  /// The folder `catalog` beside a scenario, where it holds catalog files; nil otherwise.
  /// - Parameter folder: the scenario's folder.
  public static func neighbouringCatalog(of folder: String) -> String? {
    let catalog = InputFile.path("catalog", in: folder)
    return ReferenceData.isCatalog(folder: catalog) ? catalog : nil
  }
}
