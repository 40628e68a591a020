// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/runtimes/runtimes_page.h"

#include "widgets/confirm_dialog.h"
#include "widgets/live_table.h"
#include "widgets/theme.h"

#include <QAction>
#include <QActionGroup>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

namespace clawloops::gui {

RuntimesPage::RuntimesPage(LiveData& live, ApiClient& client, QWidget* parent)
    : Page(tr("Runtimes"), parent), m_data(live), m_client(client), m_table(nullptr), m_stateButton(new QPushButton(this)),
      m_start(new QAction(tr("Start"), this)), m_stop(new QAction(tr("Stop"), this)) {
    m_filter.setSourceModel(&live.runtimes);
    m_table = new LiveTable(m_filter, this);
    m_table->setAccessibleName(tr("Runtimes"));
    m_table->setColumns({150, 120, 70, 200, 130, 130}, RuntimesModel::Doing);
    m_table->setOptional({RuntimesModel::Cell, RuntimesModel::Tokens});
    m_table->setMuted({RuntimesModel::Since, RuntimesModel::Cell});
    connect(addFilter(tr("Filter runtimes")), &QLineEdit::textChanged, this, [this](const QString& words) { m_filter.setWords(words); });
    makeStateFilter();
    m_start->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_R));
    m_start->setToolTip(tr("Start the selected runtimes (Ctrl+R)"));
    m_stop->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Period));
    m_stop->setToolTip(tr("Stop the selected runtimes; work in flight ends, workspaces are kept (Ctrl+.)"));
    addHeaderButton(m_start);
    addHeaderButton(m_stop);
    connect(m_start, &QAction::triggered, this, [this] { order(QStringLiteral("start"), m_table->selectedKeys()); });
    connect(m_stop, &QAction::triggered, this, &RuntimesPage::askToStop);
    setEmpty(tr("No runtime yet"), tr("A runtime is made when a person opens their workspace for the first time. Nothing to do here."), {}, {});
    watch(m_filter, [this] { m_anyState->trigger(); });
    setContent(m_table);
    m_table->setMenu({m_start, m_stop});
    m_table->addCopy(tr("Copy name"), [this](const QString& key) {
        const RuntimeRow* one = m_data.runtimes.find(key);
        return one ? one->name : QString();
    });
    m_table->addCopy(tr("Copy cell"), [this](const QString& key) {
        const RuntimeRow* one = m_data.runtimes.find(key);
        return one ? fromWire(one->cellId) : QString();
    });
    m_table->addCopy(tr("Copy id"), [](const QString& key) { return key; });
    connect(m_table, &LiveTable::selectionMoved, this, &RuntimesPage::followSelection);
    connect(&live, &LiveData::changed, this, [this] {
        refresh();
        followSelection();
    });
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        if (isVisible())
            Q_EMIT inspectedChanged();
    });
    m_tick.start();
    followSelection();
}

void RuntimesPage::makeStateFilter() {
    auto* menu = new QMenu(m_stateButton);
    auto* group = new QActionGroup(menu);
    const auto add = [&](const QString& text, std::optional<StateKind> kind) {
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(!kind);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, text, kind] { setState(text, kind); });
        return action;
    };
    m_anyState = add(tr("all"), std::nullopt);
    add(tr("running"), StateKind::Running);
    add(tr("starting"), StateKind::Starting);
    add(tr("paused"), StateKind::Paused);
    add(tr("stopped"), StateKind::Stopped);
    add(tr("error"), StateKind::Error);
    m_stateButton->setText(tr("State"));
    m_stateButton->setMenu(menu);
    m_stateButton->setMinimumWidth(Theme::px(84));
    addHeaderWidget(m_stateButton);
}

void RuntimesPage::setState(const QString& text, std::optional<StateKind> kind) {
    m_filter.setState(kind);
    m_stateButton->setText(kind ? tr("State: %1").arg(text) : tr("State"));
}

bool RuntimesPage::isEmpty() const { return m_data.runtimes.rowCount() == 0; }
void RuntimesPage::setDimmed(bool dimmed) { m_table->setDimmed(dimmed); }
void RuntimesPage::selectKey(const QString& key) { m_table->selectKey(key); }

void RuntimesPage::followSelection() {
    bool canStart = false;
    bool canStop = false;
    for (const QString& key : m_table->selectedKeys()) {
        const RuntimeRow* one = m_data.runtimes.find(key);
        if (!one)
            continue;
        const bool wanted = one->status.binding.desiredState == "running";
        canStop = canStop || wanted;
        canStart = canStart || !wanted || one->status.binding.observedState == "error";
    }
    m_start->setEnabled(canStart && isLive());
    m_stop->setEnabled(canStop && isLive());
    Q_EMIT inspectedChanged();
}

void RuntimesPage::askToStop() {
    QStringList keys;
    QStringList names;
    for (const QString& key : m_table->selectedKeys())
        if (const RuntimeRow* one = m_data.runtimes.find(key); one && one->status.binding.desiredState == "running") {
            keys += key;
            names += one->name;
        }
    if (keys.isEmpty())
        return;
    constexpr int named = 5;
    const QString who = names.size() <= named ? names.join(QStringLiteral(", "))
                                              : tr("%1 and %2 more").arg(names.mid(0, named).join(QStringLiteral(", "))).arg(names.size() - named);
    ConfirmDialog::ask(this,
                       {keys.size() == 1 ? tr("Stop the runtime of %1?").arg(who) : tr("Stop %1 runtimes?").arg(keys.size()),
                        tr("Answers and tools under way for %1 end. The workspace and its files are kept, and it can be started again.").arg(who),
                        tr("Stop")},
                       [this, keys] { order(QStringLiteral("stop"), keys); });
}

void RuntimesPage::order(const QString& verb, const QStringList& keys) {
    for (const QString& key : keys) {
        const RuntimeRow* one = m_data.runtimes.find(key);
        if (!one)
            continue;
        m_client.post(QStringLiteral("/admin/users/%1/runtime/%2").arg(fromWire(one->userId), verb), {}, this, [this](ApiResult result) {
            if (const auto* failure = std::get_if<ApiFailure>(&result))
                return failureNotice(failure->sentence, failure->requestId);
            m_data.apply("runtime", std::get<json::object>(result));
        });
    }
}

InspectorContent RuntimesPage::inspected() const {
    const QStringList keys = m_table->selectedKeys();
    if (keys.isEmpty())
        return {};
    InspectorContent out;
    if (keys.size() > 1) {
        out.title = tr("%1 runtimes").arg(keys.size());
        out.kind = tr("Selection");
        return out;
    }
    const RuntimeRow* one = m_data.runtimes.find(keys.first());
    if (!one)
        return {};
    const wire::RuntimeBinding& binding = one->status.binding;
    const wire::UsageLine usage = m_data.usage.ofUser(one->userId);
    out.kind = tr("Runtime");
    out.title = fromWire(one->username);
    out.state = describe(*one);
    out.facts = {{tr("Wanted"), fromWire(binding.desiredState)},
                 {tr("Since"), momentText(out.state.since)},
                 {tr("This month"), tr("%1 tokens in %2 requests").arg(countText(tokens(usage)), countText(usage.requests))},
                 {tr("Image"), fromWire(binding.imageRef)},
                 {tr("Cell"), fromWire(one->cellId)},
                 {tr("When deleted"), binding.retentionPolicy == "wipe_workspace" ? tr("the workspace is wiped") : tr("the workspace is kept")},
                 {tr("Id"), fromWire(binding.runtimeId)}};
    if (one->status.task && !one->status.task->steps.empty()) {
        const wire::Task& task = *one->status.task;
        const QString action = fromWire(task.action);
        out.stepsTitle = task.state == "running" || task.state == "pending" ? tr("Now: %1").arg(action) : tr("Last: %1").arg(action);
        out.steps = stepsOf(task);
    }
    return out;
}

} // namespace clawloops::gui
