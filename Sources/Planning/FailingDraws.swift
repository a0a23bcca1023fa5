// SPDX-License-Identifier: GPL-3.0-or-later
// An option that serves well on average may fail in some futures: an average must not hide them.

import Decision
import NumberFormatting
import Scenario

extension PlanModel {
  /// In which share of the draws an option serves nothing, or less than is asked for: a line for each of the
  /// former, and one for all of the latter. Only simulated draws are judged; what all draws have in common the
  /// average already says.
  func failureWarnings(priced: [PricedOption], quantities: PlanQuantities) -> [String] {
    let draws = quantities.simulatedDraws
    var warnings: [String] = []
    var slow: [String] = []
    for (option, result) in zip(options, priced) {
      let judged = draws.map { result.drawn[$0] }
      func share(_ count: Int) -> String {
        "\(NumberText.count(Double(count))) of \(NumberText.count(Double(draws.count))) simulated draws "
          + "(\(NumberText.percent(Double(count) / Double(draws.count), digits: 0)))"
      }
      let idle = judged.count { $0.arrived > 0 && $0.served <= 0 }
      if idle > 0 {
        warnings.append(
          "\(option.definition.title) serves nothing in \(share(idle)): its cost there buys no answer")
      }
      let failing = judged.count { $0.serviceLevel < requiredServiceLevel }
      guard failing > 0, failing < draws.count else { continue }
      let times = slow.isEmpty ? share(failing) : NumberText.count(Double(failing))
      slow.append(
        "\(option.definition.title) in \(times), over all \(NumberText.attainment(result.serviceLevel))")
    }
    if !slow.isEmpty {
      let level = NumberText.percent(requiredServiceLevel, digits: 0)
      warnings.append(
        "Fewer than \(level) of requests are served within their objective in some futures: "
          + "\(slow.joined(separator: "; ")). Options are judged by what they serve over all")
    }
    return warnings
  }
}
