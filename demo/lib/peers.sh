# The servers that Hubbub is measured beside, each with its limits lifted. Sourced, after setup.sh.

peers=(hubbub ngircd inspircd relay)

# Starts one with a fresh process: start_peer NAME DIRECTORY. Sets `peer_pid` and `peer_port`.
start_peer() {
  local name=$1 work=$2
  case $name in
    hubbub)
      start_server "$work/hubbub.log" --log-level notice --max-clients 20000
      peer_pid=$server_pid peer_port=$server_port
      return
      ;;
    ngircd)
      peer_port=16697
      ngircd_settings >"$work/ngircd.conf"
      ngircd --nodaemon --config "$work/ngircd.conf" >"$work/ngircd.log" 2>&1 &
      ;;
    inspircd)
      peer_port=26697
      inspircd_settings "$work" >"$work/inspircd.conf"
      local as_root=()
      [[ $(id -u) == 0 ]] && as_root=(--runasroot)
      inspircd "${as_root[@]}" --nofork --config "$work/inspircd.conf" >"$work/inspircd.out" 2>&1 &
      ;;
    relay)
      peer_port=36697
      [[ -x $work/relay ]] || cc -O2 -o "$work/relay" demo/lib/relay.c
      "$work/relay" "$peer_port" >"$work/relay.log" 2>&1 &
      ;;
  esac
  peer_pid=$!
  wait_for_port "$peer_port" "$peer_pid" || stop_with "$name did not start: $(tail -3 "$work/$name"*)"
}

stop_peer() {
  [[ -n ${peer_pid:-} ]] || return 0
  kill -TERM "$peer_pid" 2>/dev/null || :
  wait "$peer_pid" 2>/dev/null || :
  peer_pid=
}

# Waits until something listens on a port and its process lives: wait_for_port PORT PID [HOST]. Without HOST, on
# 127.0.0.1.
wait_for_port() {
  local try
  for ((try = 0; try < 400; try++)); do
    kill -0 "$2" 2>/dev/null || return 1
    (exec 3<>"/dev/tcp/${3:-127.0.0.1}/$1") 2>/dev/null && return 0
    read -rt 0.05 <> <(:) || :
  done
  return 1
}

ngircd_settings() {
  cat <<EOF
[Global]
  Name = irc.bench.local
  Info = bench
  AdminInfo1 = bench
  AdminEMail = bench@bench.local
  Listen = 127.0.0.1
  Ports = $peer_port
[Limits]
  MaxConnections = 0
  MaxConnectionsIP = 0
  MaxJoins = 0
  MaxNickLength = 32
  MaxPenaltyTime = 0
  PingTimeout = 600
[Options]
  DNS = no
  Ident = no
  PAM = no
EOF
}

inspircd_settings() {
  cat <<EOF
<server name="irc.bench.local" description="bench" network="bench">
<admin name="bench" nick="bench" email="bench@bench.local">
<bind address="127.0.0.1" port="$peer_port" type="clients">
<connect name="main" allow="*" timeout="60" pingfreq="600" hardsendq="268435456" softsendq="268435456"
  recvq="268435456" threshold="1000000000" commandrate="1000000000" fakelag="no" localmax="100000"
  globalmax="100000" maxconnwarn="no" resolvehostnames="no" useident="no" limit="100000" maxchans="100">
<performance softlimit="100000" somaxconn="4096" quietbursts="yes" nouserdns="yes">
<log method="file" level="default" type="*" target="$1/inspircd.log">
<pid file="$1/inspircd.pid">
<limits maxnick="32">
EOF
}
