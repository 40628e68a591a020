# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The two programs that people start, where they look for them: on PATH and in the desktop's menu. Links only, of the usual
# installation alone, and never in the place of something that somebody else put there.

LINKS=(bin/clawloops bin/clawloopsctl share/applications/clawloops.desktop share/icons/hicolor/scalable/apps/clawloops.svg)

usual_prefix() { if is_root; then printf /opt/clawloops; else printf '%s/.local/opt/clawloops' "$HOME"; fi; }
link_place() { if is_root; then printf /usr/local; else printf '%s/.local' "$HOME"; fi; }

make_links() {
    local name to
    [ "$PREFIX" = "$(usual_prefix)" ] || return 0
    for name in "${LINKS[@]}"; do
        to=$(link_place)/$name
        [ -e "$PREFIX/$name" ] || continue
        # What points nowhere is an earlier one of ours.
        if [ -e "$to" ]; then continue; fi
        mkdir -p "$(dirname "$to")"
        ln -sfn "$PREFIX/$name" "$to"
    done
}
remove_links() {
    local name to
    for name in "${LINKS[@]}"; do
        to=$(link_place)/$name
        if [ -L "$to" ] && [ "$(readlink "$to")" = "$PREFIX/$name" ]; then rm -f "$to"; fi
    done
}
