// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/answer_meter.h"
#include "gateway/request_body.h"
#include "gateway/request_record.h"
#include "gateway/service_state.h"
#include "stream/exchange.h"
#include "stream/sweeper.h"

#include <optional>
#include <string>
#include <vector>

namespace clawloops::gateway {

// One authenticated request on its way through the targets of its route, and its booking. Lives as long as run(). An answer that is
// whole (its terminal event, its last bracket) is booked before these bytes go on: whatever kills us then, what a client
// saw whole is in the spool.
//
// | what happens                                 | the client sees                        | booked as            |
// |----------------------------------------------|----------------------------------------|----------------------|
// | a target answers, whole                      | its answer, untouched                  | ok / upstream_error  |
// | a target cannot be reached, 401 403 404 408 425 429 5xx, before any byte | the next target's | that one's           |
// | the last target cannot be reached            | 502                                    | upstream_unreachable |
// | it refuses our credential, or redirects      | 502                                    | upstream_error       |
// | it breaks off, or ends without terminal event| an error event, then a broken end      | upstream_truncated   |
// | it stalls                                    | the same; 504 before any byte          | upstream_timeout     |
// | no target may be asked (all down, busy, wrong key) | 503 with what is wrong           | nothing              |
// | it waits for a place, streamed               | comments with its position, from 1 s on; from then on failures are error events | as above |
// | the client leaves                            | nothing; the upstream is cancelled     | client_gone          |
// | cut                                          | a broken end; the upstream is cancelled| cut                  |
class ModelRequest {
public:
    ModelRequest(ServiceState& state, stream::Exchange& exchange, const model::Caller& caller, model::Endpoint endpoint,
                 std::string rid);
    ~ModelRequest();
    ModelRequest(const ModelRequest&) = delete;
    ModelRequest& operator=(const ModelRequest&) = delete;

    stream::Task<void> run();

private:
    enum class Step { Done, NextTarget };
    struct Attempt { // one target that is tried
        const model::Target& target;
        TargetEntry& entry;
        model::CircuitBreaker::Try begun;
        bool last; // no other one can be tried after it
    };

    stream::Task<bool> readBody();
    [[nodiscard]] bool grow(std::size_t bytes);
    void forgetBody();
    stream::Task<bool> admit();
    stream::Task<void> tryTargets();
    stream::Task<Step> tryTarget(Attempt& attempt);
    stream::Task<bool> takePlace(const Attempt& attempt);
    stream::Task<void> sayPlace(const TargetEntry& entry);
    void leavePlace();
    [[nodiscard]] model::RefusalReason nobodyUp(const std::vector<const model::Target*>& targets);
    void report(const Attempt& attempt, model::TargetOutcome outcome, const stream::ResponseHead* answer = nullptr);
    stream::Task<stream::Outcome<stream::ResponseHead>> ask(const model::Target& target, bool last, stream::UpstreamCall& call);
    stream::Task<void> send(const model::Target& target, stream::UpstreamCall& call);
    stream::Task<void> relay(const Attempt& attempt, stream::UpstreamCall& call, const stream::ResponseHead& upstream);
    stream::Task<void> endBroken(model::Refusal refusal, std::string_view message);
    stream::Task<void> refuse(model::RefusalReason reason);
    stream::Task<void> refuse(model::Refusal kind, std::string_view rule, std::string sentence);
    [[nodiscard]] stream::ResponseHead headFor(const stream::ResponseHead& upstream, bool eventStream) const;
    [[nodiscard]] model::Ending endingOfALeaver(int upstreamStatus) const;
    void giveUp(model::Ending ending) { m_record.ending = ending; }
    [[nodiscard]] bool left() const { return m_gone || m_cut; }
    void bookWhole(int upstreamStatus);
    void book() { m_record.book(m_exchange, m_meter ? &*m_meter : nullptr, left()); }

    ServiceState& m_state;
    stream::Exchange& m_exchange;
    const std::shared_ptr<const model::RouteTable> m_table; // keeps caller, route and targets alive
    const model::Caller& m_caller;
    model::Endpoint m_endpoint;
    RequestRecord m_record;
    const model::Route* m_route = nullptr;
    stream::ConnectionRegistry::Entry m_entry;
    BodyMemory::Share m_share;
    BodyMemory::Answer m_granted = BodyMemory::Answer::Granted; // what was asked for last
    std::optional<RequestBody> m_body;
    std::optional<AnswerMeter> m_meter;
    stream::UpstreamCall* m_call = nullptr;
    TargetEntryPtr m_place; // at which this request is under way or waits
    std::uint64_t m_ticket = 0; // there; 0: it takes any number
    QueueWaiter m_waiter;
    stream::Timer* m_waiting = nullptr; // while it waits for its place
    bool m_counted = false; // among the caller's active ones
    bool m_gone = false;
    bool m_cut = false;
};

} // namespace clawloops::gateway
