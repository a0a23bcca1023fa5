// SPDX-License-Identifier: GPL-3.0-or-later
// A window that slides over a text of any size: what CSV and JSON are read through, so that memory stays bounded.

/// A text read in chunks, line by line, with bounded memory.
///
///     var text = try TextReader(path: "requests.csv")
///     while let line = try text.nextLine() { total += text.bytes[line].count }
///
/// Plain or gzip (told by its first bytes; several members too); LF or CRLF; the last line need not end. A UTF-8
/// byte order mark is passed over. A line that holds a NUL byte or is longer than the limit is refused.
public struct TextReader: ~Copyable {
  /// The most bytes a line, a record or a JSON document may have: 64 MiB.
  public static let defaultLimit = 64 << 20

  /// The name of the file in problems.
  public let file: String
  /// The bytes at hand; ranges that this type returns point into it and hold until it is next asked for more.
  public internal(set) var bytes: [UInt8]

  /// The start of what the last call returned: nothing from here on is given up.
  var retained = 0
  /// The first byte not yet returned.
  var position = 0
  /// The end of the bytes read so far.
  private(set) var end = 0
  /// Number of the line that `retained` lies in.
  private(set) var retainedLine = 1
  /// Bytes of that line before `retained`.
  private var retainedOffset = 0
  /// Line ends between `retained` and `position`, where lines were asked for.
  private var lineEndsPassed = 0
  /// How far `placeOfPosition` has counted, its line and where that began, relative to `retained`.
  private var placed = (offset: 0, line: 1, lineStart: 0)
  private var source: ByteSource
  private var isAtEnd = false
  private var failure: ByteSource.Failure?
  private let limit: Int
  private let chunk: Int

  /// Opens a file; `-` is standard input.
  /// - Parameters:
  ///   - limit: the most bytes of a line, a record or a JSON document.
  ///   - chunk: how many bytes are read at once.
  /// - Throws: a problem of the file as a whole where it cannot be opened.
  public init(path: String, limit: Int = defaultLimit, chunk: Int = 1 << 18) throws(TextProblem) {
    let name = path == "-" ? "standard input" : path
    do {
      try self.init(ByteSource(path: path), file: name, limit: limit, chunk: chunk)
    } catch {
      var problem = TextProblem(file: name, line: 0, column: 0, message: error.message)
      problem.isUnreadable = error.isUnreadable
      throw problem
    }
  }

  /// Reads bytes in memory, which problems call `file`.
  public init(bytes: [UInt8], file: String, limit: Int = defaultLimit, chunk: Int = 1 << 18) {
    self.init(ByteSource(bytes: bytes), file: file, limit: limit, chunk: chunk)
  }

  private init(_ source: consuming ByteSource, file: String, limit: Int, chunk: Int) {
    self.source = source
    self.file = file
    self.limit = limit
    self.chunk = max(16, chunk)
    bytes = [UInt8](repeating: 0, count: 2 * self.chunk)
    while end < 4, fill() {}
    if bytes[0..<end].starts(with: [0xEF, 0xBB, 0xBF]) {
      position = 3
      retained = 3
    }
  }

  /// The next line without its end, as a range of `bytes`; nil at the end of the text.
  /// - Throws: a NUL byte, a line beyond the limit, or the failure of the source.
  /// - Complexity: O(length of the line), amortized.
  public mutating func nextLine() throws(TextProblem) -> Range<Int>? {
    retainFromPosition()
    guard let newline = try newline() else { return nil }
    return try checked(retained..<newline)
  }

  /// The last line and the one after it as one range, with the line end between them; nil at the end of the text.
  mutating func extendedLine() throws(TextProblem) -> Range<Int>? {
    guard let newline = try newline() else { return nil }
    return try checked(retained..<newline)
  }

  /// The bytes at hand at the present position, at most `count`, read on for; none is used up.
  public mutating func peek(_ count: Int) -> ArraySlice<UInt8> {
    while end - position < count, fill() {}
    return bytes[position..<min(end, position + count)]
  }

  /// Number of the line that the last call of `nextLine` returned, from 1.
  public var lineNumber: Int { retainedLine }

  /// Passes over the rest of the line that what was returned last begins in, however long, keeping none of it.
  /// - Throws: the failure of the source.
  public mutating func skipLine() throws(TextProblem) {
    position = retained
    lineEndsPassed = 0
    while true {
      if let newline = ByteSearch.firstIndex(of: UInt8(ascii: "\n"), in: bytes, position..<end) {
        position = newline + 1
        lineEndsPassed = 1
        return retainFromPosition()
      }
      // Nothing of it is kept, but its column goes on.
      position = end
      retainFromPosition()
      guard fill() else {
        if let failure { throw problem(at: position, failure.message) }
        return
      }
    }
  }

  /// A problem at a byte of what was returned last.
  public func problem(at index: Int, _ message: String) -> TextProblem {
    let index = min(max(index, retained), end)
    let (line, offset) = place(of: index)
    var problem = TextProblem(file: file, line: line, column: offset + 1, message: message)
    problem.isUnreadable = failure?.isUnreadable == true && failure?.message == message
    return problem
  }

  /// The line of a byte of what was returned last, and the bytes before it in that line.
  func place(of index: Int) -> (line: Int, offset: Int) {
    let newlines = ByteSearch.count(of: UInt8(ascii: "\n"), in: bytes, retained..<index)
    if newlines == 0 { return (retainedLine, retainedOffset + index - retained) }
    let last = bytes[retained..<index].lastIndex(of: UInt8(ascii: "\n")) ?? retained
    return (retainedLine + newlines, index - last - 1)
  }

  /// The line of the present position, and the bytes before it in that line.
  /// - Complexity: O(bytes since it was last asked for), so that every value of a document can have its place.
  mutating func placeOfPosition() -> (line: Int, offset: Int) {
    if position - retained < placed.offset { placed = (0, retainedLine, -retainedOffset) }
    while let newline = ByteSearch.firstIndex(
      of: UInt8(ascii: "\n"), in: bytes, retained + placed.offset..<position)
    {
      placed = (newline + 1 - retained, placed.line + 1, newline + 1 - retained)
    }
    placed.offset = position - retained
    return (placed.line, position - retained - placed.lineStart)
  }

  /// Gives up what lies before the present position.
  mutating func retainFromPosition() {
    defer { placed = (0, retainedLine, -retainedOffset) }
    if lineEndsPassed > 0 {
      retainedLine += lineEndsPassed
      retainedOffset = 0
      lineEndsPassed = 0
    } else {
      (retainedLine, retainedOffset) = place(of: position)
    }
    retained = position
  }

  /// Reads on; false at the end of the text or where the source fails.
  ///
  /// Moves the bytes retained to the front of the buffer: every index into it changes, `retained` and `position` with
  /// it.
  mutating func fill() -> Bool {
    if isAtEnd { return false }
    if retained > 0, bytes.count - end < chunk {
      let kept = end - retained
      bytes.removeSubrange(0..<retained)
      bytes.append(contentsOf: repeatElement(0, count: retained))
      position -= retained
      end = kept
      retained = 0
    }
    if bytes.count - end < chunk {
      bytes.append(contentsOf: repeatElement(0, count: max(bytes.count, chunk)))
    }
    do throws(ByteSource.Failure) {
      let read = try source.read(into: &bytes, at: end, count: bytes.count - end)
      end += read
      isAtEnd = read == 0
    } catch {
      failure = error
      isAtEnd = true
    }
    return !isAtEnd
  }

  /// Reads on for what is retained, within the limit; false at the end of the text.
  /// - Throws: what is retained passes the limit, or the source fails.
  mutating func extend() throws(TextProblem) -> Bool {
    if end - retained > limit { throw tooLong() }
    if fill() { return true }
    if let failure { throw problem(at: end, failure.message) }
    return false
  }

  private func tooLong() -> TextProblem {
    let size = limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit) bytes"
    return problem(
      at: retained, "the line is longer than \(size), the most that is read; is this a text file?")
  }

  /// Where the line ends that begins or goes on at the present position, which moves behind it; nil at the end.
  private mutating func newline() throws(TextProblem) -> Int? {
    // Relative to what is retained, for reading on moves the bytes.
    let begun = position - retained
    var searched = begun
    while true {
      if let newline = ByteSearch.firstIndex(of: UInt8(ascii: "\n"), in: bytes, retained + searched..<end) {
        if newline - retained > limit { throw tooLong() }
        lineEndsPassed += 1
        position = newline + 1
        return newline
      }
      searched = end - retained
      if try !extend() {
        if searched == begun { return nil }
        position = end
        return end
      }
    }
  }

  /// The line without a carriage return at its end; refuses NUL bytes.
  private func checked(_ line: Range<Int>) throws(TextProblem) -> Range<Int> {
    if let nul = ByteSearch.firstIndex(of: 0, in: bytes, line) {
      throw problem(at: nul, "a NUL byte; this is not text: name the text file it was made from")
    }
    if !line.isEmpty, bytes[line.upperBound - 1] == UInt8(ascii: "\r") {
      return line.lowerBound..<line.upperBound - 1
    }
    return line
  }
}
