// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/podman_command.h"

#include <QPointer>
#include <QProcess>
#include <QTimer>

namespace clawloops::runtime {

namespace {

constexpr std::size_t mostOut = 4u << 20;
constexpr std::size_t mostErr = 64u << 10;

void keepTail(std::string& text, const QByteArray& more, std::size_t most) {
    text.append(more.constData(), static_cast<std::size_t>(more.size()));
    if (text.size() > most)
        text.erase(0, text.size() - most);
}

Error unavailable(std::string message, std::string detail) {
    return {ErrorCode::Unavailable, std::move(message), std::move(detail)};
}

// Lives until its process has ended, whatever becomes of the guard: a process must not be left unwatched.
class Call : public QProcess {
public:
    Call(QObject* guard, PodmanCommand::Callback callback) : m_guard(guard), m_callback(std::move(callback)) {
        connect(this, &QProcess::readyReadStandardOutput, this,
                [this] { keepTail(m_output.out, readAllStandardOutput(), mostOut); });
        connect(this, &QProcess::readyReadStandardError, this,
                [this] { keepTail(m_output.err, readAllStandardError(), mostErr); });
        connect(this, &QProcess::finished, this, [this](int code, ExitStatus status) { ended(code, status); });
        connect(this, &QProcess::errorOccurred, this, [this](ProcessError error) {
            // The other errors are followed by finished().
            if (error == FailedToStart)
                QTimer::singleShot(0, this, [this] {
                    finish(unavailable("podman could not be started: install it, or look at the detail.",
                                       errorString().toStdString()));
                });
        });
        connect(&m_limit, &QTimer::timeout, this, [this] {
            m_timedOut = true;
            kill();
        });
        m_limit.setSingleShot(true);
    }

    void begin(const std::vector<std::string>& arguments, std::chrono::milliseconds timeout) {
        QStringList list;
        for (const std::string& argument : arguments)
            list << QString::fromStdString(argument);
        setStandardInputFile(QProcess::nullDevice());
        m_limit.start(timeout);
        start(QStringLiteral("podman"), list);
    }

private:
    void ended(int code, ExitStatus status) {
        keepTail(m_output.out, readAllStandardOutput(), mostOut);
        keepTail(m_output.err, readAllStandardError(), mostErr);
        m_output.exitCode = code;
        if (m_timedOut)
            finish(unavailable("podman did not answer in time: the machine may be overloaded.", m_output.err));
        else if (status == CrashExit)
            finish(unavailable("podman was ended by a signal.", m_output.err));
        else
            finish(std::move(m_output));
    }

    void finish(Result<CommandOutput> result) {
        m_limit.stop();
        if (m_guard && m_callback)
            std::exchange(m_callback, nullptr)(std::move(result));
        deleteLater();
    }

    QPointer<QObject> m_guard;
    PodmanCommand::Callback m_callback;
    QTimer m_limit;
    CommandOutput m_output;
    bool m_timedOut = false;
};

}

void PodmanCommand::run(QObject* guard, const std::vector<std::string>& arguments, std::chrono::milliseconds timeout,
                        Callback callback) {
    (new Call(guard, std::move(callback)))->begin(arguments, timeout);
}

std::string lastLine(const std::string& text) {
    const auto end = text.find_last_not_of(" \n\r\t");
    if (end == text.npos)
        return {};
    const auto start = text.rfind('\n', end);
    std::string line = text.substr(start == text.npos ? 0 : start + 1, end - (start == text.npos ? 0 : start + 1) + 1);
    if (line.starts_with("Error: "))
        line.erase(0, 7);
    return line.substr(0, 400);
}

} // namespace clawloops::runtime
