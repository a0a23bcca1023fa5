#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The rules of the repository that the formatter does not know. Prints every breach; ends with 1 where there is one.
# The direction of imports needs no check here: Package.swift names what each module may import.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Files that may be long, each for a reason.
long_files=(
)
longest=400

breaches=0
breach() {
  echo "$1" >&2
  breaches=$((breaches + 1))
}

# Each match of a pattern in some files is a breach.
forbid() {
  local pattern=$1 reason=$2 match
  shift 2
  [ $# -gt 0 ] || return 0
  while IFS= read -r match; do
    breach "$(cut -d: -f1,2 <<< "$match"): $reason"
  done < <(grep -nHE -e "$pattern" -- "$@" || true)
}

# Not `git ls-files`: a file about to be added counts too, and a source archive has no .git.
find_files() {
  find . -type d \( -name .build -o -name .git -o -path ./reports \) -prune -o -type f "$@" -print | cut -c3- | LC_ALL=C sort
}
mapfile -t swift_files < <(find_files -name '*.swift')
mapfile -t texts < <(find_files \( -name '*.swift' -o -name '*.md' -o -name '*.yaml' -o -name '*.h' -o -name '*.sh' \))
mapfile -t build_files < <(find_files \( -name Package.swift -o -name Makefile -o -path './.ci/*' \))

for file in "${swift_files[@]}"; do
  # The tools version must be the first line of a Package.swift.
  head -n 2 "$file" | grep -q '^// SPDX-License-Identifier: GPL-3.0-or-later$' \
    || breach "$file:1: starts without '// SPDX-License-Identifier: GPL-3.0-or-later'"
  lines=$(wc -l < "$file")
  if [ "$lines" -gt "$longest" ] && [[ " ${long_files[*]} " != *" $file "* ]]; then
    breach "$file:$lines: longer than $longest lines: divide it, or list it with a reason in $0"
  fi
done
for file in "${long_files[@]}"; do
  if [ ! -f "$file" ] || [ "$(wc -l < "$file")" -le "$longest" ]; then
    breach "$0: lists $file, which is not longer than $longest lines"
  fi
done

# The words are put together here, so that this file does not break its own rules.
forbid '\b(TO''DO|FIX''ME)\b' "unfinished work: do it, or write an issue" "${texts[@]}"
forbid $'\t' "a tab: indent with spaces" "${texts[@]}"
forbid '-O''unchecked' "skips preconditions that fail; release builds keep them" "${build_files[@]}"
forbid '^ *import XC''Test' "tests use Swift Testing" "${swift_files[@]}"

if [ "$breaches" -gt 0 ]; then
  echo "Error: the repository breaks its rules in $breaches places." >&2
  exit 1
fi
echo "${#swift_files[@]} Swift files keep the rules of the repository."
