// SPDX-License-Identifier: GPL-3.0-or-later
// Help as a person reads it, letter by letter.

import CommandLineKit
import Testing

@Suite("Help")
struct HelpTests {
  @Test("A command's help shows usage, arguments, options and examples")
  func command() {
    #expect(
      Orchard.helpMessage(for: Press.self, columns: 72) == """
        OVERVIEW: Press fruit into juice.

        The fruit is weighed first. What is pressed is kept apart by kind, and
        whatever is left over goes to the compost.

          kept  as it is

        USAGE: orchard press --weight <kg> [--seed <seed>] [--set <set> ...]
                             [--strain <strain>] [-p] [--quiet]
                             [--output-folder <folder>] [--color|--no-color]
                             <fruit> [<glasses> ...]

        ARGUMENTS:
          <fruit>                 What to press. (values: apple, blood-orange)
          <glasses> ...           Glasses to fill.

        OPTIONS:
          -w, --weight <kg>       Weight of the fruit.
          --seed <seed>           Seed of the random stream. (default: 7)
          --set <set>             Override a setting. (may be repeated)
          --strain <strain>       Whether to strain. (values: true, false)
          -p                      Peel first.
          --version               Show the version.
          -h, --help              Show this help.

        OUTPUT:
          -q, --quiet             Print results only.
          -o, --output-folder <folder>
                                  Where results go.
          --color, --no-color     Use colors. (default: --color)

        EXAMPLES:
          orchard press apple --weight 2.5
          orchard press apple --set a=b --set c=d
        """)
  }

  @Test("The root's help lists its subcommands")
  func root() {
    #expect(
      Orchard.helpMessage(columns: 80) == """
        OVERVIEW: Grow, pick and press.

        USAGE: orchard <subcommand>

        OPTIONS:
          --version               Show the version.
          -h, --help              Show this help.

        SUBCOMMANDS:
          press                   Press fruit into juice.
          pick-all                Pick everything.
          tree                    Care for trees.

        See 'orchard help <subcommand>' for the help of a subcommand.
        """)
  }

  @Test(
    "Every way to ask for help gets the same help on standard output, whatever else is wrong",
    arguments: [
      ["press", "--help"], ["press", "-h"], ["help", "press"], ["press", "--bogus", "--help"],
      ["help", "press", "--help"],
    ])
  func ways(arguments: [String]) throws {
    let message = try #require(complaint(arguments))
    #expect(message.text == Orchard.helpMessage(for: Press.self, columns: 80))
    #expect(message.exitCode == .success)
    #expect(!message.isDiagnostic)
  }

  @Test("The root runs by printing its help", arguments: [[], ["help"], ["--help"], ["-h"]])
  func rootHelp(arguments: [String]) throws {
    do {
      var command = try Orchard.parseAsRoot(arguments)
      try command.run()
      Issue.record("the root ran without a word")
    } catch {
      #expect(Orchard.message(for: error, columns: 80).text == Orchard.helpMessage(columns: 80))
    }
  }

  @Test("Help fits the width, words longer than a line excepted", arguments: [40, 60, 80, 100, 132])
  func width(columns: Int) {
    let text = Orchard.helpMessage(for: Press.self, columns: columns)
    // Examples are for copying and stay as they are.
    let upToExamples = text.split(separator: "\n\nEXAMPLES", maxSplits: 1)[0]
    for line in upToExamples.split(separator: "\n") {
      #expect(line.unicodeScalars.count <= columns, "\(line)")
    }
  }
}
