// SPDX-License-Identifier: GPL-3.0-or-later
// The program's version, stated once: for `--version`, reports and results.

/// The version of this program (Semantic Versioning 2.0.0).
let programVersion = "0.1.0"
