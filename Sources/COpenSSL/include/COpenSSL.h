#pragma once

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>

// MARK: The transport

/// A BIO over a connected socket that never waits and never raises SIGPIPE, whatever the
/// descriptor's mode. It does not own the descriptor. NULL when there is no memory.
///
/// OpenSSL's own socket BIO uses read and write: it would wait on a blocking descriptor, and raise
/// SIGPIPE.
///
/// What the socket does not take is kept here, so that no call of OpenSSL's ever finds the socket
/// full. It would be in the middle of a record then, and fail ("bad length") if the peer asks for
/// new keys before it goes on.
///
/// A send that fails is told by `copenssl_flush` alone, so that what came before can still be read.
BIO *copenssl_transport(int descriptor);

/// Sends what is kept, as far as the socket takes it. Returns 1 when nothing is kept, 0 when the
/// socket is full, and -1 and sets errno when the connection is gone.
int copenssl_flush(BIO *transport);

/// How many reads of the socket the next calls of this transport may make, until this is called
/// again. A peer that sends and sends thus never keeps one call of SSL_read for longer.
void copenssl_allow_reads(BIO *transport, int count);

/// Whether the socket itself had nothing more to read, and not just the allowance for it.
bool copenssl_is_drained(BIO *transport);

/// Counts from now on what the peer sends that is no data: messages of the handshake's kind (new
/// keys, session tickets), and warnings. The transport must be the session's own.
void copenssl_count_messages(SSL *session, BIO *transport);

/// How many came since this was asked last.
int copenssl_take_messages(BIO *transport);

// MARK: Protocols

/// Has a server agree to `http/1.1` where a client offers protocols (ALPN). Who offers others alone
/// gets no answer, and finds out by itself.
void copenssl_speak_http(SSL_CTX *context);

// MARK: Memory

/// Gives the pages of this thread's stack below the caller back to the system. A TLS handshake
/// needs many times the stack of all that a client's thread does afterwards.
void copenssl_trim_stack(void);

// MARK: Macros

/// No compression and no renegotiation; who ends without saying so has ended.
static const uint64_t copenssl_common_options =
    SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF;

/// The server chooses the cipher, but a client without AES in hardware gets ChaCha20.
static const uint64_t copenssl_server_options =
    SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA;

static inline int copenssl_set_minimum_version(SSL_CTX *context) {
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

static inline int copenssl_set_groups(SSL_CTX *context, const char *names) {
  return (int)SSL_CTX_set1_groups_list(context, names);
}

static inline void copenssl_add_mode(SSL_CTX *context, long mode) {
  SSL_CTX_set_mode(context, mode);
}

static inline void copenssl_switch_session_cache_off(SSL_CTX *context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline void copenssl_read_ahead(SSL_CTX *context) { SSL_CTX_set_read_ahead(context, 1); }

static inline int copenssl_set_server_name(SSL *session, const char *name) {
  return (int)SSL_set_tlsext_host_name(session, name);
}

static inline int copenssl_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
  return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

static inline int copenssl_error_reason(unsigned long error) { return ERR_GET_REASON(error); }

static inline int copenssl_error_library(unsigned long error) { return ERR_GET_LIB(error); }

static inline EVP_PKEY *copenssl_generate_p256(void) { return EVP_EC_gen("P-256"); }

/// The bytes of a memory BIO; they belong to it.
static inline long copenssl_memory(BIO *bio, const char **bytes) {
  return BIO_get_mem_data(bio, (char **)bytes);
}

/// Adds an extension to a certificate that signs itself. Returns 0 on failure.
int copenssl_add_extension(X509 *certificate, int nid, const char *value);

/// The alternative names of a certificate that are names of hosts, or addresses in numbers: calls
/// `visit` with each.
void copenssl_visit_names(
    X509 *certificate, void *context, void (*visit)(void *context, const char *name, size_t count));
