// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

// In a file of their own: moc 6.4 stumbles over raw strings like these.
const std::pair<const char*, const char*> byAddress[] = {
    {"chat picture", R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://169.254.169.254/"}}]}]})"},
    {"picture as a text", R"({"model":"m","messages":[{"role":"user","content":[{"type":"x","image_url":"HTTP://lan/"}]}]})"},
    {"file", R"({"model":"m","messages":[{"role":"user","content":[{"image_url":{"url":"file:///etc/passwd"}}]}]})"},
    {"source", R"({"model":"m","messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://10.0.0.1/x"}}]}]})"},
    {"tool result", R"({"model":"m","messages":[{"content":[{"type":"tool_result","content":[{"type":"image","source":{"url":"http://x"}}]}]}]})"},
    {"responses input", R"({"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_url":"http://x"}]}]})"},
    {"screenshot", R"({"model":"m","input":[{"type":"computer_call_output","output":{"image_url":"http://x"}}]})"},
    {"a list of addresses", R"({"model":"m","messages":[{"content":[{"image_url":["data:,x","http://10.0.0.1"]}]}]})"},
    {"address written with escapes", R"({"model":"m","messages":[{"content":[{"image\u005furl":"\u0068ttp://10.0.0.1"}]}]})"},
    {"the second of a twin", R"({"model":"m","tools":[{"type":"function","type":"mcp"}]})"},
    {"mcp tool", R"({"model":"m","tools":[{"type":"mcp","server_url":"http://10.0.0.1"}]})"},
};
const char* const harmless[] = {
    R"({"model":"m","messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}]})",
    R"({"model":"m","messages":[{"content":"see http://example.org"}]})",
    R"({"model":"m","messages":[{"content":[{"type":"tool_use","input":{"url":"http://example.org"}}]}]})",
    R"({"model":"m","tools":[{"type":"function","function":{"name":"mcp"}}]})",
};
const char* const steering = R"({"model":"m","messages":[],"api_base":"http://10.0.0.1","api_key":"x","mock_response":"y","max_tokens":5})";
const char* const escapes = R"({"messages":[{"role":"user","content":"h\u00e9\n\"x\""}],"model":"ours","temperature":0.1,"seed":18446744073709551615,"odd":null})";
const char* const escapedTwin = R"({"model":"a","mod\u0065l":"b"})";

// What RFC 8259 allows as a value, and what some readers take beside it.
const char* const strictValues[] = {
    R"("")", R"("\"\\\/\b\f\n\r\t\u0000\uFFFF")", R"("\ud83d\ude00\uD83D\uDE00")", "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf \xed\x9f\xbf\"", "\"\x7f\"",
    "0", "-0", "10", "1.5", "1e5", "1E-05", "-0.0e+0", "true", "false", "null", "[]", "{}", "[[],{}]", "[ 1 ,\t2\r,\n3 ]", R"({"a":{"b":[{"c":null}]}})", R"({"a":1,"a":2})",
    "123456789012345678901234567890", "1e99999",
};
const char* const looseValues[] = {
    "", "'a'", R"("\'")", R"("\x41")", R"("\u12g4")", R"("\u123")", R"("\ud83d")", R"("\ud83dx")", R"("\ud83d\n")", R"("\ud83d\u0041")", R"("\ude00")", R"("\ud83d\ud83d")",
    "\"\n\"", "\"\t\"", "\"\x1f\"", "\"\xff\"", "\"\xc3\"", "\"\xc0\xaf\"", "\"\xe0\x80\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\x80\"", "\"\xe2\x82\"",
    "01", "-", "+1", ".5", "1.", "1.e5", "1e", "1e+", "0x10", "1_0", "--1", "NaN", "Infinity", "-Infinity", "True", "nul", "nulll", "tru e", "undefined",
    "[1,]", "[,1]", "[1 2]", "[", "]", "[}", "{]", "[1}", R"({"a":1])", R"({"a":1,})", R"({,"a":1})", R"({"a" 1})", R"({"a":})", R"({"a"})", R"({a:1})", R"({1:1})", R"({"a":1 "b":2})",
    "1 2", "/* */1", "// \n1", "\xef\xbb\xbf" "1", "\xc2\xa0" "1", "\v1", "\f1",
};
