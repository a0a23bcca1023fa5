// SPDX-License-Identifier: GPL-3.0-or-later
// Shell completions from the same declarations as the parser: which words may come next, told to each shell
// in its own language.

/// A shell that completions can be written for.
public enum Shell: String, Sendable, Hashable, CaseIterable, ExpressibleByArgument {
  /// GNU Bash, 4 or later.
  case bash
  /// The Z shell.
  case zsh
  /// fish, 3 or later.
  case fish
}

extension ParsableCommand {
  /// A script that makes a shell complete this program's subcommands, options and values.
  /// - Complexity: O(parameters of all commands).
  public static func completionScript(for shell: Shell) -> String {
    let root = CommandNode(stack: [self])
    return switch shell {
    case .bash: BashCompletion(root: root).text
    case .zsh: ZshCompletion(root: root).text
    case .fish: FishCompletion(root: root).text
    }
  }
}

/// Bash: one function that walks to the command typed so far and offers what may follow.
struct BashCompletion {
  let root: CommandNode

  var text: String {
    let name = root.names[0]
    let function = "_" + name.replacing("-", with: "_")
    let paths = root.all.dropFirst().map { ShellText.quoted($0.names.joined(separator: " ")) }
    return """
      # bash completion for \(name), for this shell: eval "$(\(name) completions bash)"
      \(function)() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
        local path=\(name) index helping= words= paths=
        # Bash parts words at an equals sign: --name=value is three of them.
        if [[ $current == = ]]; then
          current=
        elif [[ $previous == = ]]; then
          previous=${COMP_WORDS[COMP_CWORD - 2]}
        fi
        for ((index = 1; index < COMP_CWORD; index++)); do
          case "$path ${COMP_WORDS[index]}" in
            \(paths.joined(separator: " | "))) path="$path ${COMP_WORDS[index]}" ;;
            *' help') helping=yes ;;
            *) break ;;
          esac
        done
        COMPREPLY=()
        case "$path" in
      \(root.all.map(branch).joined())  esac
        if [[ $words ]]; then
          mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        fi
        if [[ $paths ]]; then
          compopt -o filenames 2> /dev/null
          mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen "$paths" -- "$current")
        fi
      }
      complete -F \(function) \(name)

      """
  }

  private func branch(_ node: CommandNode) -> String {
    var lines = ["    \(ShellText.quoted(node.names.joined(separator: " "))))"]
    if !node.children.isEmpty {
      let children = node.children.map { $0.names.last ?? "" }.joined(separator: " ")
      lines += [
        "      words='\(children)'",
        "      [[ $helping ]] || words+=' help --help\(node.hasVersion ? " --version" : "")'",
      ]
    } else {
      lines.append("      [[ $helping ]] && return")
      let options = node.named.filter { $0.kind == .option }
      if !options.isEmpty {
        lines.append("      case $previous in")
        for option in options {
          let names = option.names.map(\.description).joined(separator: " | ")
          lines.append("        \(names)) \(offer(option.completion)) ;;")
        }
        lines.append("        *)")
      }
      let flags = node.named.flatMap { $0.names + $0.inverseNames }.map(\.description) + ["--help"]
      let dashed = (flags + (node.hasVersion ? ["--version"] : [])).filter { $0.hasPrefix("--") }
      let indent = options.isEmpty ? "      " : "          "
      lines.append("\(indent)if [[ $current == -* ]]; then")
      lines.append("\(indent)  words='\(dashed.joined(separator: " "))'")
      if !node.positional.isEmpty {
        lines.append("\(indent)else")
        for kind in node.positional.map(\.completion) { lines.append("\(indent)  \(offer(kind))") }
      }
      lines.append("\(indent)fi")
      if !options.isEmpty { lines += ["          ;;", "      esac"] }
    }
    return (lines + ["      ;;"]).joined(separator: "\n") + "\n"
  }

  private func offer(_ kind: CompletionKind) -> String {
    switch kind {
    case .values(let values): "words=\(ShellText.quoted(values.joined(separator: " ")))"
    case .file: "paths=-f"
    case .folder: "paths=-d"
    case .nothing: ":"
    }
  }
}
