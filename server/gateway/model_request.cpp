// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/model_request.h"

#include "base/random.h"
#include "model/field_rules.h"
#include "model/target_choice.h"

#include <algorithm>
#include <charconv>

namespace clawloops::gateway {
namespace {

using model::Ending;
using model::Refusal;
using stream::Fault;
using stream::Framing;

bool isEventStream(const stream::ResponseHead& head) {
    const std::string_view type = head.fields.get("content-type");
    constexpr std::string_view wanted = "text/event-stream";
    return type.size() >= wanted.size() && stream::equalNoCase(type.substr(0, wanted.size()), wanted);
}

} // namespace

ModelRequest::ModelRequest(ServiceState& state, stream::Exchange& exchange, const model::Caller& caller, model::Endpoint endpoint,
                           std::string rid)
    : m_state(state), m_exchange(exchange), m_table(state.table), m_caller(caller), m_endpoint(endpoint),
      m_record(state, caller, endpoint, std::move(rid), exchange.request().fields.get("traceparent")), m_share(state.bodies, caller.id) {
    stream::ConnectionInfo info;
    info.user = caller.user;
    (caller.kind == model::Caller::Kind::Cell ? info.cell : info.session) = caller.id; // a key stands where a session does
    info.kind = "model";
    info.rid = m_record.rid();
    info.since = m_record.startedAt();
    m_entry = state.registry.add(std::move(info), [this] {
        m_cut = true;
        m_exchange.cut();
    });
    exchange.onGone([this] {
        m_gone = true;
        if (m_call)
            m_call->close(); // cancels the upstream at once
        if (m_waiting)
            m_waiting->cancel();
    });
}

ModelRequest::~ModelRequest() {
    if (m_counted && --m_state.active[m_caller.id] == 0)
        m_state.active.erase(m_caller.id);
    if (m_record.target)
        book();
    leavePlace();
}

stream::Task<void> ModelRequest::run() {
    int& active = m_state.active[m_caller.id];
    if (active >= m_state.limits.cellRequests) {
        co_await refuse(Refusal::TooMany, "parallel_streams", "Too many requests of this workspace are in flight; wait for one to end.");
        co_return;
    }
    ++active;
    m_counted = true;
    if (!m_state.spool.healthy()) {
        co_await refuse(Refusal::Busy, "spool_full", "Usage cannot be written down at the moment (is the disk full?); the admin has to see to it.");
        co_return;
    }
    if (!co_await readBody())
        co_return;
    m_record.route = m_body->model();
    m_route = m_table->routeFor(m_caller, m_record.route);
    if (!m_route) {
        co_await refuse(Refusal::NoSuchModel, "no_such_model", "The model \"" + m_record.route + "\" does not exist here, or is not open to you; GET /v1/models lists yours.");
        co_return;
    }
    if (!co_await admit())
        co_return;
    co_await tryTargets();
}

stream::Task<bool> ModelRequest::admit() {
    auto answer = m_state.governor.admit({.caller = m_caller,
                                          .route = *m_route,
                                          .traceId = m_record.traceId(),
                                          .promptBytes = static_cast<std::int64_t>(m_record.requestBytes),
                                          .answers = !model::outputLimitMembers(m_endpoint).empty(),
                                          .askedOutput = m_body->outputLimit(),
                                          .choices = m_body->choices(),
                                          .fingerprint = fingerprintOf(*m_body)});
    if (auto* refused = std::get_if<model::RefusalReason>(&answer)) {
        forgetBody();
        co_await refuse(std::move(*refused));
        co_return false;
    }
    m_record.grant = std::move(std::get<Governor::Grant>(answer));
    co_return true;
}

bool ModelRequest::grow(std::size_t bytes) {
    m_granted = m_share.take(bytes);
    return m_granted == BodyMemory::Answer::Granted;
}

void ModelRequest::forgetBody() {
    m_body.reset();
    m_share.release();
}

// A body that is refused is read to its end all the same, without keeping it: only then is the answer sure to be seen.
stream::Task<bool> ModelRequest::readBody() {
    const Framing& framing = m_exchange.request().framing;
    const std::uint64_t limit = m_state.limits.bodyBytes;
    const std::string tooLarge = "The request is larger than the " + std::to_string(limit >> 20) + " MiB that are taken.";
    if (framing.kind == Framing::Kind::Length && framing.length > limit) {
        co_await refuse(Refusal::TooLarge, "too_large", tooLarge);
        co_return false;
    }
    m_exchange.readWithin(m_state.limits.bodyDeadline);
    m_body.emplace(m_endpoint, [this](std::size_t bytes) { return grow(bytes); });
    Status status;
    while (true) {
        const std::span<char> room = m_body ? m_body->room() : std::span<char>();
        auto piece = co_await m_exchange.read(stream::asio::buffer(room.data(), room.size()));
        if (!piece) {
            if (piece.fault == Fault::TimedOut)
                co_await refuse(Refusal::TooSlow, "too_slow", "The request did not come in within " + std::to_string(m_state.limits.bodyDeadline.count() / 1000) + " s.");
            co_return false;
        }
        if (piece->empty())
            break;
        m_record.requestBytes += piece->size();
        if (m_record.requestBytes > limit) {
            co_await refuse(Refusal::TooLarge, "too_large", tooLarge);
            co_return false;
        }
        if (status && !(status = m_body->push(*piece)))
            forgetBody();
    }
    if (status)
        status = m_body->finish();
    if (status)
        co_return true;
    forgetBody();
    if (m_granted == BodyMemory::Answer::CellFull)
        co_await refuse(Refusal::TooMany, "memory_full", "Too many large requests of this workspace are under way; wait for one to end.");
    else if (m_granted == BodyMemory::Answer::AllFull)
        co_await refuse(Refusal::Busy, "memory_full", "Too many large requests are under way; try again in a moment.");
    else
        co_await refuse(Refusal::WrongRequest, "wrong_request", status.error().message);
    co_return false;
}

stream::Task<void> ModelRequest::tryTargets() {
    const auto targets = model::targetsToTry(*m_route, randomNumber());
    m_state.targets.countRequest();
    bool asked = false;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const TargetEntryPtr entry = m_state.targets.of(*targets[i]);
        const auto begun = entry->breaker.mayTry(m_state.clock.steadyNow());
        if (begun == model::CircuitBreaker::Try::No)
            continue;
        const bool last = std::none_of(targets.begin() + static_cast<std::ptrdiff_t>(i) + 1, targets.end(), [&](const model::Target* other) {
            return m_state.targets.of(*other)->breaker.wouldTry(m_state.clock.steadyNow());
        });
        m_state.stats.fallbacks += asked ? 1 : 0;
        Attempt attempt{*targets[i], *entry, begun, last};
        m_place = entry;
        const bool placed = co_await takePlace(attempt);
        if (!placed) {
            m_state.targets.report(m_record.route, attempt.target, *entry, begun, model::TargetOutcome::Unknown, 0, std::nullopt);
            co_return;
        }
        m_state.stats.answered += asked ? 0 : 1;
        asked = true;
        if (const Status written = m_record.begin(*targets[i]); !written) {
            report(attempt, model::TargetOutcome::Unknown);
            co_await refuse(Refusal::Busy, "spool_full", "Usage cannot be written down at the moment (is the disk full?); the admin has to see to it.");
            co_return;
        }
        const Step step = co_await tryTarget(attempt);
        m_call = nullptr;
        if (step == Step::Done)
            co_return;
        leavePlace();
    }
    if (!asked) {
        model::RefusalReason reason = nobodyUp(targets);
        co_await refuse(std::move(reason));
    }
}

// The first one's own sentence: it is the one that the admin meant.
model::RefusalReason ModelRequest::nobodyUp(const std::vector<const model::Target*>& targets) {
    const SteadyTime now = m_state.clock.steadyNow();
    const model::TargetHealth first = m_state.targets.of(*targets.front())->breaker.health(now);
    model::RefusalReason reason = reasonOf(Refusal::Busy, "no_target_up", "No model server of \"" + m_record.route + "\" can be asked at the moment: " + first.sentence,
                                           "An admin looks at the route's targets, on the Models page.");
    reason.retryAfter = first.retryIn;
    for (const model::Target* target : targets) {
        const auto retryIn = m_state.targets.of(*target)->breaker.health(now).retryIn;
        reason.retryAfter = std::min(reason.retryAfter, retryIn);
    }
    reason.numbers = {{"targets", static_cast<std::int64_t>(targets.size())}, {"state", std::string(model::nameOf(first.state))}};
    return reason;
}

// Waits for a place at a target that works on so many at once; true at once where it takes any number.
stream::Task<bool> ModelRequest::takePlace(const Attempt& attempt) {
    TargetEntry& entry = attempt.entry;
    if (attempt.target.slots == 0) {
        ++entry.inFlight;
        co_return true;
    }
    const SteadyTime since = m_state.clock.steadyNow();
    const model::QueueKind kind = m_caller.batch ? model::QueueKind::Batch : model::QueueKind::Interactive;
    const auto joined = entry.queue.enqueue(m_caller.user, kind, static_cast<std::int64_t>(m_record.requestBytes / 4), since);
    if (const auto* full = std::get_if<model::QueueRefusal>(&joined)) {
        m_place.reset();
        model::RefusalReason reason = full->reason();
        co_await refuse(std::move(reason));
        co_return false;
    }
    m_ticket = std::get<std::uint64_t>(joined);
    stream::Timer timer((co_await stream::thisContext()).get_executor());
    m_waiter = {m_record.route, attempt.target.name, false, false, [&timer] { timer.cancel(); }};
    entry.waiters[m_ticket] = &m_waiter;
    m_state.targets.letGo(entry);
    m_state.targets.queueChanged(entry, attempt.target.name);
    m_waiting = &timer;
    while (!m_waiter.go && !m_waiter.dropped && !left()) {
        timer.expires_after(std::chrono::seconds(1));
        static_cast<void>(co_await timer.async_wait(stream::awaitable));
        if (!m_waiter.go && !m_waiter.dropped && !left())
            co_await sayPlace(entry);
    }
    m_waiting = nullptr;
    m_waiter.wake = nullptr;
    m_record.queuedMs += std::chrono::duration_cast<std::chrono::milliseconds>(m_state.clock.steadyNow() - since).count();
    m_state.targets.queueChanged(entry, attempt.target.name);
    if (m_waiter.dropped) {
        m_ticket = 0;
        m_place.reset();
        model::RefusalReason reason = model::droppedByAdmin();
        co_await refuse(std::move(reason));
        co_return false;
    }
    if (left())
        co_return false;
    ++entry.inFlight;
    co_return true;
}

// Comments of an event stream, which clients skip and people's tools may show. The answer has begun with them.
stream::Task<void> ModelRequest::sayPlace(const TargetEntry& entry) {
    const auto place = entry.queue.entry(m_ticket);
    if (!m_body->stream() || !place)
        co_return;
    if (!m_exchange.begun()) {
        stream::ResponseHead head;
        head.fields.add("Content-Type", "text/event-stream");
        head.fields.add("Cache-Control", "no-store");
        head.fields.add("X-Request-Id", m_record.rid());
        m_state.governor.addHeaders(head.fields, model::dialectOf(m_endpoint), m_caller, m_record.route, m_record.traceId());
        head.framing = Framing::chunked();
        m_exchange.begin(std::move(head));
    }
    std::string comment = ": queue position=" + std::to_string(place->position);
    if (place->wait.count() > 0)
        comment += " wait=" + std::to_string((place->wait.count() + 999) / 1000) + "s";
    comment += "\n\n";
    static_cast<void>(co_await m_exchange.write(comment));
}

void ModelRequest::leavePlace() {
    if (!m_place)
        return;
    TargetEntry& entry = *m_place;
    const bool waited = m_ticket != 0;
    if (waited && m_waiter.go)
        entry.queue.finish(m_ticket, m_meter ? m_meter->counts(m_record.requestBytes).completion : 0, m_state.clock.steadyNow());
    else if (waited)
        entry.queue.cancel(m_ticket);
    entry.waiters.erase(m_ticket);
    if (!waited || m_waiter.go)
        --entry.inFlight;
    m_ticket = 0;
    m_waiter.go = false;
    m_state.targets.letGo(entry);
    m_place.reset();
}

void ModelRequest::report(const Attempt& attempt, model::TargetOutcome outcome, const stream::ResponseHead* answer) {
    std::optional<std::chrono::milliseconds> retryAfter;
    if (answer && answer->fields.has("retry-after")) {
        int seconds = 0;
        const std::string_view text = answer->fields.get("retry-after");
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        if (problem == std::errc() && seconds >= 0 && seconds < 86'400)
            retryAfter = std::chrono::seconds(seconds);
    }
    m_state.targets.report(m_record.route, attempt.target, attempt.entry, attempt.begun, outcome, answer ? answer->status : 0, retryAfter);
}

stream::Task<stream::Outcome<stream::ResponseHead>> ModelRequest::ask(const model::Target& target, bool last, stream::UpstreamCall& call) {
    // Only on a kept connection may a request have to be sent again, for which its body would have to stay.
    const bool large = m_body->held() > BodyText::blockBytes;
    for (const bool fresh : {large, true}) {
        auto opened = co_await m_state.upstreams.poolFor(target.url).open(fresh);
        if (!opened)
            co_return opened.fault == Fault::TimedOut ? Fault::TimedOut : Fault::Refused;
        call = std::move(*opened);
        if (left())
            co_return Fault::Cut;
        m_call = &call;
        co_await send(target, call);
        if (last && !call.reused())
            forgetBody(); // nobody needs it any more, and a model may think for minutes
        auto answer = co_await call.readHead();
        if (answer || left() || answer.fault != Fault::Gone || !call.reused())
            co_return answer;
    }
    co_return Fault::Gone;
}

// What goes wrong while sending shows in the answer's head: a server may answer before it has read everything.
stream::Task<void> ModelRequest::send(const model::Target& target, stream::UpstreamCall& call) {
    const bool liteLlm = target.kind == model::Target::Kind::LiteLlm;
    stream::RequestHead head = upstreamHead(target, m_endpoint, m_exchange.request(), m_record.rid(),
                                            liteLlm ? m_state.liteLlmKey.reveal() : target.credential.reveal());
    const RequestBody::Rewrites rewrites{m_route, m_record.grant.outputLimit, liteLlm ? target.credential.reveal() : std::string_view()};
    RequestBody::Writer body(*m_body, target, rewrites);
    head.framing = Framing::ofLength(body.size());
    call.begin(head);
    if (const auto written = co_await call.write(body.parts()); !written)
        co_return;
    static_cast<void>(co_await call.finish());
}

stream::Task<ModelRequest::Step> ModelRequest::tryTarget(Attempt& attempt) {
    stream::UpstreamCall call;
    auto answer = co_await ask(attempt.target, attempt.last, call);
    if (left()) {
        report(attempt, model::TargetOutcome::Unknown);
        giveUp(m_cut ? Ending::Cut : Ending::ClientGone);
        co_return Step::Done;
    }
    m_record.upstreamStatus = answer ? answer->status : 0;
    if (answer)
        report(attempt, model::outcomeOfStatus(answer->status, answer->fields.has("retry-after")), &*answer);
    else if (answer.fault == Fault::TimedOut)
        report(attempt, model::TargetOutcome::TimedOut);
    else
        report(attempt, answer.fault == Fault::Refused ? model::TargetOutcome::CannotConnect : model::TargetOutcome::Failed);
    attempt.begun = model::CircuitBreaker::Try::Yes; // the probe is over
    const bool ourFault = answer && (answer->status == 401 || answer->status == 403 || answer->status < 200 ||
                                     (answer->status >= 300 && answer->status < 400));
    const bool another = !answer || ourFault || model::isWorthAnotherTarget(answer->status);
    if (another && !attempt.last && m_state.targets.takeRetry())
        co_return Step::NextTarget;
    if (answer && !ourFault) {
        co_await relay(attempt, call, *answer);
        co_return Step::Done;
    }
    if (!answer && answer.fault == Fault::TimedOut) {
        giveUp(Ending::UpstreamTimedOut);
        co_await refuse(Refusal::UpstreamTimedOut, "upstream_timed_out", "The model server did not answer in time; try again later.");
    } else if (!answer) {
        giveUp(answer.fault == Fault::Refused ? Ending::UpstreamUnreachable : Ending::UpstreamTruncated);
        co_await refuse(Refusal::UpstreamFailed, "upstream_failed", "The model server cannot be reached at the moment; try again, or tell the admin.");
    } else {
        giveUp(Ending::UpstreamError);
        co_await refuse(Refusal::UpstreamFailed, "upstream_refused_us", "The model server refused this appliance; the admin has to look at the route's target.");
    }
    co_return Step::Done;
}

stream::ResponseHead ModelRequest::headFor(const stream::ResponseHead& upstream, bool eventStream) const {
    stream::ResponseHead head;
    head.status = upstream.status;
    for (const std::string_view name : {"content-type", "retry-after"}) {
        if (upstream.fields.has(name))
            head.fields.add(name, upstream.fields.get(name));
    }
    head.fields.add("Cache-Control", "no-store");
    head.fields.add("X-Request-Id", m_record.rid());
    m_state.governor.addHeaders(head.fields, model::dialectOf(m_endpoint), m_caller, m_record.route, m_record.traceId());
    // An event stream may have to get an error event at its end: its length is not known before.
    head.framing = upstream.framing.kind == Framing::Kind::Length && !eventStream ? upstream.framing : Framing::chunked();
    return head;
}

// Clients close as soon as they have read the terminal event, which is before our own end of the body: they left nothing.
model::Ending ModelRequest::endingOfALeaver(int upstreamStatus) const {
    if (m_cut)
        return Ending::Cut;
    return upstreamStatus < 300 && m_meter->whole() && !m_meter->sawError() ? Ending::Ok : Ending::ClientGone;
}

stream::Task<void> ModelRequest::relay(const Attempt& attempt, stream::UpstreamCall& call, const stream::ResponseHead& upstream) {
    const bool eventStream = isEventStream(upstream);
    m_meter.emplace(m_endpoint, eventStream);
    forgetBody(); // no other target from here on
    if (m_exchange.begun() && (!eventStream || upstream.status >= 300)) {
        // What waited for its place is an event stream already.
        giveUp(Ending::UpstreamError);
        co_await refuse(Refusal::UpstreamFailed, "upstream_failed", "The model server refused the request with status " + std::to_string(upstream.status) + ".");
        co_return;
    }
    if (!m_exchange.begun())
        m_exchange.begin(headFor(upstream, eventStream));
    if (!call.hasBuffered())
        static_cast<void>(co_await m_exchange.flush());
    while (true) {
        auto piece = co_await call.read();
        if (left()) {
            giveUp(endingOfALeaver(upstream.status));
            co_return;
        }
        if (!piece) {
            m_meter->finish();
            const bool timedOut = piece.fault == Fault::TimedOut;
            report(attempt, timedOut ? model::TargetOutcome::TimedOut : model::TargetOutcome::Failed);
            giveUp(timedOut ? Ending::UpstreamTimedOut : Ending::UpstreamTruncated);
            co_await endBroken(timedOut ? Refusal::UpstreamTimedOut : Refusal::UpstreamFailed,
                               timedOut ? "The model server stopped in the middle of its answer." : "The model server broke off in the middle of its answer.");
            co_return;
        }
        if (piece->empty())
            break;
        if (m_record.firstByteMs < 0)
            m_record.firstByteMs = m_record.millisSince();
        m_meter->push(*piece);
        if (eventStream ? m_meter->ended() : m_meter->wholeJson())
            bookWhole(upstream.status);
        if (const auto written = co_await m_exchange.write(*piece); !written) {
            giveUp(endingOfALeaver(upstream.status));
            co_return;
        }
    }
    m_meter->finish();
    const bool unmarked = upstream.framing.kind == Framing::Kind::UntilClose && !eventStream && !m_meter->wholeJson();
    if (upstream.status < 300 && !m_meter->sawError() && (!m_meter->ended() || unmarked)) {
        report(attempt, model::TargetOutcome::Failed);
        giveUp(Ending::UpstreamTruncated);
        co_await endBroken(Refusal::UpstreamFailed, "The model server ended its answer before it was complete.");
        co_return;
    }
    const bool failed = upstream.status >= 300 || m_meter->sawError();
    const auto finished = co_await m_exchange.finish();
    if (!finished)
        giveUp(endingOfALeaver(upstream.status));
    else
        giveUp(failed ? Ending::UpstreamError : Ending::Ok);
}

// An error event where the answer is a stream of them, and then an end that no client can take for a whole answer.
stream::Task<void> ModelRequest::endBroken(Refusal refusal, std::string_view message) {
    if (!m_meter->ended() && m_record.upstreamStatus < 300)
        static_cast<void>(co_await m_exchange.write(model::errorEvent(m_endpoint, refusal, message)));
    m_exchange.abort();
}

stream::Task<void> ModelRequest::refuse(model::RefusalReason reason) {
    if (!m_record.target)
        ++m_state.stats.refused;
    m_state.refusals.note(reason, m_record.rid(), &m_caller, model::pathOf(m_endpoint), m_record.route);
    if (m_exchange.begun()) { // with comments of its place in the queue
        const std::string event = model::errorEvent(m_endpoint, reason.kind, reason.sentence);
        const auto written = co_await m_exchange.write(event);
        if (written)
            static_cast<void>(co_await m_exchange.finish());
        co_return;
    }
    co_await respondRefusal(m_exchange, model::dialectOf(m_endpoint), reason, m_record.rid());
}

stream::Task<void> ModelRequest::refuse(Refusal kind, std::string_view rule, std::string sentence) {
    return refuse(reasonOf(kind, rule, std::move(sentence)));
}

void ModelRequest::bookWhole(int upstreamStatus) {
    m_meter->finish();
    giveUp(upstreamStatus >= 300 || m_meter->sawError() ? Ending::UpstreamError : Ending::Ok);
    book();
}

} // namespace clawloops::gateway
