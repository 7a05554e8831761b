#define _GNU_SOURCE
#include "COpenSSL.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

// MARK: The transport

// More than one record of data and what a handshake sends at once. A peer that keeps asking for
// answers and reads none of them is beyond it before long, and its connection fails.
enum { greatest_kept = 64 * 1024 };

struct transport {
  int descriptor;

  // What the socket did not take: `kept_count` bytes behind `kept_start`. NULL where there is
  // nothing.
  char *kept;
  size_t kept_start;
  size_t kept_count;

  int reads_left;
  bool is_drained;

  // What the peer sent that is no data, since it was counted last.
  int messages;

  // What the system said when a send failed; 0: none has.
  int lost;
};

// Returns how many bytes the socket took, 0 where it is full, or -1.
static ssize_t send_now(int descriptor, const char *bytes, size_t count) {
  ssize_t sent;
  do {
    sent = send(descriptor, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 && errno == EAGAIN ? 0 : sent;
}

static int keep(struct transport *transport, const char *bytes, size_t count) {
  size_t end = transport->kept_start + transport->kept_count;
  if (end + count > greatest_kept) {
    errno = ENOBUFS;
    return -1;
  }
  char *kept = realloc(transport->kept, end + count);
  if (kept == NULL) return -1;
  memcpy(kept + end, bytes, count);
  transport->kept = kept;
  transport->kept_count += count;
  return 0;
}

static int transport_write(BIO *bio, const char *bytes, int count) {
  struct transport *transport = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  ssize_t sent = 0;
  if (transport->kept == NULL) sent = send_now(transport->descriptor, bytes, (size_t)count);
  if (sent < 0) transport->lost = errno;
  // OpenSSL hears nothing of it: it would read no more, and what the peer said before it went must
  // be heard.
  if (transport->lost != 0) return count;
  if (sent < count && keep(transport, bytes + sent, (size_t)(count - sent)) != 0) return -1;
  return count;
}

int copenssl_flush(BIO *bio) {
  struct transport *transport = BIO_get_data(bio);
  if (transport->lost != 0) {
    errno = transport->lost;
    return -1;
  }
  if (transport->kept == NULL) return 1;
  ssize_t sent = send_now(
      transport->descriptor, transport->kept + transport->kept_start, transport->kept_count);
  if (sent < 0) {
    transport->lost = errno;
    return -1;
  }
  transport->kept_start += (size_t)sent;
  transport->kept_count -= (size_t)sent;
  if (transport->kept_count > 0) return 0;
  free(transport->kept);
  transport->kept = NULL;
  transport->kept_start = 0;
  return 1;
}

static int transport_read(BIO *bio, char *bytes, int count) {
  struct transport *transport = BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  if (transport->reads_left <= 0) {
    transport->is_drained = false;
    BIO_set_retry_read(bio);
    return -1;
  }
  transport->reads_left--;
  ssize_t received;
  do {
    received = recv(transport->descriptor, bytes, (size_t)count, MSG_DONTWAIT);
  } while (received < 0 && errno == EINTR);
  transport->is_drained = received < 0 && errno == EAGAIN;
  if (transport->is_drained) BIO_set_retry_read(bio);
  if (received == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return (int)received;
}

static long transport_control(BIO *bio, int command, long number, void *pointer) {
  (void)number;
  (void)pointer;
  switch (command) {
  case BIO_CTRL_FLUSH:
    return 1;
  case BIO_CTRL_EOF:
    return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
  default:
    return 0;
  }
}

static int transport_destroy(BIO *bio) {
  struct transport *transport = BIO_get_data(bio);
  if (transport != NULL) free(transport->kept);
  free(transport);
  return 1;
}

static BIO_METHOD *method;

static void make_method(void) {
  method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "hubbub socket");
  if (method == NULL) return;
  BIO_meth_set_write(method, transport_write);
  BIO_meth_set_read(method, transport_read);
  BIO_meth_set_ctrl(method, transport_control);
  BIO_meth_set_destroy(method, transport_destroy);
}

BIO *copenssl_transport(int descriptor) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_method);
  if (method == NULL) return NULL;
  struct transport *transport = malloc(sizeof *transport);
  if (transport == NULL) return NULL;
  *transport = (struct transport){.descriptor = descriptor};
  BIO *bio = BIO_new(method);
  if (bio == NULL) {
    free(transport);
    return NULL;
  }
  BIO_set_data(bio, transport);
  BIO_set_init(bio, 1);
  return bio;
}

void copenssl_allow_reads(BIO *bio, int count) {
  struct transport *transport = BIO_get_data(bio);
  transport->reads_left = count;
}

bool copenssl_is_drained(BIO *bio) {
  struct transport *transport = BIO_get_data(bio);
  return transport->is_drained;
}

static void count_message(
    int is_sent, int version, int type, const void *bytes, size_t count, SSL *session,
    void *argument) {
  (void)version, (void)bytes, (void)count, (void)session;
  struct transport *transport = argument;
  if (!is_sent && (type == SSL3_RT_HANDSHAKE || type == SSL3_RT_ALERT)) transport->messages++;
}

void copenssl_count_messages(SSL *session, BIO *bio) {
  SSL_set_msg_callback(session, count_message);
  SSL_set_msg_callback_arg(session, BIO_get_data(bio));
}

int copenssl_take_messages(BIO *bio) {
  struct transport *transport = BIO_get_data(bio);
  int messages = transport->messages;
  transport->messages = 0;
  return messages;
}

// MARK: Memory

void copenssl_trim_stack(void) {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  void *lowest;
  size_t size;
  int code = pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_destroy(&attributes);
  if (code != 0) return;
  // Two pages below this frame stay: signal handlers and the red zone live there.
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t end = ((uintptr_t)__builtin_frame_address(0) & ~(page - 1)) - 2 * page;
  if (end <= (uintptr_t)lowest) return;
  // Refused, it costs memory and nothing else.
  (void)madvise(lowest, end - (uintptr_t)lowest, MADV_DONTNEED);
}

// MARK: Certificates

int copenssl_add_extension(X509 *certificate, int nid, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
  if (extension == NULL) return 0;
  int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return added;
}

void copenssl_visit_names(
    X509 *certificate, void *context,
    void (*visit)(void *context, const char *name, size_t count)) {
  GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS) {
      visit(context, (const char *)ASN1_STRING_get0_data(name->d.dNSName),
            (size_t)ASN1_STRING_length(name->d.dNSName));
    } else if (name->type == GEN_IPADD) {
      const ASN1_OCTET_STRING *address = name->d.iPAddress;
      int length = ASN1_STRING_length(address);
      if (length != 4 && length != 16) continue;
      char text[INET6_ADDRSTRLEN];
      int family = length == 4 ? AF_INET : AF_INET6;
      if (inet_ntop(family, ASN1_STRING_get0_data(address), text, sizeof text) != NULL) {
        visit(context, text, strlen(text));
      }
    }
  }
  GENERAL_NAMES_free(names);
}

static int choose_http(SSL *session, const unsigned char **chosen, unsigned char *length,
                       const unsigned char *offered, unsigned int count, void *unused) {
  static const char name[] = "http/1.1";
  (void)session;
  (void)unused;
  // A list of names, each behind a byte with its length.
  for (unsigned int at = 0; at < count && at + offered[at] < count; at += 1 + offered[at]) {
    if (offered[at] == sizeof name - 1 && memcmp(offered + at + 1, name, sizeof name - 1) == 0) {
      *chosen = offered + at + 1;
      *length = sizeof name - 1;
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return SSL_TLSEXT_ERR_NOACK;
}

void copenssl_speak_http(SSL_CTX *context) {
  SSL_CTX_set_alpn_select_cb(context, choose_http, NULL);
}
