// SPDX-License-Identifier: GPL-3.0-or-later
// Brings the catalog together: the files built into the program, and over them the files of a folder.

public import YAMLDocument

extension ReferenceData {
  /// The names of the catalog's files, in the order in which they are read.
  public static let fileNames = ["models.yaml", "gpus.yaml", "engines.yaml", "prices.yaml"]

  /// Further files that the program ships in its catalog folder, which a copy of that folder holds too.
  public static let otherFileNames = ["demand-presets.yaml"]

  /// The built-in catalog, overlaid entry by entry with the files of a folder.
  ///
  /// An entry is what has a `source` of its own: a model, a GPU, an engine, one price, one latency. The
  /// folder's entry replaces the built-in one as a whole, so that a figure never stands beside another
  /// figure's source; new entries are added. Any of the four files may be absent from the folder, but not
  /// all. A YAML file of another name is a problem, as it would be left out without a word.
  ///
  /// - Parameters:
  ///   - directory: the folder, or nil for the built-in catalog alone.
  ///   - priceBook: a file that is read in the place of the folder's `prices.yaml`, under any name.
  /// - Throws: every problem of every file.
  public static func load(
    directory: String?, priceBook: String? = nil
  ) throws(InputProblems) -> ReferenceData {
    try load(directory: directory, priceBook: priceBook, context: DecodingContext(), isAudit: false)
  }

  /// The same for somebody who looks after the prices: one without source or date is kept, and told beside the rest.
  ///
  /// - Returns: the catalog, and every price that lacks its source or date.
  /// - Throws: every other problem of every file.
  public static func audited(
    directory: String?, priceBook: String? = nil
  ) throws(InputProblems) -> (data: ReferenceData, gaps: [Diagnostic]) {
    let context = DecodingContext()
    let data = try load(directory: directory, priceBook: priceBook, context: context, isAudit: true)
    return (data, context.warnings)
  }

  /// The catalog of files that were read before; the same files give the same catalog and digest.
  /// - Throws: every problem of every file.
  public static func load(_ files: CatalogFiles) throws(InputProblems) -> ReferenceData {
    let context = DecodingContext()
    var (digested, roots) = ([UInt8](), [YAMLNode]())
    for name in fileNames {
      let root = root(
        name, bytes: files.builtIn[name] ?? builtIn(name), over: files.overlays[name],
        path: InputFile.path(name, in: files.folder ?? "."), digested: &digested, context: context)
      if let root { roots.append(root) }
    }
    return try decode(roots, digested: digested, context: context, isAudit: false)
  }

  private static func load(
    directory: String?, priceBook: String?, context: DecodingContext, isAudit: Bool
  ) throws(InputProblems) -> ReferenceData {
    var digested: [UInt8] = []
    var roots: [YAMLNode] = []
    var overlays = 0
    if let directory, !InputFile.isFolder(directory) {
      context.report(
        SourcePosition(file: directory), "the catalog folder is not there", remedy: "check its path",
        kind: .missingInput)
      throw InputProblems(context.problems)
    }
    if let priceBook, !InputFile.isFile(priceBook) {
      context.report(
        SourcePosition(file: priceBook), "the price book is not there", remedy: "check its path",
        kind: .missingInput)
      throw InputProblems(context.problems)
    }
    let strangers = directory.map { unknownFiles(in: $0) } ?? []
    for name in strangers {
      context.report(
        SourcePosition(file: InputFile.path(name, in: directory ?? ".")),
        "the catalog has no file of this name",
        remedy: NearestName.remedy(for: name, among: fileNames, all: "its files are"))
    }
    for name in fileNames {
      let inFolder = directory.map { InputFile.path(name, in: $0) }
      let path = name == "prices.yaml" ? priceBook ?? inFolder : inFolder
      let over = path.flatMap(InputFile.read)
      if over != nil { overlays += 1 }
      let root = root(
        name, bytes: builtIn(name), over: over, path: path ?? name, digested: &digested, context: context)
      if let root { roots.append(root) }
    }
    if let directory, overlays == 0, strangers.isEmpty {
      context.report(
        SourcePosition(file: directory), "the catalog folder has no catalog file",
        remedy: "put one of \(fileNames.joined(separator: ", ")) there", kind: .missingInput)
    }
    return try decode(roots, digested: digested, context: context, isAudit: isAudit)
  }

  /// A built-in file with the file of the same name laid over it; nil where it cannot be parsed.
  private static func root(
    _ name: String, bytes: [UInt8], over: [UInt8]?, path: String, digested: inout [UInt8],
    context: DecodingContext
  ) -> YAMLNode? {
    digested += [UInt8]("\(name) \(bytes.count)\n".utf8) + bytes
    guard var root = YAMLDocument.parse(bytes, file: "built-in/\(name)", context: context) else { return nil }
    // The program's own files laid over themselves change nothing, so they leave no mark in the digest either.
    if let over, over != bytes {
      digested += [UInt8]("over \(name) \(over.count)\n".utf8) + over
      if let overlay = YAMLDocument.parse(over, file: path, context: context) { root.overlay(overlay) }
    }
    return root
  }

  private static func decode(
    _ roots: [YAMLNode], digested: [UInt8], context: DecodingContext, isAudit: Bool
  ) throws(InputProblems) -> ReferenceData {
    guard roots.count == fileNames.count else { throw InputProblems(context.problems) }
    let data = ReferenceData(
      models: CatalogDecoding.models(roots[0], context),
      accelerators: CatalogDecoding.accelerators(roots[1], context),
      engines: CatalogDecoding.engines(roots[2], context),
      prices: PriceBookDecoding.book(roots[3], context, isAudit: isAudit),
      digest: SHA256.hexDigest(digested))
    guard context.problems.isEmpty else { throw InputProblems(context.problems) }
    return data
  }

  /// Whether a folder holds a file of the catalog, or one whose name is like that of one.
  public static func isCatalog(folder: String) -> Bool {
    fileNames.contains { InputFile.isFile(InputFile.path($0, in: folder)) }
      || unknownFiles(in: folder).contains { NearestName.of($0, among: fileNames) != nil }
  }

  /// YAML files of a folder that are none of the catalog's, sorted. Hidden files are those of editors and systems.
  private static func unknownFiles(in folder: String) -> [String] {
    InputFile.names(in: folder).filter { name in
      let lowered = name.lowercased()
      return (lowered.hasSuffix(".yaml") || lowered.hasSuffix(".yml")) && !name.hasPrefix(".")
        && !fileNames.contains(name) && !otherFileNames.contains(name)
        && InputFile.isFile(InputFile.path(name, in: folder))
    }
  }

  static func builtIn(_ name: String) -> [UInt8] {
    switch name {
    case "models.yaml": PackageResources.models_yaml
    case "gpus.yaml": PackageResources.gpus_yaml
    case "engines.yaml": PackageResources.engines_yaml
    default: PackageResources.prices_yaml
    }
  }
}

extension YAMLNode {
  /// Lays another tree over this one: mappings are joined key by key down to entries (what has a `source`),
  /// which are replaced whole, as is everything that is no mapping.
  fileprivate mutating func overlay(_ other: YAMLNode) {
    guard case .mapping(var entries) = content, let added = other.entries, self["source"] == nil,
      other["source"] == nil
    else {
      self = other
      return
    }
    for entry in added {
      if let index = entries.firstIndex(where: { $0.key == entry.key }) {
        entries[index].keyPosition = entry.keyPosition
        entries[index].value.overlay(entry.value)
      } else {
        entries.append(entry)
      }
    }
    content = .mapping(entries)
  }
}
