# Sourced by ./run and ./test: installs what is missing, with a plain word before it asks for rights.
#   prepare run     what the build and the room need
#   prepare test    that, and what the tests drive the room with

# The packages that are missing, by the names of this machine's package manager, in $missing.
need() { # need COMMAND-OR-LIBRARY-CHECK apt dnf zypper pacman
  if ! eval "$1" >/dev/null 2>&1; then
    local at=2
    case $manager in dnf) at=3 ;; zypper) at=4 ;; pacman) at=5 ;; esac
    missing="$missing ${!at}"
  fi
}

has_library() { { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -c "$1" >/dev/null; }

prepare() {
  if ! command -v cargo >/dev/null 2>&1 && [ -r "$HOME/.cargo/env" ]; then . "$HOME/.cargo/env"; fi
  if ! command -v cargo >/dev/null 2>&1; then
    echo "inner-room: Rust is not installed. Get it from rustup.rs (version 1.95 or later), then run this again." >&2
    exit 2
  fi
  local manager="" missing="" as_root=""
  for manager in apt-get dnf zypper pacman none; do command -v "$manager" >/dev/null 2>&1 && break; done
  [ "$(uname -s)" = Linux ] || return 0
  # The build: compilers for the recogniser of speech, and the headers of sound and of the two ways to open a window.
  need "command -v cc" build-essential gcc gcc gcc
  need "command -v c++" g++ gcc-c++ gcc-c++ gcc
  need "command -v cmake" cmake cmake cmake cmake
  need "command -v pkg-config" pkg-config pkgconf-pkg-config pkg-config pkgconf
  need "pkg-config --exists alsa" libasound2-dev alsa-lib-devel alsa-devel alsa-lib
  need "pkg-config --exists wayland-client" libwayland-dev wayland-devel wayland-devel wayland
  need "pkg-config --exists xkbcommon" libxkbcommon-dev libxkbcommon-devel libxkbcommon-devel libxkbcommon
  # The room: Vulkan, with a driver that draws without a graphics card where there is none.
  need "has_library libvulkan.so.1" libvulkan1 vulkan-loader libvulkan1 vulkan-icd-loader
  need "compgen -G /usr/share/vulkan/icd.d/*.json || compgen -G /etc/vulkan/icd.d/*.json" mesa-vulkan-drivers mesa-vulkan-drivers libvulkan_lvp vulkan-swrast
  need "has_library libxkbcommon-x11.so.0" libxkbcommon-x11-0 libxkbcommon-x11 libxkbcommon-x11-0 libxkbcommon-x11
  need "has_library libXcursor.so.1" libxcursor1 libXcursor libXcursor1 libxcursor
  need "has_library libXi.so.6" libxi6 libXi libXi6 libxi
  need "has_library libX11-xcb.so.1" libx11-xcb1 libX11-xcb libX11-xcb1 libx11
  # The figures' voices.
  need "command -v espeak-ng" espeak-ng espeak-ng espeak-ng espeak-ng
  if [ "${1:-run}" = test ]; then
    need "command -v Xvfb" xvfb xorg-x11-server-Xvfb xorg-x11-server-Xvfb xorg-server-xvfb
    need "command -v xdotool" xdotool xdotool xdotool xdotool
    # A sound card of air: a microphone and a loudspeaker on a machine that has none.
    need "command -v pulseaudio" pulseaudio pulseaudio pulseaudio pulseaudio
    need "command -v paplay" pulseaudio-utils pulseaudio-utils pulseaudio-utils libpulse
    need "compgen -G '/usr/lib*/alsa-lib/libasound_module_pcm_pulse.so' || compgen -G '/usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so'" libasound2-plugins alsa-plugins-pulseaudio alsa-plugins-pulse alsa-plugins
    # Whatever Vulkan drivers there are, the pictures are drawn by the one that draws the same everywhere.
    need "compgen -G /usr/share/vulkan/icd.d/lvp_icd*.json" mesa-vulkan-drivers mesa-vulkan-drivers libvulkan_lvp vulkan-swrast
  fi
  [ -z "$missing" ] || install_missing
  [ "${1:-run}" != test ] || modules_for_tests
}

# Of Python, for the tests: a real recogniser of words, and the runtime beside which networks that see are compared. Where
# one cannot be had, the tests that need it say so.
modules_for_tests() {
  local module install="python3 -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 10"
  for module in pocketsphinx onnxruntime; do
    python3 -c "import $module" >/dev/null 2>&1 && continue
    # Systems that keep Python's packages to themselves refuse the first.
    $install "$module" >/dev/null 2>&1 || $install --user --break-system-packages "$module" >/dev/null 2>&1 || true
  done
}

install_missing() {
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "inner-room: these packages are missing, and there is no sudo to install them:$missing. Install them, then run this again." >&2
      exit 2
    fi
    as_root=sudo
    echo "inner-room: these packages are missing:$missing. The machine's package manager installs them now, and may ask for your password."
  else
    echo "inner-room: these packages are missing:$missing. The machine's package manager installs them now."
  fi
  # shellcheck disable=SC2086 # a list of names
  case $manager in
    apt-get) $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing ;;
    dnf) $as_root dnf install -y -q $missing ;;
    zypper) $as_root zypper --non-interactive install $missing ;;
    pacman) $as_root pacman -S --noconfirm --needed $missing ;;
    *)
      echo "inner-room: no package manager is known here. Install what these packages of Debian hold, then run this again:$missing" >&2
      exit 2
      ;;
  esac
}
