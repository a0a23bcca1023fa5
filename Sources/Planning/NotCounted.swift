// SPDX-License-Identifier: GPL-3.0-or-later
// What an option's cost leaves out, said aloud: a cost that nobody named is taken as zero, and a reader who does not know
// that compares apples with pears.

import Economics
import Scenario

extension PlanModel {
  /// One sentence for each set of costs that some options leave out.
  var notCounted: [String] {
    var groups: [(missing: [String], titles: [String])] = []
    for option in options {
      let missing = option.notCounted
      if missing.isEmpty { continue }
      if let place = groups.firstIndex(where: { $0.missing == missing }) {
        groups[place].titles.append(option.definition.title)
      } else {
        groups.append((missing, [option.definition.title]))
      }
    }
    return groups.map { group in
      let who = group.titles.count == options.count ? "every option" : group.titles.joined(separator: ", ")
      return "Not counted, and so taken as zero, for \(who): \(group.missing.joined(separator: ", "))"
    }
  }
}

extension OptionBlueprint {
  /// The kinds of cost that the option has no line for, in lower case.
  var notCounted: [String] {
    let counted = Set(schedule.lines.map(\.component))
    var kinds = ["People", "Platform", "Load balancer", "Storage", "Egress", "Observability"]
    // One sum may stand for all that is around the supplies.
    if counted.contains("Platform") { kinds.removeSubrange(1...) }
    kinds += ["One-off", "Redundancy", "Support", "Tax", "Missed objectives"]
    if definition.chain.contains(where: \.isOwned) {
      kinds += ["Electricity", "Colocation", "Maintenance", "Hardware, worth at the end"]
    }
    return kinds.filter { !counted.contains($0) }.map { $0.lowercased() }
  }
}

extension SupplyDefinition {
  /// Whether its GPUs are bought.
  fileprivate var isOwned: Bool { if case .fleet(let fleet) = self { fleet.owned != nil } else { false } }
}
