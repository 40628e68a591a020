# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What can be wrong before anything is made: each check ends with one sentence (cause, what to do) and an exit code. They
# only look: nothing here changes the machine. The supervisor checks again at every start what can change afterwards.

check_clock() {
    local today
    today=$(date +%F)
    if [[ $today < $RELEASE_DAY ]]; then
        fail 71 "This machine's clock says $today, which is before this release was made ($RELEASE_DAY): certificates and sign-in links made now would be wrong. Set the clock and run this again."
    fi
    if [[ $today > $((${RELEASE_DAY%%-*} + 10))${RELEASE_DAY#????} ]]; then
        fail 71 "This machine's clock says $today, more than ten years after this release was made ($RELEASE_DAY): certificates made now would be wrong. Set the clock and run this again."
    fi
}

# The nearest directory above that exists: a new one is made beneath it.
existing_parent() {
    local dir=$1
    while [ ! -e "$dir" ]; do dir=$(dirname "$dir"); done
    printf '%s' "$dir"
}

check_disk() { # WHAT DIR GB
    local parent free
    [[ $3 =~ ^[0-9]+$ ]] || fail 64 "disk.least is a number of gigabytes, and '$3' is not. Give another with --set disk.least=10."
    parent=$(existing_parent "$2")
    free=$(df -P -B1M "$parent" | awk 'NR == 2 {print $4}')
    if [ "$free" -lt $(($3 * 1024)) ]; then
        fail 71 "The disk of $1 ($parent) has $((free / 1024)).$((free % 1024 * 10 / 1024)) GB free and $3 GB are needed. Free some space, or choose another place with $4."
    fi
}

check_writable() { # WHAT DIR FLAG
    local parent probe
    parent=$(existing_parent "$2")
    [ -d "$parent" ] || fail 73 "$1 $2 cannot be made: $parent is not a directory. Choose another with $3."
    # Asking by making one is the only question that read-only mounts and immutable directories answer truly.
    probe=$(mktemp "$parent/.clawloops-XXXXXX" 2>/dev/null) ||
        fail 73 "$1 $2 is not writable for $(id -un). Run this as the account that owns it (or as root), or choose another with $3."
    rm -f "$probe"
}

check_data_directory() { # DIR
    local owner entries
    check_writable "The data directory" "$1" --data
    [ -d "$1" ] || return 0
    # The mark is made by the first start; what may lie there before it is what a run that was killed earlier left.
    entries=$(find "$1" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name clawloops.conf ! -name log ! -name lock ! -name '.clawloops*' -print -quit)
    if [ -f "$1/.clawloops" ]; then
        owner=$(stat -c %u "$1/.clawloops")
        [ "$owner" = "$(id -u)" ] ||
            fail 73 "The data directory $1 belongs to an installation run by $(id -un "$owner" 2>/dev/null || printf 'uid %s' "$owner"), not by $(id -un). Run this as that account, or choose another with --data."
    elif [ -n "$entries" ]; then
        fail 73 "The data directory $1 is not ours: it holds other files (${entries##*/}) and no .clawloops mark. Choose an empty one with --data."
    fi
}

# Which PostgreSQL a cluster needs is written in it; only that major version opens it.
check_cluster() { # DIR
    local version=$1/pg/cluster/PG_VERSION made have
    is_root || [ -r "$version" ] || return 0
    [ -f "$version" ] || return 0
    made=$(tr -dc 0-9 <"$version")
    [ ! -x "/usr/lib/postgresql/$made/bin/postgres" ] || return 0
    have=$(postgres_majors)
    fail 76 "The database in $1/pg/cluster was made by PostgreSQL $made, and this machine has ${have:-none}. Install postgresql-$made beside it, or move the data with pg_upgrade first; nothing was changed."
}
postgres_majors() {
    local dir list=""
    for dir in /usr/lib/postgresql/*/bin/postgres; do
        [ -x "$dir" ] || continue
        dir=${dir%/bin/postgres}
        list+="${list:+, }${dir##*/}"
    done
    printf '%s' "$list"
}

check_port() { # NAME PORT FLAG
    local line who pid
    [[ $2 =~ ^[0-9]+$ ]] && [ "$2" -ge 1 ] && [ "$2" -le 65535 ] ||
        fail 64 "The $1 port '$2' is not a port number (1 to 65535). Give another with $3."
    if [ "$2" -lt "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" ] && ! is_root; then
        fail 71 "The $1 port $2 is one that only root may use. Choose one from $(cat /proc/sys/net/ipv4/ip_unprivileged_port_start) upwards with $3."
    fi
    line=$(ss -Hltnp "sport = :$2" 2>/dev/null | head -1)
    [ -n "$line" ] || return 0
    # Parts that outlived their supervisor are adopted by the next one.
    pid=$(sed -n 's/.*pid=\([0-9]*\).*/\1/p' <<<"$line")
    if [ -n "$pid" ] && grep -qsE "\"pid\" *: *$pid([^0-9]|\$)" "$DATA/state/supervisor.json"; then return 0; fi
    who=$(sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (process \2)/p' <<<"$line")
    fail 71 "The $1 port $2 is already used by ${who:-another program}. Stop it, or choose another port with $3."
}

# The package may be there and the program not: removed by hand, or out of the way of this PATH.
check_podman() {
    command -v podman >/dev/null ||
        fail 69 "podman is installed as a package, but there is no podman on PATH ($PATH). Put it back with: apt-get install --reinstall podman (or mend PATH), then run this again."
}

# A supervisor holds the data directory from its first moment, and answers a little later. Looked up, not tried: trying would
# for a moment be holding it.
supervisor_locks() { [ -e "$DATA/lock" ] && grep -q "FLOCK .*:$(stat -c %i "$DATA/lock") 0 EOF" /proc/locks; }
supervisor_started() {
    local end=$((SECONDS + 120))
    while supervisor_locks && ! supervisor_runs && [ "$SECONDS" -lt "$end" ]; do sleep 0.2; done
}

# What the running parts were started from, as one hash: the programs, what they read, and the settings.
installed_state() {
    {
        find "$PREFIX/bin" "$PREFIX/share/clawloops" -path "$PREFIX/share/clawloops/installer" -prune -o -type f -printf '%p %s %T@ %i\n' | sort
        cat "$PREFIX/components/.key" "$DATA/clawloops.conf" 2>/dev/null || true
    } | sha256sum | cut -c1-64
}

# Does it outlive the session that started it? A user's services end with the last session unless the account lingers.
keeps_running() {
    is_root || ! has_systemd || [ "$(loginctl show-user "$(id -un)" -p Linger --value 2>/dev/null)" = yes ] ||
        loginctl enable-linger >/dev/null 2>&1
}

# Rootless only: what podman needs of the account.
check_rootless() {
    local user
    user=$(id -un)
    grep -q "^$user:" /etc/subuid && grep -q "^$user:" /etc/subgid ||
        fail 71 "The account $user has no range of container uids in /etc/subuid and /etc/subgid. Ask an administrator to run: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $user"
    # Left to itself an older podman may take vfs for a new store, which copies the whole image for every container. A store
    # that exists, or a choice that somebody made, is left alone.
    local conf=${XDG_CONFIG_HOME:-$HOME/.config}/containers/storage.conf
    if [ ! -e "$conf" ] && [ ! -e /etc/containers/storage.conf ] && [ ! -e "$HOME/.local/share/containers/storage" ]; then
        mkdir -p "$(dirname "$conf")"
        printf '[storage]\ndriver = "overlay"\n' >"$conf"
    fi
    podman info >/dev/null 2>&1 ||
        fail 71 "podman does not work for the account $user: $(podman info 2>&1 | tail -1). Mend that (it needs /dev/fuse, /dev/net/tun and XDG_RUNTIME_DIR), then run this again."
}

check_components() { # DIR
    /usr/bin/python3 "$INSTALLER/lib/verify_components.py" "$1"
}
