"""Tests of pages in headless Chromium: which there are, and how they are run."""

import json
import os
import sys
import traceback

from playwright.sync_api import sync_playwright

# Counts in each page what its policy has forbidden.
PAGE_FAULTS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI));
"""


class Suite:
    """Tests that are given a world each: what they need, made for them by `world_of(browser, **options)`."""

    def __init__(self):
        self.tests = []

    def test(self, words, when=True, **options):
        """A test, with what it states. `options` are its world's."""
        def add(run):
            if when:
                self.tests.append((words, run, options))
            return run
        return add

    def run(self, world_of):
        """Runs all, or those that have a word of the command line in their names, and ends the program."""
        wanted = sys.argv[1:]
        failed = passed = 0
        with sync_playwright() as playwright:
            path = os.environ.get("HUBBUB_CHROMIUM", "/usr/bin/chromium")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            for words, run, options in self.tests:
                if wanted and not any(word in words or word == run.__name__ for word in wanted):
                    continue
                world = world_of(browser, **options)
                try:
                    run(world)
                    world.end()
                    passed += 1
                    print("ok     ", words, flush=True)
                except Exception:
                    failed += 1
                    print("FAILED ", words, flush=True)
                    traceback.print_exc()
                    print("   faults:", json.dumps(world.faults), flush=True)
                    self._close(world)
            browser.close()
        print(f"{passed} passed, {failed} failed")
        sys.exit(failed > 0)

    @staticmethod
    def _close(world):
        try:
            world.close()
        except Exception:
            traceback.print_exc()
