// SPDX-License-Identifier: GPL-3.0-or-later
// Which GSL is at work: a fact that a report of a wrong number should hold.

import CGSL

/// The version of the GSL that is linked, as `2.7.1`.
public var gslVersion: String { unsafe String(cString: breakeven_gsl_version()) }
