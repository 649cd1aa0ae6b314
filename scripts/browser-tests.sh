#!/usr/bin/env bash
# Shows the report and the live page to a headless Chromium: no error, no violation of the page's policy, nothing wider
# than the window in both themes and three widths, and a run of 10,000 steps drawn within 2 s. Pictures and the measured
# times are left in training/target/screenshots. Where no Chromium is found, --install gets Debian's (needs root).
#
#   scripts/browser-tests.sh [--install]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

find_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome || true
}

chromium=${GRPO4J_CHROMIUM:-$(find_chromium)}
if [ -z "$chromium" ] && [ "${1:-}" = --install ]; then
  apt-get update
  apt-get install -y --no-install-recommends chromium
  chromium=$(find_chromium)
fi
if [ -z "$chromium" ]; then
  echo "skipped: no Chromium is on the path; call with --install, or set GRPO4J_CHROMIUM to one" >&2
  exit 0
fi

mvn -B -q -pl training -am test -DskipChecks=true -Dtest=BrowserTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Dgrpo4j.chromium="$chromium" -Dgrpo4j.browser.limit=2000 ${GRPO4J_BUILD_ARGS:-} </dev/null
cat training/target/screenshots/drawn.txt
