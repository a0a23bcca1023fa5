// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven runs`: the history of finished runs. Its subcommands are in files of their own.

import CommandLineKit

struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, show, compare and delete stored runs.",
    discussion: """
      A run is named by its number, or by how recent it is: 'latest' is the newest of all and 'latest~1' \
      the one before; 'support-assistant' is the newest of that scenario and 'support-assistant~1' the one \
      before. A run that `breakeven what-if --save` has given a name answers to it. Times are UTC.
      """,
    subcommands: [List.self, Show.self, Compare.self, Delete.self, Prune.self],
    examples: ["breakeven runs list", "breakeven runs compare latest~1 latest"])
}
