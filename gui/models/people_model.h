// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/holds_table.h"
#include "models/keyed_table.h"
#include "models/runtimes_model.h"
#include "models/state_view.h"

#include <optional>

namespace clawloops::gui {

// Somebody who is here, or who was asked to come: exactly one of the two is set.
struct PersonRow {
    std::optional<wire::User> user;
    std::optional<wire::Invitation> invitation;
    [[nodiscard]] const std::string& username() const { return user ? user->username : invitation->username; }
};
[[nodiscard]] inline QString rowKey(const PersonRow& row) {
    return fromWire(row.user ? row.user->userId : row.invitation->invitationId);
}
[[nodiscard]] StateView describe(const PersonRow& row);

class PeopleModel : public KeyedTable<PersonRow, rowKey> {
    Q_OBJECT
public:
    enum Column { Person, State, Role, Workspace, Tokens, LastSignIn, Joined, ColumnCount };

    PeopleModel(const RuntimesModel& runtimes, const UsageBook& usage, const HoldsTable& holds, QObject* parent = nullptr);
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] int people() const; // without invitations
    // What is in the way of a person, the weightiest first: disabled, frozen or held, a password to choose; else active.
    [[nodiscard]] StateView stateOf(const PersonRow& row) const;

private:
    [[nodiscard]] std::optional<StateView> workspace(const PersonRow& row) const;
    [[nodiscard]] QVariant text(const PersonRow& row, int column) const;
    [[nodiscard]] QVariant sortKey(const PersonRow& row, int column) const;

    QHash<QString, QString> m_runtimeOf; // user id → runtime id, so that a row costs no search
    const RuntimesModel& m_runtimes;
    const UsageBook& m_usage;
    const HoldsTable& m_holds;
};

} // namespace clawloops::gui
