// SPDX-License-Identifier: GPL-3.0-or-later
// The two output streams: results whole or not at all to standard output, diagnostics to standard error.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The process's output streams.
public enum Terminal {
  /// Writes text to standard output at once.
  ///
  /// A reader that has gone (`breakeven … | head`) is no error: the write then throws `ExitCode.success`,
  /// which ends the program quietly, with every `defer` on the way out.
  ///
  /// - Throws: `ExitCode.success` where nobody reads any more; a `ReportedFailure` with `.cannotWrite`
  ///   otherwise, as on a full disk.
  public static func write(_ text: String) throws {
    switch send(text, to: STDOUT_FILENO) {
    case 0: return
    case EPIPE: throw ExitCode.success
    case let code:
      throw ReportedFailure(
        .cannotWrite, "Error: cannot write to standard output: \(unsafe String(cString: strerror(code)))")
    }
  }

  /// Writes text to standard error at once. That it cannot be written is nothing to end a run for.
  public static func writeDiagnostic(_ text: String) {
    _ = send(text, to: STDERR_FILENO)
  }

  /// Whether diagnostics are read on a terminal, by a person.
  public static var isDiagnosticTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// The width to wrap to: `COLUMNS` of the environment, or else that of the terminal on standard output, at
  /// most 100 because longer lines are hard to read, or else 80.
  public static var columns: Int {
    if let columns = environment("COLUMNS").flatMap({ Int($0) }), columns > 0 { return columns }
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return min(Int(size.ws_col), 100)
  }

  /// Ends the process.
  static func exit(_ code: ExitCode) -> Never {
    // Not this type's own `exit`, but the C library's.
    #if canImport(Glibc)
      Glibc.exit(code.rawValue)
    #elseif canImport(Musl)
      Musl.exit(code.rawValue)
    #else
      Darwin.exit(code.rawValue)
    #endif
  }

  /// Writes every byte, however often that is interrupted; returns 0 or the `errno` that stopped it.
  private static func send(_ text: String, to descriptor: Int32) -> Int32 {
    // By default a closed pipe kills the process with a signal; ignored, the write reports EPIPE instead.
    _ = signal(SIGPIPE, SIG_IGN)
    // What was printed through C's buffers must come first.
    _ = fflush(nil)
    var text = text
    return text.withUTF8 { bytes in
      var sent = 0
      while sent < bytes.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[sent...])
        let count = unsafe systemWrite(descriptor, rest.baseAddress, rest.count)
        if count >= 0 {
          sent += count
        } else if errno == EAGAIN {
          // A descriptor shared with a program that made it non-blocking: wait until it takes more.
          var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = unsafe poll(&entry, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }

  private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.write(descriptor, bytes, count)
    #elseif canImport(Musl)
      unsafe Musl.write(descriptor, bytes, count)
    #else
      unsafe Darwin.write(descriptor, bytes, count)
    #endif
  }
}
