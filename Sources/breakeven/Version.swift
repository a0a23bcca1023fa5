// SPDX-License-Identifier: GPL-3.0-or-later
// The program's version, stated once: for `--version`, reports and results.

import Numerics
import Store
import YAMLDocument

/// The version of this program (Semantic Versioning 2.0.0).
let programVersion = "0.1.0"

/// What `--version` prints: what a report of a bug should say.
let versionText = """
  breakeven \(programVersion)
  \(swiftVersion), \(buildConfiguration) build; SQLite \(Database.libraryVersion), \
  GSL \(gslVersion), libyaml \(yamlLibraryVersion)
  Licence: GPL-3.0-or-later
  """

private var buildConfiguration: String {
  #if DEBUG
    "debug"
  #else
    "release"
  #endif
}

/// The compiler's version; a program can only ask whether it is at least some version.
private var swiftVersion: String {
  #if compiler(>=6.5)
    "Swift 6.5 or later"
  #elseif compiler(>=6.4)
    "Swift 6.4"
  #elseif compiler(>=6.3)
    "Swift 6.3"
  #else
    "Swift 6.2"
  #endif
}
