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
  need_packages libcrypt-dev libcurl4-openssl-dev libedit-dev libsqlite3-dev libssl-dev liburing-dev zlib1g-dev
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

# What the program is built from, in a line: another one means that it must be built anew.
build_origin() {
  local swift
  swift=$(readlink -f "$(command -v swift)")
  printf '%s %s %s %s\n' "$PWD" "$(tree_commit)" "$swift" "$(stat -c %Y "$swift")"
}

# Whether the program stands as the sources are: then nothing has to be asked of SwiftPM, which takes seconds to
# say so. A file that was removed shows in its folder's time.
is_built() {
  local stamp=.build/hubbub-release.origin
  [[ -x .build/release/hubbub && -e $stamp && $(<"$stamp") == "$(build_origin)" ]] || return 1
  [[ -z $(find Package.swift Package.resolved Sources -newer "$stamp" -print -quit 2>/dev/null) ]]
}

# Refuses folders in which a build can only fail, with what to do about them.
check_build_folder() {
  local folder=.build
  [[ -e $folder ]] || folder=.
  [[ -w $folder ]] ||
    stop_with "$PWD belongs to $(stat -c %U "$folder"), and you may not write there. Build in a copy of your own: git clone $PWD"
  local plan
  for plan in .build/release.yaml .build/debug.yaml; do
    # SwiftPM's plans name everything by its whole path.
    if [[ -e $plan ]] && ! grep -qF "$PWD/.build/" "$plan"; then
      stop_with "$PWD/.build was copied or moved here, and cannot be built upon. Remove it and try again: rm -rf $PWD/.build"
    fi
  done
}

# Copies a build's output to the file $1 and shows how far it is: on a terminal in one line, elsewhere now and then.
show_progress() {
  local line shown=-1 percent
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$1"
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    percent=$((100 * BASH_REMATCH[1] / BASH_REMATCH[2]))
    if [[ -t 2 ]]; then
      printf '\r\033[K%d of %d steps' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" >&2
    elif ((percent >= shown + 20)); then
      shown=$percent
      say "$percent %"
    fi
  done
  [[ ! -t 2 ]] || printf '\r\033[K' >&2
}

# Builds the release binary, unless it stands as the sources are, and sets `hubbub` to its path.
build_hubbub() {
  hubbub=$PWD/.build/release/hubbub
  need_swift
  ! is_built || return 0
  need_libraries
  check_build_folder
  if [[ -x $hubbub ]]; then
    say "Building hubbub: something has changed …"
  else
    say "Building hubbub; the first time takes a few minutes …"
  fi
  local log temporary=${XDG_CACHE_HOME:-$HOME/.cache}/hubbub
  # SwiftPM's lock files lie in the folder for temporary files, where those of another user would be in the way.
  mkdir -p "$temporary"
  log=$(mktemp)
  HUBBUB_COMMIT=$(tree_commit)
  # What is built without it says "commit unknown", as by a plain `swift build`.
  if [[ -n $HUBBUB_COMMIT ]]; then export HUBBUB_COMMIT; else unset HUBBUB_COMMIT; fi
  local origin
  origin=$(build_origin)
  # Before the build: what is changed meanwhile is built the next time.
  mkdir -p .build
  printf '%s\n' "$origin" >.build/hubbub-release.origin.new
  if ! (
    set -o pipefail
    TMPDIR=$temporary swift build -c release --static-swift-stdlib --product hubbub 2>&1 | show_progress "$log"
  ); then
    cat "$log" >&2
    rm -f "$log"
    stop_with "The build failed; see above."
  fi
  rm -f "$log"
  mv .build/hubbub-release.origin.new .build/hubbub-release.origin
}

# Starts a server that remembers nothing, with the given flags, on a port of 127.0.0.1 that the system chooses. Sets `server_pid` and
# `server_port`; its log goes to the file named first.
start_server() {
  local log=$1
  shift
  # So that there is something to look into, however late the server starts to write.
  : >"$log"
  "$hubbub" serve --listen 127.0.0.1:0 --no-history "$@" 2>"$log" &
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
