// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/circuit_breaker.h"

#include "model/refusal_reason.h"

#include <algorithm>

namespace clawloops::model {

TargetOutcome outcomeOfStatus(int status, bool retryAfter) {
    if (status == 401 || status == 403)
        return TargetOutcome::WrongKey;
    if (status == 429 || (status == 503 && retryAfter))
        return TargetOutcome::Busy;
    return status >= 500 ? TargetOutcome::Failed : TargetOutcome::Answered;
}

std::string_view nameOf(TargetState state) {
    switch (state) {
    case TargetState::Unknown: return "unknown";
    case TargetState::Up: return "up";
    case TargetState::Down: return "down";
    case TargetState::Busy: return "busy";
    case TargetState::WrongKey: return "wrong_key";
    }
    return "unknown";
}

bool CircuitBreaker::wouldTry(SteadyTime now) const {
    return now >= m_until;
}

CircuitBreaker::Try CircuitBreaker::mayTry(SteadyTime now) {
    if (!wouldTry(now))
        return Try::No;
    if (!m_open)
        return Try::Yes;
    m_probing = true;
    m_until = now + m_settings.probeWithin; // for all others
    return Try::Probe;
}

bool CircuitBreaker::report(Try begun, TargetOutcome outcome, SteadyTime now, WallTime wall, int status,
                            std::optional<std::chrono::milliseconds> retryAfter) {
    const TargetState before = m_state;
    if (outcome == TargetOutcome::Unknown) {
        if (begun == Try::Probe && m_probing) {
            m_probing = false;
            m_until = now; // it says nothing: the next one is the probe
        }
        return false;
    }
    const bool failure =
        outcome == TargetOutcome::CannotConnect || outcome == TargetOutcome::TimedOut || outcome == TargetOutcome::Failed;
    if (failure && !fails(begun, now))
        return false;
    m_last = outcome;
    m_status = status;
    if (!failure) {
        m_failures = 0;
        m_open = m_probing = false;
        m_pause = std::chrono::milliseconds(0);
        m_until = now;
    }
    switch (outcome) {
    case TargetOutcome::Answered: setState(TargetState::Up, wall); break;
    case TargetOutcome::Busy:
        m_until = now + std::clamp(retryAfter.value_or(m_settings.busyPause), std::chrono::milliseconds(0), m_settings.longestBusy);
        setState(TargetState::Busy, wall);
        break;
    case TargetOutcome::WrongKey:
        m_until = now + m_settings.keyPause;
        setState(TargetState::WrongKey, wall);
        break;
    default:
        if (m_open)
            setState(TargetState::Down, wall);
        break;
    }
    return m_state != before;
}

// Counts a failure. False: it says nothing new.
bool CircuitBreaker::fails(Try begun, SteadyTime now) {
    if (!m_open) {
        if (++m_failures < m_settings.failures)
            return true;
        m_open = true;
        m_pause = m_settings.firstPause;
    } else if (begun == Try::Probe && m_probing) {
        m_pause = std::min(m_settings.longestPause, m_pause * 2);
    } else {
        return false; // of a request that began before
    }
    m_probing = false;
    m_until = now + m_pause;
    return true;
}

void CircuitBreaker::setState(TargetState state, WallTime wall) {
    if (m_state == state)
        return;
    m_state = state;
    m_since = wall;
}

TargetHealth CircuitBreaker::health(SteadyTime now) const {
    TargetHealth health{m_state, m_since, {}, {}};
    if (m_until > now && !m_probing)
        health.retryIn = std::chrono::ceil<std::chrono::milliseconds>(m_until - now);
    const std::string answered = m_status > 0 ? "It answers with the status " + std::to_string(m_status) : "It answers";
    const std::string next = m_probing                   ? " It is being tried."
                             : health.retryIn.count() > 0 ? " It is tried again in " + spanText(health.retryIn) + "."
                                                          : " It is tried with the next request.";
    switch (m_state) {
    case TargetState::Unknown: health.sentence = "Nobody has asked it yet."; break;
    case TargetState::Up: health.sentence = "It answers."; break;
    case TargetState::Busy:
        health.sentence = answered + ": it has more to do than it takes, so others are asked first." + next;
        break;
    case TargetState::WrongKey:
        health.sentence = answered + ": it does not accept the credential. Verify the credential on the Models page." + next;
        break;
    case TargetState::Down:
        if (m_last == TargetOutcome::CannotConnect)
            health.sentence = "It cannot be connected to. See whether the server runs and its address is right." + next;
        else if (m_last == TargetOutcome::TimedOut)
            health.sentence = "It does not answer in time. See whether the server is overloaded or hangs." + next;
        else
            health.sentence = (m_status > 0 ? answered : std::string("Its answers break off")) + ": it fails. See the server's own log." + next;
        break;
    }
    return health;
}

} // namespace clawloops::model
