// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace clawloops {

// Text that must never be printed: no conversion, no stream operator, no field of a log line takes it. The one way out is
// reveal(), so that every use can be found by its name. The memory is wiped when the value dies.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : m_text(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept;
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();

    [[nodiscard]] std::string_view reveal() const { return m_text; }
    [[nodiscard]] bool empty() const { return m_text.empty(); }
    [[nodiscard]] bool equals(const Secret& other) const; // in constant time for equal lengths

private:
    void wipe();
    std::string m_text;
};

} // namespace clawloops
