// SPDX-License-Identifier: GPL-3.0-or-later
// A log of either kind, for what can make use of both: single requests, or usage per stretch of time.

public import TextFormats

/// A log whose kind was found out from its content.
public enum DemandLog: ~Copyable {
  /// Single requests, to be read on.
  case requests(TraceReader)
  /// Usage per stretch of time.
  case usage(UsageReader)

  /// Opens a file; `-` is standard input.
  /// - Throws: that it cannot be read or that its format is unknown, or what is wrong with it, with its place.
  public init(path: String, options: TraceReadingOptions = TraceReadingOptions()) throws(TextProblem) {
    try self.init(TextReader(path: path), options: options)
  }

  /// Reads a text.
  /// - Throws: that its format is unknown, or what is wrong with it, with its place.
  public init(
    _ text: consuming TextReader, options: TraceReadingOptions = TraceReadingOptions()
  ) throws(TextProblem) {
    let file = text.file
    let opened = try OpenedTrace(text, options)
    if opened.isBucketed {
      self = .usage(try UsageReader(opened, file: file, options: options))
    } else {
      self = .requests(try TraceReader(opened, file: file, options: options))
    }
  }
}
