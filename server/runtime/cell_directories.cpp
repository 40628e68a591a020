// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/cell_directories.h"

#include "base/files.h"
#include "runtime/descriptor.h"
#include "runtime/tree_wipe.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace clawloops::runtime {

struct CellDirectories::Owner {
    uid_t cellUser;
    gid_t cellGroup;
};

namespace {

constexpr int openFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

Error problem(const std::string& path, const char* what, int number) {
    return {ErrorCode::Internal, "Could not " + std::string(what) + " " + path + ": " + systemReason(number) + ".", {}};
}

// Makes or opens one folder beneath an open one.
Result<Descriptor> folder(int parent, const char* name, const std::string& shown) {
    // Closed to everybody until its owner is set.
    if (::mkdirat(parent, name, 0700) != 0 && errno != EEXIST)
        return problem(shown, "make the folder", errno);
    Descriptor opened(::openat(parent, name, openFolder));
    if (!opened)
        return problem(shown, "open the folder", errno);
    return opened;
}

Status give(const Descriptor& to, uid_t user, gid_t group, mode_t mode, bool rootless, const std::string& shown) {
    // In this order: changing the owner clears the set-group-id bit.
    if (!rootless && ::fchown(to.get(), user, group) != 0)
        return problem(shown, "set the owner of", errno);
    if (::fchmod(to.get(), rootless ? mode & 0700 : mode) != 0)
        return problem(shown, "set the mode of", errno);
    return {};
}

}

CellDirectories::CellDirectories(std::string cells, Accounts accounts, bool rootless)
    : m_cells(std::move(cells)), m_accounts(accounts), m_rootless(rootless) {}

CellDirectories::Owner CellDirectories::owner(std::int64_t slot) const {
    return {IdRange{slot}.cellId(), IdRange{slot}.cellId()};
}

Status CellDirectories::prepare(const std::string& cellId, std::int64_t slot) const {
    const CellLayout layout{m_cells, cellId};
    const Descriptor cells(::open(m_cells.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!cells)
        return problem(m_cells, "open the folder", errno);
    auto root = folder(cells.get(), cellId.c_str(), layout.root());
    if (!root)
        return root.error();
    const auto [user, group] = owner(slot);
    if (Status status = give(*root, 0, 0, m_rootless ? 0700 : 0711, m_rootless, layout.root()); !status)
        return status;
    struct Wanted {
        const char* name;
        uid_t user;
        gid_t group;
        mode_t mode;
    };
    const Wanted wanted[] = {{"in", user, m_accounts.edgeGid, 02710},
                             {"out", m_accounts.modelUid, group, 02750},
                             {"config", 0, group, 0750},
                             {"home", user, group, 0700}};
    for (const Wanted& want : wanted) {
        const std::string shown = layout.root() + "/" + want.name;
        auto made = folder(root->get(), want.name, shown);
        if (!made)
            return made.error();
        struct stat info {};
        if (::fstat(made->get(), &info) != 0)
            return problem(shown, "look at", errno);
        // A workspace whose files belong to another range would be unreadable for the cell: say it here, not by a crash.
        const bool fresh = info.st_uid == 0 || info.st_uid == user;
        if (!m_rootless && want.user == user && !fresh)
            return Error{ErrorCode::RuntimeActionConflict,
                         shown + " belongs to user id " + std::to_string(info.st_uid) + ", and this cell's is " +
                             std::to_string(user) + ". Restore the database that goes with this folder, or wipe the workspace.",
                         {}};
        if (Status status = give(*made, want.user, want.group, want.mode, m_rootless, shown); !status)
            return status;
    }
    return {};
}

Status CellDirectories::writeConfig(const std::string& cellId, std::int64_t slot, std::string_view text, const Secret& token) const {
    const CellLayout layout{m_cells, cellId};
    const Descriptor config(::open(layout.config().c_str(), openFolder)); // root's own, all the way
    if (!config)
        return problem(layout.config(), "open the folder", errno);
    const auto [user, group] = owner(slot);
    struct Wanted {
        const char* name;
        std::string_view text;
        uid_t user;
        mode_t mode;
    };
    for (const Wanted& want : {Wanted{"token", token.reveal(), user, 0400}, Wanted{"openclaw.json", text, 0, 0640}}) {
        const std::string shown = layout.config() + "/" + want.name;
        const std::string beside = "." + std::string(want.name) + ".new";
        ::unlinkat(config.get(), beside.c_str(), 0);
        const Descriptor file(::openat(config.get(), beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!file)
            return problem(shown, "write", errno);
        for (std::string_view rest = want.text; !rest.empty();) {
            const ssize_t written = ::write(file.get(), rest.data(), rest.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return problem(shown, "write", errno);
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        if (Status status = give(file, want.user, group, want.mode, m_rootless, shown); !status)
            return status;
        if (::fsync(file.get()) != 0 || ::renameat(config.get(), beside.c_str(), config.get(), want.name) != 0)
            return problem(shown, "write", errno);
    }
    return {};
}

Status CellDirectories::wipe(const std::string& cellId) const {
    const Descriptor cells(::open(m_cells.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!cells)
        return problem(m_cells, "open the folder", errno);
    return wipeTree(cells.get(), cellId, CellLayout{m_cells, cellId}.root());
}

Result<int> CellDirectories::openInSocket(const std::string& cellId) const {
    const CellLayout layout{m_cells, cellId};
    const std::string shown = layout.in() + "/in.sock";
    const Descriptor root(::open(layout.root().c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    const Descriptor in(root ? ::openat(root.get(), "in", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1);
    Descriptor socket(in ? ::openat(in.get(), "in.sock", O_PATH | O_NOFOLLOW | O_CLOEXEC) : -1);
    struct stat info {};
    if (!socket || ::fstat(socket.get(), &info) != 0)
        return Error{ErrorCode::Unavailable, "The cell has not opened its door yet.", shown + ": " + systemReason(errno)};
    if (!S_ISSOCK(info.st_mode))
        return Error{ErrorCode::Unavailable, "The cell put something else where its door belongs.", shown};
    return socket.release();
}

} // namespace clawloops::runtime
