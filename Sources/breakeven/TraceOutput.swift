// SPDX-License-Identifier: GPL-3.0-or-later
// Where subcommands write requests: a file that appears whole, or standard output.

public import CommandLineKit
import TextFormats
public import Traces

extension TraceOutputFormat: ExpressibleByArgument {}

/// The destination of requests that are written.
struct TraceOutput: ~Copyable {
  private var file: OutputFile?

  /// Opens a file, or standard output for `-`.
  init(path: String) throws {
    do {
      file = path == "-" ? nil : try OutputFile(path: path)
    } catch {
      throw Self.failure(error)
    }
  }

  /// Sends what an encoder has written, once it is much or `all` of it is wanted.
  mutating func send(_ encoder: inout TraceEncoder, all: Bool = false) throws {
    guard all || encoder.bytes.count >= 1 << 18 else { return }
    if file == nil {
      try Terminal.write(String(decoding: encoder.bytes, as: UTF8.self))
    } else {
      do {
        try file?.write(encoder.bytes)
      } catch {
        throw Self.failure(error)
      }
    }
    encoder.removeBytes()
  }

  /// Sends the rest and puts the file in its place.
  consuming func finish(_ encoder: inout TraceEncoder) throws {
    try send(&encoder, all: true)
    do {
      try file.take()?.commit()
    } catch {
      throw Self.failure(error)
    }
  }

  private static func failure(_ problem: OutputFile.Problem) -> ReportedFailure {
    ReportedFailure(.cannotWrite, lines: [problem.description])
  }
}
