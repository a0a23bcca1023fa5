// SPDX-License-Identifier: GPL-3.0-or-later
// Progress as it is shown, with a clock that the test turns.

import CommandLineKit
import Synchronization
import Testing

@Suite("Progress")
struct ProgressReporterTests {
  /// Takes what a reporter writes, and tells it the time.
  private final class Stage: Sendable {
    private let written = Mutex<[String]>([])
    private let now = Mutex<Duration>(.zero)

    var output: [String] { written.withLock { $0 } }

    func turnClock(to time: Duration) { now.withLock { $0 = time } }

    func reporter(_ style: ProgressReporter.Style, total: Int, alreadyDone: Int = 0) -> ProgressReporter {
      ProgressReporter(
        "simulating", total: total, alreadyDone: alreadyDone, style: style,
        clock: { self.now.withLock { $0 } },
        write: { text in self.written.withLock { $0.append(text) } })
    }
  }

  @Test("A log gets a line at every 10 % with the time left")
  func lines() {
    let stage = Stage()
    let progress = stage.reporter(.lines, total: 200)
    for step in 1...200 {
      stage.turnClock(to: .seconds(step * 60))
      progress.advance()
    }
    progress.finish()
    #expect(stage.output.count == 10)
    #expect(stage.output.first == "simulating: 10 %, 3 h 0 min left\n")
    #expect(stage.output[8] == "simulating: 90 %, 20 min 0 s left\n")
    #expect(stage.output.last == "simulating: 100 %\n")
  }

  @Test("Large steps skip lines rather than repeat them")
  func largeSteps() {
    let stage = Stage()
    let progress = stage.reporter(.lines, total: 3)
    stage.turnClock(to: .seconds(10))
    for _ in 1...5 { progress.advance() }
    #expect(
      stage.output == [
        "simulating: 33 %, 20 s left\n", "simulating: 66 %, 5 s left\n", "simulating: 100 %\n",
      ])
  }

  @Test("A resumed run's time left counts its own speed alone")
  func resumed() {
    let stage = Stage()
    let progress = stage.reporter(.lines, total: 100, alreadyDone: 55)
    stage.turnClock(to: .seconds(10))
    progress.advance(by: 5)
    #expect(stage.output == ["simulating: 60 %, 1 min 20 s left\n"])
  }

  @Test("A terminal's bar is redrawn in place, no oftener than ten times a second, and ends its line")
  func bar() {
    let stage = Stage()
    let progress = stage.reporter(.bar, total: 1000)
    for millisecond in 1...1000 {
      stage.turnClock(to: .milliseconds(millisecond))
      progress.advance()
    }
    progress.finish()
    progress.finish()
    #expect(stage.output.count == 11)
    #expect(stage.output.allSatisfy { $0.hasPrefix("\rsimulating ") })
    #expect(stage.output.filter { $0.hasSuffix("\n") }.count == 1)
    #expect(
      stage.output.last == "\rsimulating " + String(repeating: "█", count: 30) + " 100 %\u{1B}[K\n")
  }

  @Test("A quiet run, and a run of nothing, show nothing", arguments: [ProgressReporter.Style.lines, .bar])
  func silence(style: ProgressReporter.Style) {
    let stage = Stage()
    let quiet = stage.reporter(.silent, total: 10)
    quiet.advance(by: 10)
    quiet.finish()
    let nothing = stage.reporter(style, total: 0)
    nothing.advance()
    nothing.finish()
    #expect(stage.output.isEmpty)
    #expect(ProgressReporter.Style.automatic(quiet: true) == .silent)
  }

  @Test("Threads that share a reporter lose no step")
  func threads() async {
    let stage = Stage()
    let progress = stage.reporter(.lines, total: 8000)
    await withTaskGroup(of: Void.self) { group in
      for _ in 1...8 {
        group.addTask { for _ in 1...1000 { progress.advance() } }
      }
    }
    #expect(stage.output.count == 10)
    #expect(stage.output.last == "simulating: 100 %\n")
  }
}
