// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/process_starter.h"

#include "base/files.h"
#include "base/random.h"
#include "supervisor/check_port.h"

#include <cerrno>
#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace clawloops::supervisor {

namespace {
// All that the child needs, made before fork(): after it only async-signal-safe calls are allowed.
struct ChildPlan {
    std::vector<char*> arguments;
    std::vector<char*> environment;
    std::vector<gid_t> groups;
    const char* directory;
    uid_t uid;
    gid_t gid;
    bool changeAccount;
    bool noNewPrivileges;
    int log;
    int null;
    int socket; // -1: none
    int report; // errno of what failed, closed by a successful exec
};

[[noreturn]] void becomeChild(ChildPlan& plan) {
    const auto give = [&plan] {
        const int number = errno;
        [[maybe_unused]] const auto put = ::write(plan.report, &number, sizeof number);
        ::_exit(127);
    };
    for (int signal = 1; signal < NSIG; ++signal)
        ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::setsid();
    const rlimit noCore{0, 0};
    ::setrlimit(RLIMIT_CORE, &noCore);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    ::umask(0077);
    if (::dup2(plan.null, 0) < 0 || ::dup2(plan.log, 1) < 0 || ::dup2(plan.log, 2) < 0)
        give();
    // Everything above the three closes by itself at exec, the report too.
    ::syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
    if (plan.socket >= 0) {
        // Out of its way first: the number may be taken, by the report or by the socket itself.
        plan.report = ::fcntl(plan.report, F_DUPFD_CLOEXEC, CheckPort::inheritedAs + 1);
        plan.socket = ::fcntl(plan.socket, F_DUPFD_CLOEXEC, CheckPort::inheritedAs + 1);
        if (::dup2(plan.socket, CheckPort::inheritedAs) < 0)
            give();
    }
    ::fcntl(plan.report, F_SETFD, FD_CLOEXEC);
    if (plan.changeAccount &&
        (::setgroups(plan.groups.size(), plan.groups.data()) != 0 || ::setgid(plan.gid) != 0 || ::setuid(plan.uid) != 0))
        give();
    if (plan.noNewPrivileges && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        give();
    if (::chdir(plan.directory) != 0)
        give();
    ::execve(plan.arguments[0], plan.arguments.data(), plan.environment.data());
    give();
    ::_exit(127);
}

int openLog(const ComponentSpec& spec) {
    const int fd = ::open(spec.log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);
    struct stat facts {};
    if (fd >= 0 && ::fstat(fd, &facts) == 0 && facts.st_gid != spec.logGroup && ::geteuid() == 0 &&
        ::fchown(fd, uid_t(-1), spec.logGroup) == 0)
        ::fchmod(fd, 0640);
    return fd;
}

Result<StartedProcess> start(const ComponentSpec& spec, const std::filesystem::path& program, const std::vector<std::string>& arguments,
                             const std::string& nonce, int socket) {
    const auto failed = [&](const std::string& what, int number) {
        return Error{ErrorCode::Unavailable, spec.title + " could not be started: " + what + ": " + systemReason(number) + ".", {}};
    };
    std::vector<std::string> texts{program.string()};
    texts.insert(texts.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables{std::string(nonceVariable) + "=" + nonce};
    for (const auto& [name, value] : spec.environment)
        variables.push_back(name + "=" + value);

    ChildPlan plan{};
    plan.socket = socket;
    for (std::string& text : texts)
        plan.arguments.push_back(text.data());
    plan.arguments.push_back(nullptr);
    for (std::string& text : variables)
        plan.environment.push_back(text.data());
    plan.environment.push_back(nullptr);
    plan.directory = spec.workingDirectory.c_str();
    plan.uid = spec.account.uid;
    plan.gid = spec.account.gid;
    plan.changeAccount = ::geteuid() == 0 && spec.account.uid != 0;
    plan.noNewPrivileges = !spec.mayGainPrivileges;
    int count = 256;
    plan.groups.resize(static_cast<std::size_t>(count));
    if (::getgrouplist(spec.account.name.c_str(), spec.account.gid, plan.groups.data(), &count) < 0)
        count = 0;
    plan.groups.resize(static_cast<std::size_t>(count));

    int report[2];
    if (::pipe2(report, O_CLOEXEC) != 0)
        return failed("no pipe", errno);
    plan.report = report[1];
    plan.log = openLog(spec);
    plan.null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int logError = errno;
    const pid_t pid = plan.log < 0 ? -1 : ::fork();
    if (pid == 0)
        becomeChild(plan);
    const int forkError = plan.log < 0 ? logError : errno;
    ::close(report[1]);
    ::close(plan.null);
    if (plan.log >= 0)
        ::close(plan.log);
    if (pid < 0) {
        ::close(report[0]);
        return failed(plan.log < 0 ? spec.log.string() : "no new process", forkError);
    }
    int number = 0;
    ssize_t got = 0;
    while ((got = ::read(report[0], &number, sizeof number)) < 0 && errno == EINTR) {}
    ::close(report[0]);
    if (got > 0) {
        ::waitpid(pid, nullptr, 0);
        return failed(program.string(), number);
    }
    StartedProcess started;
    // The child is ours and not yet waited for, so the pid cannot be somebody else's, even if it is dead already.
    started.pidFd = openPidFd(pid);
    started.identity = {pid, startTimeOf(pid).value_or(0), nonce};
    return started;
}
}

Result<StartedProcess> startProcess(const ComponentSpec& spec, const std::string& nonce, int socket) {
    return start(spec, spec.program, spec.arguments, nonce, socket);
}

Result<StartedProcess> startPreparation(const ComponentSpec& spec, const Preparation& preparation) {
    return start(spec, preparation.program, preparation.arguments, randomHex(32), -1);
}

} // namespace clawloops::supervisor
