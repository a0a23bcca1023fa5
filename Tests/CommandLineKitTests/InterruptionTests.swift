// SPDX-License-Identifier: GPL-3.0-or-later
// How a process ends that is interrupted: each case in a process of its own.

import CommandLineKit
import Glibc
import Testing

/// Waits to be ended by a signal; ends with 9 where none comes.
private func waitForTheEnd() -> Never {
  for _ in 0..<100 { usleep(50_000) }
  exit(9)
}

/// What a process has written to standard error.
private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

@Suite("Interruption")
struct InterruptionTests {
  @Test("Ctrl-C says the last words, then ends the process by its signal")
  func interrupt() async throws {
    let result = try await #require(processExitsWith: .signal(SIGINT), observing: [\.standardErrorContent]) {
      let interruption = Interruption { "run it again\n" }
      kill(getpid(), SIGINT)
      withExtendedLifetime(interruption) { waitForTheEnd() }
    }
    #expect(text(result.standardErrorContent).contains("run it again\n"))
  }

  @Test("so does a request to terminate")
  func terminate() async throws {
    let result = try await #require(processExitsWith: .signal(SIGTERM), observing: [\.standardErrorContent]) {
      let interruption = Interruption { "run it again\n" }
      kill(getpid(), SIGTERM)
      withExtendedLifetime(interruption) { waitForTheEnd() }
    }
    #expect(text(result.standardErrorContent).contains("run it again\n"))
  }

  @Test("what must be completed is completed first, and then nothing is said of running it again")
  func completing() async throws {
    let result = try await #require(processExitsWith: .signal(SIGINT), observing: [\.standardErrorContent]) {
      let interruption = Interruption { "run it again\n" }
      interruption.completing {
        kill(getpid(), SIGINT)
        usleep(200_000)
        Terminal.writeDiagnostic("all is stored\n")
      }
      waitForTheEnd()
    }
    let said = text(result.standardErrorContent)
    #expect(said.contains("all is stored\n") && !said.contains("again"))
  }

  @Test("a signal that was ignored at the start, as under nohup, stays ignored")
  func ignored() async {
    await #expect(processExitsWith: .exitCode(7)) {
      _ = signal(SIGINT, SIG_IGN)
      let interruption = Interruption { "run it again\n" }
      kill(getpid(), SIGINT)
      usleep(200_000)
      withExtendedLifetime(interruption) { exit(7) }
    }
  }
}
