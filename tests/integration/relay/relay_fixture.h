// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cells.h"
#include "tls_client.h"
#include "wire/grant.h"

#include <QProcess>
#include <QTemporaryDir>
#include <memory>
#include <string>

namespace clawloops::test {

// The real clawloops-relay on a directory of its own, with certificates and a grant key, and Traefik's and the control plane's
// places for the test.
class RelayFixture {
public:
    static constexpr const char* cellId = "c0123456789ab";
    static constexpr const char* host = "box.lan:8444";

    RelayFixture();
    ~RelayFixture();

    [[nodiscard]] Grant grant() const; // a good one for anna's cell
    [[nodiscard]] std::string signedGrant(const Grant& grant) const;
    // A GET (or what `line` says) of a signed-in anna; `more`: further fields, each with its line end.
    [[nodiscard]] std::string request(const std::string& target, const std::string& more = {}, const std::string& method = "GET") const;
    [[nodiscard]] std::string requestWith(const Grant& grant, const std::string& target, const std::string& more = {}) const;
    [[nodiscard]] std::string webSocket(const std::string& target) const;
    [[nodiscard]] std::unique_ptr<TlsClient> traefik() const;
    [[nodiscard]] std::string ask(const std::string& raw) const; // one request on a connection of its own, the whole answer
    [[nodiscard]] std::unique_ptr<CellDouble> cell(CellDouble::Serve serve) const;
    [[nodiscard]] std::string control(const std::string& verb, const std::string& args = "{}") const; // the answer's line
    [[nodiscard]] qint64 residentKiB() const;
    [[nodiscard]] qsizetype openFiles() const;
    [[nodiscard]] std::string log() const; // of the relay, so far
    [[nodiscard]] std::string path(const std::string& name) const { return m_directory.filePath(QString::fromStdString(name)).toStdString(); }
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] std::string inDirectory() const { return path("cells/" + std::string(cellId) + "/in"); }

private:
    void writePki();

    QTemporaryDir m_directory;
    Secret m_key;
    QProcess m_relay;
    int m_port = 0;
};

} // namespace clawloops::test
