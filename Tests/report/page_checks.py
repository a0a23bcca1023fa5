# SPDX-License-Identifier: GPL-3.0-or-later
# Whether a page of a report is one that a manager can open anywhere: on a phone, in the dark, on paper, without a
# network, with a screen reader.

import re
from pathlib import Path

import browser
from checks import Checks, Skipped, needed

# CSS pixels: a phone, a desk, and A4, whose 210 mm at 96 to the inch the margins of the page leave 182 of.
WIDTHS = {"390 px": (390, "screen"), "1280 px": (1280, "screen"), "A4 width": (794, "screen"),
          "A4 width on paper": (688, "print")}
SCHEMES = ("light", "dark")
CONTRAST = 4.5
MOST_BYTES = 1_500_000


def run(checks, file):
    """All checks of one page."""
    name = f"{Path(file).parent.name}/{Path(file).name}"
    checks.run(f"{name} is one file of at most {MOST_BYTES / 1e6} MB", lambda: size(file))
    checks.run(f"{name} passes html5lib's strict parser", lambda: strict(file))
    program = browser.find()
    if not program:
        def missing():
            raise Skipped("Chromium is not installed")
        checks.run(f"{name} in a browser", missing)
        return
    with browser.Browser(program) as tab:
        requests, complaints = tab.open(file)
        checks.run(f"{name} asks for nothing beyond its file", lambda: requests)
        checks.run(f"{name} writes nothing to the console", lambda: complaints)
        tab.evaluate(Path(__file__).with_name("page.js").read_text())
        tab.evaluate("checks.unfold()")
        checks.run(f"{name} has unique ids, and references that lead somewhere", lambda: tab.evaluate("checks.references()"))
        for width in (390, 1280):
            checks.run(f"{name}: every chart has a name for a screen reader, {width} px",
                       lambda: chart_names(tab, width))
        for words, (width, media) in WIDTHS.items():
            def overflow():
                tab.layout(width, media=media)
                return tab.evaluate(f"checks.overflow({str(media == 'print').lower()})")
            checks.run(f"{name} does not overflow at {words}", overflow)
        for scheme in SCHEMES:
            checks.run(f"{name}: contrast of at least {CONTRAST}:1, {scheme}", lambda: contrast(tab, scheme))
            checks.run(f"{name}: axe-core finds nothing against WCAG, {scheme}", lambda: axe(tab, scheme))
        if "class='first'" in Path(file).read_text(encoding="utf-8"):
            checks.run(f"{name}: the first page fits one sheet of A4", lambda: first_sheet(tab))


def notice(folder):
    """Whether every check complains about a page that has everything wrong: a check that cannot fail says nothing."""
    if not browser.find():
        raise Skipped("Chromium is not installed")
    page = Path(folder) / "broken.html"
    page.write_text(BROKEN + "<!--" + "x" * MOST_BYTES + "-->", encoding="utf-8")
    judged = Checks(quiet=True)
    run(judged, page)
    return [f"a broken page passes as: {name}" for name in judged.content] or "each of them complains about a broken page"


BROKEN = """<html lang='en'><title>Broken</title><style>.first{height:3000px;color:#888}</style>
<main><section class='first'><p id='a'>Grey words<p id='a'>Grey words again</section>
<img src='https://example.invalid/picture.png'>
<div style='width:3000px'>Far too wide</div>
<svg role='img' width='90' height='90'><circle r='40'></circle></svg>
<script>console.error('broken')</script>
""" + "<p style='color:#777;background:#888'>Hardly to be read</p>\n" * 30


def size(file):
    count = Path(file).stat().st_size
    return f"{count / 1e3:.0f} kB" if count <= MOST_BYTES else [f"{count} bytes"]


def strict(file):
    html5lib = needed("html5lib")
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(Path(file).read_bytes(), transport_encoding="utf-8")
    return [f"{place[0]}:{place[1]}: {code} {data}" for place, code, data in parser.errors]


def chart_names(tab, width):
    tab.layout(width)
    count = tab.evaluate("[...document.querySelectorAll('svg')]"
                         ".filter(e => e.checkVisibility() && !e.closest('[aria-hidden=true]')).length")
    tab.call("Accessibility.enable")
    nodes = tab.call("Accessibility.getFullAXTree")["nodes"]
    images = [node for node in nodes if node.get("role", {}).get("value") in ("image", "img", "graphics-document")
              and not node.get("ignored")]
    nameless = [node for node in images if not node.get("name", {}).get("value", "").strip()]
    if nameless or len(images) < count:
        return [f"{len(images)} of {count} charts are images to a screen reader, {len(nameless)} of them without a name"]
    return f"{count} charts"


def contrast(tab, scheme):
    tab.layout(1280, scheme=scheme)
    # Colors are read off what lies at a point, so all of the page has to be in view.
    tab.layout(1280, height=tab.evaluate("document.documentElement.scrollHeight") + 10, scheme=scheme)
    found = tab.evaluate(f"checks.contrast({CONTRAST})")
    if found["count"] < 20:
        return [f"only {found['count']} texts were measured"]
    return found["complaints"] or f"{found['count']} texts"


def axe(tab, scheme):
    package = needed("axe_playwright_python")
    script = next(Path(package.__file__).parent.rglob("axe.min.js"), None)
    if not script:
        raise Skipped("the package axe_playwright_python holds no axe.min.js")
    tab.layout(1280, scheme=scheme)
    if not tab.evaluate("Boolean(globalThis.axe)"):
        tab.evaluate(script.read_text(encoding="utf-8") + ";0")
    found = tab.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => ["
        "v.tags.some(tag => tag.startsWith('wcag')), `${v.id} (${v.impact}): ${v.help}; ${v.nodes.length} times, as "
        "${v.nodes[0].html.slice(0, 120)}`]))")
    # What the guidelines ask for must hold; what axe-core advises beyond them is told.
    advice = [words.split(" ")[0] for is_rule, words in found if not is_rule]
    return ([words for is_rule, words in found if is_rule]
            or f"axe-core {tab.evaluate('axe.version')}" + (f"; it advises on {', '.join(advice)}" if advice else ""))


def first_sheet(tab):
    tab.evaluate("for (const part of document.querySelectorAll('main > *')) if (!part.matches('.first')) part.remove();0")
    pages = len(re.findall(rb"/Type\s*/Page\b", tab.pdf()))
    return [] if pages == 1 else [f"it takes {pages} sheets"]
