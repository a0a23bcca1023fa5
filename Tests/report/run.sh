#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes fresh reports and checks them as their readers would; check.py says what is looked at. Chromium and the Python
# packages are installed where they are missing. What cannot be had is named, and only its checks are skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

program=$PWD/.build/release/breakeven
environment=.build/report-checks
# Where every package is as it was asked for the last time, nothing needs to be installed.
stamp=$environment/requirements.txt

missing=()
for browser in chromium chromium-browser google-chrome; do command -v $browser > /dev/null && break; done || missing+=(chromium)
command -v python3 > /dev/null || missing+=(python3)
python3 -c 'import ensurepip' 2> /dev/null || missing+=(python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
  .ci/apt-install "${missing[@]}" > /tmp/report-packages.$$ 2>&1 \
    || { tail -n 3 /tmp/report-packages.$$; echo "Note: could not install ${missing[*]}; what needs them is skipped."; }
  rm -f /tmp/report-packages.$$
fi
if ! command -v python3 > /dev/null; then
  echo "skipped  every check of the report: Python 3 is not installed and could not be had"
  exit 0
fi
python=python3
if cmp -s Tests/report/requirements.txt "$stamp"; then
  python=$environment/bin/python
elif rm -rf "$environment" && python3 -m venv "$environment" > /dev/null 2>&1; then
  python=$environment/bin/python
  complete=yes
  while read -r package flags; do
    # shellcheck disable=SC2086 # The flags are words.
    "$python" -m pip install --quiet --disable-pip-version-check "$package" $flags > /dev/null 2>&1 \
      || { complete=no; echo "Note: could not install $package; its checks are skipped."; }
  done < <(grep -v '^#' Tests/report/requirements.txt)
  [ $complete = no ] || cp Tests/report/requirements.txt "$stamp"
else
  echo "Note: could not make a virtual environment; only what Python has here is checked with."
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
plan() { "$program" plan workloads/support-assistant.yaml --fidelity fast --quiet --database "$folder/runs.sqlite" "$@" > /dev/null; }
plan --out "$folder/report"
"$program" export --format focus --database "$folder/runs.sqlite" --out "$folder/forecast.csv"
# Another price simulates nothing anew.
plan --out "$folder/other" --set prices.gpu_hour.h100-sxm.on-demand=2
"$program" report --compare --database "$folder/runs.sqlite" --out "$folder/compared" > /dev/null
# Names that would do harm where they were not taken for text.
plan --out "$folder/hostile" --set 'title="<script>document.title=1</script> & =1+1, \"quoted\", \u202Ebackwards"' \
  --set 'horizon={start: 2026-12, months: 1, represent: {windows: 1, window_minutes: 1}}' \
  --set 'sampling={draws: 16, simulations: 2}'

PYTHONDONTWRITEBYTECODE=1 "$python" Tests/report/check.py "$folder/report" "$folder/forecast.csv" \
  notebooks-data/costs.ipynb "$folder/compared/comparison.html" "$folder/hostile/report.html" \
  "$folder/other/report.html"
