# What a network of three nodes must survive: each fault happens while a swarm talks over all of them, and then no
# message that anybody read may be missing, doubled, changed or in another order at anybody who was connected
# throughout, and all nodes that live must be in the same state. Sourced after cluster.sh.

# Names, and what each does. The order is that in which they run.
cluster_faults=(
  'leader-killed|the etcd server that leads is killed, and comes back'
  'leader-stopped|the etcd server that leads is stopped (SIGSTOP) for 12 s'
  'follower-killed|another etcd server is killed, and comes back'
  'follower-stopped|another etcd server is stopped for 12 s'
  'engine-killed|all three etcd servers are killed, and come back'
  'engine-rolling|etcd servers are killed nine times in turn, each comes back'
  'node-killed|a node is killed'
  'node-stopped|a node is stopped for longer than it may be silent, and comes back as another of its times'
  'node-cut-off|a node is cut off from the engine for longer than it may be silent'
  'node-restarted|a node is stopped as it should be, and started again'
  'leader-and-node|the etcd server that leads is killed, and then a node'
)

# Something of a fault takes its time: so long do all others go on.
pause() { read -rt "$1" <> <(:) || :; }

kill_engine() { kill -KILL "${engine_pid[$1]}" && end_processes KILL "${engine_pid[$1]}"; }

other_engine() { echo $(($1 % cluster_engines + 1)); }

# Lets a fault happen: run in the background, a few seconds into the swarm.
make_trouble() {
  local leader number
  pause 5
  leader=$(engine_leader) || return 1
  number=$(other_engine "$leader")
  case $1 in
    leader-killed) kill_engine "$leader" && pause 4 && start_engine "$leader" ;;
    leader-stopped)
      kill -STOP "${engine_pid[$leader]}" && pause 12
      kill -CONT "${engine_pid[$leader]}"
      ;;
    follower-killed) kill_engine "$number" && pause 4 && start_engine "$number" ;;
    follower-stopped)
      kill -STOP "${engine_pid[$number]}" && pause 12
      kill -CONT "${engine_pid[$number]}"
      ;;
    engine-killed)
      for ((number = 1; number <= cluster_engines; number++)); do kill_engine "$number"; done
      for ((number = 1; number <= cluster_engines; number++)); do start_engine "$number"; done
      ;;
    engine-rolling)
      local time
      for ((time = 0; time < 9; time++)); do
        number=$((time % cluster_engines + 1))
        kill_engine "$number"
        pause 1
        start_engine "$number"
        wait_for_port $((engine_port + number)) "${engine_pid[$number]}" || return 1
        pause 3
      done
      ;;
    node-killed) kill -KILL "${cluster_pid[2]}" ;;
    node-stopped)
      kill -STOP "${cluster_pid[2]}" && pause 14
      kill -CONT "${cluster_pid[2]}"
      ;;
    node-cut-off)
      kill -USR1 "$cutter_pid" && pause 14
      kill -USR2 "$cutter_pid"
      ;;
    node-restarted)
      kill -TERM "${cluster_pid[2]}" && end_processes TERM "${cluster_pid[2]}"
      start_node 2
      ;;
    leader-and-node)
      kill_engine "$leader"
      pause 3
      kill -KILL "${cluster_pid[2]}"
      ;;
  esac
  # Those that were started by this are the caller's to end.
  printf '%s\n' "${engine_pid[@]}" "${cluster_pid[@]}" >"$work/pids"
}

seconds_of_fault() {
  case $1 in
    engine-rolling) echo 50 ;;
    *-stopped | node-cut-off) echo 30 ;;
    *) echo 16 ;;
  esac
}

# Between a node and the engine, where a fault cuts them off. Sets `cutter_pid`, and the node's own way.
start_cutter() {
  local number words=()
  for ((number = 1; number <= cluster_engines; number++)); do
    words+=("$((cut_port + number)):$((engine_port + number))")
  done
  python3 demo/lib/cut.py "${words[@]}" 2>"$work/cut.log" &
  cutter_pid=$!
  disown $!
  for ((number = 1; number <= cluster_engines; number++)); do
    wait_for_port $((cut_port + number)) "$cutter_pid" || stop_with "$(cat "$work/cut.log")"
  done
}

# Runs one fault, with engines and nodes of its own; its outcome in a line.
run_fault() {
  local name=$1 words=$2 code=0 pids=()
  work=$(mktemp -d)
  cutter_pid=
  start_engines
  [[ $name != node-cut-off ]] || start_cutter
  start_nodes
  make_trouble "$name" 2>"$work/trouble.log" &
  local trouble_pid=$!
  "$hubbub" swarm --nodes "$(node_addresses)" --failover --rate 100 --duration "$(seconds_of_fault "$name")" \
    --json "$work/report.json" </dev/null >"$work/report.txt" 2>&1 || code=$?
  wait "$trouble_pid" || stop_with "The fault could not be made: $(cat "$work/trouble.log")"
  judge_fault "$name" "$words" "$code"
  local outcome=$?
  [[ -z $cutter_pid ]] || end_processes KILL "$cutter_pid"
  readarray -t pids <"$work/pids"
  end_processes TERM "${cluster_pid[@]}"
  end_processes KILL "${pids[@]}" "${engine_pid[@]}"
  ((outcome)) && say "      its files are in $work" || rm -rf "$work"
  return "$outcome"
}

# What must hold, and what else is known of it.
judge_fault() {
  local name=$1 words=$2 code=$3 faults
  faults=$(python3 demo/lib/cluster-verdict.py "$work/report.json" "$work"/n*.log) || {
    printf 'FAIL  %-16s %s\n' "$name" "$words"
    printf '      %s\n' "swarm ended with $code" "$faults"
    return 1
  }
  printf 'ok    %-16s %s; %s\n' "$name" "$words" "$faults"
}
