// SPDX-License-Identifier: GPL-3.0-or-later
// Files by path or pattern, for jobs whose inputs have another name every night and that no shell expands.

import CommandLineKit
import Foundation
import YAMLDocument

/// A path, or a pattern of paths with `*`, `?` and `[…]` as glob(7) has them.
struct FilePattern {
  let text: String

  /// The files that match, sorted by bytes; folders are none.
  /// - Throws: that there are none, with exit code 66.
  func files() throws -> [String] {
    // A file is meant by its own name first, whatever characters that has.
    if InputFile.isFile(text) { return [text] }
    var found = unsafe glob_t()
    defer { unsafe globfree(&found) }
    let code = unsafe glob(text, 0, nil, &found)
    var paths: [String] = []
    if code == 0 {
      for index in 0..<Int(unsafe found.gl_pathc) {
        if let path = unsafe found.gl_pathv[index] { paths.append(unsafe String(cString: path)) }
      }
    }
    paths = paths.filter { InputFile.isFile($0) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard !paths.isEmpty else {
      throw ReportedFailure(
        .missingInput, "\(text): there is no such file, and none that matches; check the path or the pattern")
    }
    return paths
  }
}
