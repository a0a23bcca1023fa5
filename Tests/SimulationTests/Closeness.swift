// SPDX-License-Identifier: GPL-3.0-or-later
// How near a measured number must come to its closed form, in one place.

import Testing

/// Records an issue where `measured` is further from `expected` than a share of it.
func expectClose(
  _ measured: Double, _ expected: Double, within share: Double, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    abs(measured - expected) <= share * abs(expected), "\(what) \(measured), expected \(expected)",
    sourceLocation: sourceLocation)
}
