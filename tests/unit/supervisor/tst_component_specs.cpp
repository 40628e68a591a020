// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample_places.h"
#include "supervisor/component_specs.h"

#include <QtTest>

using namespace clawloops;
using namespace clawloops::supervisor;

class TestComponentSpecs : public QObject {
    Q_OBJECT
    static Settings settings(const std::vector<std::string>& overrides = {}) { return *Settings::parse({}, "f", overrides); }
    static std::string line(const ComponentSpec& spec) {
        std::string text = spec.program.string();
        for (const std::string& argument : spec.arguments)
            text += " " + argument;
        return text;
    }

private Q_SLOTS:
    void theyComeInStartOrder() {
        std::vector<std::string> names;
        for (const ComponentSpec& spec : componentSpecs(settings(), samplePlaces(), {}))
            names.push_back(spec.name);
        QCOMPARE(names, (std::vector<std::string>{"postgres", "starter-model", "litellm", "runtimed", "relay", "gateway", "clawloopsd", "traefik"}));
    }

    void switchedOffComponentsAreLeftOut() {
        const auto specs = componentSpecs(settings({"model.starter=false", "model.litellm=false"}), samplePlaces(), {});
        QCOMPARE(specs.size(), std::size_t(6));
    }

    void anExternalDatabaseStartsNothingAndReachesTheControlPlane() {
        const auto chosen = settings({"database.url=postgresql://claw@db.lan/claw"});
        QVERIFY(postgresSpec(chosen, samplePlaces()).external);
        const std::string command = line(controlPlaneSpec(chosen, samplePlaces(), {}));
        QVERIFY(command.find("--database postgresql://claw@db.lan/claw?passfile=/data/secrets/control/pgpass") != std::string::npos);
    }

    void everyComponentRunsAsItsAccount() {
        const std::map<std::string, uid_t> expected{{"postgres", 902}, {"starter-model", 904}, {"litellm", 904}, {"runtimed", 0},
                                                    {"relay", 903}, {"gateway", 904}, {"clawloopsd", 901}, {"traefik", 903}};
        for (const ComponentSpec& spec : componentSpecs(settings(), samplePlaces(), {}))
            QCOMPARE(spec.account.uid, expected.at(spec.name));
    }

    void onlyTheRuntimeManagerMayGainPrivileges() {
        for (const ComponentSpec& spec : componentSpecs(settings(), samplePlaces(), {}))
            QCOMPARE(spec.mayGainPrivileges, spec.name == "runtimed");
    }

    void theDaemonsGetTheFlagsOfTheInternalsPage() {
        QCOMPARE(line(relaySpec(settings(), samplePlaces(), {})),
                 std::string("/opt/c/bin/clawloops-relay --data /data --run /data/run --listen 127.0.0.1:18444 --cert /data/pki/relay/server.crt "
                             "--key /data/pki/relay/server.key --client-ca /data/pki/client-ca.crt --control-uid 901 --log-level info "
                             "--grant-key /data/secrets/edge/grant.key --portal-port 8443 --workspace-port 8444"));
        QCOMPARE(line(gatewaySpec(settings(), samplePlaces(), {})),
                 std::string("/opt/c/bin/clawloops-gateway --data /data --run /data/run --listen 127.0.0.1:18445 --cert /data/pki/gateway/server.crt "
                             "--key /data/pki/gateway/server.key --client-ca /data/pki/client-ca.crt --control-uid 901 --log-level info "
                             "--litellm-key /data/secrets/model/litellm.key"));
        QCOMPARE(line(runtimedSpec(settings(), samplePlaces())),
                 std::string("/opt/c/bin/clawloops-runtimed --data /data --run /data/run --instance 0123abcd --cell-program /opt/c/bin/clawloops-cell "
                             "--image localhost/clawloops-openclaw:latest --reserve 5368709120 --oci-runtime auto --rootless false --control-uid 901 --control-gid 801 --edge-uid 903 --edge-gid 803 --model-uid 904 "
                             "--log-level info"));
        QCOMPARE(line(controlPlaneSpec(settings(), samplePlaces(), {})),
                 std::string("/opt/c/bin/clawloopsd --data /data --run /data/run --share /opt/c/share/clawloops --instance 0123abcd --host claw.lan "
                             "--allowed-hosts 127.0.0.1,claw.lan,localhost --portal-port 8443 --workspace-port 8444 --api-port 18443 --check-port 18442 "
                             "--check-socket 3 "
                             "--database host=/data/run/pg dbname=clawloops user=clawloops --image localhost/clawloops-openclaw:latest "
                             "--runtime-memory 2684354560 --runtime-cpus 2 --runtime-pids 512 --small-prompt true --starter-model true --litellm true "
                             "--log-level info"));
    }

    void postgresListensOnItsSocketOnlyAndKnowsTwoPeople() {
        const ComponentSpec spec = postgresSpec(settings(), samplePlaces());
        const std::string command = line(spec);
        QVERIFY(command.find("-c listen_addresses= ") != std::string::npos);
        QVERIFY(command.find("-c fsync=on") != std::string::npos);
        QCOMPARE(spec.files[0].text.substr(spec.files[0].text.find('\n') + 1), std::string("local clawloops clawloops peer map=clawloops\nlocal all postgres peer map=clawloops\n"));
        QCOMPARE(spec.files[1].text, std::string("clawloops \"clawloops\" clawloops\nclawloops \"clawloops-db\" postgres\n"));
        QCOMPARE(spec.stop.signal, SIGINT);
    }

    void theStarterModelStretchesItsContext() {
        const std::string command = line(starterModelSpec(settings(), samplePlaces()));
        QVERIFY(command.find("--ctx-size 16384 --rope-scaling yarn --rope-scale 2 --yarn-orig-ctx 8192") != std::string::npos);
        QVERIFY(line(starterModelSpec(settings({"model.starter_context=8192"}), samplePlaces())).find("yarn") == std::string::npos);
    }

    void theStarterModelsThreadsDoNotSpin() {
        const auto& environment = starterModelSpec(settings(), samplePlaces()).environment;
        const std::pair<std::string, std::string> passive{"OMP_WAIT_POLICY", "PASSIVE"};
        QCOMPARE(std::count(environment.begin(), environment.end(), passive), 1);
    }

    void noSecretIsPartOfASpec() {
        for (const ComponentSpec& spec : componentSpecs(settings(), samplePlaces(), {})) {
            for (const RenderedFile& file : spec.files)
                QVERIFY(file.text.find("sk-") == std::string::npos);
            QVERIFY(line(spec).find("sk-") == std::string::npos);
        }
    }

    void theDigestChangesWithEverythingTheProcessDependsOn() {
        const std::string before = relaySpec(settings(), samplePlaces(), {"a", "b", "c"}).digest();
        QCOMPARE(relaySpec(settings(), samplePlaces(), {"a", "b", "c"}).digest(), before);
        QVERIFY(relaySpec(settings({"ports.relay=1"}), samplePlaces(), {"a", "b", "c"}).digest() != before);
        QVERIFY(relaySpec(settings(), samplePlaces(), {"x", "b", "c"}).digest() != before);
        Places others = samplePlaces();
        others.edge.uid = 1;
        QVERIFY(relaySpec(settings(), others, {"a", "b", "c"}).digest() != before);
    }
};

QTEST_GUILESS_MAIN(TestComponentSpecs)
#include "tst_component_specs.moc"
