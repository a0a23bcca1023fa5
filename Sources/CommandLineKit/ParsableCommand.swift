// SPDX-License-Identifier: GPL-3.0-or-later
// What a command is: a type whose wrapped properties declare its parameters. The names and the shape follow
// swift-argument-parser, so that moving to that package would change an import and little else.

/// A set of parameters, declared by properties wrapped in `Option`, `Flag`, `Argument` or `OptionGroup`.
public protocol ParsableArguments: SendableMetatype {
  /// An instance with every default in place and nothing parsed yet.
  init()
  /// Refuses combinations that no single parameter can refuse; called once everything is parsed.
  ///
  /// - Throws: `ValidationError` for what the person at the terminal should have typed differently.
  mutating func validate() throws
}

extension ParsableArguments {
  /// Accepts everything.
  public mutating func validate() throws {}
}

/// A command or subcommand.
///
///     struct Greet: ParsableCommand {
///       static let configuration = CommandConfiguration(abstract: "Greet somebody.")
///       @Argument(help: "Whom to greet.") var name: String
///       mutating func run() throws { try Terminal.write("Hello, \(name)\n") }
///     }
///
/// A command with subcommands only leads to them: it declares no parameters of its own.
public protocol ParsableCommand: ParsableArguments {
  /// The command's name, help text and subcommands.
  static var configuration: CommandConfiguration { get }
  /// Does the work. Results go to standard output; anything thrown becomes text and exit code in one place.
  mutating func run() throws
}

extension ParsableCommand {
  /// A command named after its type, without help text.
  public static var configuration: CommandConfiguration { CommandConfiguration() }

  /// Prints the command's help: what a command that only leads to subcommands does.
  public mutating func run() throws { throw CleanExit.helpRequest(Self.self) }

  /// The name by which the command is called.
  static var resolvedName: String {
    configuration.commandName ?? kebabCase(String(describing: Self.self))
  }
}

/// How a command is named, explained and divided.
public struct CommandConfiguration: Sendable {
  /// The name typed to call it; the type's name in kebab case where nil.
  public var commandName: String?
  /// One line saying what it does.
  public var abstract: String
  /// More to read below the abstract. Empty lines part paragraphs; lines that begin with a space stay as they
  /// are.
  public var discussion: String
  /// What `--version` prints, here and in every subcommand; no such option where empty.
  public var version: String
  /// The subcommands, in the order in which help lists them.
  public var subcommands: [any ParsableCommand.Type]
  /// The subcommand that runs when none is named.
  public var defaultSubcommand: (any ParsableCommand.Type)?
  /// Command lines worth copying, shown as they are.
  public var examples: [String]
  /// Further lists that help and the manual page end with, such as exit codes.
  public var sections: [HelpSection]

  /// A configuration.
  public init(
    commandName: String? = nil, abstract: String = "", discussion: String = "", version: String = "",
    subcommands: [any ParsableCommand.Type] = [], defaultSubcommand: (any ParsableCommand.Type)? = nil,
    examples: [String] = [], sections: [HelpSection] = []
  ) {
    self.commandName = commandName
    self.abstract = abstract
    self.discussion = discussion
    self.version = version
    self.subcommands = subcommands
    self.defaultSubcommand = defaultSubcommand
    self.examples = examples
    self.sections = sections
  }
}

/// A titled list of terms with their meanings, below a command's options.
public struct HelpSection: Sendable, Hashable {
  /// The title, as "Exit codes".
  public var title: String
  /// The terms, in order.
  public var entries: [Entry]

  /// A term and what it means.
  public struct Entry: Sendable, Hashable {
    /// The term.
    public var label: String
    /// What it means.
    public var text: String
  }

  /// A list of pairs of a term and its meaning.
  public init(_ title: String, _ entries: [(label: String, text: String)]) {
    self.title = title
    self.entries = entries.map { Entry(label: $0.label, text: $0.text) }
  }
}

/// `gpuHour` → `gpu-hour`, `outputJSON` → `output-json`: how a Swift name is typed in a shell.
func kebabCase(_ name: String) -> String {
  let letters = Array(name)
  var result = ""
  for (index, letter) in letters.enumerated() {
    let startsWord =
      letter.isUppercase && index > 0
      && (!letters[index - 1].isUppercase
        || (index + 1 < letters.count && letters[index + 1].isLowercase))
    if startsWord && result.last != "-" { result.append("-") }
    result.append(letter == "_" ? "-" : letter.lowercased())
  }
  return result
}
