// SPDX-License-Identifier: GPL-3.0-or-later
// Writes requests in the two formats that other tools read, as bytes that the caller sends where they belong.

import Quantities

/// A format that requests are written in.
public enum TraceOutputFormat: String, Sendable, Hashable, CaseIterable {
  /// Mooncake's JSON lines: milliseconds from the first request, lengths, and hashes of blocks of 512 tokens.
  case mooncake
  /// The columns of the Azure LLM inference data sets: time to 100 ns and lengths, no prompts.
  case azure
}

/// Writes requests as text.
///
///     var encoder = TraceEncoder(.mooncake, blockTokens: trace.blockTokens)
///     while try trace.next(into: &batch) {
///       encoder.append(batch)
///       try file.write(encoder.bytes)
///       encoder.removeBytes()
///     }
///
/// Every Mooncake line has `hash_ids`, for some of its readers need them: the log's own blocks; else ids made of the
/// prompt's identity, equal for equal prompts and for what a prompt shares with another; else ids used once, for a prompt
/// that is like no other as far as is known.
public struct TraceEncoder: Sendable {
  /// What was written and not yet removed.
  public private(set) var bytes: [UInt8] = []
  private let format: TraceOutputFormat
  private let blockTokens: Int
  private var origin: Int64?
  private var freshBlocks: UInt64 = 0
  /// What a prompt begins with: the other prompt and how many blocks of it. Prompts that begin like no other are absent.
  private var beginnings: [UInt32: (prefix: UInt32, blocks: Int)] = [:]
  private var day: (number: Int64, text: [UInt8]) = (.min, [])

  /// Tokens of a block of Mooncake's.
  public static let mooncakeBlockTokens = 512

  /// Begins a text, with its line of names where the format has one.
  /// - Parameters:
  ///   - blockTokens: tokens of a block of the batches to come; 512 where nil.
  ///   - origin: the time that Mooncake's milliseconds count from, in nanoseconds; the first request's where nil.
  public init(_ format: TraceOutputFormat, blockTokens: Int? = nil, origin: Int64? = nil) {
    self.format = format
    self.blockTokens = blockTokens ?? Self.mooncakeBlockTokens
    self.origin = origin
    if format == .azure { literal("TIMESTAMP,ContextTokens,GeneratedTokens\n") }
  }

  /// Forgets the bytes and keeps their memory.
  public mutating func removeBytes() { bytes.removeAll(keepingCapacity: true) }

  /// Writes the requests of a batch. Failed ones have no output tokens, in either format.
  public mutating func append(_ batch: TraceBatch) {
    var block = 0
    for record in batch.records {
      let blocks = batch.blocks[block..<block + Int(record.blockCount)]
      block += Int(record.blockCount)
      begin(time: record.time, record.inputTokens, record.hasFailed ? 0 : record.outputTokens)
      if format == .azure { continue }
      let count = blockCount(record.inputTokens)
      if blocks.isEmpty {
        for index in 0..<count { appendBlock(index, content: record.content) }
      } else {
        // A hash stands for all before it too: of finer blocks the last within a coarser one stands for that.
        for index in 0..<count {
          let tokens = min((index + 1) * Self.mooncakeBlockTokens, Int(record.inputTokens))
          let place = (tokens + blockTokens - 1) / blockTokens - 1
          appendBlock(index, id: blocks[blocks.startIndex + min(max(0, place), blocks.count - 1)])
        }
      }
      literal("]}\n")
    }
  }

  /// Writes one request.
  /// - Parameters:
  ///   - time: nanoseconds.
  ///   - content: identity of the prompt, 0 for one like no other.
  ///   - prefix: the content it begins with, 0 for none.
  ///   - sharedTokens: tokens of the prompt that are the beginning of `prefix`; whole blocks of them are written alike.
  /// - Complexity: O(blocks × prompts that begin with one another); memory grows with the prompts that have a prefix.
  public mutating func append(
    time: Int64, inputTokens: Int32, outputTokens: Int32, content: UInt32 = 0, prefix: UInt32 = 0,
    sharedTokens: Int32 = 0
  ) {
    begin(time: time, inputTokens, outputTokens)
    if format == .azure { return }
    let count = blockCount(inputTokens)
    let shared = prefix == 0 ? 0 : min(count, Int(sharedTokens) / Self.mooncakeBlockTokens)
    if content != 0, content != prefix, shared > 0, beginnings[content] == nil {
      beginnings[content] = (prefix, shared)
    }
    for index in 0..<count {
      var owner = index < shared ? prefix : content
      // A prompt's beginning may be another's, whose own may be a third's.
      while let beginning = beginnings[owner], index < beginning.blocks { owner = beginning.prefix }
      appendBlock(index, content: UInt64(owner))
    }
    literal("]}\n")
  }

  private func blockCount(_ tokens: Int32) -> Int {
    (Int(tokens) + Self.mooncakeBlockTokens - 1) / Self.mooncakeBlockTokens
  }

  /// Writes a request up to its blocks.
  private mutating func begin(time: Int64, _ inputTokens: Int32, _ outputTokens: Int32) {
    switch format {
    case .mooncake:
      if origin == nil { origin = time }
      literal("{\"timestamp\": ")
      append(floorDivide(time &- (origin ?? 0), 1_000_000))
      literal(", \"input_length\": ")
      append(Int64(inputTokens))
      literal(", \"output_length\": ")
      append(Int64(outputTokens))
      literal(", \"hash_ids\": [")
    case .azure:
      appendTime(time)
      literal(",")
      append(Int64(inputTokens))
      literal(",")
      append(Int64(outputTokens))
      literal("\n")
    }
  }

  /// Writes the id of a block of a prompt that has an identity, or a new one.
  private mutating func appendBlock(_ index: Int, content: UInt64) {
    if content == 0 {
      appendBlock(index, id: freshBlocks)
      freshBlocks += 1
    } else {
      // Below 2^53, which every JSON reader keeps exact, and never among the new ones.
      let hash = BlockIdentity.mix(content, UInt64(index))
      appendBlock(index, id: hash & ((1 << 52) - 1) | 1 << 52)
    }
  }

  private mutating func appendBlock(_ index: Int, id: UInt64) {
    if index > 0 { literal(", ") }
    append(id)
  }

  /// Writes `YYYY-MM-DD hh:mm:ss.fffffff`.
  private mutating func appendTime(_ time: Int64) {
    let number = floorDivide(time, 86_400_000_000_000)
    if number != day.number {
      day = (number, Array(CalendarDay(daysSince1970: Int(number)).description.utf8))
    }
    bytes += day.text
    let rest = time - number * 86_400_000_000_000
    let seconds = rest / 1_000_000_000
    literal(" ")
    append(seconds / 3600, digits: 2)
    literal(":")
    append(seconds / 60 % 60, digits: 2)
    literal(":")
    append(seconds % 60, digits: 2)
    literal(".")
    append(rest % 1_000_000_000 / 100, digits: 7)
  }

  private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }

  private mutating func literal(_ text: StaticString) {
    for index in 0..<text.utf8CodeUnitCount { bytes.append(unsafe text.utf8Start[index]) }
  }

  private mutating func append(_ value: Int64) {
    if value < 0 { literal("-") }
    append(value.magnitude)
  }

  private mutating func append(_ value: UInt64) {
    var magnitude = value
    let start = bytes.count
    repeat {
      bytes.append(UInt8(48 + magnitude % 10))
      magnitude /= 10
    } while magnitude > 0
    bytes[start...].reverse()
  }

  private mutating func append(_ value: Int64, digits: Int) {
    var unit: Int64 = 1
    for _ in 1..<digits { unit *= 10 }
    while unit > 0 {
      bytes.append(UInt8(48 + value / unit % 10))
      unit /= 10
    }
  }
}
