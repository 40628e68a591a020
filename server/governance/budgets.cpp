// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "governance/budgets.h"

#include "base/log.h"
#include "base/random.h"
#include "governance/budget_view.h"

#include <algorithm>
#include <initializer_list>

namespace clawloops::governance {

namespace {

constexpr Log logger("governance");
constexpr std::int64_t mostOfAnything = 1'000'000'000'000'000; // 1,000,000 $ in nano-units
constexpr std::chrono::seconds tellSpentEvery{3};

Error wrong(std::string message) { return {ErrorCode::InvalidRequest, std::move(message), {}}; }
Error notThere() { return {ErrorCode::NotFound, "There is no such budget.", {}}; }

Status oneOf(const std::string& value, const char* name, std::initializer_list<const char*> words) {
    std::string all;
    for (const char* word : words) {
        if (value == word)
            return {};
        all += (all.empty() ? "" : word == *(words.end() - 1) ? " or " : ", ") + std::string(word);
    }
    return wrong("\"" + std::string(name) + "\" must be " + all + ".");
}

Status checkSubject(store::Transaction& tx, const std::string& scope, const std::string& subject) {
    if (subject.empty())
        return {};
    if (scope == "all")
        return wrong("A budget for all has no subject.");
    auto rows = scope == "person"  ? tx.query("SELECT 1 FROM users WHERE id = $1", {subject})
                : scope == "group" ? tx.query("SELECT 1 FROM groups WHERE id = $1 FOR SHARE", {subject})
                                   : tx.query("SELECT 1 FROM routes WHERE name = $1", {subject});
    if (!rows)
        return rows.error();
    return rows->empty() ? Status(wrong("There is no " + scope + " \"" + subject + "\" for this budget.")) : Status();
}

Status check(store::Transaction& tx, const gateway_verbs::Budget& budget) {
    const bool printable = std::all_of(budget.name.begin(), budget.name.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
    if (budget.name.empty() || budget.name.size() > 64 || !printable)
        return wrong("A budget needs a name of 1 to 64 bytes on one line.");
    if (budget.limit < 0 || budget.limit > mostOfAnything)
        return wrong("A budget's limit is 0 to 1,000,000 $, or to as many tokens.");
    for (const Status& status : {oneOf(budget.scope, "scope", {"person", "group", "route", "all"}), oneOf(budget.unit, "unit", {"money", "tokens"}),
                                 oneOf(budget.window, "window", {"day", "week", "month", "run"})})
        if (!status)
            return status;
    return checkSubject(tx, budget.scope, budget.subject);
}

void take(gateway_verbs::Budget& budget, const BudgetWish& wish) {
    budget.name = wish.name.value_or(budget.name);
    budget.scope = wish.scope.value_or(budget.scope);
    budget.subject = wish.subject.value_or(budget.subject);
    budget.unit = wish.unit.value_or(budget.unit);
    budget.window = wish.window.value_or(budget.window);
    budget.limit = wish.limit.value_or(budget.limit);
}

json::object detailOf(const gateway_verbs::Budget& budget) {
    return {{"name", budget.name}, {"scope", budget.scope}, {"subject", budget.subject}, {"unit", budget.unit}, {"window", budget.window}, {"limit", budget.limit}};
}

// As it is kept, locked.
Result<gateway_verbs::Budget> locked(store::Transaction& tx, const std::string& budgetId) {
    auto rows = tx.query("SELECT id, name, scope, subject, unit, span, amount FROM budgets WHERE id = $1 FOR UPDATE", {budgetId});
    if (!rows)
        return rows.error();
    if (rows->empty())
        return notThere();
    const store::Row& row = rows->front();
    gateway_verbs::Budget budget;
    budget.id = row.text(0);
    budget.name = row.text(1);
    budget.scope = row.text(2);
    budget.subject = row.text(3);
    budget.unit = row.text(4);
    budget.window = row.text(5);
    budget.limit = row.integer(6);
    return budget;
}

} // namespace

Budgets::Budgets(ServiceParts parts, QObject* parent) : QObject(parent), m_parts(parts) {
    m_spent.setSingleShot(true);
    using Change = orchestrator::Change;
    connect(&m_spent, &QTimer::timeout, this, [this] { m_parts.hub.publish({Change::Kind::Budget, {}, {}, false}); });
    connect(&m_parts.hub, &orchestrator::EventHub::changed, this, [this](const Change& change) {
        if (change.kind == Change::Kind::Usage && !m_spent.isActive())
            m_spent.start(tellSpentEvery);
    });
}

void Budgets::withStates(std::function<void(BudgetStates)> then) {
    m_parts.gateway.ask("budgets", {}, [alive = QPointer<Budgets>(this), then = std::move(then)](const Result<json::object>& reply) {
        if (!alive)
            return;
        auto states = reply ? gateway_verbs::budgetsReplyFromJson(*reply) : Result<BudgetStates>(reply.error());
        if (!states)
            logger.warning("what is spent at this moment is not known", {}, {{"reason", states.error().message}});
        then(states ? std::move(*states) : BudgetStates());
    });
}

void Budgets::list(QObject* guard, Done<std::vector<wire::Budget>> done) {
    withStates([this, guard = QPointer<QObject>(guard), done = std::move(done)](BudgetStates states) {
        if (guard)
            m_parts.database.run([states, now = m_parts.clock.now()](store::Transaction& tx) { return viewBudgets(tx, {}, states, now); }, guard, done);
    });
}

void Budgets::quota(const std::string& userId, QObject* guard, Done<wire::Quota> done) {
    withStates([this, userId, guard = QPointer<QObject>(guard), done = std::move(done)](const BudgetStates& states) {
        m_parts.gateway.ask("brake.list", {}, [this, alive = QPointer<Budgets>(this), userId, guard, done, states](const Result<json::object>& reply) {
            std::vector<gateway_verbs::BrakeState> braked;
            if (auto read = reply ? gateway_verbs::brakeReplyFromJson(*reply) : Result<std::vector<gateway_verbs::BrakeState>>(reply.error()))
                braked = std::move(*read);
            if (alive && guard)
                m_parts.database.run([userId, states, braked, now = m_parts.clock.now()](store::Transaction& tx) { return viewQuota(tx, userId, states, braked, now); },
                                     guard, done);
        });
    });
}

void Budgets::create(const BudgetWish& wish, const store::Actor& actor, QObject* guard, Done<wire::Budget> done) {
    apply(
        [wish, actor](store::Transaction& tx) -> Result<std::string> {
            gateway_verbs::Budget budget;
            budget.id = randomId("bud_");
            take(budget, wish);
            Status written = check(tx, budget);
            if (written)
                written = tx.exec("INSERT INTO budgets (id, name, scope, subject, unit, span, amount) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                                  {budget.id, budget.name, budget.scope, budget.subject, budget.unit, budget.window, budget.limit});
            if (written)
                written = store::appendAudit(tx, actor, "budget.create", budget.id, detailOf(budget));
            if (!written)
                return written.error();
            return budget.id;
        },
        guard, std::move(done));
}

void Budgets::edit(const std::string& budgetId, const BudgetWish& wish, const store::Actor& actor, QObject* guard, Done<wire::Budget> done) {
    apply(
        [budgetId, wish, actor](store::Transaction& tx) -> Result<std::string> {
            auto budget = locked(tx, budgetId);
            if (!budget)
                return budget.error();
            take(*budget, wish);
            Status written = check(tx, *budget);
            if (written)
                written = tx.exec("UPDATE budgets SET name = $2, scope = $3, subject = $4, unit = $5, span = $6, amount = $7 WHERE id = $1",
                                  {budget->id, budget->name, budget->scope, budget->subject, budget->unit, budget->window, budget->limit});
            if (written)
                written = store::appendAudit(tx, actor, "budget.change", budgetId, detailOf(*budget));
            if (!written)
                return written.error();
            return budgetId;
        },
        guard, std::move(done));
}

void Budgets::raise(const std::string& budgetId, std::int64_t by, const store::Actor& actor, QObject* guard, Done<wire::Budget> done) {
    apply(
        [budgetId, by, actor](store::Transaction& tx) -> Result<std::string> {
            if (by < 1 || by > mostOfAnything)
                return wrong("A budget is raised by more than nothing, and by 1,000,000 $ or as many tokens at most.");
            auto budget = locked(tx, budgetId);
            if (!budget)
                return budget.error();
            Status written = tx.exec("UPDATE budgets SET raised_by = least($3, $2 + CASE WHEN raised_on = current_date THEN raised_by ELSE 0 END),"
                                     " raised_on = current_date WHERE id = $1",
                                     {budgetId, by, mostOfAnything});
            if (written)
                written = store::appendAudit(tx, actor, "budget.raise", budgetId, {{"name", budget->name}, {"by", by}});
            if (!written)
                return written.error();
            return budgetId;
        },
        guard, std::move(done));
}

void Budgets::remove(const std::string& budgetId, const store::Actor& actor, QObject* guard, Done<wire::Budget> done) {
    change<wire::Budget>(
        m_parts, this,
        [budgetId, actor, now = m_parts.clock.now()](store::Transaction& tx) -> Result<wire::Budget> {
            auto budget = viewBudgets(tx, budgetId, {}, now);
            if (!budget)
                return budget.error();
            if (budgetId.empty() || budget->empty())
                return notThere();
            Status written = tx.exec("DELETE FROM budgets WHERE id = $1", {budgetId});
            if (written)
                written = store::appendAudit(tx, actor, "budget.remove", budgetId, wire::toJson(budget->front()));
            if (!written)
                return written.error();
            return std::move(budget->front());
        },
        [this, reply = guarded(guard, std::move(done))](Result<wire::Budget> removed) {
            if (removed)
                m_parts.hub.publish({orchestrator::Change::Kind::Budget, removed->budgetId, {}, true});
            reply(std::move(removed));
        });
}

void Budgets::apply(Job job, QObject* guard, Done<wire::Budget> done) {
    change<std::string>(m_parts, this, std::move(job), [this, reply = guarded(guard, std::move(done))](const Result<std::string>& changed) {
        if (!changed)
            return reply(changed.error());
        m_parts.hub.publish({orchestrator::Change::Kind::Budget, *changed, {}, false});
        withStates([this, id = *changed, reply](const BudgetStates& states) {
            m_parts.database.run(
                [id, states, now = m_parts.clock.now()](store::Transaction& tx) -> Result<wire::Budget> {
                    auto view = viewBudgets(tx, id, states, now);
                    if (!view)
                        return view.error();
                    if (view->empty())
                        return notThere();
                    return std::move(view->front());
                },
                this, reply);
        });
    });
}

} // namespace clawloops::governance
