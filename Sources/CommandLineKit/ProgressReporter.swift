// SPDX-License-Identifier: GPL-3.0-or-later
// How far a long run has come: a bar for a person at a terminal, a few plain lines for a log.

import Synchronization

/// Reports progress on standard error. Threads may share one reporter.
///
///     let progress = ProgressReporter("simulating", total: draws, quiet: options.quiet)
///     // in each worker:
///     progress.advance()
///     // at the end, also after an error:
///     progress.finish()
public final class ProgressReporter: Sendable {
  /// How progress is shown.
  public enum Style: Sendable, Hashable {
    /// One line, redrawn, with a bar, percent and time left.
    case bar
    /// A line at every 10 %.
    case lines
    /// Not at all.
    case silent

    /// A bar on a terminal, lines elsewhere, nothing where `quiet`.
    public static func automatic(quiet: Bool = false) -> Style {
      quiet ? .silent : Terminal.isDiagnosticTerminal ? .bar : .lines
    }
  }

  private struct State {
    var done: Int
    var shownPercent = -1
    var shownAt: Duration?
    var isFinished = false
  }

  private let label: String
  private let total: Int
  private let alreadyDone: Int
  private let style: Style
  private let clock: @Sendable () -> Duration
  private let write: @Sendable (String) -> Void
  private let state: Mutex<State>

  /// The least time between two drawings of the bar.
  private static let redrawInterval = Duration.milliseconds(100)
  private static let barWidth = 30

  /// A reporter on standard error.
  ///
  /// - Parameters:
  ///   - label: What is being done, as "simulating".
  ///   - total: Steps in all.
  ///   - alreadyDone: Steps done by an earlier run that this one resumes; they say nothing of this run's speed.
  ///   - quiet: Show nothing.
  public convenience init(_ label: String, total: Int, alreadyDone: Int = 0, quiet: Bool = false) {
    let start = ContinuousClock.now
    self.init(
      label, total: total, alreadyDone: alreadyDone, style: .automatic(quiet: quiet),
      clock: { start.duration(to: .now) }, write: Terminal.writeDiagnostic)
  }

  /// A reporter with a clock and an output of its own.
  ///
  /// - Parameters:
  ///   - label: What is being done.
  ///   - total: Steps in all.
  ///   - alreadyDone: Steps done before.
  ///   - style: How progress is shown.
  ///   - clock: Time since the start.
  ///   - write: Takes the text; called by one thread at a time.
  public init(
    _ label: String, total: Int, alreadyDone: Int = 0, style: Style,
    clock: @escaping @Sendable () -> Duration, write: @escaping @Sendable (String) -> Void
  ) {
    self.label = label
    self.total = max(total, 0)
    self.alreadyDone = min(max(alreadyDone, 0), self.total)
    self.style = style
    self.clock = clock
    self.write = write
    let percent = self.total == 0 ? 0 : self.alreadyDone * 100 / self.total
    state = Mutex(State(done: self.alreadyDone, shownPercent: style == .lines ? percent : -1))
  }

  /// Notes that so many steps more are done. Steps beyond the total don't count.
  public func advance(by steps: Int = 1) {
    state.withLock { state in
      state.done = min(state.done + max(steps, 0), total)
      guard !state.isFinished, total > 0 else { return }
      switch style {
      case .silent: break
      case .lines: writeLine(&state)
      case .bar: redraw(&state)
      }
    }
  }

  /// Ends the display; what is advanced later is not shown. Calling it again does nothing.
  public func finish() {
    state.withLock { state in
      guard !state.isFinished else { return }
      state.isFinished = true
      // The bar may lag behind by the redraw interval: draw it as it is now and leave its line.
      if style == .bar && total > 0 { write("\r" + bar(state, at: clock()) + "\u{1B}[K\n") }
    }
  }

  private func writeLine(_ state: inout State) {
    let percent = state.done * 100 / total
    guard percent / 10 > state.shownPercent / 10 else { return }
    state.shownPercent = percent
    write("\(label): \(percent) %\(timeLeft(state, at: clock()))\n")
  }

  private func redraw(_ state: inout State) {
    let now = clock()
    if let shownAt = state.shownAt, now - shownAt < Self.redrawInterval { return }
    state.shownAt = now
    // ESC [ K clears what a longer line before has left (ECMA-48, erase in line).
    write("\r" + bar(state, at: now) + "\u{1B}[K")
  }

  private func bar(_ state: State, at now: Duration) -> String {
    let filled = state.done * Self.barWidth / total
    let cells = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.barWidth - filled)
    let percent = String(state.done * 100 / total)
    let padding = String(repeating: " ", count: 3 - percent.count)
    return "\(label) \(cells) \(padding)\(percent) %\(timeLeft(state, at: now))"
  }

  /// `, 2 min 10 s left` at the speed so far; empty at the end and before the first step.
  private func timeLeft(_ state: State, at now: Duration) -> String {
    let doneHere = state.done - alreadyDone
    guard doneHere > 0, state.done < total else { return "" }
    let elapsed = Double(now.components.seconds) + Double(now.components.attoseconds) * 1e-18
    let left = elapsed * Double(total - state.done) / Double(doneHere)
    return ", \(Self.spell(seconds: Int(min(left, 1e9).rounded(.up)))) left"
  }

  private static func spell(seconds: Int) -> String {
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
  }
}
