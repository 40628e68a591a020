// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/people/limits_panel.h"

#include "models/money.h"
#include "pages/people/limit_dialog.h"
#include "widgets/live_table.h"

#include <QAction>

namespace clawloops::gui {

namespace {

QString figure(std::int64_t value) { return value == 0 ? QObject::tr("no limit") : exactCountText(value); }

} // namespace

LimitsPanel::LimitsPanel(LiveData& live, ApiClient& client, QWidget* parent)
    : ListPanel(live, client, tr("Limits"), QStringLiteral("/admin/limits"), parent),
      m_rows({{tr("For"), [this](const gateway_verbs::Limit& l) { return whose(l); }},
              {tr("Requests a minute"), [](const gateway_verbs::Limit& l) { return figure(l.requestsPerMinute); },
               [](const gateway_verbs::Limit& l) { return QVariant(qlonglong(l.requestsPerMinute)); }, nullptr, true},
              {tr("Tokens a minute"), [](const gateway_verbs::Limit& l) { return figure(l.tokensPerMinute); },
               [](const gateway_verbs::Limit& l) { return QVariant(qlonglong(l.tokensPerMinute)); }, nullptr, true},
              {tr("Answers at once"), [](const gateway_verbs::Limit& l) { return figure(l.streams); },
               [](const gateway_verbs::Limit& l) { return QVariant(qlonglong(l.streams)); }, nullptr, true}}),
      m_new(new QAction(tr("New limit…"), this)), m_edit(new QAction(tr("Edit…"), this)), m_remove(new QAction(tr("Remove"), this)) {
    connect(m_new, &QAction::triggered, this, [this] { edit({}, true); });
    connect(m_edit, &QAction::triggered, this, [this] {
        if (const auto* limit = m_rows.find(only()))
            edit(*limit, false);
    });
    connect(m_remove, &QAction::triggered, this, [this] {
        if (const auto* limit = m_rows.find(only()))
            put(rowKey(*limit), std::nullopt, tr("There is no limit of its own for %1 any more.").arg(whose(*limit)));
    });
    Parts parts;
    parts.explanation = tr("How much a minute a person, a model or a key may ask for.");
    parts.widths = {150, 130, 120, 120};
    parts.emptyTitle = tr("No limit");
    parts.emptySentence = tr("Nobody's pace is limited. A limit says how many requests, tokens and answers at once a person, a model or a key may have.");
    build(m_rows, parts, {m_edit, m_remove, m_new});
    connect(&table(), &LiveTable::activatedKey, m_edit, &QAction::trigger);
}

Status LimitsPanel::take(const json::object& answer) {
    std::vector<gateway_verbs::Limit> all;
    ObjectReader reader(answer, "list of limits");
    for (const json::value& value : reader.array("items")) {
        if (!value.is_object())
            return Error{ErrorCode::Internal, "The list of limits holds something that is no object.", {}};
        auto one = gateway_verbs::limitFromJson(value.get_object());
        if (!one)
            return one.error();
        all.push_back(std::move(*one));
    }
    if (reader.failed())
        return reader.finish().error();
    m_rows.merge(std::move(all));
    return {};
}

void LimitsPanel::follow() {
    const bool one = m_rows.find(only());
    m_new->setEnabled(isLive() && fetch().hasAnswer()); // the whole list goes back: it has to be known
    m_edit->setEnabled(isLive() && one);
    m_remove->setEnabled(isLive() && one);
}

QString LimitsPanel::whose(const gateway_verbs::Limit& limit) const {
    if (limit.subject.empty())
        return limit.scope == "route" ? tr("each other model") : limit.scope == "key" ? tr("each other key") : tr("each other person");
    const PersonRow* row = limit.scope == "person" ? live().people.find(fromWire(limit.subject)) : nullptr;
    return row ? fromWire(row->username()) : fromWire(limit.subject);
}

void LimitsPanel::edit(const gateway_verbs::Limit& limit, bool isNew) {
    auto* dialog = new LimitDialog(live(), limit, isNew, window());
    connect(dialog, &LimitDialog::chosen, this, [this, instead = isNew ? QString() : rowKey(limit)](const gateway_verbs::Limit& made) {
        put(instead, made, tr("The limit for %1 is saved.").arg(whose(made)));
    });
    dialog->open();
}

void LimitsPanel::put(const QString& instead, const std::optional<gateway_verbs::Limit>& limit, const QString& sentence) {
    json::array items;
    for (const gateway_verbs::Limit& one : m_rows.rows())
        if (rowKey(one) != instead && (!limit || rowKey(one) != rowKey(*limit)))
            items.emplace_back(gateway_verbs::toJson(one));
    if (limit)
        items.emplace_back(gateway_verbs::toJson(*limit));
    order("PUT", QStringLiteral("/admin/limits"), {{"items", std::move(items)}}, sentence);
}

} // namespace clawloops::gui
