// SPDX-License-Identifier: GPL-3.0-or-later
// `breakeven prices check`: what somebody who looks after a price book should look at.

import Catalog
public import CommandLineKit
public import Quantities
import YAMLDocument

extension CalendarDay: ExpressibleByArgument {
  /// A day, `YYYY-MM-DD`.
  public init?(argument: String) { self.init(argument) }
}

struct PricesCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Name prices that are old, without a source, far from others, or at odds with each other.",
    discussion: """
      A price is stale where it was verified more than --max-age days before --as-of, and an outlier where it is more \
      than --factor times the median of its kind, or less than that part of it: of the same tokens at other providers, \
      or of the same GPU-hours in other regions. Ends with exit code 3 where something is found.
      """,
    examples: [
      "breakeven prices check",
      "breakeven prices check workloads/catalog/prices.yaml --as-of 2026-12-01 --json",
    ])

  @OptionGroup var input: PriceBookArgument
  @Option(
    help: ArgumentHelp(
      "The day that ages are reckoned to; the latest on which a price of the book was verified where absent.",
      valueName: "day"))
  var asOf: CalendarDay?
  @Option(help: ArgumentHelp("Days after which a price is stale.", valueName: "days"))
  var maxAge = 90
  @Option(
    help: ArgumentHelp("How many times the median a price may be, or that part of it.", valueName: "times"))
  var factor = 4.0
  @Flag(help: "Print a JSON array.")
  var json = false

  mutating func validate() throws {
    guard maxAge >= 0 else { throw ValidationError("'--max-age' is \(maxAge); it must be 0 or more.") }
    guard factor > 1, factor.isFinite else {
      throw ValidationError("'--factor' is \(factor); it must be above 1.")
    }
  }

  private struct Finding: Encodable {
    var kind: String
    var file: String
    var line: Int
    var column: Int
    var message: String
    var remedy: String?
  }

  mutating func run() throws {
    let (data, gaps) = try input.audited()
    let check = PriceCheck(asOf: asOf, maximumAge: maxAge, outlierFactor: factor)
    let findings = check.findings(in: data.prices, of: input.file, catalog: data, gaps: gaps)
    let count = data.prices.listed.count { input.file == nil || $0.place?.source == input.file }
    let prices = "\(count) price\(count == 1 ? "" : "s")"
    if json {
      try Terminal.write(
        json: findings.map { finding in
          let place = finding.diagnostic.position
          return Finding(
            kind: finding.kind.rawValue, file: place.source, line: place.line, column: place.column,
            message: finding.diagnostic.message, remedy: finding.diagnostic.remedy)
        })
    } else {
      for finding in findings { try Terminal.write("\(finding.diagnostic)\n") }
    }
    if !findings.isEmpty {
      throw ReportedFailure(
        .thresholdCrossed, "\(findings.count) finding\(findings.count == 1 ? "" : "s") in \(prices)")
    }
    if !json { try Terminal.write("\(prices) checked, nothing found\n") }
  }
}
