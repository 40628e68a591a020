// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/digest.h"
#include "base/files.h"
#include "base/json.h"
#include "supervisor/preflight.h"

#include <fstream>
#include <memory>
#include <openssl/evp.h>
#include <sstream>
#include <sys/stat.h>

namespace clawloops::supervisor {

namespace fs = std::filesystem;

namespace {
std::string fileDigest(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    std::vector<char> buffer(1u << 20);
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0)
        EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
    Sha256 digest{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(context.get(), digest.data(), &size);
    return toHex(digest);
}

// What must not have changed for a good check to stay good.
std::string appearance(const struct stat& facts) {
    return std::to_string(facts.st_size) + " " + std::to_string(facts.st_mtim.tv_sec) + "." + std::to_string(facts.st_mtim.tv_nsec) + " " +
           std::to_string(facts.st_ino) + " " + std::to_string(facts.st_ctim.tv_sec) + "." + std::to_string(facts.st_ctim.tv_nsec);
}
}

std::optional<Refusal> checkComponents(const fs::path& components, const fs::path& memo) {
    std::ifstream manifest(components / "components.sha256");
    if (!manifest)
        return Refusal{somethingMissing, "The list of installed components " + (components / "components.sha256").string() + " is missing: run installer/up."};
    json::object known;
    if (const auto text = readFile(memo))
        if (auto parsed = parseObject(*text))
            known = std::move(*parsed);
    json::object checked;
    for (std::string line; std::getline(manifest, line);) {
        std::istringstream words(line);
        std::string expected;
        std::int64_t size = 0;
        std::string name;
        if (!(words >> expected >> size) || !std::getline(words >> std::ws, name))
            return Refusal{somethingMissing, "The list of installed components " + (components / "components.sha256").string() + " is damaged: run installer/up."};
        const fs::path file = components / name;
        struct stat facts {};
        if (::stat(file.c_str(), &facts) != 0)
            return Refusal{somethingMissing, "The component file " + file.string() + " is missing: run installer/up."};
        if (facts.st_size < size)
            return Refusal{somethingMissing, "The " + std::string(name.ends_with(".gguf") ? "model" : "component") + " file " + file.string() + " is cut short (" + std::to_string(facts.st_size) +
                                                 " of " + std::to_string(size) + " bytes): run installer/up to put it right."};
        const std::string entry = expected + " " + appearance(facts);
        const json::value* before = known.if_contains(file.string());
        if (!before || !before->is_string() || before->get_string() != entry) {
            const std::string found = fileDigest(file);
            if (found != expected)
                return Refusal{somethingMissing, "The component file " + file.string() + " is not the one that was installed (SHA-256 " + found + " instead of " + expected +
                                                     "; it was altered): run installer/up to put it right."};
        }
        checked[file.string()] = entry;
    }
    std::error_code ignored;
    if (checked != known && fs::exists(memo.parent_path(), ignored))
        [[maybe_unused]] const Status written = writeFileAtomically(memo, json::serialize(checked) + "\n", 0600);
    return std::nullopt;
}

} // namespace clawloops::supervisor
