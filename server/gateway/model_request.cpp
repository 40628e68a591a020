// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/model_request.h"

#include "base/random.h"
#include "model/field_rules.h"
#include "model/target_choice.h"


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
    });
}

ModelRequest::~ModelRequest() {
    if (m_counted && --m_state.active[m_caller.id] == 0)
        m_state.active.erase(m_caller.id);
    if (m_record.target)
        book();
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
                                          .choices = m_body->choices()});
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
    ++m_state.stats.answered;
    const auto targets = model::targetsToTry(*m_route, randomNumber());
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (i > 0)
            ++m_state.stats.fallbacks;
        if (const Status begun = m_record.begin(*targets[i]); !begun) {
            co_await refuse(Refusal::Busy, "spool_full", "Usage cannot be written down at the moment (is the disk full?); the admin has to see to it.");
            co_return;
        }
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

stream::Task<ModelRequest::Step> ModelRequest::tryTarget(const model::Target& target, bool last) {
    stream::UpstreamCall call;
    auto answer = co_await ask(target, last, call);
    if (left()) {
        giveUp(m_cut ? Ending::Cut : Ending::ClientGone);
        co_return Step::Done;
    }
    m_record.upstreamStatus = answer ? answer->status : 0;
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
