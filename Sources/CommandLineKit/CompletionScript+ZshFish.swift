// SPDX-License-Identifier: GPL-3.0-or-later
// Completions for zsh and fish, which show what a word means beside it.

/// zsh: a function per command, each a call of `_arguments` (zshcompsys(1)).
struct ZshCompletion {
  let root: CommandNode

  var text: String {
    let name = root.names[0]
    let functions = root.all.map { $0.children.isEmpty ? leaf($0) : branch($0) }
    return
      "#compdef \(name)\n# zsh completion for \(name); a file named _\(name) in $fpath\n\n"
      + functions.joined(separator: "\n") + "\n\(function(root)) \"$@\"\n"
  }

  private func function(_ node: CommandNode) -> String {
    "_" + node.names.joined(separator: "_").replacing("-", with: "_")
  }

  private func branch(_ node: CommandNode) -> String {
    let children = node.children.map { child in
      "    " + ShellText.quoted("\(child.names.last ?? ""):\(child.configuration.abstract)")
    }
    let cases = node.children.map { "        \($0.names.last ?? "")) \(function($0)) ;;" }
    return """
      \(function(node))() {
        local curcontext="$curcontext" state line
        local -a subcommands=(
      \((children + ["    'help:Show the help of a subcommand.'"]).joined(separator: "\n"))
        )
        _arguments -C \(common(node).joined(separator: " ")) \\
          '1:subcommand:->subcommand' '*::argument:->argument'
        case $state in
          subcommand) _describe subcommand subcommands ;;
          argument)
            case $line[1] in
      \(cases.joined(separator: "\n"))
            esac ;;
        esac
      }

      """
  }

  private func leaf(_ node: CommandNode) -> String {
    let options = node.named.flatMap { option -> [String] in
      let repeated = option.isRepeating ? "*" : ""
      return (option.names + option.inverseNames).map { name in
        let value = option.kind == .option ? ":\(escaped(option.valueName)):\(action(option.completion))" : ""
        return ShellText.quoted("\(repeated)\(name)[\(escaped(option.help.abstract))]\(value)")
      }
    }
    let values = node.positional.map { parameter in
      let start = parameter.isRepeating ? "*" : ""
      let colon = parameter.isRequired || parameter.isRepeating ? ":" : "::"
      return ShellText.quoted(
        "\(start)\(colon)\(escaped(parameter.valueName)):\(action(parameter.completion))")
    }
    let lines = (options + common(node) + values).joined(separator: " \\\n    ")
    return "\(function(node))() {\n  _arguments \\\n    \(lines)\n}\n"
  }

  private func common(_ node: CommandNode) -> [String] {
    ["'(-h --help)'{-h,--help}'[Show this help.]'"]
      + (node.hasVersion ? ["'--version[Show the version.]'"] : [])
  }

  private func action(_ kind: CompletionKind) -> String {
    switch kind {
    case .values(let values): "(\(values.joined(separator: " ")))"
    case .file: "_files"
    case .folder: "_files -/"
    case .nothing: " "
    }
  }

  /// A text within a specification, whose own marks are brackets and colons.
  private func escaped(_ text: String) -> String {
    text.map { "[]:\\".contains($0) ? "\\\($0)" : String($0) }.joined()
  }
}

/// fish: a line per word that may come, each with the command it belongs to as its condition.
struct FishCompletion {
  let root: CommandNode

  var text: String {
    let name = root.names[0]
    let function = "__\(name.replacing("-", with: "_"))_at"
    let paths = root.all.dropFirst().map { ShellText.quoted(path($0)) }.joined(separator: " ")
    var lines = [
      "# fish completion for \(name); a file \(name).fish in ~/.config/fish/completions",
      "function \(function) --description 'Whether the words so far lead to a command'",
      "  set --local path",
      "  for word in (commandline --tokenize --cut-at-cursor --current-process)[2..]",
      "    set --local next (string join / $path $word)",
      "    if contains -- $next \(paths)",
      "      set path $next",
      "    else if test \"$word\" != help",
      "      break",
      "    end",
      "  end",
      "  test \"$path\" = \"$argv[1]\"",
      "end",
      "complete --command \(name) --no-files",
    ]
    for node in root.all {
      let start = "complete --command \(name) --condition \(ShellText.quoted("\(function) '\(path(node))'"))"
      for child in node.children {
        lines.append(
          "\(start) --arguments \(child.names.last ?? "") --description "
            + ShellText.quoted(child.configuration.abstract)
        )
      }
      lines.append("\(start) --short-option h --long-option help --description 'Show this help.'")
      if node.hasVersion { lines.append("\(start) --long-option version --description 'Show the version.'") }
      for option in node.named {
        let description =
          option.help.abstract.isEmpty ? "" : " --description \(ShellText.quoted(option.help.abstract))"
        let value = option.kind == .option ? " --require-parameter" + offer(option.completion) : ""
        let names = option.names + option.inverseNames
        lines.append(start + names.map(flag).joined() + value + description)
      }
      for kind in node.positional.map(\.completion) where kind != .nothing {
        lines.append(start + offer(kind))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func path(_ node: CommandNode) -> String { node.names.dropFirst().joined(separator: "/") }

  private func flag(_ name: ParameterName) -> String {
    switch name {
    case .short(let letter): " --short-option \(letter)"
    case .long(let long): " --long-option \(long)"
    }
  }

  private func offer(_ kind: CompletionKind) -> String {
    switch kind {
    case .values(let values): " --arguments \(ShellText.quoted(values.joined(separator: " ")))"
    case .file: " --force-files"
    case .folder: " --arguments '(__fish_complete_directories)'"
    case .nothing: ""
    }
  }
}
