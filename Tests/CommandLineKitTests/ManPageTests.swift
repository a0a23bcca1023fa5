// SPDX-License-Identifier: GPL-3.0-or-later
// The manual page: as roff, and as `man` and `mandoc` read it where they are installed.

import CommandLineKit
import Foundation
import Testing

/// A program whose words are roff's own.
private struct Tricky: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tricky", abstract: "Say \"it's\" – with a \\ and `ticks`.",
    discussion: ".SH is no heading\n'br is no request\n\n  kept  as it is\n\nThe end.",
    examples: ["tricky --word 'a b' ~/x^2"],
    sections: [HelpSection("Exit codes", [("0", "Good."), (".5", "Half good.")])])

  @Option(help: "A word.") var word: String
  @Flag var bare = false
  mutating func run() throws {}
}

@Suite("Manual page")
struct ManPageTests {
  @Test("every command, option, value and example of the help is in the page")
  func complete() {
    let page = Orchard.manPage(version: "orchard 1.2.3")
    for command in ["orchard press", "orchard pick\\-all", "orchard tree", "orchard tree plant"] {
      #expect(page.contains(".SS \"\(command)\""), "\(command)")
    }
    for word in [
      "\\-w, \\-\\-weight <kg>", "\\-\\-seed <seed>", "(default: 7)", "<fruit>",
      "values: apple, blood\\-orange",
      "\\-\\-color, \\-\\-no\\-color", "orchard press apple \\-\\-weight 2.5", "\\-\\-version",
      "\\-h, \\-\\-help",
    ] {
      #expect(page.contains(word), "\(word)")
    }
    #expect(page.contains(".TH ORCHARD 1 \"\" \"orchard 1.2.3\" \"User Commands\""))
  }

  @Test("no text becomes a request, and every mark stays the one that is typed")
  func escaping() {
    let page = Tricky.manPage(version: "tricky 1")
    #expect(page.contains("tricky \\- Say \"it\\(aqs\" – with a \\e and \\(gaticks\\(ga."))
    #expect(page.contains("\n\\&.SH is no heading\n\\(aqbr is no request\n"))
    #expect(page.contains("\n.nf\n  kept  as it is\n.fi\n"))
    #expect(page.contains("tricky \\-\\-word \\(aqa b\\(aq \\(ti/x\\(ha2"))
    #expect(page.contains(".SH \"EXIT CODES\"\n.TP\n\\fB0\\fR\nGood.\n"))
    let requests: Set = [".TH", ".SH", ".SS", ".PP", ".TP", ".RS", ".RE", ".nf", ".fi", ".\\\""]
    for line in page.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
      #expect(requests.contains(String(line.prefix { $0 != " " })), "\(line)")
    }
  }

  @Test(
    "man and mandoc format the page without a warning",
    arguments: [["man", "--warnings", "-E", "UTF-8", "-l"], ["mandoc", "-T", "utf8", "-W", "error"]])
  func formatted(command: [String]) throws {
    let program = "/usr/bin/\(command[0])"
    guard FileManager.default.isExecutableFile(atPath: program) else {
      print("note: \(command[0]) is not installed, so the page was not read by it")
      return
    }
    for page in [Orchard.manPage(version: "orchard 1.2.3"), Tricky.manPage(version: "tricky 1")] {
      let file = FileManager.default.temporaryDirectory.appending(path: "page-\(UUID().uuidString).1")
      defer { try? FileManager.default.removeItem(at: file) }
      try Data(page.utf8).write(to: file)
      let (output, diagnostics) = (Pipe(), Pipe())
      let process = Process()
      process.executableURL = URL(filePath: program)
      process.arguments = Array(command.dropFirst()) + [file.path]
      process.environment = ProcessInfo.processInfo.environment.merging(["MANWIDTH": "80"]) { $1 }
      (process.standardOutput, process.standardError) = (output, diagnostics)
      process.standardInput = FileHandle.nullDevice
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      let warnings = String(decoding: diagnostics.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0 && warnings.isEmpty, "\(warnings)")
      // Bold is a letter struck over itself.
      #expect(text.replacing(/.\u{8}/, with: "").contains("SYNOPSIS"))
    }
  }
}
