#!/usr/bin/env bash
# Disturbs runs on purpose and looks whether anything is lost.
#
#   scripts/drill.sh [SEED]        50 kills, 10 requests to end, 20 damaged checkpoints, a full disk: about five minutes
#   scripts/drill.sh soak [STEPS]  memory and open files over a long run, 2,000 steps if nothing else is said
#
# A short form of the first is a part of the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

classpath=training/target/drill.classpath
mvn -q -B -ntp -DskipTests -DskipChecks=true -pl training -am test-compile \
  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
  -DincludeScope=test -DexcludeGroupIds=org.grpo4j -Dmdep.outputFile="$PWD/$classpath" </dev/null
classes=
for module in training datasets models framework; do
  classes+="$module/target/test-classes:$module/target/classes:"
done

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
run() {
  OMP_NUM_THREADS=1 java -Xmx1g --add-modules jdk.incubator.vector --add-opens=java.base/java.nio=ALL-UNNAMED \
    -Dorg.bytedeco.javacpp.maxbytes=2G -Dorg.bytedeco.javacpp.maxphysicalbytes=4G \
    -cp "$classes$(cat "$classpath")" "$@" 2> >(grep -v 'incubator' >&2)
}
if [ "${1:-}" = soak ]; then
  run org.grpo4j.training.drill.Soak "$place" "${2:-2000}"
  exit
fi
run org.grpo4j.training.drill.FaultDrill "$place/a" kills 50 "${1:-1}"
run org.grpo4j.training.drill.FaultDrill "$place/b" terminations 10 "${1:-1}"
run org.grpo4j.training.drill.FaultDrill "$place/c" damages,full-disk 20 "${1:-1}"
