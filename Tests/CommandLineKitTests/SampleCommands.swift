// SPDX-License-Identifier: GPL-3.0-or-later
// A small program that uses every kind of parameter, for the tests to parse, to explain and to break.

import CommandLineKit

enum Fruit: String, ExpressibleByArgument, CaseIterable {
  case apple
  case bloodOrange = "blood-orange"
}

struct OutputOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print results only.") var quiet = false
  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("Where results go.", valueName: "folder"))
  var outputFolder: String?
  @Flag(inversion: .prefixedNo, help: "Use colors.") var color = true

  mutating func validate() throws {
    if quiet && outputFolder == "loud" { throw ValidationError("A quiet run cannot be loud.") }
  }
}

struct Press: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Press fruit into juice.",
    discussion: """
      The fruit is weighed first. What is pressed is kept apart by kind, and whatever is left over goes \
      to the compost.

        kept  as it is
      """,
    examples: ["orchard press apple --weight 2.5", "orchard press apple --set a=b --set c=d"])

  @Argument(help: "What to press.") var fruit: Fruit
  @Argument(help: "Glasses to fill.") var glasses: [Int] = []
  @Option(name: .shortAndLong, help: ArgumentHelp("Weight of the fruit.", valueName: "kg")) var weight: Double
  @Option(help: "Seed of the random stream.") var seed: UInt64 = 7
  @Option(name: .customLong("set"), help: "Override a setting.") var overrides: [String] = []
  @Option(help: "Whether to strain.") var strain: Bool?
  @Flag(name: .short, help: "Peel first.") var peel = false
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    if weight <= 0 { throw ValidationError("--weight must be over 0.\nA feather weighs 0.001.") }
  }

  mutating func run() throws {}
}

struct PickAll: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Pick everything.")
  @Option var rows: [Int]
  @Argument var note: String = "none"
  mutating func run() throws {}
}

struct Tree: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Care for trees.", subcommands: [Plant.self])

  struct Plant: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Plant a tree.", version: "tree 2")
    @Argument var name: String?
    mutating func run() throws {}
  }
}

struct Orchard: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Grow, pick and press.", version: "orchard 1.2.3",
    subcommands: [Press.self, PickAll.self, Tree.self])
}

struct Defaulting: ParsableCommand {
  static let configuration = CommandConfiguration(
    subcommands: [PickAll.self, Tree.Plant.self], defaultSubcommand: PickAll.self)
}

/// What parsing the arguments says and with which code it would end the process; nil where it succeeds.
func complaint(_ arguments: [String], root: any ParsableCommand.Type = Orchard.self) -> CommandMessage? {
  do {
    _ = try root.parseAsRoot(arguments)
    return nil
  } catch {
    return root.message(for: error, columns: 80)
  }
}
