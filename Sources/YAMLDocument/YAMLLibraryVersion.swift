// SPDX-License-Identifier: GPL-3.0-or-later
// Which libyaml is at work: a fact that a report of a misread file should hold.

import CYAML

/// The version of the libyaml that is linked, as `0.2.5`.
public var yamlLibraryVersion: String { unsafe String(cString: yaml_get_version_string()) }
