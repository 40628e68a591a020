// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/files.h"

#include "base/random.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace clawloops {

namespace {
constexpr std::size_t largest = 64u << 20;

Error failure(const char* action, const std::filesystem::path& path) {
    const int number = errno;
    return Error{ErrorCode::Internal, std::string("Could not ") + action + " " + path.string() + ": " + systemReason(number) + ".",
                 {}};
}
}

std::string systemReason(int errorNumber) { return std::strerror(errorNumber); }

Result<std::string> readFile(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return failure("open", path);
    std::string text;
    char buffer[65536];
    ssize_t got = 0;
    while ((got = ::read(fd, buffer, sizeof buffer)) > 0 && text.size() <= largest)
        text.append(buffer, static_cast<std::size_t>(got));
    if (got < 0) {
        Error error = failure("read", path);
        ::close(fd);
        return error;
    }
    ::close(fd);
    if (text.size() > largest)
        return Error{ErrorCode::PayloadTooLarge, path.string() + " is larger than 64 MiB.", {}};
    return text;
}

Status writeFileAtomically(const std::filesystem::path& path, std::string_view text, mode_t mode) {
    const std::filesystem::path beside = path.string() + "." + randomHex(8) + ".new";
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0)
        return failure("write", beside);
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t put = ::write(fd, text.data() + done, text.size() - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            break;
        done += static_cast<std::size_t>(put);
    }
    // open()'s mode is cut by the umask; fchmod is not.
    const bool written = done == text.size() && ::fchmod(fd, mode) == 0 && ::fsync(fd) == 0;
    Error error = written ? Error{} : failure("write", beside);
    ::close(fd);
    if (!written) {
        ::unlink(beside.c_str());
        return error;
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) {
        error = failure("replace", path);
        ::unlink(beside.c_str());
        return error;
    }
    return {};
}

} // namespace clawloops
