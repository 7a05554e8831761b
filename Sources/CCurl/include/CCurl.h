#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A client of HTTP (libcurl), whose own functions take a variable number of arguments, which Swift
/// cannot call. It keeps its connection from one call to the next. One thread at a time.
///
/// It asks nobody for a proxy, follows no redirection, raises no signal, speaks HTTP/1.1 alone, and
/// always verifies a server's certificate and name.
struct ccurl;

/// What becomes of a call.
enum ccurl_outcome {
  /// There is a whole answer.
  ccurl_answered,

  /// `goes_on` or `receive` said no.
  ccurl_ended,

  /// There was no server, or no whole answer in time.
  ccurl_away,

  /// The server's certificate is not trusted, or the file with the authorities cannot be read.
  ccurl_untrusted,
};

struct ccurl_request {
  /// Begins with http:// or https://.
  const char *url;

  /// Whole lines, without their ends.
  const char *const *headers;
  size_t header_count;

  const void *body;
  size_t body_bytes;

  /// A file with the certificates of the authorities to trust. NULL: those that the system trusts.
  const char *authorities;

  long connect_milliseconds;

  /// For the whole call; 0 for no limit.
  long milliseconds;

  /// Given to the two functions, which are called on the calling thread, and never at once.
  void *context;

  /// Takes what has come of the body of an answer with this status of HTTP; false to end.
  bool (*receive)(void *context, long status, const uint8_t *bytes, size_t count);

  /// Asked whenever something happens, and at least once a second: false to end.
  bool (*goes_on)(void *context);
};

/// NULL when there is no memory.
struct ccurl *ccurl_open(void);

void ccurl_close(struct ccurl *client);

/// Posts a body and waits for the end of the answer. `status` becomes that of HTTP, 0 where none
/// came.
enum ccurl_outcome ccurl_post(
    struct ccurl *client, const struct ccurl_request *request, long *status);

/// Why the last call was not answered, in libcurl's words. Valid until the next call.
const char *ccurl_reason(const struct ccurl *client);
