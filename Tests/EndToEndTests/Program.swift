// SPDX-License-Identifier: GPL-3.0-or-later
// The built program as a shell would run it: found beside the tests, started in a folder of its own, and what it
// said and did collected.

import Foundation
import Synchronization
import Testing

/// The executable under test.
enum Program {
  /// What a run left behind.
  struct Outcome: Sendable, Hashable {
    var exitCode: Int32
    var output: String
    var diagnostics: String

    /// Lines of the diagnostics.
    var diagnosticLines: [String] {
      diagnostics.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    }
  }

  /// The repository's root.
  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Where the build put the program: the folder of the test bundle or one above it, wherever the scratch folder is;
  /// or else the usual place in the repository.
  static let path: String? = {
    let tests = [
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "",
      CommandLine.arguments.first ?? "", Bundle.main.bundlePath,
    ]
    var folders: [URL] = []
    for file in tests where file.hasPrefix("/") {
      var folder = URL(filePath: file)
      for _ in 0..<4 {
        folder.deleteLastPathComponent()
        folders.append(folder)
      }
    }
    #if DEBUG
      let configurations = ["debug", "release"]
    #else
      let configurations = ["release", "debug"]
    #endif
    folders += configurations.map { repository.appending(path: ".build/\($0)") }
    return folders.map { $0.appending(path: "breakeven").path }.first { isProgram($0) }
  }()

  private static func isProgram(_ path: String) -> Bool {
    let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    return type == .typeRegular && FileManager.default.isExecutableFile(atPath: path)
  }

  /// Runs the program to its end.
  /// - Parameters:
  ///   - arguments: what follows its name.
  ///   - folder: the working folder.
  static func run(_ arguments: [String], in folder: Folder) async throws -> Outcome {
    let program = try #require(path, "the program `breakeven` is not beside the tests; build it first")
    return try await launch(program, arguments, in: folder)
  }

  /// Runs a line of the shell, in which `$PROGRAM` is the program.
  static func shell(_ line: String, in folder: Folder) async throws -> Outcome {
    try await launch("/bin/sh", ["-c", line], in: folder)
  }

  private static func launch(
    _ executable: String, _ arguments: [String], in folder: Folder
  ) async throws -> Outcome {
    // Files rather than pipes: a full pipe would make the program wait for a reader.
    let streams = try folder.makeStreams()
    let (output, diagnostics) = (
      try FileHandle(forWritingTo: streams.output), try FileHandle(forWritingTo: streams.diagnostics)
    )
    await ProcessLimit.shared.enter()
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    var environment = ProcessInfo.processInfo.environment
    environment["COLUMNS"] = "80"
    environment["LC_ALL"] = "C.UTF-8"
    environment["PROGRAM"] = path
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = diagnostics
    let ending: Result<Int32, any Error> = await withCheckedContinuation { continuation in
      process.terminationHandler = { ended in
        // A process killed by a signal, as by a trap, shows as the shell shows it.
        let isSignal = ended.terminationReason == .uncaughtSignal
        continuation.resume(
          returning: .success(isSignal ? 128 + ended.terminationStatus : ended.terminationStatus))
      }
      do {
        try process.run()
      } catch {
        process.terminationHandler = nil
        continuation.resume(returning: .failure(error))
      }
    }
    await ProcessLimit.shared.leave()
    return Outcome(
      exitCode: try ending.get(), output: try String(contentsOf: streams.output, encoding: .utf8),
      diagnostics: try String(contentsOf: streams.diagnostics, encoding: .utf8))
  }
}

/// Lets a few programs run at once: more gain nothing, tests with times in them would starve, and Foundation's watch over
/// processes has crashed where many were started together.
private actor ProcessLimit {
  static let shared = ProcessLimit()
  private var places = 4
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// Waits for a place.
  func enter() async {
    if places > 0 {
      places -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  /// Hands the place on.
  func leave() {
    if waiting.isEmpty {
      places += 1
    } else {
      waiting.removeFirst().resume()
    }
  }
}

/// A temporary folder that goes with its last reference.
final class Folder: Sendable {
  let url: URL
  private let streams: URL
  private let runs = Mutex(0)

  /// A new, empty folder.
  init() throws {
    let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "breakeven-tests-\(UUID().uuidString)")
    url = base.appending(path: "work")
    streams = base.appending(path: "streams")
    for folder in [url, streams] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }

  fileprivate func makeStreams() throws -> (output: URL, diagnostics: URL) {
    let run = runs.withLock { count in
      count += 1
      return count
    }
    let files = ["output", "diagnostics"].map { streams.appending(path: "\($0)-\(run)") }
    for file in files { try Data().write(to: file) }
    return (files[0], files[1])
  }

  /// Writes a text file, with the folders it lies in.
  func write(_ text: String, to name: String) throws {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// The bytes of a file.
  func bytes(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  /// The text of a file.
  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// Every file below a folder by its path from there.
  func files(below name: String = ".") throws -> [String: Data] {
    let root = url.appending(path: name).standardizedFileURL.path
    guard FileManager.default.fileExists(atPath: root) else { return [:] }
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
      let file = URL(filePath: root).appending(path: path)
      let type = try FileManager.default.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType
      if type == .typeRegular { files[path] = try Data(contentsOf: file) }
    }
    return files
  }

  /// The names of what lies in the folder, sorted.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }
}
