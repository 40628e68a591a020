# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the test commands share: the build directory, the installation that tests start, the variables that tell them.

# As root the parts run under accounts of their own, which may not be able to read the tree.
test_prefix() { # BUILD
    if is_root; then
        printf '/var/tmp/clawloops-tests-%s/prefix' "$(printf '%s' "$1" | sha256sum | cut -c1-10)"
    else
        printf '%s/prefix' "$1"
    fi
}

prepare_test_prefix() { # BUILD
    local prefix
    prefix=$(test_prefix "$1")
    mkdir -p "$prefix"
    [ -O "${prefix%/prefix}" ] || fail 73 "${prefix%/prefix} was made by another account. Remove it, then run this again."
    lay_components "$prefix/components"
    install_programs "$1" "$prefix"
}

test_environment() { # BUILD
    local node
    node=$(node_dir)
    printf 'export %s=%q\n' \
        PATH "$node/bin:$PATH" \
        CLAWLOOPS_TEST_PREFIX "$(test_prefix "$1")" \
        CLAWLOOPS_COMPONENTS "$(test_prefix "$1")/components" \
        CLAWLOOPS_IMAGE "$(image_ref)" \
        CLAWLOOPS_NODE_MODULES "$(browser_driver_dir)/node_modules" \
        CLAWLOOPS_CLIENTS "$(clients_dir)" \
        CLAWLOOPS_SCHEMATHESIS "$(schemathesis_dir)/bin/schemathesis"
}

configure_and_build() { # PRESET BUILD [TARGET...]
    local preset=$1 build=$2
    shift 2
    cd "$SOURCE"
    [ -f "$build/build.ninja" ] || cmake --preset "$preset"
    NINJA_STATUS='[%f/%t] ' cmake --build "$build" -j "$(nproc)" ${1:+--target "$@"}
}

# slowest_tests JUNIT N: where the tests' time went
slowest_tests() {
    /usr/bin/python3 - "$1" "$2" <<'PYTHON'
import sys
import xml.etree.ElementTree

cases = [(float(case.get("time") or 0), case.get("name")) for case in xml.etree.ElementTree.parse(sys.argv[1]).iter("testcase")]
for seconds, name in sorted(cases, reverse=True)[: int(sys.argv[2])]:
    print(f"{seconds:9.1f} s  test {name}")
PYTHON
}
