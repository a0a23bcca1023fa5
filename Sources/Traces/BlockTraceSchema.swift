// SPDX-License-Identifier: GPL-3.0-or-later
// Mooncake's and Bailian's traces: a request a line, its prompt told by hashes of its blocks.

import TextFormats

/// Reads a request of Mooncake's or Bailian's traces.
///
/// A block's hash stands for the block and all before it. Equal hashes and equal lengths are taken for equal prompts.
struct BlockTraceSchema: RequestSchema {
  private let keys = JSONKeys([
    "timestamp", "input_length", "output_length", "hash_ids", "chat_id", "parent_chat_id", "type",
    "session_id",
  ])
  private let isBailian: Bool
  private var times: TimeText
  /// The first chat of the session that a chat belongs to.
  private var firstChats: [Int64: Int64] = [:]

  init(isBailian: Bool) {
    self.isBailian = isBailian
    times = TimeText(unit: isBailian ? .seconds : .milliseconds)
  }

  mutating func read(_ json: inout JSONReader, into sink: inout RecordSink) throws(TextProblem) {
    var time: Int64?
    var input: Int32?
    var output: Int32?
    var row = TraceRecord(time: 0, inputTokens: 0, outputTokens: 0)
    var chat: Int64?
    var parent: Int64?
    try json.beginObject()
    sink.rowBlocks.removeAll(keepingCapacity: true)
    var seen: UInt64 = 0
    while let key = try json.nextKey(of: keys, seen: &seen) {
      switch key {
      case 0: time = try json.readTime(&times)
      case 1: input = try json.readTokens()
      case 2: output = try json.readTokens()
      case 3: try json.readWholeNumbers(into: &sink.rowBlocks)
      case 4: if isBailian { chat = try json.readInt64() } else { try json.skipValue() }
      case 5: if isBailian { parent = try json.readInt64() } else { try json.skipValue() }
      case 6:
        if isBailian {
          row.useCase = try json.readName(&sink.useCases, "types")
        } else {
          try json.skipValue()
        }
      case 7: row.session = try json.readIdentity()
      default: try json.skipValue()
      }
    }
    guard let time, let input, let output else {
      let missing = time == nil ? "timestamp" : input == nil ? "input_length" : "output_length"
      throw json.documentProblem(
        "\(missing) is missing; timestamp, input_length and output_length are needed")
    }
    row.time = time
    row.inputTokens = input
    row.outputTokens = output
    if !sink.rowBlocks.isEmpty {
      var hash = ByteHash.start ^ UInt64(UInt32(bitPattern: input))
      for block in sink.rowBlocks { hash = BlockIdentity.mix(hash, block) }
      row.content = hash == 0 ? 1 : hash
    }
    if let chat {
      // A chat's first turn has no parent: -1.
      let first = parent.flatMap { $0 < 0 ? nil : firstChats[$0] ?? $0 } ?? chat
      firstChats[chat] = first
      row.session = BlockIdentity.mix(ByteHash.start, UInt64(bitPattern: first))
    }
    sink.hasCalendar = times.hasCalendar
    if let message = sink.add(row) { throw json.documentProblem(message) }
  }
}

/// Identities of blocks.
enum BlockIdentity {
  /// A well-mixed word of two: the finalizer of SplitMix64 (Steele, Lea and Flood, doi:10.1145/2660193.2660195).
  static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    var word = (left ^ right &* 0x9E37_79B9_7F4A_7C15) &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
