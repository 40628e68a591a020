// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/people/limit_dialog.h"

#include "widgets/theme.h"

#include <QComboBox>
#include <QSpinBox>
#include <algorithm>
#include <tuple>

namespace clawloops::gui {

LimitDialog::LimitDialog(const LiveData& live, const gateway_verbs::Limit& limit, bool isNew, QWidget* parent)
    : FormDialog(isNew ? tr("A new limit") : tr("Limit"), tr("Who goes over it is refused until the minute has passed, and is told how long to wait."), tr("Save"), parent),
      m_data(live), m_subjectWanted(fromWire(limit.subject)), m_scope(new QComboBox(this)), m_subject(new QComboBox(this)), m_requests(new QSpinBox(this)),
      m_tokens(new QSpinBox(this)), m_streams(new QSpinBox(this)) {
    m_scope->addItem(tr("a person"), QStringLiteral("person"));
    m_scope->addItem(tr("a model"), QStringLiteral("route"));
    m_scope->addItem(tr("a key"), QStringLiteral("key"));
    m_scope->setObjectName(QStringLiteral("scope"));
    m_subject->setObjectName(QStringLiteral("subject"));
    m_scope->setCurrentIndex(std::max(0, m_scope->findData(fromWire(limit.scope))));
    const std::tuple<QSpinBox*, const char*, std::int64_t, int, int> figures[] = {{m_requests, "requests", limit.requestsPerMinute, 1'000'000, 10},
                                                                                {m_tokens, "tokens", limit.tokensPerMinute, 1'000'000'000, 10'000},
                                                                                {m_streams, "streams", limit.streams, 10'000, 1}};
    for (const auto& [box, name, value, most, step] : figures) {
        box->setObjectName(QString::fromLatin1(name));
        box->setRange(0, most);
        box->setSingleStep(step);
        box->setSpecialValueText(tr("no limit"));
        box->setValue(int(std::min<std::int64_t>(value, most)));
        box->setMinimumHeight(Theme::px(28));
        connect(box, &QSpinBox::valueChanged, this, &LimitDialog::check);
    }
    addField(tr("&For"), m_scope);
    addField(tr("&Which"), m_subject);
    addField(tr("&Requests a minute"), m_requests);
    addField(tr("&Tokens a minute"), m_tokens);
    addField(tr("Answers at &once"), m_streams);
    connect(m_scope, &QComboBox::currentIndexChanged, this, &LimitDialog::fillSubjects);
    fillSubjects();
    check();
}

void LimitDialog::fillSubjects() {
    const QString scope = m_scope->currentData().toString();
    m_subject->clear();
    m_subject->addItem(scope == QLatin1String("route") ? tr("each model without a limit of its own")
                       : scope == QLatin1String("key") ? tr("each key without a limit of its own")
                                                       : tr("each person without a limit of their own"),
                       QString());
    if (scope == QLatin1String("person"))
        for (const PersonRow& one : m_data.people.rows())
            if (one.user)
                m_subject->addItem(fromWire(one.username()), fromWire(one.user->userId));
    if (scope == QLatin1String("route"))
        for (const wire::Route& one : m_data.routes.rows())
            m_subject->addItem(fromWire(one.modelId), fromWire(one.modelId));
    if (!m_subjectWanted.isEmpty() && m_subject->findData(m_subjectWanted) < 0)
        m_subject->addItem(m_subjectWanted, m_subjectWanted); // a key, or somebody who is gone
    m_subject->setCurrentIndex(std::max(0, m_subject->findData(m_subjectWanted)));
    m_subjectWanted.clear();
}

void LimitDialog::check() { setReady(m_requests->value() > 0 || m_tokens->value() > 0 || m_streams->value() > 0); }

void LimitDialog::submit() {
    gateway_verbs::Limit limit;
    limit.scope = m_scope->currentData().toString().toStdString();
    limit.subject = m_subject->currentData().toString().toStdString();
    limit.requestsPerMinute = m_requests->value();
    limit.tokensPerMinute = m_tokens->value();
    limit.streams = m_streams->value();
    Q_EMIT chosen(limit);
    accept();
}

} // namespace clawloops::gui
