// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/tree_wipe.h"

#include "base/files.h"
#include "base/random.h"
#include "runtime/descriptor.h"

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

namespace clawloops::runtime {

namespace {

constexpr int deepest = 24; // descriptors held at a time

class Wipe {
public:
    Wipe(int top, dev_t device, std::string shown) : m_top(top), m_device(device), m_shown(std::move(shown)) {}

    // Empties the open folder. A folder below `deepest` is moved up to the top instead, and emptied there later.
    Status empty(Descriptor folder, int depth) {
        const int fd = folder.get();
        DIR* list = ::fdopendir(folder.release());
        if (!list)
            return failed("open", errno);
        Status status;
        while (status.ok()) {
            errno = 0;
            const dirent* entry = ::readdir(list);
            if (!entry) {
                if (errno != 0)
                    status = failed("read", errno);
                break;
            }
            if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
                status = remove(fd, entry->d_name, depth);
        }
        ::closedir(list);
        return status;
    }

    [[nodiscard]] bool movedSome() { return std::exchange(m_moved, false); }

private:
    Status remove(int fd, const char* name, int depth) {
        if (::unlinkat(fd, name, 0) == 0 || errno == ENOENT)
            return {};
        if (errno != EISDIR && errno != EPERM && errno != EBUSY)
            return failed("remove", errno);
        Descriptor folder(::openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!folder && errno == EACCES && ::fchmodat(fd, name, 0700, 0) == 0) // rootless: its owner closed it to us
            folder = Descriptor(::openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!folder)
            return failed("open", errno);
        ::fchmod(folder.get(), 0700);
        struct stat info {};
        if (::fstat(folder.get(), &info) != 0)
            return failed("look at", errno);
        if (info.st_dev != m_device)
            return Error{ErrorCode::Internal,
                         "Something is mounted inside " + m_shown + ": it was left alone. Unmount it and try again.", name};
        if (depth >= deepest) {
            m_moved = true;
            const std::string moved = ".wipe-" + randomHex(24); // not a name that the cell could have taken before
            return ::renameat(fd, name, m_top, moved.c_str()) == 0 ? Status() : failed("move", errno);
        }
        if (Status status = empty(std::move(folder), depth + 1); !status)
            return status;
        if (::unlinkat(fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT || (errno == ENOTEMPTY && m_moved))
            return {};
        return failed("remove", errno);
    }

    Status failed(const char* what, int number) const {
        return Error{ErrorCode::Internal,
                     "Could not " + std::string(what) + " something in " + m_shown + ": " + systemReason(number) + ".", {}};
    }

    int m_top;
    dev_t m_device;
    std::string m_shown;
    bool m_moved = false;
};

}

Status wipeTree(int parent, const std::string& name, const std::string& shown) {
    const Descriptor top(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!top && errno == ENOENT)
        return {};
    struct stat info {};
    struct stat above {};
    if (!top || ::fstat(top.get(), &info) != 0 || ::fstat(parent, &above) != 0)
        return Error{ErrorCode::Internal, shown + " is not a folder that can be removed: " + systemReason(errno) + ".", {}};
    if (info.st_dev != above.st_dev)
        return Error{ErrorCode::Internal, shown + " is a mount point: it was left alone. Unmount it and try again.", {}};
    Wipe wipe(top.get(), info.st_dev, shown);
    do {
        // A second descriptor: readdir() owns and moves the one it reads.
        if (Status status = wipe.empty(Descriptor(::openat(top.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), 0); !status)
            return status;
    } while (wipe.movedSome());
    if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
        return Error{ErrorCode::Internal, "Could not remove " + shown + ": " + systemReason(errno) + ".", {}};
    return {};
}

} // namespace clawloops::runtime
