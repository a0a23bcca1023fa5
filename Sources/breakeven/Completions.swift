// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven completions` and `breakeven man`: the declarations of all commands, for a shell and for a
// reader.

import CommandLineKit

struct Completions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a script that lets a shell complete commands, options and values.",
    discussion: """
      bash, for this shell:   eval "$(breakeven completions bash)"

       bash, for all:     a file `breakeven` in ~/.local/share/bash-completion/completions
       zsh:               a file `_breakeven` in a folder of $fpath
       fish:              a file `breakeven.fish` in ~/.config/fish/completions
      """,
    examples: ["breakeven completions bash > breakeven.bash", "breakeven completions zsh > _breakeven"])

  @Argument(help: "The shell.") var shell: Shell

  mutating func run() throws { try Terminal.write(Breakeven.completionScript(for: shell)) }
}

struct Man: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the manual page, for `man -l` or a folder man1.",
    examples: ["breakeven man > breakeven.1"])

  mutating func run() throws { try Terminal.write(Breakeven.manPage(version: "breakeven \(programVersion)")) }
}
