// SPDX-License-Identifier: GPL-3.0-or-later
// A killed process cannot tidy up: its temporary files stay beside the report, and a job that is killed now and then would
// gather them.

public import Foundation

extension ReportWriter {
  /// Removes what writers that never finished have left in a folder: temporary files and folders of this type's own
  /// naming that nobody has touched since a time. What cannot be removed stays.
  public static func removeLeftovers(in directory: URL, untouchedSince time: Date) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [] {
      guard name.wholeMatch(of: /.+\.writing-[0-9]+/) != nil else { continue }
      let place = directory.appendingPathComponent(name)
      let attributes = try? FileManager.default.attributesOfItem(atPath: place.path)
      guard let touched = attributes?[.modificationDate] as? Date, touched < time else { continue }
      try? FileManager.default.removeItem(at: place)
    }
  }
}
