// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream/local_socket.h"

#include "base/files.h"

#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace clawloops::stream {

namespace {

Error cannotListen(const std::filesystem::path& path, int number) {
    return {ErrorCode::Unavailable,
            "The socket " + path.string() + " cannot be opened: " + systemReason(number) + "; check the directory and its owner.", {}};
}

} // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        if (m_fd >= 0)
            ::close(m_fd);
        m_fd = std::exchange(other.m_fd, -1);
    }
    return *this;
}

Descriptor::~Descriptor() {
    if (m_fd >= 0)
        ::close(m_fd);
}

std::string procPath(const Descriptor& descriptor) {
    return "/proc/self/fd/" + std::to_string(descriptor.get());
}

Descriptor openBeneath(const std::filesystem::path& base, const std::filesystem::path& below) {
    Descriptor at(::open(base.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (auto step = below.begin(); at.valid() && step != below.end(); ++step) {
        const std::string name = step->string();
        if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos) {
            errno = EINVAL;
            return Descriptor();
        }
        const bool last = std::next(step) == below.end();
        at = Descriptor(::openat(at.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC | (last ? 0 : O_DIRECTORY)));
    }
    return at;
}

void LocalSocket::unlink() const {
    struct stat now {};
    if (::fstatat(directory.get(), name.c_str(), &now, AT_SYMLINK_NOFOLLOW) == 0 && now.st_ino == inode && now.st_dev == device)
        ::unlinkat(directory.get(), name.c_str(), 0);
}

Result<LocalSocket> listenLocally(const std::filesystem::path& path, mode_t mode) {
    LocalSocket result;
    result.name = path.filename().string();
    const auto parent = path.parent_path();
    result.directory = Descriptor(::open(parent.empty() ? "." : parent.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!result.directory.valid())
        return cannotListen(path, errno);
    struct stat old {};
    if (::fstatat(result.directory.get(), result.name.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0) {
        if (!S_ISSOCK(old.st_mode) || old.st_uid != ::geteuid())
            return cannotListen(path, EEXIST);
        ::unlinkat(result.directory.get(), result.name.c_str(), 0);
    }
    result.socket = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string bound = procPath(result.directory) + '/' + result.name;
    if (bound.size() >= sizeof address.sun_path)
        return cannotListen(path, ENAMETOOLONG);
    std::memcpy(address.sun_path, bound.c_str(), bound.size() + 1);
    // Nobody may connect between bind() and chmod(): without listen() there is nobody to answer.
    if (::bind(result.socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return cannotListen(path, errno);
    struct stat made {};
    if (::fchmodat(result.directory.get(), result.name.c_str(), mode, 0) != 0
        || ::fstatat(result.directory.get(), result.name.c_str(), &made, AT_SYMLINK_NOFOLLOW) != 0
        || ::listen(result.socket.get(), 512) != 0) {
        const int number = errno;
        ::unlinkat(result.directory.get(), result.name.c_str(), 0);
        return cannotListen(path, number);
    }
    result.inode = made.st_ino;
    result.device = made.st_dev;
    return result;
}

} // namespace clawloops::stream
