# Sourced by ./run and ./test: installs what the build needs, with a plain word before it asks for rights.

prepare() {
  if ! command -v cargo >/dev/null 2>&1; then
    if [ -r "$HOME/.cargo/env" ]; then . "$HOME/.cargo/env"; fi
  fi
  if ! command -v cargo >/dev/null 2>&1; then
    echo "inner-room: Rust is not installed. Get it from rustup.rs (version 1.95 or later), then run this again." >&2
    exit 2
  fi
  # A C compiler and linker are all that is needed so far; the database of the journal is compiled with it.
  command -v cc >/dev/null 2>&1 && return 0
  local as_root=""
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "inner-room: a C compiler is missing, and there is no sudo to install one. Install gcc, then run this again." >&2
      exit 2
    fi
    as_root="sudo"
    echo "inner-room: a C compiler is missing. The machine's package manager installs it now, and may ask for your password."
  else
    echo "inner-room: a C compiler is missing. The machine's package manager installs it now."
  fi
  if command -v apt-get >/dev/null 2>&1; then
    $as_root apt-get update -qq && $as_root apt-get install -y -qq build-essential
  elif command -v dnf >/dev/null 2>&1; then
    $as_root dnf install -y -q gcc
  elif command -v zypper >/dev/null 2>&1; then
    $as_root zypper --non-interactive install gcc
  elif command -v pacman >/dev/null 2>&1; then
    $as_root pacman -S --noconfirm --needed gcc
  else
    echo "inner-room: no package manager is known here. Install gcc, then run this again." >&2
    exit 2
  fi
}
