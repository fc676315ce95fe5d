#!/usr/bin/env bash
# Loads storage: three workloads beside their compaction, opens after a close, a kill and a loss of power, wakes while the
# store grows, and the same call with little and with much behind it. Writes some gigabytes below jmh/target, and deletes them.
# Needs a JDK 25 in JAVA_HOME, and the modules packaged:
#   mvn -q -DskipTests -pl jmh -am package dependency:build-classpath -Dmdep.outputFile=target/class-path
# usage: jmh/storage-load.sh workloads [OBJECTS] [SECONDS] [hot|append|overwrite] | open [OBJECTS] [BYTES] |
#   growth [PER_SECOND] [SECONDS] | sizes [SECONDS]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exec "$JAVA_HOME/bin/java" @"$here/../engine/abide.jvmargs" -Xmx${HEAP:-2g} \
  -Dabide.bench.data="$here/target/bench-data" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
  -cp "$here/target/classes:$(cat "$here/target/class-path")" dev.abide.jmh.storage.StorageLoad "$@"
