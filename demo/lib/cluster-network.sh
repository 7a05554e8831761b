# Namespaces in which faults may change the network and mount disks, without touching the machine's own: needed to cut
# etcd servers off from each other, and for a small disk. Root may make them, and anybody where user namespaces are
# allowed. The kernel removes them with their last process. Sourced after cluster.sh.

# Starts demo/cluster again, with the same arguments, in a network of its own. Returns if it runs in one already, or if
# none is allowed.
enter_own_network() {
  ! has_own_network || return 0
  local flags
  for flags in -nm -rnm; do
    if unshare "$flags" sh -c 'ip link add one type veth peer name other && ip link add peers type bridge &&
      mount -t tmpfs none /run' 2>/dev/null; then
      HUBBUB_OUTER_NETWORK=$(readlink /proc/self/ns/net) exec unshare "$flags" demo/cluster "$@"
    fi
  done
}

# The variable alone proves nothing: somebody may have set it by hand.
has_own_network() {
  [[ -n ${HUBBUB_OUTER_NETWORK:-} && $HUBBUB_OUTER_NETWORK != "$(readlink /proc/self/ns/net)" ]]
}

prepare_own_network() {
  ip link set lo up
  # `ip netns` keeps the names of networks there, and the machine may have some.
  mount -t tmpfs none /run
}

# Gives each etcd server a network of its own with two cables: one to the nodes, and one to a switch between the
# servers. `start_engine` starts them there.
set_engines_apart() {
  local number
  engines_are_apart=yes
  ip link add peers type bridge
  ip link set peers up
  for ((number = 1; number <= cluster_engines; number++)); do
    ip netns add "e$number"
    ip -n "e$number" link set lo up
    ip link add "client$number" type veth peer name client netns "e$number"
    ip addr add "10.1.$number.1/24" dev "client$number"
    ip link set "client$number" up
    ip -n "e$number" addr add "$(client_host "$number")/24" dev client
    ip -n "e$number" link set client up
    ip link add "peer$number" type veth peer name peer netns "e$number"
    ip link set "peer$number" master peers up
    ip -n "e$number" addr add "$(peer_host "$number")/24" dev peer
    ip -n "e$number" link set peer up
  done
}

# Pulls an etcd server's cable to the others, and plugs it in again.
cut_engine_off() { ip link set "peer$1" down; }

reconnect_engine() { ip link set "peer$1" up; }

put_engines_together() {
  local number
  [[ -n $engines_are_apart ]] || return 0
  # With a network, its ends of the cables are removed, and with them the other ends.
  for ((number = 1; number <= cluster_engines; number++)); do ip netns del "e$number"; done
  ip link del peers
  engines_are_apart=
}
