# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Accounts, our programs, the settings file, the supervisor's start: what `up` leaves on the machine.

ACCOUNTS=(clawloops clawloops-db clawloops-edge clawloops-model clawloops-build) # the last for third parties' build steps

make_accounts() {
    local account
    for account in "${ACCOUNTS[@]}"; do
        getent passwd "$account" >/dev/null ||
            useradd --system --user-group --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin "$account"
    done
}

# build_programs BUILD: configured once, then only what changed. The tests' build can be the same directory.
build_programs() {
    local targets=() file
    if [ ! -f "$1/build.ninja" ]; then
        # Warnings are for who works on it: a compiler we have not seen must not keep a machine from being set up.
        cmake -S "$SOURCE" -B "$1" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O2 -DCLAWLOOPS_WERROR=OFF
    fi
    for file in "$SOURCE"/app/*/CMakeLists.txt; do
        file=${file%/CMakeLists.txt}
        targets+=("${file##*/}")
    done
    NINJA_STATUS='[%f/%t] ' cmake --build "$1" -j "$(nproc)" --target "${targets[@]}"
}

# install_tree FROM TO: copies what differs, each file whole or not at all (a program may be running), removes what we
# installed there earlier and no longer have. Prints "changed" when anything did.
install_tree() {
    local from=$1 to=$2 name changed=0 list=$2/.installed
    mkdir -p "$to"
    while IFS= read -r -d '' name; do
        if ! cmp -s "$from/$name" "$to/$name"; then
            mkdir -p "$(dirname "$to/$name")"
            cp -p "$from/$name" "$to/$name.part"
            chmod u+rw,go+rX,go-w "$to/$name.part"
            mv "$to/$name.part" "$to/$name"
            changed=1
        fi
    done < <(cd "$from" && find . -type f -print0)
    (cd "$from" && find . -type f | sort) >"$list.part"
    if [ -f "$list" ]; then
        while IFS= read -r name; do
            [ ! -e "$from/$name" ] || continue
            rm -f "${to:?}/$name"
            changed=1
        done < <(comm -23 <(sort "$list") "$list.part") # an older installer sorted in the caller's language
    fi
    mv "$list.part" "$list"
    find "$to" -type d -exec chmod go+rx,go-w {} +
    [ "$changed" = 0 ] || printf 'changed\n'
}

# install_programs BUILD PREFIX: programs in bin, what they read in share/clawloops.
install_programs() {
    local stage changed
    stage=$(mktemp -d)
    changed=$(mktemp)
    chmod 0755 "$stage"
    cmake --install "$1" --prefix "$stage" >&2
    mkdir -p "$stage/share/clawloops"
    cp -R "$SOURCE/resources/." "$stage/share/clawloops/"
    # What stops and removes an installation is part of it: the tree it came from may be gone by then.
    cp -R "$INSTALLER" "$stage/share/clawloops/installer"
    cp "$SOURCE/LICENSE" "$stage/share/clawloops/"
    find "$stage" -name __pycache__ -prune -exec rm -rf {} +
    install_tree "$stage" "$2" >"$changed"
    cat "$changed"
    rm -rf "$stage" "$changed"
}

# setting section.key [DEFAULT]. A machine without a settings file may have no Python yet either.
setting() {
    if [ -f "$DATA/clawloops.conf" ] && [ -x /usr/bin/python3 ]; then
        /usr/bin/python3 "$INSTALLER/lib/settings.py" "$DATA/clawloops.conf" get "$@"
    else
        printf '%s\n' "${2:-}"
    fi
}
run_directory() {
    local run
    run=$(setting paths.run)
    printf '%s' "${run:-$DATA/run}"
}
control_socket() { printf '%s/supervisor/control.sock' "$(run_directory)"; }
supervisor_runs() { [ -e "$(control_socket)" ] && /usr/bin/python3 "$INSTALLER/lib/health.py" "$(control_socket)" running; }

# One service a data directory: the usual one has the plain name.
unit_name() {
    case $DATA in
        /var/lib/clawloops | "$HOME/.local/share/clawloops") printf 'clawloops' ;;
        *) printf 'clawloops-%s' "$(printf '%s' "$DATA" | sha256sum | cut -c1-8)" ;;
    esac
}
has_systemd() {
    if is_root; then [ -d /run/systemd/system ]; else systemctl --user show-environment >/dev/null 2>&1; fi
}
systemctl_here() { if is_root; then systemctl "$@"; else systemctl --user "$@"; fi; }
unit_file() {
    if is_root; then
        printf '/etc/systemd/system/%s.service' "$(unit_name)"
    else
        printf '%s/systemd/user/%s.service' "${XDG_CONFIG_HOME:-$HOME/.config}" "$(unit_name)"
    fi
}

start_supervisor() {
    local unit
    if has_systemd; then
        unit=$(unit_file)
        mkdir -p "$(dirname "$unit")"
        sed -e "s|@PREFIX@|$PREFIX|g" -e "s|@DATA@|$DATA|g" "$INSTALLER/systemd/clawloops-supervisor.service" >"$unit.part"
        is_root || sed -i 's/^WantedBy=.*/WantedBy=default.target/; /network-online/d' "$unit.part"
        mv "$unit.part" "$unit"
        systemctl_here daemon-reload
        systemctl_here enable --quiet "$(unit_name)"
        systemctl_here restart "$(unit_name)"
        systemctl_here show -p MainPID --value "$(unit_name)" >"$LOGS/supervisor.pid"
    else
        mkdir -p "$DATA/log"
        # A new session and no open file of ours: it must outlive this shell and hold none of its locks.
        setsid "$PREFIX/bin/clawloops-supervisor" run --data "$DATA" 9>&- </dev/null >>"$LOGS/supervisor.out" 2>&1 &
        printf '%s' $! >"$LOGS/supervisor.pid"
    fi
}

stop_supervisor() {
    if has_systemd && [ -f "$(unit_file)" ]; then systemctl_here stop "$(unit_name)"; fi
    # No unit, or one that did not start what runs: a session without a bus did.
    if supervisor_runs; then /usr/bin/python3 "$INSTALLER/lib/health.py" "$(control_socket)" stop 180; fi
}

# The data directory is a service account's where it was made as root: another account cannot see whether anything runs there.
own_data() {
    local owner
    [ -f "$DATA/.clawloops" ] || return 0
    owner=$(stat -c %U "$DATA/.clawloops")
    [ "$owner" = "$(id -un)" ] || is_root || fail 71 "$DATA belongs to an installation run by $owner, and this account is $(id -un). Run this as $owner, or with sudo."
}

# Parts whose supervisor was killed, where nothing starts it again: the next one adopts them, and can then stop them in order.
take_up_orphans() {
    local pid prefix=${PREFIX:-}
    ! supervisor_runs || return 0
    for pid in $(/usr/bin/python3 "$INSTALLER/lib/orphans.py" "$DATA/state/supervisor.json"); do
        [ -n "$prefix" ] || prefix=$(realpath "$SOURCE/../..")
        [ -x "$prefix/bin/clawloops-supervisor" ] || prefix=$(if is_root; then printf /opt/clawloops; else printf '%s/.local/opt/clawloops' "$HOME"; fi)
        [ -x "$prefix/bin/clawloops-supervisor" ] ||
            fail 69 "Parts of $DATA still run (process $pid) and their supervisor does not; there is none in $prefix to take them up. Name the installation with --prefix, or end them yourself."
        PREFIX=$prefix
        start_supervisor
        step "take up what still runs" supervisor_answers
        return 0
    done
}
supervisor_answers() {
    local end=$((SECONDS + 60))
    until supervisor_runs; do
        [ "$SECONDS" -lt "$end" ] || fail 69 "The supervisor did not answer within a minute; $LOGS/supervisor.out says why."
        sleep 0.2
    done
}

# By another installation, or by the tests of a tree.
accounts_used() { compgen -G '/etc/systemd/system/clawloops-*.service' >/dev/null || compgen -G '/var/tmp/clawloops-tests-*' >/dev/null; }

wait_healthy() {
    local code=0
    /usr/bin/python3 "$INSTALLER/lib/health.py" "$(control_socket)" wait 300 "$(cat "$LOGS/supervisor.pid" 2>/dev/null || echo 0)" || code=$?
    [ "$code" != 0 ] || return 0
    # It refused to start: its own sentence is the cause.
    if [ -s "$LOGS/supervisor.out" ] && ! supervisor_runs; then
        printf 'clawloops: %s\n' "$(tail -1 "$LOGS/supervisor.out")"
    fi
    return "$code"
}

# The link by which the first admin signs in; empty when there is an admin.
bootstrap_link() {
    local account
    if is_root; then
        account=$(setting account.control clawloops)
        setpriv --reuid="$account" --regid="$account" --init-groups "$PREFIX/bin/clawloopsd" bootstrap-link --data "$DATA"
    else
        "$PREFIX/bin/clawloopsd" bootstrap-link --data "$DATA"
    fi
}
