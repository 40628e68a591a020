// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/model_request.h"

#include "base/log.h"
#include "base/random.h"
#include "model/target_choice.h"

#include <cstring>

namespace clawloops::gateway {
namespace {

using model::Ending;
using model::Refusal;
using stream::Fault;
using stream::Framing;

constexpr Log log("gateway");

std::uint64_t drawNumber() {
    std::uint64_t number = 0;
    const std::string bytes = randomBytes(sizeof number);
    std::memcpy(&number, bytes.data(), sizeof number);
    return number;
}

bool isEventStream(const stream::ResponseHead& head) {
    const std::string_view type = head.fields.get("content-type");
    constexpr std::string_view wanted = "text/event-stream";
    return type.size() >= wanted.size() && stream::equalNoCase(type.substr(0, wanted.size()), wanted);
}

} // namespace

stream::Task<void> respondRefusal(stream::Exchange& exchange, model::Dialect dialect, Refusal refusal, std::string message,
                                  std::string rid) {
    stream::ResponseHead head;
    head.status = model::statusOf(refusal);
    head.fields.add("Content-Type", "application/json");
    head.fields.add("X-Request-Id", rid);
    if (refusal == Refusal::TooMany || refusal == Refusal::Busy)
        head.fields.add("Retry-After", "1");
    const std::string body = model::errorBody(dialect, refusal, message);
    static_cast<void>(co_await exchange.respond(std::move(head), body));
}

ModelRequest::ModelRequest(ServiceState& state, stream::Exchange& exchange, const model::CellAccess& cell,
                           model::Endpoint endpoint, std::string rid)
    : m_state(state), m_exchange(exchange), m_table(state.table), m_cell(cell), m_endpoint(endpoint), m_rid(std::move(rid)),
      m_share(state.bodies, cell.cellId), m_startedAt(state.clock.now()), m_started(state.clock.steadyNow()) {
    stream::ConnectionInfo info;
    info.user = cell.user;
    info.cell = cell.cellId;
    info.kind = "model";
    info.rid = m_rid;
    info.since = m_startedAt;
    m_entry = state.registry.add(std::move(info), [this] {
        m_cut = true;
        m_exchange.cut();
    });
    exchange.onGone([this] {
        m_gone = true;
        if (m_call)
            m_call->close(); // cancels the upstream at once
    });
}

ModelRequest::~ModelRequest() {
    if (m_admitted && --m_state.active[m_cell.cellId] == 0)
        m_state.active.erase(m_cell.cellId);
    if (m_target)
        book();
}

stream::Task<void> ModelRequest::run() {
    if (m_state.active[m_cell.cellId] >= m_state.limits.cellRequests) {
        co_await refuse(Refusal::TooMany, "Too many requests of this workspace are in flight; wait for one to end.");
        co_return;
    }
    ++m_state.active[m_cell.cellId];
    m_admitted = true;
    if (!m_state.spool.healthy()) {
        co_await refuse(Refusal::Busy, "Usage cannot be written down at the moment (is the disk full?); the admin has to see to it.");
        co_return;
    }
    if (!co_await readBody())
        co_return;
    m_route = m_body->model();
    const model::Route* route = m_table->routeFor(m_cell, m_route);
    if (!route) {
        co_await refuse(Refusal::NoSuchModel, "The model \"" + m_route + "\" does not exist here, or is not open to you; GET /v1/models lists yours.");
        co_return;
    }
    co_await tryTargets(*route);
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
        co_await refuse(Refusal::TooLarge, tooLarge);
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
                co_await refuse(Refusal::TooSlow, "The request did not come in within " + std::to_string(m_state.limits.bodyDeadline.count() / 1000) + " s.");
            co_return false;
        }
        if (piece->empty())
            break;
        m_requestBytes += piece->size();
        if (m_requestBytes > limit) {
            co_await refuse(Refusal::TooLarge, tooLarge);
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
        co_await refuse(Refusal::TooMany, "Too many large requests of this workspace are under way; wait for one to end.");
    else if (m_granted == BodyMemory::Answer::AllFull)
        co_await refuse(Refusal::Busy, "Too many large requests are under way; try again in a moment.");
    else
        co_await refuse(Refusal::WrongRequest, status.error().message);
    co_return false;
}

stream::Task<void> ModelRequest::tryTargets(const model::Route& route) {
    ++m_state.stats.answered;
    const auto targets = model::targetsToTry(route, drawNumber());
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (i > 0)
            ++m_state.stats.fallbacks;
        m_target = targets[i];
        const Step step = co_await tryTarget(*targets[i], i + 1 == targets.size());
        m_call = nullptr;
        if (step == Step::Done)
            co_return;
    }
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
    stream::RequestHead head = upstreamHead(target, m_endpoint, m_exchange.request(), m_rid,
                                            liteLlm ? m_state.liteLlmKey.reveal() : std::string_view());
    RequestBody::Writer body(*m_body, target);
    head.framing = Framing::ofLength(body.size());
    call.begin(head);
    if (const auto written = co_await call.write(body.parts()); !written)
        co_return;
    static_cast<void>(co_await call.finish());
}

stream::Task<ModelRequest::Step> ModelRequest::tryTarget(const model::Target& target, bool last) {
    stream::UpstreamCall call;
    auto answer = co_await ask(target, last, call);
    if (left()) {
        giveUp(m_cut ? Ending::Cut : Ending::ClientGone);
        co_return Step::Done;
    }
    m_upstreamStatus = answer ? answer->status : 0;
    const bool ourFault = answer && (answer->status == 401 || answer->status == 403 || answer->status < 200 ||
                                     (answer->status >= 300 && answer->status < 400));
    if (!last && (!answer || ourFault || model::isWorthAnotherTarget(answer->status)))
        co_return Step::NextTarget;
    if (answer && !ourFault) {
        co_await relay(call, *answer);
        co_return Step::Done;
    }
    if (!answer && answer.fault == Fault::TimedOut) {
        giveUp(Ending::UpstreamTimedOut);
        co_await refuse(Refusal::UpstreamTimedOut, "The model server did not answer in time; try again later.");
    } else if (!answer) {
        giveUp(answer.fault == Fault::Refused ? Ending::UpstreamUnreachable : Ending::UpstreamTruncated);
        co_await refuse(Refusal::UpstreamFailed, "The model server cannot be reached at the moment; try again, or tell the admin.");
    } else {
        giveUp(Ending::UpstreamError);
        co_await refuse(Refusal::UpstreamFailed, "The model server refused this appliance; the admin has to look at the route's target.");
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
    head.fields.add("X-Request-Id", m_rid);
    // An event stream may have to get an error event at its end: its length is not known before.
    head.framing = upstream.framing.kind == Framing::Kind::Length && !eventStream ? upstream.framing : Framing::chunked();
    return head;
}

// Clients close as soon as they have read the terminal event, which is before our own end of the body: they left nothing.
model::Ending ModelRequest::endingOfALeaver(int upstreamStatus) const {
    if (m_cut)
        return Ending::Cut;
    return upstreamStatus < 300 && m_meter->ended() && !m_meter->sawError() ? Ending::Ok : Ending::ClientGone;
}

stream::Task<void> ModelRequest::relay(stream::UpstreamCall& call, const stream::ResponseHead& upstream) {
    const bool eventStream = isEventStream(upstream);
    m_meter.emplace(m_endpoint, eventStream);
    forgetBody(); // no other target from here on
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
            giveUp(timedOut ? Ending::UpstreamTimedOut : Ending::UpstreamTruncated);
            co_await endBroken(timedOut ? Refusal::UpstreamTimedOut : Refusal::UpstreamFailed,
                               timedOut ? "The model server stopped in the middle of its answer." : "The model server broke off in the middle of its answer.");
            co_return;
        }
        if (piece->empty())
            break;
        if (m_firstByteMs < 0)
            m_firstByteMs = millisSince();
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
    if (!m_meter->ended() && m_upstreamStatus < 300)
        static_cast<void>(co_await m_exchange.write(model::errorEvent(m_endpoint, refusal, message)));
    m_exchange.abort();
}

stream::Task<void> ModelRequest::refuse(Refusal refusal, std::string message) {
    if (!m_target)
        ++m_state.stats.refused;
    log.info("model request refused", m_rid, {{"cell", m_cell.cellId}, {"path", model::pathOf(m_endpoint)}, {"status", model::statusOf(refusal)}, {"why", message}});
    co_await respondRefusal(m_exchange, model::dialectOf(m_endpoint), refusal, std::move(message), m_rid);
}

std::int64_t ModelRequest::millisSince() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(m_state.clock.steadyNow() - m_started).count();
}

void ModelRequest::bookWhole(int upstreamStatus) {
    m_meter->finish();
    giveUp(upstreamStatus >= 300 || m_meter->sawError() ? Ending::UpstreamError : Ending::Ok);
    book();
}

void ModelRequest::book() {
    if (std::exchange(m_booked, true))
        return;
    gateway_verbs::UsageEvent event;
    event.requestId = m_rid;
    event.cellId = m_cell.cellId;
    event.userId = m_cell.user;
    event.route = m_route;
    event.target = m_target->name;
    event.model = m_target->model;
    event.startedAt = toRfc3339(m_startedAt);
    event.firstByteMs = m_firstByteMs;
    event.durationMs = millisSince();
    event.outcome = model::endingName(m_ending);
    const bool unanswered = m_exchange.status() == 0;
    event.status = unanswered && (m_ending == Ending::ClientGone || m_ending == Ending::Cut) ? 499 : m_exchange.status();
    event.bytesOut = static_cast<std::int64_t>(m_meter ? m_meter->bytes() : 0);
    // An upstream that refused or was never reached did no work; one that was left alone with the prompt did some.
    model::UsageCounts counts;
    if (m_meter && m_upstreamStatus < 300)
        counts = m_meter->counts(m_requestBytes);
    else if (left())
        counts = {model::estimateUsage(m_requestBytes, 0, 0)};
    event.promptTokens = counts.prompt;
    event.completionTokens = counts.completion;
    event.estimated = counts.estimated;
    event.upstreamId = m_meter ? m_meter->upstreamId() : std::string();
    if (m_ending != Ending::Ok)
        ++m_state.stats.failed;
    log.info("model request", m_rid,
             {{"cell", event.cellId},
              {"path", model::pathOf(m_endpoint)},
              {"route", event.route},
              {"target", event.target},
              {"model", event.model},
              {"status", event.status},
              {"outcome", event.outcome},
              {"promptTokens", event.promptTokens},
              {"completionTokens", event.completionTokens},
              {"estimated", event.estimated},
              {"firstByteMs", event.firstByteMs},
              {"durationMs", event.durationMs},
              {"bytesOut", event.bytesOut},
              {"upstreamId", event.upstreamId},
              {"upstreamTimings", m_meter ? m_meter->timings() : std::string()},
              {"traceparent", m_exchange.request().fields.get("traceparent").substr(0, 64)}});
    m_state.spool.book(std::move(event));
    if (m_state.onBooked)
        m_state.onBooked(m_state.spool.last());
}

} // namespace clawloops::gateway
