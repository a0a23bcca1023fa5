// SPDX-License-Identifier: GPL-3.0-or-later
// The page a manager opens: it stands alone in one file, needs no network and no script, and says the same thing on a
// phone, on a dark screen and on paper.

import Charts
import Decision

/// The page of a checked result.
struct ReportPage {
  let subject: ReportSubject

  /// - Parameters:
  ///   - result: a checked result.
  ///   - earlier: the run that it is held against; nil for none.
  init(_ result: PlanResult, since earlier: EarlierRun?) {
    subject = ReportSubject(result, since: earlier)
  }

  /// The whole document.
  var html: Markup {
    let run = subject.result.run
    return Self.document(
      title: "\(run.title) – cost decision", version: run.version,
      body: """
        \(FirstPage(subject: subject).html)
        \(DetailSections(subject: subject).html)
        \(BackMatter(subject: subject).html)
        """)
  }

  /// A page that stands alone, XHTML-compatible.
  /// - Parameters:
  ///   - title: its title.
  ///   - version: of the program that writes it.
  ///   - body: what it shows.
  static func document(title: String, version: String, body: Markup) -> Markup {
    """
    <!DOCTYPE html>
    <html lang='en' xmlns='http://www.w3.org/1999/xhtml'>
    <head>
    <meta charset='utf-8'/>
    <meta name='viewport' content='width=device-width, initial-scale=1'/>
    <meta http-equiv='Content-Security-Policy' content="default-src 'none'; style-src 'unsafe-inline'"/>
    <meta name='generator' content='Breakeven \(version)'/>
    <title>\(title)</title>
    <style>
    \(Self.style)</style>
    </head>
    <body>
    <main>
    \(body)
    </main>
    </body>
    </html>

    """
  }

  /// The style sheets hold nothing that comes from a result, and none of the characters that XML would take for markup.
  private static var style: Markup {
    let sheet = ChartStyle.sheet + PageStyle.sheet
    precondition(!sheet.contains("<") && !sheet.contains("&"), "a style sheet with markup in it")
    return Markup(stringLiteral: sheet)
  }
}
