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

# Likewise, where this machine's package manager knows it: it must not be asked for what it cannot have.
may_need() { # may_need COMMAND-OR-LIBRARY-CHECK apt dnf zypper pacman
  local before=$missing name
  need "$@"
  name=${missing##* }
  [ "$missing" = "$before" ] || offers "$name" || missing=$before
}

offers() {
  case $manager in
    apt-get) apt-cache show "$1" ;;
    dnf) dnf -q info "$1" ;;
    zypper) zypper --non-interactive search --match-exact "$1" ;;
    pacman) pacman -Si "$1" ;;
    *) false ;;
  esac >/dev/null 2>&1
}

requires() { case ",${INNER_ROOM_REQUIRE:-}," in *",$1,"*) ;; *) false ;; esac; }

has_library() { { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -c "$1" >/dev/null; }

prepare() {
  if ! command -v cargo >/dev/null 2>&1 && [ -r "$HOME/.cargo/env" ]; then . "$HOME/.cargo/env"; fi
  if ! command -v cargo >/dev/null 2>&1; then
    echo "inner-room: Rust is not installed. Get it from rustup.rs (version 1.95 or later), then run this again." >&2
    exit 2
  fi
  local manager="" missing="" as_root="" root_for_headset=""
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
    headset_of_air
  fi
  [ -z "$missing" ] || install_missing
  if [ "${1:-run}" = test ]; then
    modules_for_tests
    [ -z "$root_for_headset" ] || make_root_for_headset
  fi
}

# A runtime of OpenXR whose headset is in it alone. Where this system has none, and tests have to have one, it gets a folder
# with a newer system in it: only a Debian, and only for root.
headset_of_air() {
  requires xr || return 0
  # A system that has never asked what there is knows of nothing.
  if [ "$manager" = apt-get ] && [ "$(id -u)" -eq 0 ] && ! compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null; then
    apt-get update -qq || true
  fi
  may_need "command -v monado-service" monado-service monado monado monado
  if command -v monado-service >/dev/null 2>&1 || [[ $missing == *monado* ]]; then
    may_need "[ -r /usr/share/openxr/1/openxr_monado.json ]" libopenxr1-monado monado monado monado
    may_need "has_library libopenxr_loader.so.1" libopenxr-loader1 openxr-libs libopenxr_loader1 openxr
    may_need "command -v hello_xr && command -v openxr_runtime_list" libopenxr-utils openxr openxr openxr
  elif [ "$manager" = apt-get ] && [ "$(id -u)" -eq 0 ]; then
    root_for_headset=${CARGO_TARGET_DIR:-target}/xr-root
    if [ -d "${INNER_ROOM_XR_ROOT:-$root_for_headset}" ]; then
      root_for_headset=""
    else
      need "command -v debootstrap" debootstrap
    fi
  fi
}

make_root_for_headset() {
  local mirror part="$root_for_headset.part"
  local packages=monado-service,libopenxr1-monado,libopenxr-loader1,libopenxr-utils,libvulkan1,mesa-vulkan-drivers
  # What the program itself is linked with, and opens at run time.
  packages=$packages,ca-certificates,espeak-ng,libasound2t64,libgcc-s1,libstdc++6
  packages=$packages,libwayland-client0,libx11-6,libx11-xcb1,libxcursor1,libxi6,libxkbcommon-x11-0
  # shellcheck disable=SC2016 # apt's words
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 2>/dev/null | sed -n 1p) || mirror=""
  if [ -z "$mirror" ]; then
    echo "inner-room: this system has no runtime for headsets, and no sources of Debian to get one from; the tests say what they miss." >&2
    return 0
  fi
  echo "inner-room: this system has no runtime for headsets. A folder with a newer one is made for the tests now, which takes about two minutes and 1 GB."
  # What an interrupted one has left. What is mounted while it is made is gone with who makes it.
  rm -rf "$part"
  mkdir -p "${root_for_headset%/*}"
  if unshare --mount --propagation private debootstrap --variant=minbase --include="$packages" trixie "$part" "$mirror" >"$part.log" 2>&1; then
    rm -rf "$part"/var/cache/apt/*.bin "$part"/var/cache/apt/archives/*.deb "$part"/var/lib/apt/lists/*
    mv "$part" "$root_for_headset"
    rm -f "$part.log"
  else
    echo "inner-room: it could not be made ($part.log says why); the tests say what they miss." >&2
  fi
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
