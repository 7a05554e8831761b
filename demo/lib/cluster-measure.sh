# A network of nodes beside one server alone, by the same swarm, in turn, five times: what the common order costs.
# Sourced after cluster.sh.

measure_rounds=${ROUNDS:-5}
measure_seconds=8

# Processor seconds that processes have used so far.
processor_seconds() {
  local pid fields ticks=0
  for pid in "$@"; do
    read -ra fields <"/proc/$pid/stat" || continue
    ticks=$((ticks + fields[13] + fields[14]))
  done
  awk -v ticks="$ticks" -v rate="$(getconf CLK_TCK)" 'BEGIN { print ticks / rate }'
}

# One run of the swarm: measure NAME LOAD PIDS -- flags of hubbub swarm. Adds a line to $work/runs.
measure() {
  local name=$1 load=$2 before after pids=() code=0
  shift 2
  while [[ $1 != -- ]]; do pids+=("$1") && shift; done
  shift
  before=$(processor_seconds "${pids[@]}")
  rm -f "$work/run.json"
  "$hubbub" swarm "$@" --duration "$measure_seconds" --no-guest --json "$work/run.json" </dev/null >"$work/run.txt" 2>&1 ||
    code=$?
  # Some gates tell nothing at such loads; what is lost or in another order does.
  [[ -e $work/run.json ]] || stop_with "The swarm ended with $code: $(tail -3 "$work/run.txt")"
  after=$(processor_seconds "${pids[@]}")
  python3 demo/lib/cluster-measure.py add "$work/run.json" "$name" "$load" "$before" "$after" >>"$work/runs"
}

measure_all() {
  local round load flags
  local where=(--nodes "$(node_addresses)")
  ((cluster_nodes > 1)) || where=("$(node_addresses)")
  start_engines
  # As the server beside them: what is measured is the order, and not what is remembered.
  start_nodes --no-history
  start_server "$work/alone.log" --log-level notice
  alone_pid=$server_pid
  disown "$alone_pid"
  for ((round = 1; round <= measure_rounds; round++)); do
    for load in 500 2500 saturated; do
      flags=(--rate "$load")
      [[ $load != saturated ]] || flags=(--saturate)
      # As many bots at each, so that as many copies are made.
      measure 'one server' "$load" "$alone_pid" -- "127.0.0.1:$server_port" --bots 21 --observers 3 "${flags[@]}"
      measure "$cluster_nodes nodes" "$load" "${cluster_pid[@]}" "${engine_pid[@]}" -- \
        "${where[@]}" --bots 21 --observers 3 "${flags[@]}"
    done
    say "$round of $measure_rounds rounds"
  done
  python3 demo/lib/cluster-measure.py table "$work/runs"
}
