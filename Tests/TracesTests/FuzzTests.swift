// SPDX-License-Identifier: GPL-3.0-or-later
// Every reader against 10,000 spoilt files: it reads or complains with a place, and never crashes or hangs.

import Quantities
import Testing
import TextFormats
import Traces

/// A small good file of each kind.
private let seeds: [(name: String, text: String, options: TraceReadingOptions)] = [
  (
    "azure",
    "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,4808,10\r\n"
      + "2023-11-16 18:17:04.0319600,3180,8\r\n2023-11-16T18:17:05+01:00,\"110\",27", TraceReadingOptions()
  ),
  (
    "burstgpt",
    "Timestamp,Session ID,Model,Request tokens,Response tokens,Log Type\n5,a,ChatGPT,472,18,API log\n"
      + "45.5,b,GPT-4,1087,0,\"x, y\"\n", TraceReadingOptions()
  ),
  (
    "mooncake",
    "{\"timestamp\": 27, \"input_length\": 1100, \"output_length\": 6, \"hash_ids\": [0, 1, 2]}\n"
      + "{\"timestamp\": 3000.5, \"input_length\": 512, \"output_length\": 0, \"hash_ids\": [0]}\n",
    TraceReadingOptions()
  ),
  (
    "bailian",
    "{\"chat_id\": 1, \"parent_chat_id\": -1, \"timestamp\": 61.114, \"input_length\": 30, \"output_length\": 2, "
      + "\"type\": \"text\", \"turn\": 1, \"hash_ids\": [1, 2]}\n{\"chat_id\": 2, \"parent_chat_id\": 1, "
      + "\"timestamp\": 62, \"input_length\": 1, \"output_length\": 1, \"type\": \"a\", \"hash_ids\": []}\n",
    TraceReadingOptions()
  ),
  (
    "bedrock",
    #"[{"timestamp":"2025-06-26T12:00:00Z","modelId":"us.meta.llama","input":{"inputBodyJson":{"p":"\u00e9\n"},"#
      + #""inputTokenCount":15},"output":{"outputBodyJson":{"metrics":{"latencyMs":15}},"outputTokenCount":12},"#
      + #""requestMetadata":{"use_case":"chat"}},{"timestamp":"2025-06-26T12:00:01Z","modelId":"m","errorCode":"E"}]"#,
    TraceReadingOptions()
  ),
  (
    "litellm",
    #"{"call_type":"acompletion","startTime":"2025-01-01T00:00:00Z","endTime":"2025-01-01T00:00:02Z","#
      + #""prompt_tokens":10,"completion_tokens":20,"model":"m","spend":"0.5","cache_hit":"True","#
      + #""request_tags":["a"],"messages":{}}"#, TraceReadingOptions()
  ),
  (
    "opentelemetry",
    #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}}]},"scopeSpans""#
      + #":[{"spans":[{"startTimeUnixNano":"1735689600000000000","attributes":[{"key":"gen_ai.usage.input_tokens","#
      + #""value":{"intValue":"1"}},{"key":"gen_ai.usage.output_tokens","value":{"intValue":7}}]}]}]}]}"#,
    TraceReadingOptions()
  ),
  (
    "langfuse",
    #"{"data":[{"id":"1","traceId":"t","type":"GENERATION","startTime":"2025-01-01T00:00:00Z","model":"m","#
      + #""usageDetails":{"input":10,"output":20},"totalCost":0.25,"latency":1.5}],"meta":{}}"#,
    TraceReadingOptions()
  ),
  (
    "csv", "t;i;o\n1735689600.5;1;2\n1735689601;\"3\";4\n",
    TraceReadingOptions(columns: TraceColumns([.time: "t", .input: "i", .output: "o"]))
  ),
  (
    "openai-usage",
    #"{"object":"page","data":[{"start_time":1735689600,"end_time":1735693200,"results":[{"input_tokens":1,"#
      + #""output_tokens":2,"num_model_requests":1,"model":"m"}]},{"start_time":1,"end_time":2,"results":[]}]}"#,
    TraceReadingOptions()
  ),
  ("rate-table", "t_s,rate_rps\n0,1.5\n600,2\n1800,3\n", TraceReadingOptions()),
]

private let fragments = [
  "\u{0}", "\n", "\r\n", ",", ";", "-", "+", ":", ".", "9", "99999999999999999999", "1e308", "Infinity",
  "NaN", "null",
  "Z", " ", "2023-11-16", "é", "\u{FEFF}", "\"", "\\", "\\u", "{", "}", "[", "]", "\"\"", "\t",
].map { [UInt8]($0.utf8) }

@Suite("Spoilt files")
struct FuzzTests {
  @Test("10,000 mutations of a good file are read or refused with their place", arguments: seeds.indices)
  func mutations(index: Int) throws {
    let (name, text, options) = seeds[index]
    let good = [UInt8](text.utf8)
    var random = CounterRandom(seed: 20_261_124, draw: UInt32(index), purpose: .testing)
    func pick(_ count: Int) -> Int { min(count - 1, Int(random.nextUniform() * Double(count))) }
    var accepted = 0
    for trial in 0..<10_000 {
      var bytes = good
      for _ in 0...pick(3) {
        let place = pick(bytes.count)
        switch pick(7) {
        case 0: bytes[place] = UInt8(pick(256))
        case 1: bytes[place] ^= 1 << UInt8(pick(8))
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(contentsOf: fragments[pick(fragments.count)], at: place)
        case 4: bytes.removeSubrange(place..<min(bytes.count, place + 1 + pick(60)))
        case 5: bytes = Array(bytes[0...place])
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + pick(60))], at: place)
        }
        if bytes.isEmpty { bytes = good }
      }
      var options = options
      options.skipBad = trial % 3 == 0 ? 2 : 0
      // Half the trials know the format, as a spoilt first line may hide it.
      if trial % 2 == 0, options.columns == nil { options.format = TraceFormat(rawValue: name) }
      do {
        let reader = TextReader(bytes: bytes, file: "log", limit: 1 << 20, chunk: 16 + pick(64))
        if name == "openai-usage" || name == "rate-table" {
          let usage = try UsageReader(reader, options: options)
          #expect(usage.buckets.allSatisfy { $0.requests >= 0 && $0.duration > 0 })
        } else {
          let log = try ReadLog(reader, options: options)
          #expect(zip(log.records, log.records.dropFirst()).allSatisfy { $0.time <= $1.time })
          #expect(log.records.allSatisfy { $0.inputTokens >= 1 && $0.outputTokens >= 0 })
          #expect(log.records.allSatisfy { $0.hasFailed || $0.outputTokens >= 1 })
          #expect(log.records.reduce(0) { $0 + Int($1.blockCount) } == log.blocks.count)
          #expect(log.skipped <= options.skipBad)
        }
        accepted += 1
      } catch {
        #expect(error.line >= 1 && error.column >= 1 && !error.message.isEmpty, "\(name) \(trial): \(error)")
        #expect(!error.description.utf8.contains { $0 < 32 || $0 == 127 }, "\(name) \(trial)")
      }
    }
    // Neither all nor none: the mutations reach both ways out.
    #expect((100...9900).contains(accepted), "\(name): \(accepted) accepted")
  }
}
