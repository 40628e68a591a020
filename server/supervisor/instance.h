// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "supervisor/places.h"
#include "supervisor/refusal.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace clawloops::supervisor {

// The data directory as ours: made and marked when it is new or empty, refused (73) when it holds something else, locked
// against a second supervisor (73, naming its pid) for as long as this value lives. The lock ends with the process, however
// it ends; children do not inherit it.
class Instance {
public:
    [[nodiscard]] static std::variant<Instance, Refusal> claim(const std::filesystem::path& data, std::string_view version);
    Instance(Instance&& other) noexcept : m_id(std::move(other.m_id)), m_lock(std::exchange(other.m_lock, -1)) {}
    Instance& operator=(Instance&&) = delete;
    ~Instance();

    [[nodiscard]] const std::string& id() const { return m_id; } // 8 hex digits

private:
    Instance(std::string id, int lock) : m_id(std::move(id)), m_lock(lock) {}
    std::string m_id;
    int m_lock;
};

// Looks without taking or making anything: what claim() would refuse. For `check`.
[[nodiscard]] std::optional<Refusal> lookAtDataDirectory(const std::filesystem::path& data);

} // namespace clawloops::supervisor
