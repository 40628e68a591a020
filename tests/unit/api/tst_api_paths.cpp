// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/router.h"

#include <QTest>

using namespace clawloops::api;

class TestApiPaths : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void segmentsAreDecodedOnce() {
        const auto segments = pathSegments("/api/v1/admin/models/a%2Fb%3A1");
        QVERIFY(segments.has_value());
        QVERIFY(*segments == std::vector<std::string>({"admin", "models", "a/b:1"}));
    }
    void oddPathsAreNone() {
        for (const char* wrong : {"/api/v1", "/api/v1/", "/api/v1//users", "/api/v1/users/", "/api/v2/users", "/api/v1users", "/api/v1/a%00b", "/api/v1/%ff",
                                  "/api/v1/a%20b", "/api/v1/a%252fb", "/api/v1/'"})
            QVERIFY2(!pathSegments(wrong), wrong);
        QVERIFY(!pathSegments("/api/v1/" + std::string(201, 'x')));
    }
};

QTEST_GUILESS_MAIN(TestApiPaths)
#include "tst_api_paths.moc"
