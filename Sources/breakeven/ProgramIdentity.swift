// SPDX-License-Identifier: GPL-3.0-or-later
// Which program it is that simulates: quantities that another build has stored may be those of another simulation.

import Foundation

/// The version with the size and the time of the executable, which every build changes.
let programIdentity: String = {
  let path =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  let attributes = try? FileManager.default.attributesOfItem(atPath: path)
  let size = attributes?[.size] as? UInt64 ?? 0
  let time = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
  return "\(programVersion) \(size) \(time)"
}()
