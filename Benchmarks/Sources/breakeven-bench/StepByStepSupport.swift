// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests' oracle, which is linked into this folder, takes from the tests' support.

import Foundation

func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
