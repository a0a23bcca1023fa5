// SPDX-License-Identifier: GPL-3.0-or-later
// Where subcommands write a result: a file that appears whole, or standard output.

public import CommandLineKit
import Foundation
import TextFormats
public import Traces

extension TraceOutputFormat: ExpressibleByArgument {}

/// The destination of a result; what cannot be written is reported with its exit code.
struct ResultOutput: ~Copyable {
  private var file: OutputFile?

  /// Opens a file.
  /// - Parameter dashIsStandardOutput: whether `-` stands for standard output.
  init(path: String, dashIsStandardOutput: Bool = true) throws {
    do {
      file = dashIsStandardOutput && path == "-" ? nil : try OutputFile(path: path)
    } catch {
      throw Self.failure(error)
    }
  }

  /// Refuses an output that is the command's input, also by another name: a result that fails midway would have cost
  /// the only copy.
  static func refuse(_ path: String, ofOption option: String, replacing input: String) throws {
    func file(_ path: String) -> URL {
      URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath()
    }
    guard path != "-", input != "-", file(path) == file(input) else { return }
    throw ValidationError("'\(option)' would replace \(input), which is read; name another file.")
  }

  /// Makes sure that a file can be written, before there is anything to write; none is left beside it should the
  /// command be ended meanwhile.
  static func check(_ path: String?) throws {
    if let path { _ = try ResultOutput(path: path, dashIsStandardOutput: false) }
  }

  /// Writes a file as a whole, if one is named.
  static func write(_ text: @autoclosure () throws -> String, to path: String?) throws {
    if let path { try ResultOutput(path: path, dashIsStandardOutput: false).finish(text()) }
  }

  /// Writes a part of the result.
  mutating func write(_ bytes: [UInt8]) throws {
    if file == nil { return try Terminal.write(String(decoding: bytes, as: UTF8.self)) }
    do {
      try file?.write(bytes)
    } catch {
      throw Self.failure(error)
    }
  }

  /// Puts the file in its place.
  consuming func commit() throws {
    do {
      try file.take()?.commit()
    } catch {
      throw Self.failure(error)
    }
  }

  /// Writes the whole result and puts the file in its place.
  consuming func finish(_ text: String) throws {
    try write([UInt8](text.utf8))
    try commit()
  }

  private static func failure(_ problem: OutputFile.Problem) -> ReportedFailure {
    ReportedFailure(.cannotWrite, lines: [problem.description])
  }
}

extension ResultOutput {
  /// Sends what an encoder has written, once it is much or `all` of it is wanted.
  mutating func send(_ encoder: inout TraceEncoder, all: Bool = false) throws {
    guard all || encoder.bytes.count >= 1 << 18 else { return }
    try write(encoder.bytes)
    encoder.removeBytes()
  }

  /// Sends the rest and puts the file in its place.
  consuming func finish(_ encoder: inout TraceEncoder) throws {
    try send(&encoder, all: true)
    try commit()
  }
}
