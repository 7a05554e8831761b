# Etcd servers without space: on a full disk, or at their quota. Sourced after cluster-network.sh.

# Where a small disk is, while there is one.
small_disk=

# Gives an etcd server a small disk, before it is started: etcd allocates 64 MB at once, and needs some more.
give_small_disk() {
  mkdir "$work/e$1"
  mount -t tmpfs -o size=96m none "$work/e$1"
  small_disk=$work/e$1
}

remove_small_disk() {
  [[ -n $small_disk ]] || return 0
  umount "$small_disk"
  small_disk=
}

# Fills an etcd server's small disk up to 128 KiB, which the server itself uses up within seconds.
fill_disk() {
  local left
  left=$(df --output=avail -B1 "$work/e$1" | tail -1)
  head -c $((left - 131072)) /dev/zero >"$work/e$1/ballast"
}

free_disk() { rm "$work/e$1/ballast"; }

has_stopped_for_space() {
  ! kill -0 "${engine_pid[$1]}" 2>/dev/null && grep -q 'no space left on device' "$work/e$1.log"
}

# Writes values of 1 MiB to a key that is not the network's, until the etcd servers refuse. Old values take space until
# they are compacted.
use_up_space() {
  local try answer
  for ((try = 0; try < 60; try++)); do
    answer=$({ printf '{"key": "b3RoZXI=", "value": "' && head -c 1048576 /dev/zero | base64 -w0 && printf '"}'; } |
      curl -s -m 5 -d @- "$(engine_url 1)/v3/kv/put")
    [[ $answer != *"database space exceeded"* ]] || return 0
  done
  say "The etcd servers accept more than their quota: $answer"
  return 1
}

# What etcd's manual tells an operator to do then: compact, defragment each server, and disarm the alarm.
make_room() {
  local number status answer member
  status=$(engine_status 1)
  [[ $status =~ \"revision\":\"([0-9]+)\" ]] || return 1
  ask_engine 1 kv/compaction "{\"revision\": \"${BASH_REMATCH[1]}\", \"physical\": true}" >/dev/null || return 1
  for ((number = 1; number <= cluster_engines; number++)); do
    ask_engine "$number" maintenance/defragment >/dev/null || return 1
  done
  answer=$(ask_engine 1 maintenance/alarm '{"action": "GET"}') || return 1
  while [[ $answer =~ \"memberID\":\"([0-9]+)\" ]]; do
    member=${BASH_REMATCH[0]}
    ask_engine 1 maintenance/alarm "{\"action\": \"DEACTIVATE\", \"alarm\": \"NOSPACE\", $member}" >/dev/null ||
      return 1
    answer=${answer#*"$member"}
  done
}

# A client on node 1 that is silent until it is told to speak, so that nothing of its own waits for the log.
let_guest_in() {
  exec {guest}<>"/dev/tcp/127.0.0.1/$((node_port + 1))"
  printf '%s\r\n' 'CAP REQ :echo-message' 'NICK guest' 'USER guest 0 * :guest' 'CAP END' 'JOIN #guests' >&"$guest"
  guest_reads ' 366 guest '
}

guest_says() { printf 'PRIVMSG #guests :%s\r\n' "$1" >&"$guest"; }

# Waits until the guest has read a line with these words in it.
guest_reads() {
  local line
  while IFS= read -rt 10 -u "$guest" line; do
    if [[ $line == *"$1"* ]]; then return 0; fi
  done
  return 1
}
