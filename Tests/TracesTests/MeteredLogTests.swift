// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about the logs of gateways and tracers: what is read of each, and that prompts are not.

import Testing
import TextFormats
import Traces

@Suite("Logs of gateways and tracers")
struct MeteredLogTests {
  @Test("Bedrock: counts inside input and output, cached tokens among the prompt, ids without ARN and region")
  func bedrock() throws {
    let text = """
      {"schemaType":"ModelInvocationLog","timestamp":"2025-06-26T12:00:00Z","modelId":"us.meta.llama3-3-70b-instruct-v1:0","input":{"inputBodyJson":{"prompt":"canary \\" one"},"inputTokenCount":15,"cacheReadInputTokenCount":100,"cacheWriteInputTokenCount":5},"output":{"outputBodyJson":{"metrics":{"latencyMs":1500}},"outputTokenCount":12},"requestMetadata":{"team":"search","use_case":"chat"}}
      {"timestamp":"2025-06-26T12:00:01Z","modelId":"arn:aws:bedrock:us-east-1:1:inference-profile/eu.meta.llama3-3-70b-instruct-v1:0","input":{"inputTokenCount":7,"inputBodyJson":{"prompt":"canary \\" one"}},"output":{"outputTokenCount":2}}
      {"timestamp":"2025-06-26T12:00:02Z","modelId":"meta.llama3-1-8b-instruct-v1:0","errorCode":"ThrottlingException","input":{}}
      {"timestamp":"2025-06-26T12:00:03Z","modelId":"amazon.titan-embed-text-v2:0","input":{"inputTokenCount":7},"output":{}}
      """
    let array = "[" + text.split(separator: "\n").joined(separator: ",\n") + "]"
    for written in [text, array] {
      let log = try read(written, chunk: 64).get()
      #expect(log.format == .bedrock && log.hasCalendar)
      #expect(log.records.map(\.inputTokens) == [120, 7, 1])
      #expect(log.records.map(\.cachedInputTokens) == [100, 0, 0])
      #expect(log.records.map(\.outputTokens) == [12, 2, 0])
      #expect(
        log.records.map { log.models[Int($0.model)] } == [
          "meta.llama3-3-70b-instruct-v1:0", "meta.llama3-3-70b-instruct-v1:0",
          "meta.llama3-1-8b-instruct-v1:0",
        ])
      #expect(log.records.map(\.hasFailed) == [false, false, true])
      #expect(log.records[0].content == log.records[1].content && log.records[0].content != 0)
      #expect(log.records[0].duration == 1.5 && log.records[1].duration.isNaN)
      #expect(log.records.map { log.useCases[Int($0.useCase)] } == ["chat", "", ""])
      #expect(log.warnings.contains("1 row left out: embedding calls, which generate nothing"))
      #expect(!"\(log)".contains("canary"))
    }
    let team = try read(text, options: TraceReadingOptions(useCaseKey: "team")).get()
    #expect(team.useCases == ["", "search"])
  }

  @Test("LiteLLM: the same rows from JSON lines, an array and CSV")
  func liteLLM() throws {
    let json = """
      {"request_id":"a","call_type":"acompletion","startTime":"2025-01-01T00:00:00.000Z","completionStartTime":"2025-01-01T00:00:00.250Z","endTime":"2025-01-01T00:00:02.000Z","prompt_tokens":10,"completion_tokens":20,"model":"bedrock/us.meta.llama","model_group":"llama-70b","spend":0.001,"cache_hit":"False","status":"success","request_tags":["chat","eu"],"session_id":"s1","cache_key":"k1","messages":[{"role":"user","content":"canary"}]}
      {"call_type":"acompletion","startTime":"2025-01-01T00:00:01Z","completionStartTime":"2025-01-01T00:00:01.5Z","endTime":"2025-01-01T00:00:01.5Z","prompt_tokens":10,"completion_tokens":20,"model":"m","model_group":"llama-70b","spend":"0","cache_hit":"True","status":"success","request_tags":"[\\"chat\\"]","session_id":"s1","cache_key":"k1"}
      {"call_type":"aembedding","startTime":"2025-01-01T00:00:02Z","prompt_tokens":10,"completion_tokens":0}
      {"call_type":"acompletion","startTime":"2025-01-01T00:00:03Z","endTime":"2025-01-01T00:00:04Z","prompt_tokens":0,"completion_tokens":0,"model":"other","model_group":"","spend":0,"cache_hit":"None","status":"failure","request_tags":[]}
      """
    let csv = """
      call_type,startTime,completionStartTime,endTime,prompt_tokens,completion_tokens,model,model_group,spend,cache_hit,status,request_tags,session_id,cache_key
      acompletion,2025-01-01 00:00:00.000,2025-01-01 00:00:00.250,2025-01-01 00:00:02.000,10,20,bedrock/us.meta.llama,llama-70b,0.001,False,success,"[""chat"",""eu""]",s1,k1
      acompletion,2025-01-01 00:00:01,,2025-01-01 00:00:01.5,10,20,m,llama-70b,0,True,success,"[""chat""]",s1,k1
      aembedding,2025-01-01 00:00:02,,,10,0,,,,,,,,
      acompletion,2025-01-01 00:00:03,,2025-01-01 00:00:04,0,0,other,,0,None,failure,[],,
      """
    for text in [json, "[\(json.split(separator: "\n").joined(separator: ","))]", csv] {
      let log = try read(text, chunk: 64).get()
      #expect(log.format == .litellm && log.records.count == 3)
      #expect(
        log.records.map(\.inputTokens) == [10, 10, 1] && log.records.map(\.outputTokens) == [20, 20, 0])
      #expect(log.records.map(\.wasCached) == [false, true, false])
      #expect(log.records.map(\.hasFailed) == [false, false, true])
      #expect(log.records.map { log.useCases[Int($0.useCase)] } == ["chat", "chat", ""])
      #expect(log.models[Int(log.records[0].model)] == "llama-70b")
      #expect(
        log.records[0].firstToken == 0.25 && log.records[0].duration == 2 && log.records[0].dollars == 0.001)
      #expect(log.records[1].firstToken.isNaN && log.records[1].duration == 0.5)
      #expect(log.records[0].content == log.records[1].content && log.records[0].content != 0)
      #expect(log.records[0].session == log.records[1].session && log.records[2].session == 0)
      #expect(log.warnings.contains("1 row left out: embedding calls, which generate nothing"))
      #expect(!"\(log)".contains("canary"))
    }
  }

  @Test(
    "OpenTelemetry: OTLP exports and single spans, current and deprecated names, counts as text or number")
  func openTelemetry() throws {
    let export = """
      {"resourceSpans":[{"scopeSpans":[{"spans":[
      {"name":"chat","startTimeUnixNano":"1735689600000000000","endTimeUnixNano":"1735689602000000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.request.model","value":{"stringValue":"llama"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"100"}},{"value":{"intValue":7},"key":"gen_ai.usage.output_tokens"},{"key":"gen_ai.usage.cache_read.input_tokens","value":{"intValue":"64"}},{"key":"gen_ai.response.time_to_first_chunk","value":{"doubleValue":0.5}},{"key":"gen_ai.conversation.id","value":{"stringValue":"c"}},{"key":"gen_ai.input.messages","value":{"stringValue":"canary"}}]},
      {"name":"old","startTimeUnixNano":1735689601000000000,"attributes":[{"key":"gen_ai.usage.prompt_tokens","value":{"intValue":3}},{"key":"gen_ai.usage.completion_tokens","value":{"intValue":4}}],"status":{"code":2}},
      {"name":"embed","startTimeUnixNano":"1735689601000000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"embeddings"}}]},
      {"name":"tool","startTimeUnixNano":"1735689601000000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}}]},
      {"name":"GET /","startTimeUnixNano":"1735689601000000000","attributes":[{"key":"http.method","value":{"stringValue":"GET"}}]},
      {"name":"bare","startTimeUnixNano":"1735689601000000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}]}
      ]}],"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"support"}}]}}]}
      """
    let log = try read(export, chunk: 64).get()
    #expect(log.format == .opentelemetry && log.hasCalendar && log.records.count == 2)
    #expect(log.records.map(\.inputTokens) == [100, 3] && log.records.map(\.outputTokens) == [7, 4])
    #expect(log.records[0].cachedInputTokens == 64 && log.records[0].firstToken == 0.5)
    #expect(log.records[0].duration == 2 && log.records[0].session != 0 && log.records[0].content != 0)
    #expect(log.records.map(\.hasFailed) == [false, true])
    #expect(log.records.map { log.useCases[Int($0.useCase)] } == ["support", "support"])
    #expect(log.models == ["", "llama"])
    #expect(
      log.warnings == [
        "1 row that the log calls failed: kept as failed requests",
        "1 row left out: embedding calls, which generate nothing",
        "1 row left out: other operations than text generation", "1 row left out: no call of a model",
        "1 row left out: calls that name no token counts",
      ])
    #expect(!"\(log)".contains("canary"))
    let span = """
      {"name":"chat","start_time":"2025-01-01T00:00:00.5Z","end_time":"2025-01-01T00:00:01Z","attributes":{"gen_ai.operation.name":"chat","gen_ai.usage.input_tokens":5,"gen_ai.usage.output_tokens":6},"status":{"status_code":"OK"}}
      {"name":"chat","startTimeUnixNano":"1735689601000000000","attributes":[{"key":"gen_ai.usage.input_tokens","value":{"intValue":"8"}},{"key":"gen_ai.usage.output_tokens","value":{"intValue":"9"}}]}
      """
    let mixed = try read(String(span.split(separator: "\n")[0])).get()
    #expect(mixed.records.map(\.inputTokens) == [5] && mixed.records[0].duration == 0.5)
    #expect(try read(String(span.split(separator: "\n")[1])).get().records.map(\.outputTokens) == [9])
  }

  @Test("Langfuse: lines, an array and pages of data; usage of all versions adds up by kind")
  func langfuse() throws {
    let rows = [
      #"{"id":"1","traceId":"t","type":"GENERATION","startTime":"2025-01-01T00:00:00.000Z","completionStartTime":"2025-01-01T00:00:00.5Z","endTime":"2025-01-01T00:00:02Z","model":"llama","usageDetails":{"input":10,"input_cached_tokens":90,"output":20,"output_reasoning_tokens":5,"total":125},"totalCost":0.25,"sessionId":"s","traceName":"chat","input":"canary"}"#,
      #"{"id":"2","traceId":"t","type":"SPAN","startTime":"2025-01-01T00:00:01Z"}"#,
      #"{"id":"3","traceId":"t","type":"GENERATION","startTime":"2025-01-01T00:00:02Z","usage":{"input":3,"output":4,"unit":"TOKENS","inputCost":0.5},"level":"ERROR","timeToFirstToken":0.125,"latency":1.5}"#,
      #"{"id":"4","traceId":"t","type":"GENERATION","startTime":"2025-01-01T00:00:03Z","promptTokens":5,"completionTokens":6}"#,
      #"{"id":"5","traceId":"t","type":"GENERATION","startTime":"2025-01-01T00:00:03Z"}"#,
    ]
    for text in [
      rows.joined(separator: "\n"), "[\(rows.joined(separator: ",\n"))]",
      "{\"data\":[\(rows.joined(separator: ","))],\"meta\":{\"page\":1}}",
    ] {
      let log = try read(text, chunk: 64).get()
      #expect(log.format == .langfuse && log.records.count == 3)
      #expect(
        log.records.map(\.inputTokens) == [100, 3, 5] && log.records.map(\.outputTokens) == [25, 4, 6])
      #expect(log.records[0].cachedInputTokens == 90 && log.records[0].dollars == 0.25)
      #expect(log.records[0].firstToken == 0.5 && log.records[0].duration == 2)
      #expect(
        log.records[1].firstToken == 0.125 && log.records[1].duration == 1.5 && log.records[1].hasFailed)
      #expect(log.useCases == ["", "chat"] && log.records[0].content != 0)
      #expect(log.warnings.count == 3)
      #expect(!"\(log)".contains("canary"))
    }
    let csv =
      "id,type,startTime,endTime,model,inputUsage,outputUsage,totalCost,traceName\n"
      + "1,GENERATION,2025-01-01T00:00:00Z,2025-01-01T00:00:01Z,llama,10,20,0.5,chat\n"
    let log = try read(csv).get()
    #expect(log.format == .langfuse && log.records[0].duration == 1 && log.records[0].dollars == 0.5)
  }

  @Test("BurstGPT: columns by name, failures are those without response tokens")
  func burstGPT() throws {
    let text =
      "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
      + "5,ChatGPT,472,18,490,Conversation log\n45.5,GPT-4,1087,0,1087,API log\n"
    let log = try read(text).get()
    #expect(log.format == .burstgpt && !log.hasCalendar)
    #expect(log.records.map(\.time) == [5_000_000_000, 45_500_000_000])
    #expect(log.models == ["", "ChatGPT", "GPT-4"] && log.useCases == ["", "Conversation log", "API log"])
    #expect(log.records.map(\.hasFailed) == [false, true])
    let sessions = try read(
      "Session ID,Timestamp,Request tokens,Response tokens\nx,0,1,1\ny,1,1,1\nx,2,1,1\n"
    ).get()
    #expect(sessions.records[0].session == sessions.records[2].session)
    #expect(sessions.records[0].session != sessions.records[1].session)
  }

  @Test("Bailian: seconds, blocks of 16 tokens, chats joined to sessions by their parents")
  func bailian() throws {
    let text = """
      {"chat_id": 159, "parent_chat_id": -1, "timestamp": 61.114, "input_length": 40, "output_length": 132, "type": "text", "turn": 1, "hash_ids": [1, 2, 3]}
      {"chat_id": 160, "parent_chat_id": 159, "timestamp": 62, "input_length": 60, "output_length": 1, "type": "search", "turn": 2, "hash_ids": [1, 2, 4, 5]}
      {"chat_id": 161, "parent_chat_id": 160, "timestamp": 63, "input_length": 5, "output_length": 1, "type": "text", "turn": 3, "hash_ids": [9]}
      {"chat_id": 162, "parent_chat_id": -1, "timestamp": 64, "input_length": 5, "output_length": 1, "type": "text", "turn": 1, "hash_ids": [9]}
      """
    let log = try read(text).get()
    #expect(log.format == .bailian && log.blockTokens == 16 && !log.hasCalendar)
    #expect(log.records[0].time == 61_114_000_000)
    #expect(Set(log.records.prefix(3).map(\.session)).count == 1)
    #expect(log.records[3].session != log.records[0].session)
    #expect(log.records[2].content == log.records[3].content)
    #expect(log.useCases == ["", "text", "search"])
  }
}
