// SPDX-License-Identifier: GPL-3.0-or-later
// A report replaces an older one while someone may have it open, and a disk may fill up midway: a reader must find
// whole files only, the old ones or the new ones.

public import Foundation

/// Puts a report's files into a folder.
public enum ReportWriter {
  /// Writes the files into a folder, which is made where it is missing; other files in it are left alone.
  ///
  /// All files are first written in full to a temporary folder on the same file system. A new folder then appears
  /// whole, by one rename; in an existing one each file is replaced by a rename, in the order given. Where
  /// anything fails before the renames, nothing has changed. Throws `ReportError.cannotWrite`.
  public static func write(_ files: [ReportFile], to directory: URL) throws(ReportError) {
    let target = directory.standardizedFileURL.resolvingSymlinksInPath()
    let kind = (try? FileManager.default.attributesOfItem(atPath: target.path))?[.type] as? FileAttributeType
    let exists = kind != nil
    if exists, kind != .typeDirectory {
      throw .cannotWrite(path: target.path, reason: "it is a file, not a folder")
    }
    for file in files where file.name.isEmpty || file.name.contains("/") || file.name.hasPrefix(".") {
      throw .cannotWrite(path: file.name, reason: "not a plain file name")
    }
    // No rename replaces a folder; found out midway, the report would be half old and half new.
    for file in files {
      let place = target.appendingPathComponent(file.name)
      let kind = (try? FileManager.default.attributesOfItem(atPath: place.path))?[.type] as? FileAttributeType
      if kind == .typeDirectory { throw .cannotWrite(path: place.path, reason: "it is a folder, not a file") }
    }
    // Within an existing folder rather than beside it: a mounted volume's parent is another file system.
    let parent = exists ? target : target.deletingLastPathComponent()
    let temporary = parent.appendingPathComponent(
      ".\(target.lastPathComponent).writing-\(ProcessInfo.processInfo.processIdentifier)", isDirectory: true)
    try attempt(temporary) {
      // What an interrupted run of the same process number left behind is of no use.
      if FileManager.default.fileExists(atPath: temporary.path) {
        try FileManager.default.removeItem(at: temporary)
      }
      try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    }
    defer { try? FileManager.default.removeItem(at: temporary) }
    for file in files {
      try attempt(target.appendingPathComponent(file.name)) {
        try file.bytes.write(to: temporary.appendingPathComponent(file.name))
      }
    }
    guard exists else {
      return try move(temporary, to: target)
    }
    for file in files {
      try move(temporary.appendingPathComponent(file.name), to: target.appendingPathComponent(file.name))
    }
  }

  /// POSIX `rename`: replaces a file in one step, which no call of `FileManager` promises on Linux.
  private static func move(_ source: URL, to target: URL) throws(ReportError) {
    guard unsafe rename(source.path, target.path) == 0 else {
      let reason = POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      throw .cannotWrite(path: target.path, reason: Self.reason(reason))
    }
  }

  private static func attempt(_ place: URL, _ work: () throws -> Void) throws(ReportError) {
    do {
      try work()
    } catch {
      throw .cannotWrite(path: place.path, reason: reason(error))
    }
  }

  /// The system's own words where there are any: Foundation's wrap them in an advice to save elsewhere.
  private static func reason(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error
    if let posix = cause as? POSIXError {
      return unsafe String(cString: strerror(posix.code.rawValue))
    }
    return error.localizedDescription
  }
}
