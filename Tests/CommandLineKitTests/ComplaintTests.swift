// SPDX-License-Identifier: GPL-3.0-or-later
// What a wrong command line is told, and which exit code every kind of ending has.

import CommandLineKit
import Testing

@Suite("Complaints and exit codes")
struct ComplaintTests {
  @Test(
    "A wrong command line is told what is wrong and what would be right",
    arguments: [
      (["pres"], "Unknown subcommand 'pres'. Did you mean 'press'?"),
      (["hepl"], "Unknown subcommand 'hepl'. Did you mean 'help'?"),
      (["tree", "plnat"], "Unknown subcommand 'plnat'. Did you mean 'plant'?"),
      (["zebra"], "Unknown subcommand 'zebra'."),
      (["help", "pick-al"], "Unknown subcommand 'pick-al'. Did you mean 'pick-all'?"),
      (["--quiet"], "Unknown option '--quiet'. Options of a subcommand go after its name."),
      (["press", "apple", "--wieght", "3"], "Unknown option '--wieght'. Did you mean '--weight'?"),
      (["press", "apple", "--output", "x"], "Unknown option '--output'. Did you mean '--output-folder'?"),
      (["press", "apple", "--no-colour"], "Unknown option '--no-colour'. Did you mean '--no-color'?"),
      (["press", "apple", "-x"], "Unknown option '-x'."),
      (["press", "apple", "-px"], "Unknown option '-x'."),
      (["press"], "Missing '<fruit>', '--weight <kg>'."),
      (["press", "apple"], "Missing '--weight <kg>'."),
      (["press", "apple", "--weight"], "Missing value for '--weight <kg>'."),
      (["press", "apple", "--weight", "--seed", "1"], "Missing value for '--weight <kg>'."),
      (
        ["press", "apple", "-w", "heavy"],
        "The value 'heavy' is invalid for '--weight <kg>': it must be a number."
      ),
      (
        ["press", "apple", "-w1", "--seed", "-1"],
        "The value '-1' is invalid for '--seed <seed>': it must be a whole number of 0 or more."
      ),
      (
        ["press", "aple", "-w1"],
        "The value 'aple' is invalid for '<fruit>': it must be one of apple, blood-orange. Did you mean 'apple'?"
      ),
      (
        ["press", "apple", "-w1", "--strain", "perhaps"],
        "The value 'perhaps' is invalid for '--strain <strain>': it must be one of true, false."
      ),
      (["press", "apple", "-w1", "--quiet=yes"], "'--quiet' takes no value, but was given 'yes'."),
      (["tree", "plant", "oak", "elm"], "Unexpected argument: 'elm'."),
      (["tree", "plant", "oak", "elm", "ash"], "Unexpected arguments: 'elm', 'ash'."),
      (["pick-all"], "Missing '--rows <rows>'."),
      (["press", "apple", "-w0"], "--weight must be over 0.\n       A feather weighs 0.001."),
      (["press", "apple", "-w1", "-q", "-o", "loud"], "A quiet run cannot be loud."),
    ])
  func usageErrors(arguments: [String], text: String) throws {
    let message = try #require(complaint(arguments))
    #expect(message.exitCode == .usage)
    #expect(message.isDiagnostic)
    #expect(message.text.hasPrefix("Error: \(text)\nUsage: orchard"), "\(message.text)")
  }

  @Test("Below the complaint stand the usage and where to read more")
  func wholeMessage() throws {
    #expect(
      complaint(["tree", "plant", "oak", "elm"])?.text == """
        Error: Unexpected argument: 'elm'.
        Usage: orchard tree plant [<name>]
        See 'orchard tree plant --help' for more information.
        """)
  }

  private struct LockedStore: CommandFailure {
    var lines = ["history.sqlite: in use by another run", "Try again when it has ended."]
    var exitCode = ExitCode.locked
  }

  private struct Surprise: Error {}

  @Test("What a command throws decides text, stream and code")
  func thrownByCommands() {
    let locked = Orchard.message(for: LockedStore(), columns: 80)
    #expect(locked.text == "history.sqlite: in use by another run\nTry again when it has ended.")
    #expect(locked.isDiagnostic && locked.exitCode.rawValue == 75)

    let data = Orchard.message(for: ReportedFailure(.badData, "a.yaml:1:1: no"), columns: 80)
    #expect(data.text == "a.yaml:1:1: no")
    #expect(data.exitCode.rawValue == 65)

    let crossed = Orchard.message(for: ExitCode.thresholdCrossed, columns: 80)
    #expect(crossed.text.isEmpty && crossed.exitCode.rawValue == 3)

    let surprise = Orchard.message(for: Surprise(), columns: 80)
    #expect(surprise.text.contains("bug in orchard") && surprise.exitCode.rawValue == 70)

    let note = Orchard.message(for: CleanExit.message("done"), columns: 80)
    #expect(note.text == "done" && !note.isDiagnostic && note.exitCode == .success)

    #expect(Orchard.exitCode(for: ValidationError("no")).rawValue == 64)
  }

  @Test(
    "The version goes to standard output, the nearest one first",
    arguments: [
      (["--version"], "orchard 1.2.3"), (["press", "--version"], "orchard 1.2.3"),
      (["tree", "--version"], "orchard 1.2.3"), (["tree", "plant", "--version"], "tree 2"),
    ])
  func version(arguments: [String], text: String) throws {
    let message = try #require(complaint(arguments))
    #expect(message.text == text)
    #expect(message.exitCode == .success && !message.isDiagnostic)
  }

  @Test("A program without a version knows no --version")
  func noVersion() throws {
    let message = try #require(complaint(["--version", "--rows", "1"], root: PickAll.self))
    #expect(message.exitCode == .usage)
  }
}
