// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/runtimed_flags.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace clawloops::runtime {

namespace {

class Flags {
public:
    explicit Flags(const std::vector<std::string>& arguments) {
        for (std::size_t at = 0; at < arguments.size(); at += 2) {
            if (!arguments[at].starts_with("--"))
                fail("\"" + arguments[at] + "\" is no flag.");
            else if (at + 1 == arguments.size())
                fail(arguments[at] + " needs a value.");
            else if (!m_values.emplace(arguments[at], arguments[at + 1]).second)
                fail(arguments[at] + " was given twice.");
        }
    }

    std::string text(const std::string& flag) {
        const auto found = m_values.find(flag);
        if (found == m_values.end()) {
            fail(flag + " is missing.");
            return {};
        }
        std::string value = std::move(found->second);
        m_values.erase(found);
        return value;
    }

    // A path is handed to podman inside a comma-separated option.
    std::string path(const std::string& flag) {
        std::string value = text(flag);
        if (!value.starts_with('/') || value.find(',') != value.npos)
            fail(flag + " must be an absolute path without a comma.");
        return value;
    }

    std::string word(const std::string& flag, std::initializer_list<std::string_view> words) {
        std::string value = text(flag);
        if (std::find(words.begin(), words.end(), value) == words.end()) {
            std::string list;
            for (const auto word : words)
                list.append(list.empty() ? "" : ", ").append(word);
            fail(flag + " must be one of: " + list + ".");
        }
        return value;
    }

    template <class T = std::uint32_t> T number(const std::string& flag) {
        const std::string value = text(flag);
        T result = 0;
        const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), result);
        if (failure != std::errc() || end != value.data() + value.size())
            fail(flag + " must be a number.");
        return result;
    }

    void fail(std::string message) {
        if (m_error.empty())
            m_error = std::move(message);
    }

    [[nodiscard]] std::string error() {
        if (m_error.empty() && !m_values.empty())
            return m_values.begin()->first + " is not a flag of this program.";
        return m_error;
    }

private:
    std::map<std::string, std::string> m_values;
    std::string m_error;
};

}

Result<RuntimedFlags> parseRuntimedFlags(const std::vector<std::string>& arguments) {
    Flags flags(arguments);
    RuntimedFlags result;
    result.data = flags.path("--data");
    result.run = flags.path("--run");
    result.instance = flags.text("--instance");
    const bool hex = std::all_of(result.instance.begin(), result.instance.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
    if (!hex || result.instance.size() != 8)
        flags.fail("--instance must be 8 hexadecimal digits.");
    result.cellProgram = flags.path("--cell-program");
    result.image = flags.text("--image");
    result.diskReserve = flags.number<std::int64_t>("--reserve");
    result.ociRuntime = flags.word("--oci-runtime", {"auto", "runc", "crun"});
    result.rootless = flags.word("--rootless", {"true", "false"}) == "true";
    result.controlUid = flags.number("--control-uid");
    result.controlGid = flags.number("--control-gid");
    result.edgeUid = flags.number("--edge-uid");
    result.edgeGid = flags.number("--edge-gid");
    result.modelUid = flags.number("--model-uid");
    result.debug = flags.word("--log-level", {"info", "debug"}) == "debug";
    if (const std::string error = flags.error(); !error.empty())
        return Error{ErrorCode::InvalidRequest, error, {}};
    return result;
}

} // namespace clawloops::runtime
