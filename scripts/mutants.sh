#!/usr/bin/env bash
# Breaks the objective and the eligibility trace on purpose, one place at a time, and shows which law notices.
#
#   scripts/mutants.sh              every mutant of scripts/mutants/mutants.txt
#   scripts/mutants.sh WORD...      those whose name or file contains one of the words
#
# The sources stay as they are: a mutated class is compiled into memory and takes the place of the real one. Ends with 1 if
# a mutant survives, with 2 if one no longer fits the sources. Not a part of "mvn verify": it takes minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tool=scripts/mutants/Mutants.java
classpath=training/target/mutants.classpath
mvn -q -B -ntp -DskipTests -DskipChecks=true -pl training -am test-compile \
  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
  -DincludeScope=test -DexcludeGroupIds=org.grpo4j -Dmdep.outputFile="$PWD/$classpath" </dev/null

export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
exec java -Xmx1500m --add-modules jdk.incubator.vector --add-opens=java.base/java.nio=ALL-UNNAMED \
  -Dorg.bytedeco.javacpp.maxbytes=4G -Dorg.bytedeco.javacpp.maxphysicalbytes=8G \
  -cp "$(cat "$classpath")" "$tool" scripts/mutants/mutants.txt "$@"
