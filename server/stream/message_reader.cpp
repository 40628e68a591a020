// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/message_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <algorithm>
#include <optional>

namespace clawloops::stream {

namespace http = boost::beast::http;
using boost::beast::error_code;
using View = boost::beast::string_view;

namespace {

constexpr std::size_t mostFields = 200;

struct Parsed {
    RequestHead request;
    ResponseHead response;
    Fields fields;
    int version = 11;
    std::string_view piece;
    bool headDone = false;
    bool atEnd = false;
};

std::string_view plain(View view) {
    return {view.data(), view.size()};
}

// Collects the head and hands out body pieces as views into the input.
template <bool isRequest> class Parser final : public http::basic_parser<isRequest> {
public:
    explicit Parser(Parsed& parsed) : m_parsed(parsed) {
        this->body_limit(boost::none); // callers count
        this->eager(false); // one piece at a time
    }

private:
    void on_request_impl(http::verb, View method, View target, int version, error_code&) override {
        m_parsed.request.method = plain(method);
        m_parsed.request.target = plain(target);
        m_parsed.version = version;
    }
    void on_response_impl(int code, View reason, int version, error_code&) override {
        m_parsed.response.status = code;
        m_parsed.response.reason = plain(reason);
        m_parsed.version = version;
    }
    void on_field_impl(http::field name, View text, View value, error_code& error) override {
        if (m_parsed.headDone)
            return; // a trailer
        if (m_parsed.fields.size() >= mostFields)
            error = http::error::header_limit;
        else if (name == http::field::content_length && m_parsed.fields.has("Content-Length"))
            error = http::error::multiple_content_length;
        else if (name == http::field::transfer_encoding && (m_parsed.version == 10 || !equalNoCase(plain(value), "chunked")))
            error = http::error::bad_transfer_encoding;
        else if (value.find('\0') != View::npos)
            error = http::error::bad_value;
        else
            m_parsed.fields.add(plain(text), plain(value));
    }
    void on_header_impl(error_code&) override { m_parsed.headDone = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(View body, error_code&) override {
        m_parsed.piece = plain(body);
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, View body, error_code&) override {
        m_parsed.piece = plain(body);
        return body.size();
    }
    void on_finish_impl(error_code&) override { m_parsed.atEnd = true; }

    Parsed& m_parsed;
};

Fault faultOf(const error_code& error) {
    return error == http::error::header_limit || error == http::error::buffer_overflow ? Fault::TooLarge : Fault::Malformed;
}

bool hasFoldedLine(std::string_view head) {
    return head.find("\n ") != std::string_view::npos || head.find("\n\t") != std::string_view::npos;
}

} // namespace

struct MessageReader::State {
    Side side;
    InputBuffer& input;
    std::size_t headLimit;
    Parsed parsed;
    std::optional<Parser<true>> requests;
    std::optional<Parser<false>> responses;
    bool toHead = false;

    template <class Use> auto parser(Use use) { return side == Side::Requests ? use(*requests) : use(*responses); }
    std::size_t put(std::string_view bytes, error_code& error) {
        return parser([&](auto& p) { return p.put(asio::const_buffer(bytes.data(), bytes.size()), error); });
    }
    // One step of the parser over what is there; the bytes it took are consumed.
    std::string_view step(error_code& error) {
        const std::string_view there = input.bytes();
        const std::size_t used = put(there, error);
        input.consume(used);
        return there.substr(0, used);
    }
    // How much of the body is still to come, where its length is known; else 0.
    std::uint64_t left() {
        return parser([](auto& p) -> std::uint64_t {
            const auto length = p.chunked() ? boost::none : p.content_length_remaining();
            return length ? *length : 0;
        });
    }
    Framing framing() {
        return parser([&](auto& p) -> Framing {
            if (p.chunked())
                return Framing::chunked();
            if (const auto length = p.content_length())
                return Framing::ofLength(*length);
            if (side == Side::Requests || parsed.atEnd)
                return Framing::none();
            return {Framing::Kind::UntilClose, 0};
        });
    }
};

MessageReader::MessageReader(Side side, InputBuffer& input, std::size_t headLimit)
    : m_state(new State{side, input, headLimit, {}, {}, {}, false}) {}
MessageReader::~MessageReader() = default;

void MessageReader::startMessage(bool toHead) {
    m_state->parsed = Parsed();
    m_state->toHead = toHead;
    if (m_state->side == Side::Requests)
        m_state->requests.emplace(m_state->parsed);
    else
        m_state->responses.emplace(m_state->parsed).skip(toHead);
    // More than the limit that we count ourselves: see below.
    m_state->parser([this](auto& p) { p.header_limit(static_cast<std::uint32_t>(m_state->headLimit + 1)); });
}

Task<Done> MessageReader::readHead(Transport& transport) {
    State& state = *m_state;
    std::size_t headBytes = 0;
    bool needInput = state.input.empty();
    while (true) {
        if (needInput) {
            const bool started = headBytes > 0 || !state.input.empty();
            const Done filled = co_await state.input.fill(transport);
            if (!filled)
                co_return started && filled.fault == Fault::Gone ? Fault::Truncated : filled.fault;
        }
        error_code error;
        const std::string_view used = state.step(error);
        headBytes += used.size();
        if (hasFoldedLine(used))
            co_return Fault::Malformed;
        if (error && error != http::error::need_more)
            co_return faultOf(error);
        // Beast compares its limit with each piece alone, and complete fields leave the buffer: endless small ones would pass.
        if (headBytes + (state.parsed.headDone ? 0 : state.input.bytes().size()) > state.headLimit)
            co_return Fault::TooLarge;
        if (state.parsed.headDone)
            co_return Done();
        needInput = true;
    }
}

RequestHead MessageReader::takeRequest() {
    RequestHead head = std::move(m_state->parsed.request);
    head.fields = std::move(m_state->parsed.fields);
    head.version = m_state->parsed.version;
    head.framing = m_state->framing();
    head.keepAlive = m_state->requests->keep_alive();
    return head;
}

ResponseHead MessageReader::takeResponse() {
    ResponseHead head = std::move(m_state->parsed.response);
    head.fields = std::move(m_state->parsed.fields);
    head.framing = m_state->framing();
    head.keepAlive = m_state->responses->keep_alive();
    return head;
}

Task<Outcome<std::string_view>> MessageReader::readBody(Transport& transport, asio::mutable_buffer own) {
    State& state = *m_state;
    bool needInput = state.input.empty();
    while (!state.parsed.atEnd) {
        error_code error;
        const auto direct = static_cast<std::size_t>(std::min<std::uint64_t>(own.size(), state.input.empty() ? state.left() : 0));
        if (direct > 0) {
            const auto got = co_await transport.read(asio::mutable_buffer(own.data(), direct));
            if (!got)
                co_return got.fault == Fault::Gone ? Fault::Truncated : got.fault;
            const std::string_view bytes(static_cast<const char*>(own.data()), got.value);
            const std::size_t used = state.put(bytes, error);
            if (error || used != bytes.size())
                co_return Fault::Malformed;
            co_return bytes;
        }
        if (needInput) {
            const Done filled = co_await state.input.fill(transport);
            if (filled.fault == Fault::Gone) {
                state.parser([&](auto& p) { p.put_eof(error); });
                if (error)
                    co_return Fault::Truncated;
                co_return std::string_view();
            }
            if (!filled)
                co_return filled.fault;
        }
        state.parsed.piece = {};
        state.step(error);
        if (error && error != http::error::need_more)
            co_return faultOf(error);
        if (!state.parsed.piece.empty())
            co_return state.parsed.piece;
        needInput = error == http::error::need_more || state.input.empty();
    }
    co_return std::string_view();
}

bool MessageReader::atEnd() const {
    return m_state->parsed.atEnd;
}

bool MessageReader::hasPiece() const {
    return m_state->parsed.atEnd || !m_state->input.empty();
}

} // namespace clawloops::stream
