# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The distribution's packages, by the names of Debian 12 and Ubuntu 24.04. "a|b" takes the first that this release has.

# To run the appliance.
PACKAGES_RUN=(
    podman uidmap slirp4netns fuse-overlayfs catatonit
    'postgresql-15|postgresql-16|postgresql-17' python3
    libqt6core6 libqt6network6 libqt6sql6 libqt6sql6-psql libqt6httpserver6 libqt6websockets6
    libqt6widgets6 libqt6gui6 libqt6svg6 libpq5 'libsimdjson14|libsimdjson19' libgomp1
    ca-certificates openssl iproute2 procps util-linux zstd
)
# To fetch and build it.
PACKAGES_BUILD=(
    g++ cmake ninja-build ccache mold pkg-config
    qt6-base-dev qt6-httpserver-dev qt6-websockets-dev 'qt6-svg-dev|libqt6svg6-dev'
    libgl-dev libopengl-dev libxkbcommon-dev
    'libboost1.81-dev|libboost1.83-dev|libboost-dev' libsimdjson-dev libssl-dev libpq-dev
    python3-pip python3-venv mmdebstrap gpg mount debian-archive-keyring git
)
# To run the tests.
PACKAGES_TEST=(patch python3-yaml systemd xvfb busybox-static fonts-dejavu-core faketime shellcheck curl)

# The tests drive the distribution's own Chromium. Ubuntu has one only as a snap, which sees no /tmp and takes no profile of ours.
install_browser() {
    [ ! -x /usr/bin/chromium ] || return 0
    if grep -qx 'ID=ubuntu' /etc/os-release; then
        fail 69 "Some tests drive /usr/bin/chromium, which Ubuntu has only as a snap that they cannot use. Install a Chromium from a .deb, or leave these tests out: tests/run -LE 'bench|optin|browser'"
    fi
    install_packages chromium
}

# Where the host's cgroup v1 has v2 mounted beside it, only runc starts containers.
packages_of_this_machine() {
    if [ "$(stat -fc %T /sys/fs/cgroup 2>/dev/null)" != cgroup2fs ]; then printf 'runc\n'; fi
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
known() { [ -n "$(apt-cache --no-generate policy "$1" 2>/dev/null | grep -v 'Candidate: (none)' | grep 'Candidate:')" ]; }

# missing_packages NAME...: those that are not installed, alternatives resolved.
missing_packages() {
    local wanted choice chosen have
    have=" $(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | tr '\n' ' ') "
    for wanted; do
        chosen=""
        for choice in ${wanted//|/ }; do
            case $have in *" $choice "*) chosen=$choice ;; esac
        done
        # Renamed libraries (the 64-bit time of Ubuntu 24.04) carry the suffix t64.
        case $have in *" ${wanted}t64 "*) chosen=$wanted ;; esac
        [ -z "$chosen" ] || continue
        for choice in ${wanted//|/ }; do
            if known "$choice"; then
                chosen=$choice
                break
            fi
            if known "${choice}t64"; then
                chosen=${choice}t64
                break
            fi
        done
        printf '%s\n' "${chosen:-${wanted%%|*}}"
    done
}

need_debian() {
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
        fail 69 "This installer knows Debian 12 and Ubuntu 24.04 only, and this machine has no apt. Use one of those."
    [ "$(uname -m)" = x86_64 ] || fail 69 "The pinned components are built for x86-64, and this machine is $(uname -m). Use an x86-64 machine."
}

# install_packages NAME...: as root or by sudo; a sentence with the command to give an administrator else.
install_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    if [ "${#missing[@]}" = 0 ]; then
        # A run that was killed while apt went on left it.
        if [ -e "$POSTGRES_NOTE" ] && can_root; then as_root rm -f "$POSTGRES_NOTE"; fi
        return 0
    fi
    # A name may be unknown only because the machine never asked for its package lists.
    can_root || fail 71 "These packages are missing and this account may not install them: ${missing[*]}. Ask an administrator to run: apt-get install ${missing[*]}"
    step "package lists" apt_lists
    mapfile -t missing < <(missing_packages "$@")
    step "packages" apt_install "${missing[@]}"
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" = 0 ] || fail 69 "These packages could not be installed: ${missing[*]}. See $(log_of "packages") and the machine's package sources."
}
POSTGRES_NOTE=/etc/postgresql-common/createcluster.d/clawloops.conf
# apt waits for others who install, but not for others who read the lists, as a machine does by itself soon after its start.
apt_lists() {
    local said end=$((SECONDS + 600))
    until said=$(as_root apt-get update -q 2>&1); do
        printf '%s\n' "$said"
        [[ $said == *lists/lock* ]] ||
            fail 69 "The package lists could not be fetched; apt's message is above in the log. Check the network and the machine's package sources, then run this again."
        [ "$SECONDS" -lt "$end" ] || fail 71 "Another program has held apt's package lists for ten minutes. Look what it is (fuser -v /var/lib/apt/lists/lock), then run this again."
        sleep 2
    done
    printf '%s\n' "$said"
}
apt_install() {
    # Without this the PostgreSQL package would make and start a cluster of its own, which nobody here asked for. A note that is
    # there already was left by a run that was killed.
    local note=$POSTGRES_NOTE
    if ! installed postgresql-common; then
        as_root install -d /etc/postgresql-common/createcluster.d
        printf 'create_main_cluster = false\n' | as_root tee "$note" >/dev/null
    fi
    # One that is still going on, ours or another's, is waited for; one that was cut is first brought to its end.
    local code=0 install=(apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600)
    as_root env DEBIAN_FRONTEND=noninteractive "${install[@]}" "$@" || code=$?
    if [ "$code" != 0 ] && [ -n "$(dpkg --audit)" ]; then
        code=0
        as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a || true
        as_root env DEBIAN_FRONTEND=noninteractive "${install[@]}" "$@" || code=$?
    fi
    [ ! -e "$note" ] || as_root rm -f "$note"
    [ "$code" = 0 ] || fail 69 "apt-get could not install: $*. Its message is above in the log; mend the machine's package sources and run this again."
}
