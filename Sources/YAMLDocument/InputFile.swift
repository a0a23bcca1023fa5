// SPDX-License-Identifier: GPL-3.0-or-later
// Reads whole input files and joins their paths, so that no decoder touches the file system by itself.

import Foundation

/// Input files.
public enum InputFile {
  /// The bytes of the file at `path`; nil where it is missing, a folder or unreadable.
  public static func read(_ path: String) -> [UInt8]? {
    guard isFile(path) else { return nil }
    return FileManager.default.contents(atPath: path).map { [UInt8]($0) }
  }

  /// Whether there is a file (not a folder) at `path`.
  public static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
  }

  /// Whether there is a folder at `path`.
  public static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The names of what lies in a folder, sorted; none where it is missing or unreadable.
  public static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// The folder part of a path, `.` where it has none.
  public static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `path` seen from `folder`: unchanged where it is absolute or the folder is the working one.
  public static func path(_ path: String, in folder: String) -> String {
    if path.hasPrefix("/") || folder == "." { return path }
    return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
  }
}
