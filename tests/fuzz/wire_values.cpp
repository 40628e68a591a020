// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every reader of JSON between our programs: the first byte chooses it. What is read and written is read as the same again.
#include "fuzz.h"

#include "wire/api_types.h"
#include "wire/gateway_verbs.h"
#include "wire/relay_verbs.h"
#include "wire/runtime_verbs.h"

#include <string>

namespace clawloops::fuzz {
namespace {

using Reader = void (*)(const json::object&);

// Read, write, read, write: the two writings are one text.
template <class Read, class Write> void roundTrip(const json::object& object, Read read, Write write) {
    const auto value = read(object);
    if (!value) {
        require(!value.error().message.empty(), "a refusal says why");
        return;
    }
    const json::object written = write(*value);
    const auto again = read(written);
    require(static_cast<bool>(again), "what we write we read");
    require(json::serialize(write(*again)) == json::serialize(written), "and it says the same");
}

#define CLAWLOOPS_VALUE(read) \
    [](const json::object& object) { \
        roundTrip(object, [](const json::object& o) { return read(o); }, [](const auto& value) { return toJson(value); }); \
    }

const Reader readers[] = {
    CLAWLOOPS_VALUE(gateway_verbs::configurationFromJson), CLAWLOOPS_VALUE(gateway_verbs::configureReplyFromJson),
    CLAWLOOPS_VALUE(gateway_verbs::usageEventFromJson),    CLAWLOOPS_VALUE(relay_verbs::cutFromJson),
    CLAWLOOPS_VALUE(relay_verbs::cutReplyFromJson),        CLAWLOOPS_VALUE(relay_verbs::connectionsFromJson),
    CLAWLOOPS_VALUE(relay_verbs::statsFromJson),           CLAWLOOPS_VALUE(relay_verbs::closedFromJson),
    CLAWLOOPS_VALUE(runtime::parseEngineInfo),             CLAWLOOPS_VALUE(runtime::parseCellArgs),
    CLAWLOOPS_VALUE(runtime::parsePrepareArgs),            CLAWLOOPS_VALUE(runtime::parseStartArgs),
    CLAWLOOPS_VALUE(runtime::parseStarted),                CLAWLOOPS_VALUE(runtime::parseRemoveArgs),
    CLAWLOOPS_VALUE(runtime::parseLogsArgs),               CLAWLOOPS_VALUE(runtime::parseCells),
    CLAWLOOPS_VALUE(runtime::parseCellEvent),              CLAWLOOPS_VALUE(runtime::parseProbe),
    CLAWLOOPS_VALUE(runtime::parseImageArgs),              CLAWLOOPS_VALUE(wire::fromJson<wire::ErrorBody>),
    CLAWLOOPS_VALUE(wire::fromJson<wire::Access>),         CLAWLOOPS_VALUE(wire::fromJson<wire::AuthOptions>),
    CLAWLOOPS_VALUE(wire::fromJson<wire::SignedIn>),       CLAWLOOPS_VALUE(wire::fromJson<wire::Invitation>),
    CLAWLOOPS_VALUE(wire::fromJson<wire::InvitationLink>), CLAWLOOPS_VALUE(wire::fromJson<wire::Task>),
    CLAWLOOPS_VALUE(wire::fromJson<wire::AdminRuntime>),   CLAWLOOPS_VALUE(wire::fromJson<wire::WorkspaceEntry>),
    CLAWLOOPS_VALUE(wire::fromJson<wire::Route>),          CLAWLOOPS_VALUE(wire::fromJson<wire::AdminHome>),
    CLAWLOOPS_VALUE(wire::fromJson<wire::Trace>),          CLAWLOOPS_VALUE(wire::fromJson<wire::Snapshot>),
};

} // namespace

void take(std::string_view input) {
    if (input.empty())
        return;
    const auto object = parseObject(input.substr(1));
    if (!object)
        return;
    readers[static_cast<unsigned char>(input.front()) % std::size(readers)](*object);
    static_cast<void>(gateway_verbs::usageReadFromJson(*object));
    static_cast<void>(runtime::parseLines(*object));
    static_cast<void>(runtime::parseImage(*object));
}

} // namespace clawloops::fuzz
