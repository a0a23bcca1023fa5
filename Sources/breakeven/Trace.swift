// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven trace`: what is done with logs of requests, each in a file of its own.

import CommandLineKit

struct Trace: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read and write request logs.",
    discussion: """
      Logs may be plain or gzip, and - stands for standard input. The format is found out from the content: \
      the Azure LLM inference data sets, BurstGPT, Mooncake, Bailian, Bedrock's invocation log, LiteLLM's spend \
      log, OpenTelemetry spans, Langfuse observations; any other CSV with --columns. The text of prompts is never \
      kept.
      """,
    subcommands: [TraceStats.self, TraceFit.self, TraceConvert.self, TraceSynthesize.self])
}
