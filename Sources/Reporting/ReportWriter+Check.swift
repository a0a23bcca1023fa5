// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a report can be written, asked before there is one.

public import Foundation

extension ReportWriter {
  /// Throws `ReportError.cannotWrite` where a report folder cannot be made or written; leaves nothing behind.
  public static func check(_ directory: URL) throws(ReportError) {
    var path = directory.standardizedFileURL.resolvingSymlinksInPath()
    while !FileManager.default.fileExists(atPath: path.path), path.path != "/" {
      path.deleteLastPathComponent()
    }
    let kind = (try? FileManager.default.attributesOfItem(atPath: path.path))?[.type] as? FileAttributeType
    guard kind == .typeDirectory else {
      throw .cannotWrite(path: path.path, reason: "it is a file, not a folder")
    }
    guard FileManager.default.isWritableFile(atPath: path.path) else {
      throw .cannotWrite(path: path.path, reason: "no permission to write there")
    }
  }
}
