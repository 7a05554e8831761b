# What a network of three nodes must survive: each fault happens while a swarm talks over all of them, and then no
# message that anybody read may be missing, doubled, changed or in another order at anybody who was connected
# throughout, and all nodes that live must be in the same state. Sourced after cluster.sh, cluster-network.sh and
# cluster-space.sh.

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
  'leader-cut-off|the etcd server that leads is cut off from the other two for 12 s, but not from the nodes'
  'leader-disk-full|the disk of the etcd server that leads is full, until it is started with room again'
  'engines-full|the space of all three etcd servers is used up (NOSPACE), until an operator makes room'
)

needs_own_network() { [[ $1 == leader-cut-off || $1 == leader-disk-full ]]; }

# Whether everybody must stay connected: the nodes live on.
everybody_stays() { [[ $1 != node-* && $1 != leader-and-node ]]; }

# The faults and what each does, for people.
list_faults() {
  local fault
  for fault in "${cluster_faults[@]}"; do printf '  %-16s  %s\n' "${fault%%|*}" "${fault#*|}"; done
}

check_fault_names() {
  local name
  for name in "$@"; do
    [[ $'\n'"$(printf '%s\n' "${cluster_faults[@]}")" == *$'\n'"$name|"* ]] ||
      stop_with "There is no fault '$name'. There are:"$'\n'"$(list_faults)"
  done
}

# Something of a fault takes its time: so long do all others go on.
pause() { read -rt "$1" <> <(:) || :; }

# Waits up to $1 seconds until a command succeeds.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    pause 0.1
  done
}

now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# Seconds since a time of `now_ms`, to a tenth.
seconds_since() {
  local tenths=$((($(now_ms) - $1) / 100))
  echo "$((tenths / 10)).$((tenths % 10))"
}

# Adds a figure to the line of the fault's outcome.
note() { echo "$*" >>"$work/notes"; }

# Something that the fault must lead to has not happened: it fails.
miss() { echo "$*" >>"$work/misses"; }

kill_engine() { kill -KILL "${engine_pid[$1]}" && end_processes KILL "${engine_pid[$1]}"; }

other_engine() { echo $(($1 % cluster_engines + 1)); }

# Makes the first etcd server lead. All nodes ask it first, so what happens to it concerns all of them.
let_first_lead() { wait_until 10 make_first_lead || { say "The first etcd server does not lead." && return 1; }; }

make_first_lead() {
  local leader status
  leader=$(engine_leader) || return 1
  [[ $leader != 1 ]] || return 0
  status=$(engine_status 1)
  [[ $status =~ \"member_id\":\"([0-9]+)\" ]] || return 1
  ask_engine "$leader" maintenance/transfer-leadership "{\"targetID\": \"${BASH_REMATCH[1]}\"}" >/dev/null
  [[ $(engine_leader) == 1 ]]
}

another_leads() { engine_leader "$1" >/dev/null; }

# Waits until another one than $1 leads, and notes how long that took.
note_new_leader() {
  local start
  start=$(now_ms)
  if wait_until 10 another_leads "$1"; then
    note "another led after $(seconds_since "$start") s"
  else
    miss "the other two etcd servers elect a leader within 10 s"
  fi
}

# Whether an etcd server answers, and knows of no leader.
is_leaderless() { [[ $(engine_status "$1") == *"no leader"* ]]; }

# Whether no node follows the log at an etcd server.
is_unread() {
  [[ $(curl -sf -m 2 "$(engine_url "$1")/metrics") == *$'\n'"etcd_debugging_mvcc_watcher_total 0"$'\n'* ]]
}

cut_leader_off() {
  local start
  let_first_lead || return 1
  start=$(now_ms)
  cut_engine_off 1
  note_new_leader 1
  wait_until 10 is_leaderless 1 || miss "the one that is cut off answers, and says that it has no leader"
  # It must end their watches: they would wait there for entries that it never gets.
  if wait_until 10 is_unread 1; then
    note "the nodes had left the one that was cut off after $(seconds_since "$start") s"
  else
    miss "no node reads any more from the one that is cut off"
  fi
  while (($(now_ms) - start < 12000)); do pause 0.1; done
  reconnect_engine 1
}

fill_leaders_disk() {
  let_first_lead || return 1
  fill_disk 1
  # An etcd server that cannot write stops; if it went on, this would be another fault.
  wait_until 15 has_stopped_for_space 1 || { say "The etcd server goes on without space." && return 1; }
  note_new_leader 1
  pause 2
  free_disk 1
  start_engine 1
  wait_for_engine 1
}

# Room is made before the nodes' leases run out (10 s), so that nobody is disconnected.
fill_engines() {
  let_guest_in || { say "The guest was not let in." && return 1; }
  local start
  start=$(now_ms)
  use_up_space || return 1
  guest_reads 'The servers cannot agree at the moment' || miss "people are told that the servers cannot agree"
  guest_says 'Is anybody there?'
  guest_reads ' 263 guest PRIVMSG ' || miss "what somebody says then is refused in words (263)"
  pause 2
  make_room || { say "An etcd server does not make room." && return 1; }
  guest_reads 'The servers agree again' || miss "people are told that the servers agree again"
  note "refused in words, and room made after $(seconds_since "$start") s"
  guest_says 'So there is.'
  guest_reads ' PRIVMSG #guests :So there is.' || miss "what somebody says afterwards is heard"
}

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
    leader-cut-off) cut_leader_off ;;
    leader-disk-full) fill_leaders_disk ;;
    engines-full) fill_engines ;;
  esac
}

seconds_of_fault() {
  case $1 in
    engine-rolling) echo 50 ;;
    *-stopped | *-cut-off | *-full) echo 30 ;;
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

# Runs those faults that are named, or all, and says what came of each; fails if one does not hold.
run_faults() {
  local wanted=" $* " fault name words held=0 failed=0 skipped=0
  work=
  trap end_fault EXIT
  trap 'end_fault; rm -rf "$work"; exit 143' HUP INT TERM
  ! has_own_network || prepare_own_network
  for fault in "${cluster_faults[@]}"; do
    name=${fault%%|*} words=${fault#*|}
    [[ $wanted == "  " || $wanted == *" $name "* ]] || continue
    if needs_own_network "$name" && ! has_own_network; then
      printf 'skip  %-16s %s\n' "$name" "$words"
      ((skipped += 1))
    elif run_fault "$name" "$words"; then
      ((held += 1))
    else
      ((failed += 1))
    fi
  done
  say "$held hold, $failed fail, $skipped skipped."
  ((skipped == 0)) || say "Those that were skipped need root, or user namespaces (unshare -rnm)."
  ((failed == 0))
}

# Runs one fault, with engines and nodes of its own; its outcome in a line.
run_fault() {
  local name=$1 words=$2 code=0 outcome=0 swarm_pid
  work=$(mktemp -d)
  cutter_pid= trouble_pid= engine_quota=4294967296
  case $name in
    leader-cut-off) set_engines_apart ;;
    leader-disk-full) give_small_disk 1 ;;
    engines-full) engine_quota=$((16 << 20)) ;;
  esac
  start_engines
  case $name in
    leader-cut-off | leader-disk-full) let_first_lead || stop_with "So the fault cannot be made." ;;
    node-cut-off) start_cutter ;;
  esac
  start_nodes
  make_trouble "$name" 2>"$work/trouble.log" &
  trouble_pid=$!
  # In the background, so that whoever ends this need not wait for it.
  "$hubbub" swarm --nodes "$(node_addresses)" --failover --rate 100 --duration "$(seconds_of_fault "$name")" \
    --json "$work/report.json" </dev/null >"$work/report.txt" 2>&1 &
  swarm_pid=$!
  printf '%s\n' "$trouble_pid" "$swarm_pid" >>"$work/pids"
  wait "$swarm_pid" || code=$?
  wait "$trouble_pid" || stop_with "The fault could not be made: $(cat "$work/trouble.log")"
  end_processes TERM "${cluster_pid[@]}"
  compare_engines
  judge_fault "$name" "$words" "$code" || outcome=$?
  end_fault
  if ((outcome)); then say "      its files are in $work"; else rm -rf "$work"; fi
  return "$outcome"
}

# Ends all processes of a fault. First its trouble, which may start more of them.
end_fault() {
  [[ -n $work && -e $work/pids ]] || return 0
  local pids=()
  # Bash says nothing of those that are killed.
  disown -a
  [[ -z $trouble_pid ]] || end_processes KILL "$trouble_pid"
  readarray -t pids <"$work/pids"
  end_processes KILL "${pids[@]}" ${cutter_pid:+"$cutter_pid"}
  rm "$work/pids"
  put_engines_together
  remove_small_disk
}

# A hash of what each etcd server holds, of those that answer. Nobody may write meanwhile.
engine_hashes() {
  local number answer
  for ((number = 1; number <= cluster_engines; number++)); do
    answer=$(ask_engine "$number" maintenance/hash) || continue
    [[ $answer =~ \"hash\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
  done
}

engines_are_alike() { (($(engine_hashes | sort -u | wc -l) == 1)); }

compare_engines() { wait_until 10 engines_are_alike || miss "all etcd servers hold the same"; }

# What must hold, and what else is known of it.
judge_fault() {
  local name=$1 words=$2 code=$3 seen is_kept=yes flags=()
  ! everybody_stays "$name" || flags=(--everybody-stays)
  seen=$(python3 demo/lib/cluster-verdict.py "${flags[@]}" "$work/report.json" "$work"/n*.log) || is_kept=
  [[ ! -e $work/notes ]] || seen+="; $(paste -sd ';' "$work/notes" | sed 's/;/; /g')"
  if [[ -z $is_kept || -e $work/misses ]]; then
    printf 'FAIL  %-16s %s\n' "$name" "$words"
    printf '      %s\n' "swarm ended with $code" "$seen"
    [[ ! -e $work/misses ]] || sed 's/^/      not so: /' "$work/misses"
    return 1
  fi
  printf 'ok    %-16s %s; %s\n' "$name" "$words" "$seen"
}
