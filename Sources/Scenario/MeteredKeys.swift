// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario may say of a pay-per-token API, as data.

import YAMLDocument

extension ScenarioKeys {
  static let metered = KeyTable(
    "a metered supply",
    keys: [
      name(absent: "the provider's id"),
      .required("provider", .text, "the price book's id of the provider"),
    ])
}
