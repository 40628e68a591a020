#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# probe_image.sh FOLDER IMAGE REACH: an image of busybox whose `openclaw` is the script below. It answers /readyz, notes that it was
# asked to stop, and ends with a code that a test left in the workspace. For what OpenClaw itself does see tst_real_cell.
set -eu
root=$1
mkdir -p "$root/bin" "$root/etc" "$root/home/node/.openclaw" "$root/www" "$root/run" "$root/tmp" "$root/proc" "$root/sys" "$root/dev"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in $("$root/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done
echo ok >"$root/www/readyz"
echo 'node:x:1000:1000::/home/node:/bin/sh' >"$root/etc/passwd"
echo 'node:x:1000:' >"$root/etc/group"
cp "$3" "$root/bin/reach"
chmod 1777 "$root/tmp"
cat >"$root/bin/openclaw" <<'SCRIPT'
#!/bin/sh
state=$OPENCLAW_STATE_DIR
echo "asked to run: $*"
if [ -f "$state/exit" ]; then
    echo "the configuration is invalid: unknown key \"nonsense\""
    exit "$(cat "$state/exit")"
fi
trap 'echo saved >"$state/saved"; exit 0' TERM
httpd -f -p 127.0.0.1:18789 -h /www &
while :; do
    sleep 1 &
    wait $!
done
SCRIPT
chmod 755 "$root/bin/openclaw" "$root"
tar -C "$root" -c . | podman import --quiet - "$2"
