// SPDX-License-Identifier: GPL-3.0-or-later
// The result for a pull request or a chat: what the first page says, in a screenful of Markdown.

public import Decision
import NumberFormatting

/// A result as Markdown.
public enum MarkdownSummary {
  /// The name of its file in a report.
  static let fileName = "summary.md"

  /// The decision, the options, where the answer turns, what to be wary of, and how to get it again.
  ///
  /// Throws `ReportError.invalidResult` for a document that contradicts itself.
  public static func text(_ result: PlanResult) throws(ReportError) -> String {
    try ResultDocument.check(result)
    let subject = ReportSubject(result)
    let run = result.run
    var text =
      "## \(MarkdownText.escaped(run.title))\n\n**\(MarkdownText.escaped(result.decision.sentence))**\n\n"
    text += figures(subject) + "\n" + options(subject) + "\n"
    if !result.breakEvens.isEmpty {
      text += "**Where the answer turns**\n\n"
      for found in FirstPage.breakEvens(subject).prefix(FirstPage.findingLimit) {
        text +=
          "- \(MarkdownText.escaped("\(subject.title(found.option)) against \(subject.title(found.against)): "))"
          + MarkdownText.escaped(found.finding + range(of: found)) + "\n"
      }
      text += "\n"
    }
    if !result.warnings.isEmpty {
      text += "**Before you rely on it**\n\n"
      text += result.warnings.map { "- \(MarkdownText.escaped($0))\n" }.joined() + "\n"
    }
    return text
      + MarkdownText.escaped(
        "\(subject.horizon), \(NumberText.count(Double(run.draws))) futures, US dollars of today, discounted. "
          + "Breakeven \(run.version), scenario \(run.scenarioDigest.prefix(12)), catalog "
          + "\(run.catalogDigest.prefix(12)), seed \(run.seed): ") + code(run.command) + "\n"
  }

  /// The tiles of the first page, as a list.
  private static func figures(_ subject: ReportSubject) -> String {
    let cost = subject.recommended.totalCost
    let decision = subject.result.decision
    var lines = [
      "Expected cost \(NumberText.money(cost.mean)) (P10–P90 \(NumberText.moneyRange(cost.p10, cost.p90)))"
    ]
    if !subject.stays {
      let saving = decision.savingAgainstBaseline
      lines.append(
        "Saving against today \(NumberText.money(saving.mean)) (P10–P90 "
          + "\(NumberText.moneyRange(saving.p10, saving.p90)))")
    }
    let likely = decision.probabilityCheapest
    lines.append(
      "Bad case (P95) \(NumberText.money(cost.p95)), expected regret if wrong "
        + "\(NumberText.money(decision.expectedRegret))")
    lines.append("P(cheapest) \(NumberText.probability(likely.estimate, likely.low, likely.high))")
    return lines.map { "- \(MarkdownText.escaped($0))\n" }.joined()
  }

  private static func options(_ subject: ReportSubject) -> String {
    MarkdownText.table(
      [
        ("Option", false), ("Mean", true), ("P10", true), ("P50", true), ("P90", true),
        ("P(cheapest)", true), ("$ per 1M out", true), ("In time", true),
      ],
      subject.ranked.map { option in
        let cost = option.totalCost
        let likely = option.probabilityCheapest
        var title = option.title
        if option.name == subject.recommended.name { title += " (recommended)" }
        if option.name == subject.today.name { title += " (today)" }
        return [
          title, NumberText.money(cost.mean), NumberText.money(cost.p10), NumberText.money(cost.p50),
          NumberText.money(cost.p90),
          option.meetsServiceLevel
            ? NumberText.probability(likely.estimate, likely.low, likely.high) : "too late",
          NumberText.money(option.costPerMillionOutput.mean), NumberText.attainment(option.serviceLevel),
        ]
      })
  }

  private static func range(of found: BreakEven) -> String {
    found.range.map { " (\($0))" } ?? ""
  }

  /// A command as code: within more backticks than it has in a row itself.
  private static func code(_ command: String) -> String {
    let line = String(String.UnicodeScalarView(command.unicodeScalars.map { $0.value < 32 ? " " : $0 }))
    let longest = line.split { $0 != "`" }.map(\.count).max() ?? 0
    let fence = String(repeating: "`", count: longest + 1)
    return longest == 0 ? fence + line + fence : "\(fence) \(line) \(fence)"
  }
}
