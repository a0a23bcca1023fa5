// SPDX-License-Identifier: GPL-3.0-or-later
// How fast request logs are read, in megabytes a second on one core. Beside it stands the time of a plain count of the
// line ends of the same bytes in the same run, which compares across machines.

import Foundation
import Quantities
import TextFormats
import Traces

/// Writes a log of so many bytes of made-up requests, always the same, and returns its requests.
private func write(_ format: TraceOutputFormat, bytes: Int, to path: String) throws -> Int {
  var random = CounterRandom(seed: 1, draw: 1, purpose: .testing)
  var encoder = TraceEncoder(format)
  var file = try OutputFile(path: path)
  var time: Int64 = 1_715_472_000_000_000_000
  var written = 0
  var count = 0
  while written < bytes {
    let uniforms = random.nextUniforms()
    time += Int64(-log(uniforms.x) * 2e7)
    let input = Int32(1 + (format == .azure ? 8000 : 24_000) * uniforms.y * uniforms.y)
    encoder.append(time: time, inputTokens: input, outputTokens: Int32(1 - 150 * log(uniforms.z)))
    count += 1
    if encoder.bytes.count >= 1 << 20 {
      written += encoder.bytes.count
      try file.write(encoder.bytes)
      encoder.removeBytes()
    }
  }
  try file.write(encoder.bytes)
  try file.commit()
  return count
}

/// Counts the line ends of a file in chunks, by the C library's search.
private func countLines(_ path: String) -> Int {
  guard let file = unsafe fopen(path, "r") else { return 0 }
  defer { unsafe fclose(file) }
  var buffer = [UInt8](repeating: 0, count: 1 << 18)
  var lines = 0
  while true {
    let read = unsafe fread(&buffer, 1, buffer.count, file)
    if read == 0 { return lines }
    unsafe buffer.withUnsafeBytes { bytes in
      var start = 0
      while start < read, let base = bytes.baseAddress,
        let found = unsafe memchr(base + start, 10, read - start)
      {
        lines += 1
        unsafe start = UnsafeRawPointer(found) - base + 1
      }
    }
  }
}

/// Reads a log whole and sums up what it says.
private func readLog(_ path: String) throws -> [Double] {
  var trace = try TraceReader(path: path)
  var batch = TraceBatch()
  var sums = [0.0, 0, 0, 0, 0]
  while try trace.next(into: &batch) {
    for record in batch.records {
      sums[0] += 1
      sums[1] += Double(record.inputTokens)
      sums[2] += Double(record.outputTokens)
      sums[3] += Double(record.time >> 20)
    }
    for block in batch.blocks { sums[4] += Double(block) }
  }
  return sums
}

/// Prints a line for each format that is written and read.
func readTraces(megabytes: Int = 300) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "breakeven-bench-\(getpid())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  for format in TraceOutputFormat.allCases {
    let path = folder.appending(path: "log").path
    let count = try write(format, bytes: megabytes * 1_000_000, to: path)
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    let lines = fastest { [Double(countLines(path))] }
    let run = fastest { (try? readLog(path)) ?? [] }
    let speed = Int((Double(size) / run.seconds / 1e6).rounded())
    let rows = (Double(count) / run.seconds / 1e4).rounded() / 100
    let ratio = (run.seconds / lines.seconds * 10).rounded() / 10
    print(
      "read      \(format.rawValue), \(size / 1_000_000) MB  \(speed) MB/s, \(rows) M requests/s  checksum "
        + "\(run.checksum)  \(ratio) counts of its lines")
  }
}
