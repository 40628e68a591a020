// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "supervisor/places.h"

#include <string>
#include <unistd.h>

// Places as root would have them, with accounts that need not exist.
inline clawloops::supervisor::Places samplePlaces() {
    clawloops::supervisor::Places places;
    places.data = "/data";
    places.run = "/data/run";
    places.bin = "/opt/c/bin";
    places.share = "/opt/c/share/clawloops";
    places.components = "/opt/c/components";
    places.pgPrograms = "/usr/lib/postgresql/15/bin";
    places.pgVersion = 15;
    places.self = {"root", 0, 0};
    places.control = {"clawloops", 901, 801};
    places.db = {"clawloops-db", 902, 802};
    places.edge = {"clawloops-edge", 903, 803};
    places.model = {"clawloops-model", 904, 804};
    places.instance = "0123abcd";
    places.hostName = "claw.lan";
    places.allowedHosts = {"127.0.0.1", "claw.lan", "localhost"};
    return places;
}

// All accounts are the one that runs the test; everything lies beneath `directory`.
inline clawloops::supervisor::Places ownPlaces(const std::string& directory) {
    clawloops::supervisor::Places places = samplePlaces();
    places.data = directory + "/d";
    places.run = directory + "/d/run";
    const clawloops::supervisor::Account own{"self", ::geteuid(), ::getegid()};
    places.self = places.control = places.db = places.edge = places.model = own;
    return places;
}
