// SPDX-License-Identifier: GPL-3.0-or-later
// The C library's power function, kept from leaking Foundation into the event loop's files.

import Foundation

/// `base` to the power of `exponent`.
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
