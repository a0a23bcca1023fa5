// SPDX-License-Identifier: GPL-3.0-or-later
// The one style sheet of all charts: marks name a class, and light, dark and print decide what it looks like.

/// The style sheet that a page with charts must hold.
public enum ChartStyle {
  /// Custom properties for colours (light, and dark on screens that ask for it) and the rules of the charts' classes.
  public static let sheet: String = {
    var rules = [
      ":root{color-scheme:light dark;\(Palette.light.declarations)}",
      "@media screen and (prefers-color-scheme:dark){:root{\(Palette.dark.declarations)}}",
      ".chart{display:block;width:100%;height:auto;overflow:hidden}",
      ".chart text{font-family:inherit;font-size:12px;fill:var(--ink);font-variant-numeric:tabular-nums}",
      ".chart .muted{fill:var(--muted)}",
      ".chart .small{font-size:11px}",
      ".chart .strong{font-weight:600}",
      ".chart .halo{paint-order:stroke;stroke:var(--surface);stroke-width:4px;stroke-linejoin:round}",
      ".chart .inside{fill:var(--surface);paint-order:stroke;stroke:var(--c);stroke-width:3px;"
        + "stroke-linejoin:round}",
      ".chart .label{fill:var(--c)}",
      ".chart .grid{stroke:var(--rule);stroke-width:1;fill:none}",
      ".chart .axis{stroke:var(--muted);stroke-width:1;fill:none}",
      ".chart .mark{stroke:var(--ink);stroke-width:1.25;stroke-dasharray:4 3;fill:none}",
      ".chart .limit{stroke:var(--bad);stroke-width:2;fill:none}",
      ".chart .limitword,.chart .limitmark{fill:var(--bad)}",
      ".chart .line{stroke:var(--c);stroke-width:2;stroke-dasharray:var(--d);fill:none;"
        + "stroke-linejoin:round}",
      ".chart .bold{stroke-width:3.25;stroke-dasharray:none}",
      ".chart .whisker{stroke:var(--c);stroke-width:2;fill:none}",
      ".chart .box{stroke:var(--c);stroke-width:6;fill:none}",
      ".chart .dot{fill:var(--c);stroke:var(--surface);stroke-width:1.5}",
      ".chart .open{fill:var(--surface);stroke:var(--c);stroke-width:1.75}",
      ".chart .fill{fill:var(--c);stroke:var(--surface);stroke-width:1}",
      ".chart .hatch{stroke:var(--surface);stroke-width:1.2;opacity:.38}",
      ".chart .leader{stroke:var(--c);stroke-width:1;fill:none}",
      ".chart .peak{fill:none;stroke:var(--ink);stroke-width:2}",
      ".chart .low{fill:none;stroke:var(--ink);stroke-width:1.5;stroke-dasharray:3 2}",
    ]
    for slot in Palette.dashes.indices {
      rules.append(".chart .s\(slot + 1){--c:var(--series-\(slot + 1));--d:\(Palette.dashes[slot])}")
    }
    rules.append(".chart .neutral{--c:var(--muted)}")
    rules.append(".chart .again{--d:14 3 1 3}")
    for step in Palette.light.heat.indices {
      rules.append(".chart .h\(step + 1){fill:var(--heat-\(step + 1))}")
    }
    return rules.joined(separator: "\n") + "\n"
  }()
}
