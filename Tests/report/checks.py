# SPDX-License-Identifier: GPL-3.0-or-later
# Lists of checks with a name each, run one by one: what cannot be checked here is said to be skipped, and why.

import traceback


class Skipped(Exception):
    """A check that cannot be made here, with what is missing."""


class Checks:
    """Runs checks, prints one line for each, and counts."""

    def __init__(self, quiet=False):
        self.passed = self.failed = self.skipped = 0
        self.quiet = quiet
        # Names of the checks that found nothing.
        self.content = []

    def run(self, name, check):
        """Runs a check: a function that returns complaints, raises Skipped, or returns what it measured as text."""
        try:
            found = check()
        except Skipped as reason:
            self.skipped += 1
            print(f"skipped  {name}: {reason}", flush=True)
            return
        except Exception:  # A check that breaks has failed.
            found = [traceback.format_exc(limit=-3).strip()]
        complaints = found if isinstance(found, list) else []
        if not complaints:
            self.content.append(name)
        if self.quiet:
            return
        note = f" ({found})" if isinstance(found, str) else ""
        if complaints:
            self.failed += 1
            print(f"FAILED   {name}:", flush=True)
            for complaint in complaints[:12]:
                print(f"           {complaint}")
            if len(complaints) > 12:
                print(f"           … and {len(complaints) - 12} more", flush=True)
        else:
            self.passed += 1
            print(f"passed   {name}{note}", flush=True)

    def close(self):
        """Prints the counts; returns the exit code."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        print(f"{self.passed} passed, {self.failed} failed{skipped}", flush=True)
        return 1 if self.failed else 0


def needed(module):
    """A Python package, or Skipped."""
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise Skipped(f"the Python package {module} could not be had ({error})") from None
