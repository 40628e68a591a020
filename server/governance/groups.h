// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "governance/service_parts.h"
#include "wire/model_types.h"

#include <optional>
#include <string>
#include <vector>

namespace clawloops::governance {

// Named sets of people, for budgets. A name is there once, whatever its case. One thread; callbacks as in store::Database.
class Groups : public QObject {
    Q_OBJECT
public:
    explicit Groups(ServiceParts parts, QObject* parent = nullptr) : QObject(parent), m_parts(parts) {}

    void list(QObject* guard, Done<std::vector<wire::Group>> done); // by name
    // InvalidRequest (no name, a member whom there is not), RuntimeActionConflict (the name is taken).
    void create(const std::string& name, std::vector<std::string> members, const store::Actor& actor, QObject* guard, Done<wire::Group> done);
    // What is not given stays. NotFound, else as above.
    void edit(const std::string& groupId, std::optional<std::string> name, std::optional<std::vector<std::string>> members,
              const store::Actor& actor, QObject* guard, Done<wire::Group> done);
    void remove(const std::string& groupId, const store::Actor& actor, QObject* guard, Done<wire::Group> done); // NotFound; RuntimeActionConflict: it has a budget

private:
    ServiceParts m_parts;
};

} // namespace clawloops::governance
