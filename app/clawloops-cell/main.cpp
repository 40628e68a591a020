// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell/init.h"

#include <cstdio>

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() == 1 && arguments[0] == "--version") {
        std::puts(CLAWLOOPS_VERSION);
        return 0;
    }
    std::string error;
    const auto options = clawloops::cell::parseOptions(arguments, error);
    if (!options) {
        std::fprintf(stderr, "clawloops-cell: %s\n", error.c_str());
        return 64;
    }
    return clawloops::cell::runCell(*options);
}
