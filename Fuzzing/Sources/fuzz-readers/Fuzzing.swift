// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer's way into every reader: the first byte of an input chooses how the rest is read.

import TextFormats
import Traces

/// Reads an input as a log: it may be read or refused, but nothing may crash, hang or come out disordered.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReaders(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  guard size > 1 else { return 0 }
  let bytes = [UInt8](UnsafeBufferPointer(start: data, count: size))
  var options = TraceReadingOptions(skipBad: bytes[0] >= 128 ? 3 : 0)
  let formats = TraceFormat.allCases
  let choice = Int(bytes[0] & 127)
  if choice < formats.count { options.format = formats[choice] }
  if options.format == .csv { options.columns = TraceColumns([.time: "t", .input: "i", .output: "o"]) }
  let text = TextReader(bytes: Array(bytes.dropFirst()), file: "log", limit: 1 << 20, chunk: 64)
  do throws(TextProblem) {
    if options.format?.isBucketed == true {
      _ = try UsageReader(text, options: options)
      return 0
    }
    var trace = try TraceReader(text, options: options)
    var batch = TraceBatch()
    var latest = Int64.min
    while try trace.next(into: &batch) {
      for record in batch.records {
        precondition(record.time >= latest, "records out of order")
        latest = record.time
      }
    }
  } catch {
    precondition(error.line >= 0 && !error.message.isEmpty, "a problem without a place or words")
  }
  return 0
}
