// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "orchestrator/route_check.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace clawloops::orchestrator {

namespace {

constexpr std::int64_t mostTokens = 100'000'000;
constexpr std::int64_t dearest = 1'000'000'000'000'000; // a million dollars a million tokens: sums stay far below 2^63

Error refused(std::string message) { return {ErrorCode::InvalidRequest, std::move(message), {}}; }

bool isOneLine(std::string_view text, std::size_t longest) {
    return !text.empty() && text.size() <= longest &&
           std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

// As the database holds it: it becomes part of paths and of what people type.
bool isModelId(std::string_view id) {
    constexpr std::string_view first = "abcdefghijklmnopqrstuvwxyz0123456789";
    constexpr std::string_view rest = "abcdefghijklmnopqrstuvwxyz0123456789._:/-";
    return !id.empty() && id.size() <= 63 && first.find(id.front()) != std::string_view::npos &&
           id.find_first_not_of(rest) == std::string_view::npos;
}

bool isProvider(std::string_view name) {
    return !name.empty() && name.size() <= 40 && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

// Members of a request that an admin may set: how an answer is made, never what is asked, of whom, or how it travels.
struct Member {
    std::string_view name;
    bool whole;
    double least;
    double most;
};
constexpr std::array<Member, 7> numbers{{
    {"temperature", false, 0, 2},
    {"top_p", false, 0, 1},
    {"presence_penalty", false, -2, 2},
    {"frequency_penalty", false, -2, 2},
    {"max_tokens", true, 1, 1'000'000},
    {"max_completion_tokens", true, 1, 1'000'000},
    {"seed", true, 0, 2'147'483'647},
}};

bool fits(const Member& member, const json::value& value) {
    if (member.whole ? !value.is_int64() : !value.is_number())
        return false;
    const auto number = value.to_number<double>();
    return number >= member.least && number <= member.most;
}

bool isStop(const json::value& value) {
    const auto text = [](const json::value& one) { return one.is_string() && !one.get_string().empty() && one.get_string().size() <= 100; };
    if (!value.is_array())
        return text(value);
    const json::array& texts = value.get_array();
    return !texts.empty() && texts.size() <= 4 && std::all_of(texts.begin(), texts.end(), text);
}

Status checkMembers(const json::object& members, std::string_view where) {
    for (const auto& [key, value] : members) {
        const std::string name(key);
        const auto known = std::find_if(numbers.begin(), numbers.end(), [&name](const Member& one) { return one.name == name; });
        bool fine = false;
        if (known != numbers.end())
            fine = fits(*known, value);
        else if (name == "stop")
            fine = isStop(value);
        else if (name == "parallel_tool_calls")
            fine = value.is_bool();
        else if (name == "reasoning_effort")
            fine = value.is_string() && (value == "minimal" || value == "low" || value == "medium" || value == "high");
        else
            return refused("\"" + name.substr(0, 60) + "\" cannot be set in \"" + std::string(where) +
                           "\". These can: temperature, top_p, presence_penalty, frequency_penalty, max_tokens, max_completion_tokens,"
                           " seed, stop, parallel_tool_calls and reasoning_effort.");
        if (!fine)
            return refused("\"" + name + "\" in \"" + std::string(where) + "\" has a value that no model takes.");
    }
    return {};
}

Status checkUrl(const wire::RouteTarget& target, const ResolveUrl& resolve) {
    if (target.url.empty() && target.kind == "litellm")
        return {};
    auto url = resolve(target.url);
    if (!url)
        return url.error();
    const bool known = url->starts_with("http://") || url->starts_with("https://") || url->starts_with("unix:/");
    if (!known || !isOneLine(*url, 500) || url->find('@') != std::string::npos)
        return refused("A target's url starts with http://, https://, unix:/ or component: and holds no credential.");
    return {};
}

Status checkTarget(const wire::RouteTarget& target, const ResolveUrl& resolve) {
    if (!isOneLine(target.name, 100) || !isOneLine(target.model, 200))
        return refused("Each target needs a name and a model, each on one line.");
    if (target.kind != "openai" && target.kind != "litellm")
        return refused("A target's kind is openai or litellm.");
    if (target.weight < 0 || target.weight > 1000)
        return refused("A target's weight is 0 to 1000.");
    if (target.slots < 0 || target.slots > 1000)
        return refused("A target's slots are 0 (any number) to 1000.");
    if (!target.provider.empty() && target.kind != "litellm")
        return refused("The target \"" + target.name + "\" names a provider, which only LiteLLM translates for. Choose the kind litellm.");
    if (!target.provider.empty() && !isProvider(target.provider))
        return refused("A provider is named in small letters, digits and underscores, as LiteLLM names it.");
    if (target.price)
        for (const std::int64_t part : {target.price->in, target.price->cachedIn, target.price->out})
            if (part < 0 || part > dearest)
                return refused("A price is 0 or more, in billionths of a dollar per million tokens.");
    return checkUrl(target, resolve);
}

Status checkAccess(const wire::Route& route) {
    std::set<std::string> seen;
    for (const std::string& role : route.roles)
        if ((role != "admin" && role != "user") || !seen.insert(role).second)
            return refused("The roles that may use a route are admin and user, each once.");
    if (route.people.size() > 1000 || std::set<std::string>(route.people.begin(), route.people.end()).size() != route.people.size())
        return refused("A route is open to at most 1000 people, each named once. For more, use a role.");
    return {};
}

} // namespace

Status checkRoute(const wire::Route& route, const ResolveUrl& resolve) {
    if (!isModelId(route.modelId))
        return refused("A model's name is 1 to 63 small letters, digits and any of . _ : / - and begins with a letter or a digit.");
    if (!isOneLine(route.title, 100))
        return refused("A route needs a title of 1 to 100 bytes on one line.");
    if (route.balance != "order" && route.balance != "weight")
        return refused("A route's balance is order or weight.");
    if (route.position < 0 || route.position > 1'000'000)
        return refused("A route's position is 0 to 1000000.");
    if (route.contextTokens < 0 || route.contextTokens > mostTokens || route.outputTokens < 0 || route.outputTokens > mostTokens)
        return refused("A route's contextTokens and outputTokens are 0 (no limit) to 100000000.");
    if (route.contextTokens > 0 && route.outputTokens > route.contextTokens)
        return refused("A route's outputTokens cannot be more than its contextTokens.");
    Status fine = checkAccess(route);
    if (fine)
        fine = checkMembers(route.force, "force");
    if (fine)
        fine = checkMembers(route.defaults, "defaults");
    if (!fine)
        return fine;
    for (const auto& member : route.force)
        if (route.defaults.contains(member.key()))
            return refused("\"" + std::string(member.key()) + "\" is both forced and a default. Choose one of them.");
    if (route.targets.empty() || route.targets.size() > 16)
        return refused("A route needs 1 to 16 targets.");
    std::set<std::string> names;
    bool weighs = route.balance == "order";
    for (const wire::RouteTarget& target : route.targets) {
        fine = checkTarget(target, resolve);
        if (!fine)
            return fine;
        if (!names.insert(target.name).second)
            return refused("Two targets of this route are named \"" + target.name + "\". Give each a name of its own.");
        weighs = weighs || target.weight > 0;
    }
    if (!weighs)
        return refused("By weight, at least one target needs a weight of more than 0.");
    return {};
}

} // namespace clawloops::orchestrator
