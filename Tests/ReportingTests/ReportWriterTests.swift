// SPDX-License-Identifier: GPL-3.0-or-later
// Whole files or none.

import Foundation
import Reporting
import Testing

@Suite("Writing a report")
struct ReportWriterTests {
  /// A folder of a test's own, removed afterwards.
  static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "breakeven-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  static func listing(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  static let files = [
    ReportFile(name: "a.csv", bytes: Data("a\n".utf8)),
    ReportFile(name: "report.html", bytes: Data("<p/>".utf8)),
  ]

  @Test("a folder that is missing is made, with those above it, and nothing else stays behind")
  func newFolder() throws {
    try Self.withFolder { folder in
      let target = folder.appendingPathComponent("reports/today")
      try ReportWriter.write(Self.files, to: target)
      #expect(try Self.listing(target) == ["a.csv", "report.html"])
      #expect(try Data(contentsOf: target.appendingPathComponent("a.csv")) == Data("a\n".utf8))
      #expect(try Self.listing(target.deletingLastPathComponent()) == ["today"])
    }
  }

  @Test("in a folder that exists its files are replaced and others are left alone")
  func existingFolder() throws {
    try Self.withFolder { folder in
      try Data("old".utf8).write(to: folder.appendingPathComponent("a.csv"))
      try Data("mine".utf8).write(to: folder.appendingPathComponent("notes.txt"))
      try ReportWriter.write(Self.files, to: folder)
      #expect(try Self.listing(folder) == ["a.csv", "notes.txt", "report.html"])
      #expect(try Data(contentsOf: folder.appendingPathComponent("a.csv")) == Data("a\n".utf8))
      #expect(try Data(contentsOf: folder.appendingPathComponent("notes.txt")) == Data("mine".utf8))
    }
  }

  @Test("a reader who has the old file open goes on reading the old file")
  func openReader() throws {
    try Self.withFolder { folder in
      let file = folder.appendingPathComponent("a.csv")
      try Data("old".utf8).write(to: file)
      let reader = try FileHandle(forReadingFrom: file)
      try ReportWriter.write(Self.files, to: folder)
      #expect(try reader.readToEnd() == Data("old".utf8))
    }
  }

  @Test("a link to a folder is followed")
  func link() throws {
    try Self.withFolder { folder in
      let real = folder.appendingPathComponent("real")
      try FileManager.default.createDirectory(at: real, withIntermediateDirectories: true)
      let link = folder.appendingPathComponent("link")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: real)
      try ReportWriter.write(Self.files, to: link)
      #expect(try Self.listing(real) == ["a.csv", "report.html"])
    }
  }

  @Test("a file in the place of the folder is an error with its path, and stays as it is")
  func fileInTheWay() throws {
    try Self.withFolder { folder in
      let target = folder.appendingPathComponent("report")
      try Data("mine".utf8).write(to: target)
      #expect(
        throws: ReportError.cannotWrite(
          path: target.resolvingSymlinksInPath().path, reason: "it is a file, not a folder")
      ) {
        try ReportWriter.write(Self.files, to: target)
      }
      #expect(throws: ReportError.self) {
        try ReportWriter.write(Self.files, to: target.appendingPathComponent("below"))
      }
      #expect(try Data(contentsOf: target) == Data("mine".utf8))
      #expect(try Self.listing(folder) == ["report"])
    }
  }

  @Test("a folder in the place of a file is an error that names it, and no temporary folder stays behind")
  func folderInTheWay() throws {
    try Self.withFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("report.html/full"), withIntermediateDirectories: true)
      do {
        try ReportWriter.write(Self.files, to: folder)
        Issue.record("a folder was replaced by a file")
      } catch {
        #expect("\(error)".contains("report.html"), "\(error)")
        #expect("\(error)".contains("it is a folder, not a file"), "\(error)")
      }
      let left = try Self.listing(folder)
      #expect(left.allSatisfy { !$0.hasPrefix(".") })
    }
  }

  @Test("names that lead out of the folder are refused", arguments: ["../a", "/etc/a", "", ".hidden", "a/b"])
  func names(name: String) throws {
    try Self.withFolder { folder in
      #expect(throws: ReportError.self) {
        try ReportWriter.write([ReportFile(name: name, bytes: Data())], to: folder)
      }
      let left = try Self.listing(folder)
      #expect(left.isEmpty)
    }
  }
}
