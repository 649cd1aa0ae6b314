#!/usr/bin/env bash
# Feeds the loaders of files from strangers with damaged and hostile ones, and counts what becomes of them.
#
#   scripts/fuzz.sh [COUNT [FIRST [LOADER…]]]   COUNT cases in all (100000), numbered from FIRST (0) for each LOADER (all)
#   scripts/fuzz.sh --case LOADER NUMBER        one case; its files stay in training/target/fuzz/case
#
# A line a failure names the case. Ends with 1 if there was one. Loaders: safetensors shards model adapter tokenizer chat
# arrow saved jsonl config. Not a part of "mvn verify", which runs the first few thousand: it takes about ten minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

classpath=training/target/fuzz.classpath
mvn -q -B -ntp -DskipTests -DskipChecks=true -pl training -am test-compile \
  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
  -DincludeScope=test -DexcludeGroupIds=org.grpo4j -Dmdep.outputFile="$PWD/$classpath" </dev/null

own=training/target/test-classes
for module in framework models datasets training; do own="$own:$module/target/classes"; done
export OMP_NUM_THREADS=1
java=(java --add-modules jdk.incubator.vector --add-opens=java.base/java.nio=ALL-UNNAMED -Dai.djl.offline=true
  -DOPT_OUT_TRACKING=true -cp "$own:$(cat "$classpath")")
work=training/target/fuzz

if [ "${1:-}" = --case ]; then
  exec "${java[@]}" -Xms256m -Xmx256m org.grpo4j.training.fuzz.FuzzWorker "$2" "$3" "$(($3 + 1))" "$work"
fi
count=${1:-100000}
first=${2:-0}
exec "${java[@]}" -Xmx64m org.grpo4j.training.fuzz.FuzzRun "$work" "$count" "$first" "${@:3}"
