// SPDX-License-Identifier: GPL-3.0-or-later
// Color, sparingly: only for a person at a terminal, never for a file or a pipe, and never where NO_COLOR is
// set.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a piece of text stands out on a terminal. What it says must be plain without it.
public enum TextStyle: Sendable, Hashable, CaseIterable {
  /// Something new.
  case added
  /// Something gone.
  case removed
  /// Something that is not what it was.
  case changed
  /// Something to look at.
  case warning
  /// Something wrong.
  case error

  /// The parameter of ECMA-48's SGR.
  private var parameter: String {
    switch self {
    case .added: "32"
    case .removed, .error: "31"
    case .changed: "33"
    case .warning: "1"
    }
  }

  /// The text in this style where a stream shows colors; as it is elsewhere.
  public func applied(to text: String, on stream: Terminal.Stream = .output) -> String {
    applied(to: text, isColored: Terminal.showsColor(on: stream))
  }

  /// The text in this style, or as it is.
  public func applied(to text: String, isColored: Bool) -> String {
    isColored ? "\u{1B}[\(parameter)m\(text)\u{1B}[0m" : text
  }
}

extension Terminal {
  /// An output stream of the process.
  public enum Stream: Sendable, Hashable {
    /// Standard output.
    case output
    /// Standard error.
    case diagnostics

    var descriptor: Int32 { self == .output ? STDOUT_FILENO : STDERR_FILENO }
  }

  /// Whether text on a stream may be colored: it is a terminal that knows more than `dumb`, and `NO_COLOR` is
  /// absent or empty (https://no-color.org).
  public static func showsColor(on stream: Stream) -> Bool {
    showsColor(
      isTerminal: isatty(stream.descriptor) == 1, noColor: environment("NO_COLOR"), term: environment("TERM"))
  }

  /// The same rule for given facts.
  public static func showsColor(isTerminal: Bool, noColor: String?, term: String?) -> Bool {
    isTerminal && (noColor ?? "").isEmpty && term != "dumb"
  }

  /// A variable of the environment; nil where it is not set.
  static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
