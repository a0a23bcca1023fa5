// SPDX-License-Identifier: GPL-3.0-or-later
// The two rules for every call of GSL: its error handler is off before the first, and no status goes unread.

import CGSL

/// GSL's calling rules.
enum GSL {
  /// Evaluating this once turns off GSL's default error handler, which would abort the process (GSL manual,
  /// "Error Handlers"). Later evaluations cost a load and a branch.
  static let ready: Void = {
    unsafe _ = gsl_set_error_handler_off()
  }()

  /// Throws what a status other than `GSL_SUCCESS` says.
  static func check(_ status: Int32) throws(NumericsError) {
    guard status != Int32(GSL_SUCCESS) else { return }
    throw error(status)
  }

  /// The error for a status, in GSL's words.
  static func error(_ status: Int32) -> NumericsError {
    guard let text = unsafe gsl_strerror(status) else {
      return .library(code: status, message: "unknown error")
    }
    return .library(code: status, message: unsafe String(cString: text))
  }
}
