#!/usr/bin/env bash
# Loads the edge on loopback by wrk, beside a bare Undertow handler, in one run; prints requests per second.
# Needs wrk (Debian: apt-get install wrk), a JDK 25 in JAVA_HOME, and the modules packaged:
#   mvn -q -DskipTests -pl jmh -am package dependency:build-classpath -Dmdep.outputFile=target/class-path
# usage: [WORKERD=path] jmh/edge-load.sh [SECONDS] [CONNECTIONS] [ROUNDS]
# WORKERD names the binary of Cloudflare's workerd (npm install workerd), which then serves the same counter for comparison.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
seconds=${1:-5} connections=${2:-64} rounds=${3:-3}
port=8097
data=$(mktemp -d "$PWD/edge-load.XXXX")
server=
stop() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
  fi
}
trap 'stop; rm -rf "$data"' EXIT

start() {
  "$JAVA_HOME/bin/java" @"$here/../engine/abide.jvmargs" -Xmx1g -XX:+UseCompactObjectHeaders ${EDGE_JAVA_OPTIONS:-} \
    -cp "$here/target/classes:$(cat "$here/target/class-path")" \
    dev.abide.jmh.edge.EdgeTarget "$@" >"$data/log" 2>&1 &
  server=$!
  await count
}

await() { # method
  for _ in $(seq 100); do
    if curl -fs -o /dev/null -X POST -H 'Content-Type: application/json' -d '{"by":1}' \
      "http://localhost:$port/objects/hits/o0/$1"; then
      return
    fi
    sleep 0.1
  done
  cat "$data/log" >&2
  return 1
}

start_workerd() {
  mkdir "$data/workerd"
  "$WORKERD" serve "$here/workerd/hits.capnp" --socket-addr=http=127.0.0.1:$port \
    --directory-path=disk="$data/workerd" >"$data/log" 2>&1 &
  server=$!
  await store
}

load() { # name method objects
  METHOD=$2 OBJECTS=$3 wrk -t1 -c"$connections" -d"$1" --latency -s "$here/edge.lua" \
    "http://127.0.0.1:$port" >"$data/wrk"
  if grep -q 'Non-2xx\|Socket errors' "$data/wrk"; then
    cat "$data/wrk" >&2
    exit 1
  fi
}

measure() { # label method objects
  load 10 "$2" "$3" # warms up
  local round figures=""
  for round in $(seq "$rounds"); do
    load "$seconds" "$2" "$3"
    figures+=" $(awk '/Requests\/sec/ {printf "%.0f", $2}' "$data/wrk")"
  done
  printf '%-34s%s   p50 %s  p99 %s\n' "$1" "$figures" \
    "$(awk '$1 == "50%" {print $2}' "$data/wrk")" "$(awk '$1 == "99%" {print $2}' "$data/wrk")"
}

start bare $port
measure "bare handler, virtual threads" count 1
stop
start edge $port
measure "edge, door from the I/O thread" count 1
measure "edge, the same, 1,000 objects" count 1000
stop
start dispatched $port
measure "edge, dispatched first" count 1
stop
start durable $port "$data/store"
measure "durable, one object" store 1
measure "durable, 1,000 objects" store 1000
stop
if [ -n "${WORKERD:-}" ]; then
  start_workerd
  measure "workerd, one object" store 1
  measure "workerd, 1,000 objects" store 1000
  stop
fi
