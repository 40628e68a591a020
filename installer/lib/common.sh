# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What every script of the installer shares: where things lie, how it speaks, how it fails, how it shows progress.
# Exit codes are those of our programs (internals.md): 64 flags, 69 missing, 71 the machine refuses, 73 not our data
# directory, 76 another version's data.

# A failing command inside $(...) is a failure too.
shopt -s inherit_errexit
# Whoever calls: programs' messages are read here and sorted lists compared, so they come in one language; what is made is for
# several accounts to read; `su` without a dash leaves the administrator's programs out.
export LC_ALL=C.UTF-8
umask 022
case :$PATH: in *:/usr/sbin:*) ;; *) PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin ;; esac

INSTALLER=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SOURCE=$(dirname "$INSTALLER")
# The day this installer was written: a clock before it is wrong, and so is one ten years after it.
RELEASE_DAY=2026-11-01
NEEDED_GB=10

# HOME may be unset (cron, CI): the account's own entry says where it is.
if [ -z "${HOME:-}" ]; then
    HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
    export HOME
fi
CACHE=${CLAWLOOPS_CACHE:-$HOME/.cache/clawloops}
LOGS=$CACHE/log

say() { printf '%s\n' "$*"; }
# fail CODE SENTENCE...: one line with the cause and what to do; leaves the state as the next run can use it.
fail() {
    local code=$1
    shift
    printf 'clawloops: %s\n' "$*" >&2
    exit "$code"
}

is_root() { [ "$(id -u)" = 0 ]; }
# A machine's own way to the network: sudo and the build account would not know of it.
NETWORK_VARIABLES=(http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE
    NODE_EXTRA_CA_CERTS PIP_CERT PIP_CONFIG_FILE PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_TRUSTED_HOST UV_INDEX_URL UV_DEFAULT_INDEX
    npm_config_registry npm_config_cafile)
KEPT_BY_SUDO=$(IFS=,; printf '%s' "CLAWLOOPS_CACHE,CCACHE_DIR,${NETWORK_VARIABLES[*]}")
# through_sudo COMMAND...: this script again as root; some sudoers files do not let variables through, and then it goes without.
through_sudo() {
    if sudo -n -H --preserve-env="$KEPT_BY_SUDO" true 2>/dev/null; then
        exec sudo -H --preserve-env="$KEPT_BY_SUDO" "$@"
    fi
    exec sudo -H "$@"
}
# as_root COMMAND...: directly, or through sudo when this run is allowed to use it.
as_root() {
    if is_root; then "$@"; else sudo -n "$@"; fi
}
# It may ask for the password, where somebody sits before it.
can_root() { is_root || { command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; }; }

now_ms() { date +%s%3N; }
seconds_since() {
    local t=$(($(now_ms) - $1))
    printf '%d.%d' $((t / 1000)) $((t % 1000 / 100))
}

# --- steps ----------------------------------------------------------------------------------------------------------
# step TITLE COMMAND...: runs it with its output in a log, a progress line while it runs, its time when it is done.
# spawn NAME TITLE COMMAND... and join: the same side by side.
STEP_TABLE=()
JOBS=()

log_of() { printf '%s/%s.log' "$LOGS" "$(tr -cs 'a-z0-9' '-' <<<"${1,,}" | sed 's/-$//')"; }

progress_of() { # the last line of a log that says something, shortened
    tail -c 2000 "$1" 2>/dev/null | tr '\r' '\n' | grep -a '[[:alnum:]]' | tail -1 | cut -c1-70 | tr -d '\033' || true
}

spawn() {
    local title=$1 log
    shift
    mkdir -p "$LOGS"
    log=$(log_of "$title")
    : >"$log"
    # A process group of its own, so that stopping it stops the compilers and fetchers below it. Without 9, the lock of the
    # run itself: where the run is killed, its steps end in their own time, and the next run need not wait for that.
    set -m
    ( set +m; trap - EXIT INT TERM; "$@" ) >"$log" 2>&1 </dev/null 9>&- &
    set +m
    JOBS+=("$!|$(now_ms)|$title")
}

# A step's own sentence (written by fail) is the message; the log's end follows only where there is none.
report_failure() {
    local title=$1 log=$2 sentence
    sentence=$(grep -a '^clawloops: ' "$log" | tail -1 || true)
    if [ -n "$sentence" ]; then
        printf '%s\n' "$sentence" >&2
    else
        tail -n 15 "$log" >&2
        printf 'clawloops: The step "%s" failed; its whole output is in %s. Mend the cause shown above and run this again: finished steps are kept.\n' \
            "$title" "$log" >&2
    fi
}

join() {
    local shown=$SECONDS job pid start title log code left line failed=0
    while [ "${#JOBS[@]}" -gt 0 ]; do
        left=()
        for job in "${JOBS[@]}"; do
            IFS='|' read -r pid start title <<<"$job"
            log=$(log_of "$title")
            if kill -0 "$pid" 2>/dev/null; then
                left+=("$job")
                continue
            fi
            code=0
            wait "$pid" || code=$?
            clear_line
            if [ "$code" = 0 ]; then
                STEP_TABLE+=("$(seconds_since "$start")|$title")
                printf '  done  %8s s  %s\n' "$(seconds_since "$start")" "$title"
            elif [ "$failed" = 0 ]; then
                failed=$code
                kill -- "-$pid" 2>/dev/null || true # what it left running
                printf '  FAIL  %8s s  %s\n' "$(seconds_since "$start")" "$title"
                report_failure "$title" "$log"
            fi
        done
        JOBS=("${left[@]}")
        if [ "$failed" != 0 ]; then
            stop_jobs
            exit "$failed"
        fi
        if [ "${#JOBS[@]}" -gt 0 ]; then
            line=""
            for job in "${JOBS[@]}"; do
                IFS='|' read -r pid start title <<<"$job"
                line+="$title $(seconds_since "$start") s: $(progress_of "$(log_of "$title")")  "
            done
            if [ -t 1 ]; then
                printf '\r\033[K  %s' "${line:0:$((${COLUMNS:-120} - 4))}"
            elif [ $((SECONDS - shown)) -ge 15 ]; then
                shown=$SECONDS
                printf '  ...   %s\n' "$line"
            fi
            sleep 0.2
        fi
    done
}
clear_line() { if [ -t 1 ]; then printf '\r\033[K'; fi; }
stop_jobs() {
    local job
    for job in "${JOBS[@]}"; do
        kill -- "-${job%%|*}" 2>/dev/null || kill "${job%%|*}" 2>/dev/null || true
    done
    JOBS=()
}
step() { spawn "$@"; join; }
# did TITLE START: a line for something that needed no log of its own.
did() {
    STEP_TABLE+=("$(seconds_since "$2")|$1")
    printf '  done  %8s s  %s\n' "$(seconds_since "$2")" "$1"
}
trap 'stop_jobs' EXIT
trap 'exit 130' INT TERM

time_table() {
    local row
    say ""
    say "Where the time went:"
    for row in "${STEP_TABLE[@]}"; do
        printf '%9s s  %s\n' "${row%%|*}" "${row#*|}"
    done | sort -rn
}

# published DIR TEMPORARY: put a finished directory in place in one step, so that a run which was cut leaves nothing.
publish() {
    rm -rf "$1.old"
    [ ! -e "$1" ] || mv "$1" "$1.old"
    mv "$2" "$1"
    rm -rf "$1.old"
}
# own_cache FD: the cache is shared by every tree of this account, and by the last steps of a run that was killed.
own_cache() {
    flock -n "$1" || step "wait for another run that builds in $CACHE" flock "$1"
    rm -rf "$CACHE"/downloads/.fetch-* # of a run that was killed
}
sha_of() { sha256sum "$1" | cut -c1-64; }
key_of() { cat "$@" | sha256sum | cut -c1-16; }
