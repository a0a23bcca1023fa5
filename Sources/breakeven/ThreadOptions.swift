// SPDX-License-Identifier: GPL-3.0-or-later
// How many threads a command that simulates may use: one flag of one meaning.

import CommandLineKit
import Foundation

/// Threads.
struct ThreadOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads that simulate; one per core where absent.", valueName: "count"))
  var threads: Int?

  /// How many to use.
  var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  mutating func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads); it must be a whole number from 1 to 1024.")
    }
  }
}
