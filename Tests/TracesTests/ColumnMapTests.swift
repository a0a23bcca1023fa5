// SPDX-License-Identifier: GPL-3.0-or-later
// Claims about CSV of any kind, and about usage per stretch of time.

import Testing
import TextFormats
import Traces

/// A column map that must be good.
private func columns(_ text: String) throws -> TraceReadingOptions {
  TraceReadingOptions(columns: try TraceColumns(parsing: text))
}

/// Usage of a text, or its problem.
private func usage(_ text: String) -> Result<UsageReader, TextProblem> {
  do throws(TextProblem) {
    return .success(try UsageReader(TextReader(bytes: [UInt8](text.utf8), file: "log")))
  } catch {
    return .failure(error)
  }
}

@Suite("Column maps and usage tables")
struct ColumnMapTests {
  @Test("every role is read from the column it is given")
  func roles() throws {
    let log = try read(
      "at,in,hit,out,m,app,chat,key,ttft,secs,usd\n2025-01-01T00:00:00Z,10,5,20,llama,search,c,k,0.5,2,0.25\n",
      options: columns(
        "time=at,input=in,output=out,cached=hit,model=m,use_case=app,session=chat,content=key,first_token=ttft,"
          + "duration=secs,cost=usd")
    ).get()
    let row = try #require(log.records.first)
    #expect(log.format == .csv && log.models == ["", "llama"] && log.useCases == ["", "search"])
    #expect(row.inputTokens == 10 && row.cachedInputTokens == 5 && row.outputTokens == 20)
    #expect(row.firstToken == 0.5 && row.duration == 2 && row.dollars == 0.25)
    #expect(row.session != 0 && row.content != 0)
  }

  @Test(
    "times may be dates or numbers of any unit, told by their size",
    arguments: [
      ("2025-01-01T00:00:00.5Z", ""), ("1735689600.5", ""), ("1735689600500", ""), ("1735689600500000", ""),
      ("1735689600500000000", ""), ("1735689600500", ",time_unit=ms"),
    ])
  func units(time: String, unit: String) throws {
    let log = try read("t,i,o\n\(time),1,1\n", options: columns("time=t,input=i,output=o\(unit)")).get()
    #expect(log.records[0].time == 1_735_689_600_500_000_000 && log.hasCalendar)
  }

  @Test("small numbers are seconds of the log's own clock, unless a unit is given")
  func ownClock() throws {
    let text = "t,i,o\n0,1,1\n12.25,1,1\n1e2,1,1\n"
    let log = try read(text, options: columns("time=t,input=i,output=o")).get()
    #expect(log.seconds == [0, 12.25, 100] && !log.hasCalendar)
    let milliseconds = try read(text, options: columns("time=t,input=i,output=o,time_unit=ms")).get()
    #expect(milliseconds.records.map(\.time) == [0, 12_250_000, 100_000_000])
  }

  @Test(
    "a map that is wrong is refused with what would be right",
    arguments: [
      ("time=a,input=b", "no column is given for output; time, input and output are needed"),
      ("time", "'time' is not role=column, such as time=created_at"),
      ("when=a", "'when' is no role; the roles are time, input, output, cached"),
      ("time=a,time=b", "the role time is given twice"),
      ("time=a,input=b,output=c,time_unit=h", "time_unit is 'h'; one of s, ms, us, ns is needed"),
    ])
  func badMaps(text: String, message: String) {
    let problem = #expect(throws: TraceColumnsProblem.self) { try TraceColumns(parsing: text) }
    #expect(problem?.message.hasPrefix(message) == true, "\(problem?.message ?? "")")
  }

  @Test("a column that the map names and the file lacks is refused with the columns there are")
  func missingColumn() throws {
    #expect(
      problem("t,i,o\n", options: try columns("time=t,input=i,output=answer"))
        == "log:1:1: the column answer is missing; the first line names t, i, o")
  }

  @Test("pages of OpenAI's usage: a bucket per result, empty buckets too, in order of time")
  func openAI() throws {
    let text = """
      {"object":"page","data":[
       {"object":"bucket","start_time":1735693200,"end_time":1735696800,"results":[{"object":"organization.usage.completions.result","input_tokens":100,"output_tokens":50,"num_model_requests":5,"input_cached_tokens":20,"model":"gpt"},{"input_tokens":1,"output_tokens":2,"num_model_requests":1,"model":"other"}]},
       {"object":"bucket","start_time":1735689600,"end_time":1735693200,"results":[]}],"has_more":false,"next_page":null}
      """
    let read = try usage(text).get()
    #expect(read.format == .openaiUsage && read.hasCalendar && read.models == ["", "gpt", "other"])
    #expect(read.buckets.map(\.requests) == [0, 5, 1] && read.buckets.allSatisfy { $0.duration == 3600 })
    #expect(read.buckets[1].inputTokens == 100 && read.buckets[1].cachedInputTokens == 20)
    #expect(
      read.buckets.map(\.start) == [
        1_735_689_600_000_000_000, 1_735_693_200_000_000_000, 1_735_693_200_000_000_000,
      ])
  }

  @Test("rate tables: rates times the stretch, counts as they are, gaps stay gaps")
  func rates() throws {
    let perMinute = try usage(
      "hour_utc,requests_per_min\n2024-05-12T00:00:00Z,10\n2024-05-12T01:00:00Z,\n2024-05-12T02:00:00Z,20\n2024-05-12T03:00:00Z,30\n"
    ).get()
    #expect(perMinute.buckets.map(\.requests) == [600, 1200, 1800] && perMinute.buckets[0].duration == 3600)
    let counts = try usage("date,requests,input_tokens,model\n2025-01-01,7,70,a\n2025-01-02,9,90,b\n").get()
    #expect(counts.buckets.map(\.requests) == [7, 9] && counts.buckets[1].inputTokens == 90)
    #expect(counts.models == ["", "a", "b"] && counts.buckets[0].duration == 86_400)
  }

  @Test("a log of requests is no usage, nor usage a log of requests")
  func kinds() {
    #expect(problem("t_s,rate_rps\n0,1\n600,2\n").contains("not single requests"))
    guard case .failure(let problem) = usage("TIMESTAMP,ContextTokens,GeneratedTokens\n") else {
      Issue.record("accepted")
      return
    }
    #expect(problem.message == "the file is a log of requests, not usage per stretch of time")
  }
}
