// SPDX-License-Identifier: GPL-3.0-or-later
// The formats of request logs, and what a reader may be told about a file beyond its name.

/// A format of a request log or a usage table; docs/traces.md says what is read of each.
public enum TraceFormat: String, Sendable, Hashable, CaseIterable {
  /// The Azure LLM inference data sets of 2023 and 2024 (CSV).
  case azure
  /// BurstGPT (CSV; arXiv:2401.17644).
  case burstgpt
  /// Mooncake (JSON lines with hashes of blocks of 512 tokens; arXiv:2407.00079).
  case mooncake
  /// Alibaba Bailian's Qwen traces (JSON lines with hashes of blocks of 16 tokens; arXiv:2506.02634).
  case bailian
  /// Amazon Bedrock's model invocation log (JSON lines or an array).
  case bedrock
  /// LiteLLM's `LiteLLM_SpendLogs` (CSV, JSON lines or an array).
  case litellm
  /// OpenTelemetry spans with GenAI attributes (OTLP JSON, or one span a line).
  case opentelemetry
  /// Langfuse observations (CSV, JSON lines, an array, or pages of `data`).
  case langfuse
  /// Any CSV, with a map of its columns.
  case csv
  /// Pages of OpenAI's usage API (JSON): usage per bucket of time.
  case openaiUsage = "openai-usage"
  /// Rates or counts of requests per stretch of time (CSV).
  case rateTable = "rate-table"

  /// Whether a file tells usage per bucket of time instead of single requests.
  public var isBucketed: Bool { self == .openaiUsage || self == .rateTable }
}

/// Which column of a CSV means what.
public struct TraceColumns: Sendable, Hashable {
  /// What a column may mean.
  public enum Role: String, Sendable, Hashable, CaseIterable {
    /// When the request came.
    case time
    /// Tokens of the prompt.
    case input
    /// Tokens generated.
    case output
    /// Tokens of the prompt from a prompt cache.
    case cached
    /// The model.
    case model
    /// The use case: an application, a team, a tag.
    case useCase = "use_case"
    /// The conversation.
    case session
    /// What identifies the prompt: equal for equal prompts.
    case content
    /// Seconds to the first token.
    case firstToken = "first_token"
    /// Seconds to the last token.
    case duration
    /// Dollars spent.
    case cost
  }

  /// The unit of times that are numbers.
  public enum TimeUnit: String, Sendable, Hashable, CaseIterable {
    /// Seconds.
    case seconds = "s"
    /// Milliseconds.
    case milliseconds = "ms"
    /// Microseconds.
    case microseconds = "us"
    /// Nanoseconds.
    case nanoseconds = "ns"

    var nanoseconds: Int64 {
      switch self {
      case .seconds: 1_000_000_000
      case .milliseconds: 1_000_000
      case .microseconds: 1000
      case .nanoseconds: 1
      }
    }
  }

  /// The names of the columns by role.
  public var names: [Role: String] = [:]
  /// The unit of times that are numbers; by their size where nil.
  public var timeUnit: TimeUnit?

  /// A map of columns; `time`, `input` and `output` are needed.
  public init(_ names: [Role: String], timeUnit: TimeUnit? = nil) {
    self.names = names
    self.timeUnit = timeUnit
  }

  /// Reads `time=…,input=…,output=…`, roles by their raw values, and `time_unit=s`, `ms`, `us` or `ns`.
  ///
  /// - Throws: the part that is not understood, and what would be.
  public init(parsing text: String) throws(TraceColumnsProblem) {
    let roles = Role.allCases.map(\.rawValue)
    for part in text.split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1).map {
        String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      guard sides.count == 2, !sides[1].isEmpty else {
        throw TraceColumnsProblem(message: "'\(part)' is not role=column, such as time=created_at")
      }
      if sides[0] == "time_unit" {
        guard let unit = TimeUnit(rawValue: sides[1]) else {
          throw TraceColumnsProblem(message: "time_unit is '\(sides[1])'; one of s, ms, us, ns is needed")
        }
        timeUnit = unit
        continue
      }
      guard let role = Role(rawValue: sides[0]) else {
        throw TraceColumnsProblem(
          message: "'\(sides[0])' is no role; the roles are \(roles.joined(separator: ", ")) and time_unit")
      }
      guard names.updateValue(sides[1], forKey: role) == nil else {
        throw TraceColumnsProblem(message: "the role \(sides[0]) is given twice")
      }
    }
    for role in [Role.time, .input, .output] where names[role] == nil {
      throw TraceColumnsProblem(
        message: "no column is given for \(role.rawValue); time, input and output are needed")
    }
  }
}

/// Why a map of columns is refused.
public struct TraceColumnsProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, and what would be right.
  public var message: String
  /// The same.
  public var description: String { message }
}

/// How a log is to be read.
public struct TraceReadingOptions: Sendable {
  /// The format; found out from the content where nil.
  public var format: TraceFormat?
  /// The columns of a CSV; their being given makes `csv` the format.
  public var columns: TraceColumns?
  /// Which metadata key, attribute or column names the use case, where a format has several.
  public var useCaseKey: String?
  /// How many rows that cannot be read are skipped and counted before the file is refused.
  public var skipBad = 0
  /// How many seconds a row may be earlier than one before it; such rows are sorted.
  public var sortWindow = 60.0

  /// Options: everything automatic, nothing skipped, a minute to sort in.
  public init(
    format: TraceFormat? = nil, columns: TraceColumns? = nil, useCaseKey: String? = nil, skipBad: Int = 0,
    sortWindow: Double = 60
  ) {
    self.format = format
    self.columns = columns
    self.useCaseKey = useCaseKey
    self.skipBad = skipBad
    self.sortWindow = sortWindow
  }
}
