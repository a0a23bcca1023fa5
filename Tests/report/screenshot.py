# SPDX-License-Identifier: GPL-3.0-or-later
# Takes the picture of a page's top that README.md shows: screenshot.py PAGE PICTURE. Ends with 1 without a browser.

import sys

import browser


def main(page, picture):
    program = browser.find()
    if not program:
        print("Note: Chromium is not installed, so the screenshot stays as it is.", file=sys.stderr)
        return 1
    with browser.Browser(program) as tab:
        tab.layout(1280, 1000)
        tab.open(page)
        tab.screenshot(picture, 1280, 1000)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
