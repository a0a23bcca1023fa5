// SPDX-License-Identifier: GPL-3.0-or-later
// Which files of a folder are scenarios: a folder of workloads holds price lists, schemas and notes too, and a nightly
// job must neither trip over them nor pass over a scenario because it is broken.

import YAMLDocument

/// The scenarios of a folder.
public enum ScenarioFiles {
  /// A file of the folder that was looked at.
  public struct Entry: Sendable, Hashable {
    /// The path, beginning with the folder's.
    public var path: String
    /// What its `name` says, where that can be read; nil otherwise.
    public var name: String?
    /// Whether it is a scenario, or may be one that cannot be read.
    public var isScenario: Bool
  }

  /// The keys of which a scenario has at least one at its top.
  private static let signs = ["demand", "options"]

  /// The YAML files of a folder itself, in the order of their names by bytes; hidden ones are left out.
  ///
  /// A file is a scenario where its top has the key `demand` or `options`. One that cannot be read at all, or is not
  /// valid YAML, counts as one: nobody can say that it is none.
  public static func entries(of folder: String) -> [Entry] {
    let names = InputFile.names(in: folder).filter { name in
      let lowered = name.lowercased()
      return !name.hasPrefix(".") && (lowered.hasSuffix(".yaml") || lowered.hasSuffix(".yml"))
    }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return names.compactMap { name in
      let path = InputFile.path(name, in: folder == "." ? "." : folder)
      return InputFile.isFolder(path) ? nil : entry(path)
    }
  }

  private static func entry(_ path: String) -> Entry {
    let context = DecodingContext()
    guard let bytes = InputFile.read(path),
      let root = YAMLDocument.parse(bytes, file: path, context: context)
    else { return Entry(path: path, name: nil, isScenario: true) }
    let name = root["name"]?.text.flatMap { DecodingContext.isIdentifier($0) ? $0 : nil }
    return Entry(path: path, name: name, isScenario: signs.contains { root[$0] != nil })
  }

  /// A file's name without its folder and ending, for a scenario whose own name cannot be read.
  public static func stem(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.split(separator: ".").first.map(String.init) ?? file
  }
}
