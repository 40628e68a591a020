// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor/layout.h"

#include "base/files.h"
#include "base/random.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace clawloops::supervisor {

namespace fs = std::filesystem;

namespace {
class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    [[nodiscard]] int get() const { return m_fd; }

private:
    int m_fd;
};

Error refused(const fs::path& path, int number) {
    if (number == ELOOP || number == ENOTDIR)
        return Error{ErrorCode::AccessDenied, path.string() + " is a symbolic link or no directory, and the appliance follows no links in its data: put a real directory there.", {}};
    return Error{ErrorCode::AccessDenied, "Could not make the directory " + path.string() + ": " + systemReason(number) + ".", {}};
}

Status makeOne(const DirectorySpec& wanted) {
    const fs::path parent = wanted.path.parent_path();
    // Parents are in the list before their children, so only the last name can be somebody's trick. The parent of the data
    // directory itself is the machine's, where links are usual.
    std::error_code ignored;
    fs::create_directories(parent, ignored);
    const Descriptor above(::open(parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (above.get() < 0)
        return refused(parent, errno);
    const std::string name = wanted.path.filename().string();
    const bool made = ::mkdirat(above.get(), name.c_str(), 0700) == 0;
    if (!made && errno != EEXIST)
        return refused(wanted.path, errno);
    const Descriptor self(::openat(above.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat facts {};
    if (self.get() < 0 || ::fstat(self.get(), &facts) != 0)
        return refused(wanted.path, errno);
    if (!made && facts.st_uid != ::geteuid() && facts.st_uid != wanted.owner.uid)
        return Error{ErrorCode::AccessDenied, wanted.path.string() + " belongs to another account (uid " + std::to_string(facts.st_uid) + "): move it away, or set paths.data to another directory.", {}};
    if ((facts.st_uid != wanted.owner.uid || facts.st_gid != wanted.group) &&
        ::fchown(self.get(), wanted.owner.uid, wanted.group) != 0)
        return refused(wanted.path, errno);
    // After fchown, which clears set-group-id.
    if (::fchmod(self.get(), wanted.mode) != 0)
        return refused(wanted.path, errno);
    return {};
}
}

std::vector<DirectorySpec> directoryLayout(const Places& places) {
    std::vector<DirectorySpec> list;
    const auto add = [&](const fs::path& path, const Account& owner, gid_t group, mode_t mode) {
        list.push_back({path, owner, group, mode});
    };
    const Account& self = places.self;
    const fs::path& data = places.data;
    add(data, self, self.gid, 0755);
    add(data / "pki", self, self.gid, 0711);
    add(data / "secrets", self, self.gid, 0711);
    const std::pair<const char*, const Account*> owners[] = {{"edge", &places.edge}, {"control", &places.control},
                                                             {"relay", &places.edge}, {"gateway", &places.model}};
    for (const auto& [name, account] : owners)
        add(data / "pki" / name, self, account->gid, 0750);
    add(data / "secrets" / "control", self, places.control.gid, 0750);
    add(data / "secrets" / "vault", places.control, places.control.gid, 0700);
    add(data / "secrets" / "edge", self, places.edge.gid, 0750);
    add(data / "secrets" / "model", self, places.model.gid, 0750);
    add(data / "pg", places.db, places.db.gid, 0700);
    add(data / "spool", places.model, places.model.gid, 0700);
    add(data / "log", self, places.control.gid, 0750);
    add(data / "state", self, self.gid, 0700);
    add(data / "render", self, self.gid, 0711);
    add(data / "render" / "postgres", self, places.db.gid, 0750);
    add(data / "render" / "litellm", self, places.model.gid, 0750);
    add(data / "render" / "traefik", self, places.edge.gid, 0750);
    add(data / "cells", self, self.gid, 0711);
    add(places.run, self, self.gid, 0711);
    const gid_t control = places.control.gid;
    add(places.run / "supervisor", self, control, 02750);
    add(places.run / "runtimed", self, control, 02750);
    add(places.run / "relay", places.edge, control, 02750);
    add(places.run / "gateway", places.model, control, 02750);
    add(places.run / "pg", places.db, control, 0750);
    add(places.run / "model", places.model, places.model.gid, 0700);
    return list;
}

Status makeDirectories(const std::vector<DirectorySpec>& directories) {
    for (const DirectorySpec& directory : directories)
        if (Status done = makeOne(directory); !done)
            return done;
    return {};
}

Status writeOwned(const RenderedFile& file) {
    const auto failed = [&](const char* action) {
        return Error{ErrorCode::Internal, std::string("Could not ") + action + " " + file.path.string() + ": " + systemReason(errno) + ".", {}};
    };
    const Descriptor directory(::open(file.path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (directory.get() < 0)
        return failed("reach");
    const std::string name = file.path.filename().string();
    const std::string beside = "." + name + "." + randomHex(8);
    const Descriptor out(::openat(directory.get(), beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (out.get() < 0)
        return failed("write");
    std::string_view rest = file.text;
    while (!rest.empty()) {
        const ssize_t put = ::write(out.get(), rest.data(), rest.size());
        if (put < 0 && errno != EINTR)
            break;
        rest.remove_prefix(put > 0 ? static_cast<std::size_t>(put) : 0);
    }
    struct stat facts {};
    const bool written = rest.empty() && ::fstat(out.get(), &facts) == 0 &&
                         ((facts.st_uid == file.owner && facts.st_gid == file.group) || ::fchown(out.get(), file.owner, file.group) == 0) &&
                         ::fchmod(out.get(), file.mode) == 0 && ::fsync(out.get()) == 0 &&
                         ::renameat(directory.get(), beside.c_str(), directory.get(), name.c_str()) == 0;
    if (!written) {
        const Error error = failed("write");
        ::unlinkat(directory.get(), beside.c_str(), 0);
        return error;
    }
    return {};
}

} // namespace clawloops::supervisor
