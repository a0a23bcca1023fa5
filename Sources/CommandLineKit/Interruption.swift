// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C in a long run: a last word on how to go on, then the end that the signal asks for, and never in the
// middle of writing.

import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Watches for SIGINT and SIGTERM while a command works.
///
///     let interruption = Interruption { "Interrupted: nothing was stored.\n" }
///     simulate()
///     try interruption.completing { try save() }
///
/// The process then ends of the signal itself, so that a shell shows 130 or 143, and ends the loop it runs in
/// too. A signal that was ignored when the process started, as under `nohup`, stays ignored.
public final class Interruption: Sendable {
  private let lastWords: @Sendable () -> String
  // Held while something is written that must not be left half-way; who has a signal to handle waits for it.
  private let isCompleted = Mutex(false)

  /// Watches from now on, for the rest of the process. One at a time: a second takes the signals over.
  /// - Parameter lastWords: what to say on standard error before the end; called on another thread.
  public init(lastWords: @escaping @Sendable () -> String) {
    self.lastWords = lastWords
    guard SignalPipe.open(for: [SIGINT, SIGTERM]) else { return }
    DispatchQueue(label: "interruption").async { [self] in
      guard let number = SignalPipe.next() else { return }
      if !isCompleted.withLock({ $0 }) { Terminal.writeDiagnostic(self.lastWords()) }
      SignalPipe.end(by: number)
    }
  }

  /// Does what must not be interrupted, such as storing a result: a signal waits until it is done. Afterwards
  /// signals end the process without a word.
  public func completing<Result>(_ body: () throws -> Result) rethrows -> Result {
    try isCompleted.withLock { isCompleted in
      defer { isCompleted = true }
      return try body()
    }
  }

  /// Does what must not be interrupted, where more follows: a signal waits until it is done, and then still gets its last
  /// words.
  public func holding<Result>(_ body: () throws -> Result) rethrows -> Result {
    try isCompleted.withLock { _ in try body() }
  }

  /// A handler may do next to nothing when it is called (signal-safety(7)), but it may write to a pipe, at
  /// whose other end a thread waits that may do anything.
  private enum SignalPipe {
    // The handler reads it on whichever thread the signal meets; written before there is a handler.
    nonisolated(unsafe) private static var writingEnd: Int32 = -1
    nonisolated(unsafe) private static var readingEnd: Int32 = -1

    /// Catches signals, but those that are ignored; false where there is none to catch, or no pipe to be had.
    static func open(for numbers: [Int32]) -> Bool {
      var ends: [Int32] = [0, 0]
      guard unsafe pipe(&ends) == 0 else { return false }
      unsafe (readingEnd, writingEnd) = (ends[0], ends[1])
      // A program that is started by a thread which blocks signals inherits that, and would never be told.
      mask(numbers, SIG_UNBLOCK)
      return numbers.count { number in
        let previous = signal(number) { number in
          var byte = UInt8(truncatingIfNeeded: number)
          unsafe _ = write(SignalPipe.writingEnd, &byte, 1)
        }
        // Handlers are functions, which cannot be compared; their addresses can.
        let wasIgnored =
          unsafe (unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self))
        if wasIgnored { _ = signal(number, SIG_IGN) }
        return !wasIgnored
      } > 0
    }

    /// Waits for the next signal; nil where the pipe fails.
    static func next() -> Int32? {
      var byte: UInt8 = 0
      var count = 0
      repeat { count = unsafe read(readingEnd, &byte, 1) } while count < 0 && errno == EINTR
      return count == 1 ? Int32(byte) : nil
    }

    /// Ends the process as the signal would have done.
    static func end(by number: Int32) {
      _ = signal(number, SIG_DFL)
      // The queue's threads block signals, and one raised here would wait for ever.
      mask([number], SIG_UNBLOCK)
      raise(number)
    }

    /// Blocks or unblocks signals on the calling thread.
    private static func mask(_ numbers: [Int32], _ how: Int32) {
      var signals = sigset_t()
      unsafe sigemptyset(&signals)
      for number in numbers { unsafe sigaddset(&signals, number) }
      unsafe pthread_sigmask(how, &signals, nil)
    }
  }
}
