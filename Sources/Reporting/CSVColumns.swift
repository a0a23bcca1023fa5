// SPDX-License-Identifier: GPL-3.0-or-later
// Columns that many tables share, so that a name means the same in each of them and tables join.

extension CSVTable.Column {
  /// The id of an option.
  static let option = Self("option", .string, "The option's id.")
  /// A month of the horizon.
  static let month = Self("month", .yearmonth, "The month.")
  /// A kind of cost.
  static let component = Self("component", .string, "The kind of cost, in words.")
  /// A use case.
  static let useCase = Self("use_case", .string, "The use case.")

  /// A share or a probability, 0 to 1.
  static func share(_ name: String, _ meaning: String) -> Self {
    Self(name, .number, unit: "share", meaning)
  }
}

extension ReportTables {
  /// The five columns of a quantity's distribution over futures.
  /// - Parameters:
  ///   - name: the quantity, before the statistic in each column's name.
  ///   - suffix: the unit, after it.
  ///   - what: the quantity in words, after "of".
  static func spread(
    _ name: String, _ suffix: String, unit: String, _ what: String
  ) -> [CSVTable.Column] {
    [
      ("mean", "Mean over futures"), ("p10", "10th percentile"), ("p50", "Median"),
      ("p90", "90th percentile"), ("p95", "95th percentile"),
    ].map { statistic, words in
      CSVTable.Column("\(name)_\(statistic)_\(suffix)", .number, unit: unit, "\(words) of \(what).")
    }
  }

  /// A probability with its 95 % interval.
  static func chance(_ name: String, _ what: String) -> [CSVTable.Column] {
    [
      .share(name, "Probability of \(what)."), .share("\(name)_low", "Lower end of its 95 % interval."),
      .share("\(name)_high", "Upper end of its 95 % interval."),
    ]
  }

  /// An estimate with its 95 % interval.
  /// - Parameters:
  ///   - name: what is estimated, before the bound in each column's name.
  ///   - suffix: the unit, after it.
  ///   - meaning: what it says, a sentence.
  static func interval(
    _ name: String, _ suffix: String, unit: String, _ meaning: String
  ) -> [CSVTable.Column] {
    [
      .init("\(name)_\(suffix)", .number, unit: unit, meaning),
      .init("\(name)_low_\(suffix)", .number, unit: unit, "Lower end of its 95 % interval."),
      .init("\(name)_high_\(suffix)", .number, unit: unit, "Upper end of its 95 % interval."),
    ]
  }
}
