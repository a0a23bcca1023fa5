// SPDX-License-Identifier: GPL-3.0-or-later
// The made-up lengths that `predict` and `capacity` load a server with, under the names of `vllm bench serve`.

import Calibration
import CommandLineKit

/// Uniform lengths of prompts and answers.
struct LengthOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Mean prompt tokens.", valueName: "tokens"))
  var randomInputLen = 1024
  @Option(help: ArgumentHelp("Mean generated tokens.", valueName: "tokens"))
  var randomOutputLen = 128
  @Option(
    help: ArgumentHelp("By what share lengths differ from their mean, 0 to below 1.", valueName: "ratio"))
  var randomRangeRatio = 0.0

  /// Tokens of a prompt and an answer together that no model takes.
  private static let most = 16_000_000

  mutating func validate() throws {
    for (name, value) in [
      ("--random-input-len", randomInputLen), ("--random-output-len", randomOutputLen),
    ] { _ = try ServerOptions.positive(value, name) }
    guard randomRangeRatio >= 0, randomRangeRatio < 1 else {
      throw ValidationError("--random-range-ratio is \(randomRangeRatio); it must be from 0 to below 1.")
    }
    // Each by itself first: their sum might overflow.
    guard max(randomInputLen, randomOutputLen) <= Self.most, randomInputLen + randomOutputLen <= Self.most
    else {
      throw ValidationError("--random-input-len and --random-output-len are more than 16,000,000 together.")
    }
  }

  /// Lengths of prompts.
  var input: LengthRange { LengthRange(around: randomInputLen, upTo: randomRangeRatio) }
  /// Lengths of answers.
  var output: LengthRange { LengthRange(around: randomOutputLen, upTo: randomRangeRatio) }
}
