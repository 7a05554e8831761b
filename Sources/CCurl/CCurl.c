#include "CCurl.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>

struct ccurl {
  CURL *handle;
  const struct ccurl_request *request;
  CURLcode code;

  /// More of the reason than the code says; empty where there is no more.
  char details[CURL_ERROR_SIZE];
};

static pthread_once_t is_prepared = PTHREAD_ONCE_INIT;

static void prepare(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

static size_t receive(char *bytes, size_t size, size_t count, void *user) {
  struct ccurl *client = user;
  const struct ccurl_request *request = client->request;
  size_t total = size * count;
  long status = 0;
  curl_easy_getinfo(client->handle, CURLINFO_RESPONSE_CODE, &status);
  bool goes_on = request->receive(request->context, status, (const uint8_t *)bytes, total);
  // Anything but the number of bytes ends the transfer.
  return goes_on ? total : total + 1;
}

static int progress(
    void *client, curl_off_t whole_down, curl_off_t down, curl_off_t whole_up, curl_off_t up) {
  const struct ccurl_request *request = ((struct ccurl *)client)->request;
  // Anything but 0 ends the transfer. Between two calls there is none.
  return !request || request->goes_on(request->context) ? 0 : 1;
}

/// Sets what all calls have in common.
static void configure(struct ccurl *client) {
  CURL *handle = client->handle;
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, client->details);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  // An empty name: not even the one that the environment has.
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(handle, CURLOPT_MAXCONNECTS, 1L);
  curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 256L * 1024);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, client);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, client);
}

struct ccurl *ccurl_open(void) {
  pthread_once(&is_prepared, prepare);
  struct ccurl *client = calloc(1, sizeof *client);
  if (!client) return NULL;
  client->handle = curl_easy_init();
  if (!client->handle) {
    free(client);
    return NULL;
  }
  configure(client);
  return client;
}

void ccurl_close(struct ccurl *client) {
  curl_easy_cleanup(client->handle);
  free(client);
}

/// The headers as libcurl wants them. NULL when there is no memory.
static struct curl_slist *header_list(const struct ccurl_request *request) {
  // Without it libcurl asks the server whether a body of more than a megabyte is welcome, and waits
  // a second for the answer.
  struct curl_slist *list = curl_slist_append(NULL, "Expect:");
  for (size_t index = 0; list && index < request->header_count; index++) {
    struct curl_slist *longer = curl_slist_append(list, request->headers[index]);
    if (!longer) curl_slist_free_all(list);
    list = longer;
  }
  return list;
}

static enum ccurl_outcome outcome(CURLcode code) {
  switch (code) {
  case CURLE_OK: return ccurl_answered;
  case CURLE_ABORTED_BY_CALLBACK:
  case CURLE_WRITE_ERROR: return ccurl_ended;
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CACERT_BADFILE: return ccurl_untrusted;
  default: return ccurl_away;
  }
}

enum ccurl_outcome ccurl_post(
    struct ccurl *client, const struct ccurl_request *request, long *status) {
  CURL *handle = client->handle;
  *status = 0;
  client->code = CURLE_OUT_OF_MEMORY;
  client->details[0] = 0;
  struct curl_slist *headers = header_list(request);
  if (!headers) return ccurl_away;
  client->request = request;
  curl_easy_setopt(handle, CURLOPT_URL, request->url);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_bytes);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, (const char *)request->body);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, request->connect_milliseconds);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, request->milliseconds);
  if (request->authorities) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, request->authorities);
    // Nor those of the system's folder.
    curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
  }
  client->code = curl_easy_perform(handle);
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, status);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, NULL);
  curl_slist_free_all(headers);
  client->request = NULL;
  return outcome(client->code);
}

const char *ccurl_reason(const struct ccurl *client) {
  // Of a certificate the code says nothing; of all else the details say the address once more.
  bool is_about_trust = outcome(client->code) == ccurl_untrusted;
  return is_about_trust && client->details[0] ? client->details : curl_easy_strerror(client->code);
}
