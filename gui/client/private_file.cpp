// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/private_file.h"

#include "base/files.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace clawloops::gui {

namespace {
constexpr off_t largest = 1024 * 1024;

Error refused(const std::string& path, const std::string& why) {
    return Error{ErrorCode::AccessDenied, path + " " + why, {}};
}
} // namespace

QString configDirectory() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + QLatin1String("/clawloops");
}

Result<std::optional<std::string>> readPrivateFile(const QString& path) {
    const std::string name = QFile::encodeName(path).toStdString();
    const int file = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) {
        if (errno == ENOENT)
            return std::optional<std::string>();
        return refused(name, "cannot be read: " + systemReason(errno) + ".");
    }
    struct Closer {
        int file;
        ~Closer() { ::close(file); }
    } closer{file};
    struct stat info {};
    if (::fstat(file, &info) != 0 || !S_ISREG(info.st_mode))
        return refused(name, "is not an ordinary file; remove it and sign in again.");
    if (info.st_uid != ::geteuid())
        return refused(name, "belongs to another account; remove it and sign in again.");
    if ((info.st_mode & 077) != 0)
        return refused(name, "can be read by other accounts of this machine; end that session in the portal, remove the file "
                             "and sign in again.");
    if (info.st_size > largest)
        return refused(name, "is far larger than it should be; remove it and sign in again.");
    std::string text(static_cast<std::size_t>(info.st_size), '\0');
    std::size_t have = 0;
    while (have < text.size()) {
        const ssize_t got = ::read(file, text.data() + have, text.size() - have);
        if (got <= 0)
            break;
        have += static_cast<std::size_t>(got);
    }
    text.resize(have);
    return std::optional<std::string>(std::move(text));
}

Status writePrivateFile(const QString& path, std::string_view text) {
    const QString directory = QFileInfo(path).absolutePath();
    if (!QFileInfo::exists(directory)) {
        if (!QDir().mkpath(directory))
            return Error{ErrorCode::AccessDenied, directory.toStdString() + " cannot be made: check who may write there.", {}};
        ::chmod(QFile::encodeName(directory).constData(), 0700);
    }
    return writeFileAtomically(QFile::encodeName(path).toStdString(), text, 0600);
}

} // namespace clawloops::gui
