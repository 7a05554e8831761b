# A network on this machine: etcd servers and nodes of Hubbub, on loopback, in a folder of their own. Sourced after
# setup.sh and peers.sh, not run.
#
# Before use: `hubbub` is the program, `work` a folder. CLUSTER_NODES says how many nodes there are.

cluster_engines=3
cluster_nodes=${CLUSTER_NODES:-3}
engine_port=26790 peer_port_of_engines=26800 node_port=6670 cut_port=26810
declare -A engine_pid=() cluster_pid=()

# How many bytes an etcd server may keep, and whether each has a network of its own: some faults change that.
engine_quota=4294967296 engines_are_apart=

client_host() { if [[ -n $engines_are_apart ]]; then echo "10.1.$1.2"; else echo 127.0.0.1; fi; }

peer_host() { if [[ -n $engines_are_apart ]]; then echo "10.2.0.$1"; else echo 127.0.0.1; fi; }

engine_url() { echo "http://$(client_host "$1"):$((engine_port + $1))"; }

peer_url() { echo "http://$(peer_host "$1"):$((peer_port_of_engines + $1))"; }

# The etcd servers' addresses, as a settings file of node $1 lists them: a node that is to be cut off has a way of its
# own to them.
engine_urls() {
  local number url urls=()
  for ((number = 1; number <= cluster_engines; number++)); do
    url=$(engine_url "$number")
    [[ -z ${cutter_pid:-} || $1 != 2 ]] || url=http://127.0.0.1:$((cut_port + number))
    urls+=("'$url'")
  done
  (IFS=,; echo "${urls[*]}")
}

# Refuses ports that somebody else has: what is there is not ours to end.
check_cluster_ports() {
  local number port
  for ((number = 1; number <= cluster_engines; number++)); do
    for port in $((engine_port + number)) $((peer_port_of_engines + number)); do check_free "$port"; done
  done
  for ((number = 1; number <= cluster_nodes; number++)); do check_free $((node_port + number)); done
}

check_free() {
  if { : <>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null; then
    stop_with "Something listens on 127.0.0.1:$1, which this needs. End it, and try again."
  fi
}

# Starts an etcd server, the first time or again.
start_engine() {
  local number=$1 each peers=() within=()
  for ((each = 1; each <= cluster_engines; each++)); do peers+=("e$each=$(peer_url "$each")"); done
  [[ -z $engines_are_apart ]] || within=(nsenter "--net=/run/netns/e$number")
  # Without --pre-vote a server that comes back from a partition stops the log for another four seconds.
  "${within[@]}" etcd --name "e$number" --data-dir "$work/e$number" --logger zap --log-outputs stderr \
    --listen-client-urls "$(engine_url "$number")" --advertise-client-urls "$(engine_url "$number")" \
    --listen-peer-urls "$(peer_url "$number")" --initial-advertise-peer-urls "$(peer_url "$number")" \
    --initial-cluster "$(IFS=,; echo "${peers[*]}")" \
    --pre-vote --quota-backend-bytes "$engine_quota" 2>>"$work/e$number.log" >&2 &
  engine_pid[$number]=$!
  echo $! >>"$work/pids"
  # Bash says nothing of one that is killed.
  disown $!
}

start_engines() {
  local number
  for ((number = 1; number <= cluster_engines; number++)); do start_engine "$number"; done
  for ((number = 1; number <= cluster_engines; number++)); do
    wait_for_engine "$number" || stop_with "An etcd server did not start: $(tail -3 "$work/e$number.log")"
  done
}

wait_for_engine() { wait_for_port $((engine_port + $1)) "${engine_pid[$1]}" "$(client_host "$1")"; }

# The number of the etcd server that leads. Number $1, if given, is not asked.
engine_leader() {
  local number status
  for ((number = 1; number <= cluster_engines; number++)); do
    [[ $number != "${1:-}" ]] || continue
    status=$(engine_status "$number") || continue
    if [[ $status =~ \"member_id\":\"([0-9]+)\" ]]; then
      local own=${BASH_REMATCH[1]}
      if [[ $status =~ \"leader\":\"([0-9]+)\" && ${BASH_REMATCH[1]} == "$own" ]]; then
        echo "$number"
        return
      fi
    fi
  done
  return 1
}

engine_status() { ask_engine "$1" maintenance/status; }

# Asks an etcd server: ask_engine NUMBER PATH [BODY].
ask_engine() {
  local body=${3:-'{}'}
  curl -sf -m 2 -d "$body" "$(engine_url "$1")/v3/$2"
}

# Starts a node, the first time or again. Flags behind its number are those of `hubbub serve`.
start_node() {
  local number=$1 urls
  shift
  urls=$(engine_urls "$number")
  cat >"$work/n$number.yaml" <<END
listen: ['127.0.0.1:$((node_port + number))']
server-name: node$number.example
state: $work/state$number
open-statistics: true
cluster:
  network: demo
  compare: 100
  node: $number
  engine: [$urls]
END
  "$hubbub" serve --config "$work/n$number.yaml" --log-level notice "$@" 2>>"$work/n$number.log" &
  cluster_pid[$number]=$!
  echo $! >>"$work/pids"
  disown $!
}

start_nodes() {
  local number
  for ((number = 1; number <= cluster_nodes; number++)); do start_node "$number" "$@"; done
  for ((number = 1; number <= cluster_nodes; number++)); do wait_for_node "$number"; done
}

# A node listens before it lets anybody in: that it is in the network, its log says.
wait_for_node() {
  local line
  exec 4< <(tail -n +1 --pid="${cluster_pid[$1]}" -f "$work/n$1.log" 2>/dev/null)
  while IFS= read -r line <&4; do
    if [[ $line == *" join with"* ]]; then exec 4<&- && return; fi
  done
  exec 4<&-
  stop_with "Node $1 did not start: $(tail -5 "$work/n$1.log")"
}

node_addresses() {
  local number addresses=()
  for ((number = 1; number <= cluster_nodes; number++)); do
    addresses+=("127.0.0.1:$((node_port + number))")
  done
  (IFS=,; echo "${addresses[*]}")
}

# Ends all that was started here, nodes first, and a server that is alone beside them (`alone_pid`).
stop_cluster() {
  end_processes TERM ${alone_pid:+"$alone_pid"} "${cluster_pid[@]}"
  end_processes KILL "${engine_pid[@]}"
}

# Sends a signal and waits until they are gone.
end_processes() {
  local signal=$1 pid
  shift
  for pid in "$@"; do kill -"$signal" "$pid" 2>/dev/null || :; done
  for pid in "$@"; do tail -f --pid="$pid" /dev/null; done
}
