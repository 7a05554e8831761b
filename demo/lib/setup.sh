# What the project's scripts share: installing what is missing, and building. Sourced, not run.

say() { printf '%s\n' "$*" >&2; }

stop_with() {
  say "$*"
  exit 1
}

# Installs the Debian packages among its arguments that are missing.
need_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
      missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null ||
    stop_with "These packages are missing, and there is no apt-get to install them with: ${missing[*]}"
  local as_root=()
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null ||
      stop_with "These packages are missing; install them as root and try again: ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing the Debian packages ${missing[*]} …"
  "${as_root[@]}" apt-get update -qq >&2 &&
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends \
      "${missing[@]}" >&2 ||
    stop_with "Installing failed. Install these packages by hand and try again: ${missing[*]}"
}

# Installs what the program is linked with.
need_libraries() {
  need_packages libcrypt-dev libedit-dev libsqlite3-dev libssl-dev liburing-dev zlib1g-dev
}

need_swift() {
  command -v swift >/dev/null ||
    stop_with "The Swift toolchain is missing. Install Swift 6 from https://swift.org/install and try again."
}

# Prints the commit of the tree, with a mark if something was changed since; nothing where git knows none.
tree_commit() {
  local commit
  commit=$(git rev-parse --short=7 HEAD 2>/dev/null) || return 0
  if git diff --quiet HEAD -- 2>/dev/null; then echo "$commit"; else echo "$commit-changed"; fi
}

# Builds the release binary and sets `hubbub` to its path.
build_hubbub() {
  need_swift
  need_libraries
  say "Building hubbub (the first time takes a few minutes) …"
  local log
  log=$(mktemp)
  HUBBUB_COMMIT=$(tree_commit)
  # What is built without it says "commit unknown", as by a plain `swift build`.
  if [[ -n $HUBBUB_COMMIT ]]; then export HUBBUB_COMMIT; else unset HUBBUB_COMMIT; fi
  if ! swift build -c release --static-swift-stdlib --product hubbub >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    stop_with "The build failed; see above."
  fi
  rm -f "$log"
  hubbub=$(swift build -c release --show-bin-path)/hubbub
}

# Starts a server with the given flags on a port of 127.0.0.1 that the system chooses. Sets `server_pid` and
# `server_port`; its log goes to the file named first.
start_server() {
  local log=$1
  shift
  # So that there is something to look into, however late the server starts to write.
  : >"$log"
  "$hubbub" serve --listen 127.0.0.1:0 "$@" 2>"$log" &
  server_pid=$!
  local line
  for ((try = 0; try < 200; try++)); do
    line=$(grep -m1 -o 'listening on=127\.0\.0\.1:[0-9]*' "$log") && break
    kill -0 "$server_pid" 2>/dev/null || stop_with "The server did not start: $(cat "$log")"
    read -rt 0.05 <> <(:) || :
  done
  server_port=${line##*:}
  [[ -n $server_port ]] || stop_with "The server did not say where it listens: $(cat "$log")"
}

stop_server() {
  kill -TERM "$1" 2>/dev/null && wait "$1"
}
