#!/usr/bin/env bash
# Loads the edge's sockets on loopback, beside a bare Undertow WebSocket, in one run: echoes, broadcasts, idle sockets.
# Needs a JDK 25 in JAVA_HOME, file descriptors for all sockets, and the modules packaged:
#   mvn -q -DskipTests -pl jmh -am package dependency:build-classpath -Dmdep.outputFile=target/class-path
# usage: jmh/socket-load.sh [IDLE] [OBJECTS] [ECHOERS] [SECONDS] [LISTENERS] [ROUNDS]; 10000 1000 64 5 1000 3
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
needed=$((${1:-10000} + 2000))
if [ "$(ulimit -n)" != unlimited ] && [ "$(ulimit -n)" -lt "$needed" ]; then
  ulimit -n "$needed" || {
    echo "socket-load: $needed file descriptors are needed; raise the hard limit (ulimit -Hn: $(ulimit -Hn))" >&2
    exit 1
  }
fi
exec "$JAVA_HOME/bin/java" -Xmx512m -cp "$here/target/classes:$(cat "$here/target/class-path")" \
  dev.abide.jmh.edge.SocketLoad "$@"
