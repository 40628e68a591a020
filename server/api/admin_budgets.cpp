// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/parts.h"
#include "api/router.h"
#include "api/sign_in.h"

// admin/budgets…: how much may be used over time.
namespace clawloops::api {

namespace {
std::optional<std::string> textIf(ObjectReader& reader, std::string_view name, std::size_t longest) {
    return reader.has(name) ? std::optional(boundedText(reader, name, longest)) : std::nullopt;
}
governance::BudgetWish readWish(ObjectReader& reader) {
    governance::BudgetWish wish;
    wish.name = textIf(reader, "name", 64);
    wish.scope = textIf(reader, "scope", 20);
    if (reader.has("subject"))
        wish.subject = reader.text("subject"); // may be empty
    if (wish.subject && wish.subject->size() > 200)
        reader.fail("\"subject\" is too long.");
    wish.unit = textIf(reader, "unit", 20);
    wish.window = textIf(reader, "window", 20);
    if (reader.has("limit"))
        wish.limit = reader.integer("limit");
    return wish;
}
json::object write(const wire::Budget& budget) { return wire::toJson(budget); }
} // namespace

void addAdminBudgets(Router& router, Parts& parts) {
    // → {items: [Budget]}
    router.add({"GET", "/admin/budgets", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.governance.budgets.list(parts.guard, answering<std::vector<wire::Budget>>(
                                                                   call, 200, [](const auto& budgets) { return wire::listToJson(budgets); }));
                }});

    // {name, scope, subject = "", unit, window, limit} → 201 Budget
    router.add({"POST", "/admin/budgets", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const governance::BudgetWish wish = readWish(reader);
                    for (const char* name : {"name", "scope", "unit", "window", "limit"})
                        if (!reader.has(name))
                            reader.fail("A budget needs \"" + std::string(name) + "\".");
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.governance.budgets.create(wish, call->actor(), parts.guard, answering<wire::Budget>(call, 201, write));
                }});

    // {name?, scope?, subject?, unit?, window?, limit?} → Budget
    router.add({"PUT", "/admin/budgets/{budgetId}", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const governance::BudgetWish wish = readWish(reader);
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.governance.budgets.edit(call->parameter(), wish, call->actor(), parts.guard, answering<wire::Budget>(call, 200, write));
                }});

    // → Budget, as it was
    router.add({"DELETE", "/admin/budgets/{budgetId}", Access::Admin, Body::None, [&parts](CallPtr call) {
                    parts.governance.budgets.remove(call->parameter(), call->actor(), parts.guard, answering<wire::Budget>(call, 200, write));
                }});

    // {by} → Budget: more for the rest of this day (UTC)
    router.add({"POST", "/admin/budgets/{budgetId}/raise", Access::Admin, Body::Required, [&parts](CallPtr call) {
                    ObjectReader reader(call->body);
                    const std::int64_t by = reader.integer("by");
                    if (const Status read = reader.finish(); !read)
                        return call->fail(read.error());
                    parts.governance.budgets.raise(call->parameter(), by, call->actor(), parts.guard, answering<wire::Budget>(call, 200, write));
                }});
}

} // namespace clawloops::api
