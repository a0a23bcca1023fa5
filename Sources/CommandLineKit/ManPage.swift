// SPDX-License-Identifier: GPL-3.0-or-later
// The manual page from the same declarations as the parser and the help, in the man macros of roff (man(7)).

extension ParsableCommand {
  /// The manual page of the program and all its subcommands, for `man -l` and for a folder `man1`.
  /// - Parameter version: the program's name and version, for the page's foot.
  /// - Complexity: O(parameters of all commands).
  public static func manPage(version: String) -> String {
    ManPage(root: CommandNode(stack: [self]), version: version).text
  }
}

/// A manual page.
struct ManPage {
  let root: CommandNode
  let version: String

  var text: String {
    let name = root.names[0]
    var lines = [
      ".\\\" Written by `\(name) man` from the declarations of its commands.",
      // No date: the page is the same whenever it is written.
      ".TH \(name.uppercased()) 1 \"\" \"\(quoted(version))\" \"User Commands\"",
      ".SH NAME", "\(escaped(name)) \\- \(escaped(root.configuration.abstract))",
      ".SH SYNOPSIS", usage(root),
    ]
    if !root.configuration.discussion.isEmpty {
      lines += [".SH DESCRIPTION"] + paragraphs(root.configuration.discussion)
    }
    lines += [".SH OPTIONS"] + options(root)
    let below = root.all.dropFirst()
    if !below.isEmpty { lines += [".SH SUBCOMMANDS"] + below.flatMap(section) }
    for section in root.configuration.sections {
      lines += [".SH \"\(quoted(section.title.uppercased()))\""]
      for entry in section.entries { lines += [".TP", bold(entry.label), escaped(entry.text)] }
    }
    if !root.configuration.examples.isEmpty {
      lines += [".SH EXAMPLES"] + verbatim(root.configuration.examples)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(_ node: CommandNode) -> [String] {
    let configuration = node.configuration
    var lines = [".SS \"\(quoted(node.names.joined(separator: " ")))\"", escaped(configuration.abstract)]
    if !configuration.discussion.isEmpty { lines += [".PP"] + paragraphs(configuration.discussion) }
    // Of a command that only leads to others, these say all there is.
    if node.children.isEmpty { lines += [".PP", usage(node)] + options(node) }
    for section in configuration.sections {
      lines += [".PP", bold(section.title)]
      for entry in section.entries { lines += [".TP", bold(entry.label), escaped(entry.text)] }
    }
    if !configuration.examples.isEmpty {
      lines += [".PP", "Examples:", ".PP"] + verbatim(configuration.examples)
    }
    return lines
  }

  private func usage(_ node: CommandNode) -> String {
    let usage = HelpText(stack: node.stack, columns: 10_000).usage(label: "")
    let name = node.names.joined(separator: " ")
    return bold(name) + escaped(String(usage.dropFirst(name.count)))
  }

  private func options(_ node: CommandNode) -> [String] {
    let help = HelpText(stack: node.stack, columns: 80)
    return (node.positional + node.named).flatMap { parameter -> [String] in
      let entry = help.entry(parameter)
      return [".TP", bold(entry.label), entry.text.isEmpty ? "\\&" : escaped(entry.text)]
    } + (node.hasVersion && node.stack.count == 1 ? [".TP", bold("--version"), "Show the version."] : [])
      + (node.stack.count == 1
        ? [".TP", bold("-h, --help"), "Show the help, here and in every subcommand."] : [])
  }

  /// Paragraphs parted by empty lines; lines that begin with a space stay as they are.
  private func paragraphs(_ text: String) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n\n") {
      if !lines.isEmpty { lines.append(".PP") }
      let isVerbatim = paragraph.hasPrefix(" ")
      let parts = paragraph.split(separator: "\n").map(String.init)
      lines += isVerbatim ? verbatim(parts) : parts.map(escaped)
    }
    return lines
  }

  private func verbatim(_ lines: [String]) -> [String] {
    [".RS 4", ".nf"] + lines.map(escaped) + [".fi", ".RE"]
  }

  private func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }

  /// Text that roff prints as it stands: no line is a request, and every mark is the ASCII one that can be
  /// pasted into a shell (groff_man_style(7), "Portability").
  private func escaped(_ text: String) -> String {
    let marks: [Character: String] = [
      "\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti",
    ]
    let line = text.map { marks[$0] ?? String($0) }.joined()
    return line.hasPrefix(".") ? "\\&" + line : line
  }

  /// Text within a macro's quotes.
  private func quoted(_ text: String) -> String { escaped(text).replacing("\"", with: "\\(dq") }
}
