// SPDX-License-Identifier: GPL-3.0-or-later
// Command lines that can be pasted into a shell.

/// Text as a POSIX shell reads it back.
public enum ShellText {
  /// A word that a shell takes literally: as it is where it is plain, in single quotes otherwise.
  public static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
          || "-._/=,:+@%".utf8.contains($0)
      }
    if isPlain { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
