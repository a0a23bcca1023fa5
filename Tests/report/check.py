# SPDX-License-Identifier: GPL-3.0-or-later
# Checks a fresh report as its readers would: the page in a browser, the files as data. Usage:
#
#     check.py FOLDER FORECAST NOTEBOOK [PAGE …]
#
# FOLDER is a report's, FORECAST its FOCUS export, NOTEBOOK reads the data, and further PAGEs are looked at as well.
# Prints a line for each check; ends with 1 where one failed. What is missing here is skipped by name.

import sys
import tempfile
from pathlib import Path

import data_checks
import page_checks
from checks import Checks


def main(folder, forecast, notebook, *pages):
    checks = Checks()
    with tempfile.TemporaryDirectory() as scratch:
        checks.run("the checks of a page can fail", lambda: page_checks.notice(scratch))
    data_checks.run(checks, folder, forecast, notebook)
    for page in [Path(folder) / "report.html", *pages]:
        page_checks.run(checks, page)
    return checks.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
