// SPDX-FileCopyrightText: 2026 The ClawLoops authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/pki.h"

#include "base/digest.h"
#include "base/random.h"

#include <algorithm>
#include <arpa/inet.h>
#include <memory>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace clawloops::pki {

namespace {
template <auto function> struct Free {
    template <class T> void operator()(T* pointer) const { function(pointer); }
};
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Names = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

Error failure(std::string_view what) {
    char reason[256] = "no reason given";
    if (const unsigned long code = ERR_get_error())
        ERR_error_string_n(code, reason, sizeof reason);
    ERR_clear_error();
    return Error{ErrorCode::Internal, "Could not " + std::string(what) + ".", reason};
}

Bio reading(std::string_view text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

std::string textOf(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

Certificate parseCertificate(std::string_view pem) {
    return Certificate(PEM_read_bio_X509(reading(pem).get(), nullptr, nullptr, nullptr));
}

Key parseKey(const Secret& pem) { return Key(PEM_read_bio_PrivateKey(reading(pem.reveal()).get(), nullptr, nullptr, nullptr)); }

bool extend(X509* certificate, X509* issuer, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool addNames(X509* certificate, const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) {
        unsigned char address[16];
        const bool isAddress = ::inet_pton(AF_INET, name.c_str(), address) == 1 || ::inet_pton(AF_INET6, name.c_str(), address) == 1;
        list += (list.empty() ? "" : ",") + std::string(isAddress ? "IP:" : "DNS:") + name;
    }
    return list.empty() || extend(certificate, nullptr, NID_subject_alt_name, list.c_str());
}

// What an authority of ours may sign for. Private networks as a whole: an address from DHCP changes, and a member should not have
// to install an authority again for that; no site of the internet is reached by such an address.
bool addConstraints(X509* certificate, const std::vector<std::string>& names) {
    if (names.empty())
        return true;
    std::string list = "critical";
    for (const char* network : {"127.0.0.0/255.0.0.0", "10.0.0.0/255.0.0.0", "172.16.0.0/255.240.0.0", "192.168.0.0/255.255.0.0",
                                "169.254.0.0/255.255.0.0", "::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fc00::/fe00::", "fe80::/ffc0::"})
        list += std::string(",permitted;IP:") + network;
    for (const std::string& name : names) {
        unsigned char address[16];
        if (::inet_pton(AF_INET, name.c_str(), address) == 1)
            list += ",permitted;IP:" + name + "/255.255.255.255";
        else if (::inet_pton(AF_INET6, name.c_str(), address) == 1)
            list += ",permitted;IP:" + name + "/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        else
            list += ",permitted;DNS:" + name;
    }
    return extend(certificate, nullptr, NID_name_constraints, list.c_str());
}

// Serial, validity, subject and key: what an authority and a leaf have in common.
bool fill(X509* certificate, EVP_PKEY* key, std::string_view commonName, WallTime from, WallTime to) {
    const std::string bytes = randomBytes(20);
    BIGNUM* serial = BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr);
    const bool numbered = serial && BN_clear_bit(serial, 159) >= 0 && BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate));
    BN_free(serial);
    X509_NAME* subject = X509_get_subject_name(certificate);
    return numbered && X509_set_version(certificate, X509_VERSION_3) == 1 &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), toUnixSeconds(from)) &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), toUnixSeconds(to)) &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(commonName.data()),
                                      static_cast<int>(commonName.size()), -1, 0) == 1 &&
           X509_set_pubkey(certificate, key) == 1;
}

Result<Identity> written(X509* certificate, EVP_PKEY* key) {
    const Bio first(BIO_new(BIO_s_mem()));
    const Bio second(BIO_new(BIO_s_secmem()));
    if (PEM_write_bio_X509(first.get(), certificate) != 1 ||
        PEM_write_bio_PKCS8PrivateKey(second.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return failure("write a certificate");
    return Identity{textOf(first.get()), Secret(textOf(second.get()))};
}

WallTime timeOf(const ASN1_TIME* time) {
    std::tm parts{};
    ASN1_TIME_to_tm(time, &parts);
    return fromUnixSeconds(::timegm(&parts));
}

// An hour of grace: a browser's clock may be behind ours.
WallTime begin(WallTime now) { return now - std::chrono::hours(1); }
}

Result<Identity> makeAuthority(std::string_view commonName, std::chrono::days life, WallTime now, const std::vector<std::string>& permitted) {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    if (!key || !certificate || !fill(certificate.get(), key.get(), commonName, begin(now), now + life) ||
        X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get())) != 1 ||
        !extend(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
        !extend(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign") ||
        !addConstraints(certificate.get(), permitted) ||
        !extend(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash") ||
        !X509_sign(certificate.get(), key.get(), EVP_sha256()))
        return failure("make a certificate authority");
    return written(certificate.get(), key.get());
}

Result<Identity> issue(const Identity& authority, const LeafRequest& request, WallTime now) {
    const Certificate issuer = parseCertificate(authority.certificate);
    const Key issuerKey = parseKey(authority.key);
    if (!issuer || !issuerKey)
        return failure("read the certificate authority");
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    const WallTime end = std::min<WallTime>(now + request.life, timeOf(X509_get0_notAfter(issuer.get())));
    const char* use = request.use == Use::Server ? "serverAuth" : "clientAuth";
    if (!key || !certificate || !fill(certificate.get(), key.get(), request.commonName, begin(now), end) ||
        X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get())) != 1 ||
        !extend(certificate.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE") ||
        !extend(certificate.get(), issuer.get(), NID_key_usage, "critical,digitalSignature") ||
        !extend(certificate.get(), issuer.get(), NID_ext_key_usage, use) ||
        !extend(certificate.get(), issuer.get(), NID_subject_key_identifier, "hash") ||
        !extend(certificate.get(), issuer.get(), NID_authority_key_identifier, "keyid:always") ||
        !addNames(certificate.get(), request.names) || !X509_sign(certificate.get(), issuerKey.get(), EVP_sha256()))
        return failure("issue a certificate for " + request.commonName);
    return written(certificate.get(), key.get());
}

Result<Facts> inspect(std::string_view certificatePem) {
    const Certificate certificate = parseCertificate(certificatePem);
    if (!certificate)
        return failure("read a certificate");
    Facts facts;
    char name[256] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name, sizeof name);
    facts.commonName = name;
    facts.notBefore = timeOf(X509_get0_notBefore(certificate.get()));
    facts.notAfter = timeOf(X509_get0_notAfter(certificate.get()));
    facts.authority = X509_check_ca(certificate.get()) == 1;
    facts.constrained = X509_get_ext_by_NID(certificate.get(), NID_name_constraints, -1) >= 0;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (X509_digest(certificate.get(), EVP_sha256(), digest, &size) != 1)
        return failure("take a certificate's fingerprint");
    facts.fingerprint = toHex({reinterpret_cast<const char*>(digest), size});
    const Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        int kind = 0;
        const auto* value = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &kind));
        const auto* data = ASN1_STRING_get0_data(value);
        const int length = ASN1_STRING_length(value);
        if (kind == GEN_DNS) {
            facts.names.emplace_back(reinterpret_cast<const char*>(data), static_cast<std::size_t>(length));
        } else if (kind == GEN_IPADD && (length == 4 || length == 16)) {
            char text[INET6_ADDRSTRLEN] = "";
            ::inet_ntop(length == 4 ? AF_INET : AF_INET6, data, text, sizeof text);
            facts.names.emplace_back(text);
        }
    }
    std::sort(facts.names.begin(), facts.names.end());
    return facts;
}

Status signedBy(std::string_view certificatePem, std::string_view authorityPem) {
    const Certificate certificate = parseCertificate(certificatePem);
    const Certificate authority = parseCertificate(authorityPem);
    if (!certificate || !authority)
        return failure("read a certificate");
    if (X509_check_issued(authority.get(), certificate.get()) != X509_V_OK ||
        X509_verify(certificate.get(), X509_get0_pubkey(authority.get())) != 1) {
        ERR_clear_error();
        return Error{ErrorCode::InvalidRequest, "The certificate was not issued by this authority.", {}};
    }
    return {};
}

Status accepts(std::string_view authorityPem, std::string_view certificatePem) {
    const Certificate authority = parseCertificate(authorityPem);
    const Certificate certificate = parseCertificate(certificatePem);
    const std::unique_ptr<X509_STORE, Free<X509_STORE_free>> store(X509_STORE_new());
    const std::unique_ptr<X509_STORE_CTX, Free<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
    if (!authority || !certificate || !store || !context || X509_STORE_add_cert(store.get(), authority.get()) != 1 ||
        X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr) != 1)
        return failure("read a certificate");
    X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
    X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context.get()), X509_V_FLAG_NO_CHECK_TIME);
    if (X509_verify_cert(context.get()) == 1)
        return {};
    const std::string why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
    ERR_clear_error();
    return Error{ErrorCode::InvalidRequest, "The certificate is not one that its authority may issue.", why};
}

Status belongTogether(std::string_view certificatePem, const Secret& keyPem) {
    const Certificate certificate = parseCertificate(certificatePem);
    const Key key = parseKey(keyPem);
    if (!certificate || !key)
        return failure("read a certificate and its key");
    if (X509_check_private_key(certificate.get(), key.get()) != 1) {
        ERR_clear_error();
        return Error{ErrorCode::InvalidRequest, "The key does not belong to the certificate.", {}};
    }
    return {};
}

} // namespace clawloops::pki
