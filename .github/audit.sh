#!/usr/bin/env bash
# Runs the audit of the action. Its status is an output: what the other steps upload is wanted most when it fails.
set -uo pipefail

folder=${RUNNER_TEMP:-/tmp}/omniparity
mkdir -p "$folder"
sarif=$folder/omniparity.sarif
markdown=$folder/omniparity.md
log=$folder/stdout.txt
rm -f "$sarif" "$markdown" "$log"

if [ "$VERSION" = source ]; then
  omniparity=(node "$ACTION/bin/omniparity.js")
else
  omniparity=(npx --yes "omniparity@$VERSION")
fi

arguments=(audit --format "sarif=$sarif" --format "markdown=$markdown")
if [ "$ANNOTATE" = true ]; then arguments+=(--format github); else arguments+=(--format pretty); fi
[ -z "$CONFIG" ] || arguments+=(--config "$CONFIG")
[ -z "$FAIL_ON" ] || arguments+=(--fail-on "$FAIL_ON")
[ -z "$LOCALE" ] || arguments+=(--locale "$LOCALE")

kept=()
while IFS= read -r line; do
  [ -n "$line" ] || continue
  arguments+=(--format "$line")
  kept+=("$PWD/${line#*=}")
done <<< "${REPORTS:-}"

while IFS= read -r line; do
  [ -z "$line" ] || arguments+=("$line")
done <<< "${ARGS:-}"

"${omniparity[@]}" "${arguments[@]}" | tee "$log"
status=${PIPESTATUS[0]}

# Text of the sources goes into outputs between lines that it cannot guess.
mark=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
{
  echo "status=$status"
  [ ! -f "$sarif" ] || echo "sarif=$sarif"
  [ ! -f "$markdown" ] || echo "markdown=$markdown"
  echo "sentence<<$mark"
  [ "$status" -gt 3 ] || tail -n 1 "$log"
  echo "$mark"
  if [ "${#kept[@]}" -gt 0 ]; then
    echo "reports<<$mark"
    printf '%s\n' "${kept[@]}"
    echo "$mark"
  fi
} >> "$GITHUB_OUTPUT"
