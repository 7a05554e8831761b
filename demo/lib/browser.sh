# What drives a browser from a script: Chromium of Debian, and Playwright of PyPI in a folder of its own. Sourced after
# setup.sh, not run. Sets `python`.
need_browser() {
  need_packages chromium
  python=$PWD/.build-web/bin/python
  "$python" -c 'import playwright, websockets, wsproto, h11' 2>/dev/null && return
  command -v python3 >/dev/null || need_packages python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || need_packages python3-venv
  python3 -m venv .build-web
  say "Installing playwright, websockets, wsproto and h11 from PyPI …"
  "$python" -m pip install --quiet --disable-pip-version-check \
    'playwright>=1.48' 'websockets>=14' 'wsproto>=1.2' 'h11>=0.14'
}
