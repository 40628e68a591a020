// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "edge/http.h"

namespace clawloops {

std::string_view HttpRequest::header(std::string_view lowerCaseName) const {
    for (const auto& [name, value] : headers)
        if (name == lowerCaseName)
            return value;
    return {};
}

bool HttpRequest::has(std::string_view lowerCaseName) const {
    for (const auto& [name, value] : headers)
        if (name == lowerCaseName)
            return true;
    return false;
}

std::string HttpRequest::joined(std::string_view lowerCaseName, std::string_view separator) const {
    std::string all;
    for (const auto& [name, value] : headers)
        if (name == lowerCaseName) {
            if (!all.empty())
                all += separator;
            all += value;
        }
    return all;
}

std::string HttpRequest::clientAddress() const {
    const std::string all = joined("x-forwarded-for", ",");
    const auto comma = all.rfind(',');
    std::string last = comma == std::string::npos ? all : all.substr(comma + 1);
    const auto first = last.find_first_not_of(' ');
    return first == std::string::npos ? std::string() : last.substr(first);
}

HttpResponse HttpResponse::json(int status, std::string text) {
    return {status, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, std::move(text)};
}

HttpResponse HttpResponse::redirect(std::string location) {
    return {303, {{"Location", std::move(location)}, {"Cache-Control", "no-store"}}, {}};
}

} // namespace clawloops
