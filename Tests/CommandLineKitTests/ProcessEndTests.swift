// SPDX-License-Identifier: GPL-3.0-or-later
// How a process that runs a command really ends: each case runs in a process of its own.

import CommandLineKit
import Glibc
import Testing

/// Ends as its argument says.
struct Ending: ParsableCommand {
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case well, threshold, failure
  }

  @Argument var kind: Kind

  mutating func run() throws {
    switch kind {
    case .well: try Terminal.write("a result\n")
    case .threshold: throw ExitCode.thresholdCrossed
    case .failure: throw ReportedFailure(.badData, lines: ["a.yaml:1:2: first", "a.yaml:3:4: second"])
    }
  }
}

/// Makes standard output a pipe that nobody reads.
private func closeTheReadersEnd() {
  var ends: [Int32] = [0, 0]
  guard unsafe pipe(&ends) == 0 else { fatalError("no pipe") }
  close(ends[0])
  dup2(ends[1], STDOUT_FILENO)
}

/// Makes standard output a device on which nothing fits.
private func fillTheDisk() {
  dup2(unsafe open("/dev/full", O_WRONLY), STDOUT_FILENO)
}

/// Whether a stream carries no line. An observed stream that is empty may still hold a marker of the testing library.
private func isSilent(_ stream: [UInt8]) -> Bool { !stream.contains(UInt8(ascii: "\n")) }

@Suite("How a process ends")
struct ProcessEndTests {
  @Test("A result goes to standard output and the process ends with 0")
  func well() async throws {
    let result = try await #require(
      processExitsWith: .success, observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      Ending.main(["well"])
    }
    #expect(String(decoding: result.standardOutputContent, as: UTF8.self).contains("a result\n"))
    #expect(isSilent(result.standardErrorContent))
  }

  @Test("A crossed threshold ends with 3, without a word")
  func threshold() async throws {
    let result = try await #require(processExitsWith: .exitCode(3), observing: [\.standardErrorContent]) {
      Ending.main(["threshold"])
    }
    #expect(isSilent(result.standardErrorContent))
  }

  @Test("A failure tells its lines on standard error and ends with its code")
  func failure() async throws {
    let result = try await #require(processExitsWith: .exitCode(65), observing: [\.standardErrorContent]) {
      Ending.main(["failure"])
    }
    #expect(
      String(decoding: result.standardErrorContent, as: UTF8.self)
        == "a.yaml:1:2: first\na.yaml:3:4: second\n")
  }

  @Test("Wrong usage ends with 64")
  func usage() async {
    await #expect(processExitsWith: .exitCode(64)) { Ending.main(["badly"]) }
  }

  @Test("A reader that has gone ends a result, and help, quietly with 0")
  func closedPipe() async throws {
    let result = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
      closeTheReadersEnd()
      Ending.main(["well"])
      fatalError("went on after the reader had gone")
    }
    #expect(isSilent(result.standardErrorContent))
    let help = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
      closeTheReadersEnd()
      Ending.main(["--help"])
    }
    #expect(isSilent(help.standardErrorContent))
  }

  @Test("An output that takes nothing ends with 73 and says why")
  func fullDisk() async throws {
    let result = try await #require(processExitsWith: .exitCode(73), observing: [\.standardErrorContent]) {
      fillTheDisk()
      Ending.main(["well"])
    }
    #expect(String(decoding: result.standardErrorContent, as: UTF8.self).contains("No space left on device"))
  }
}
