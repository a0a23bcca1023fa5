// SPDX-License-Identifier: GPL-3.0-or-later
// What is printed to be pasted must survive the shell.

import CommandLineKit
import Foundation
import Testing

@Suite("Shell text")
struct ShellTextTests {
  @Test(
    "a shell reads a quoted word back as it was",
    arguments: [
      "plain.yaml", "it's; rm -rf ~", "", "a b", "$HOME", "`id`", "\"double\"", "new\nline",
      "prices={p10: 1}",
      "-x", "*", "'", "''", "ünïcode",
    ])
  func roundTrip(word: String) throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "printf '%s' \(ShellText.quoted(word))"]
    let output = Pipe()
    shell.standardOutput = output
    try shell.run()
    let read = output.fileHandleForReading.readDataToEndOfFile()
    shell.waitUntilExit()
    #expect(String(decoding: read, as: UTF8.self) == word)
  }

  @Test("a plain word stays as it is")
  func plain() {
    #expect(ShellText.quoted("workloads/a-b_c.yaml") == "workloads/a-b_c.yaml")
    #expect(ShellText.quoted("demand.volume=2") == "demand.volume=2")
  }
}
