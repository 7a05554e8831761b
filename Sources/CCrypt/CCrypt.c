#define _GNU_SOURCE
#include "CCrypt.h"

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

char *ccrypt_hash(const char *password, const char *setting) {
  // On the heap: it takes 32 KiB, and the threads' stacks are small.
  void *data = NULL;
  int size = 0;
  const char *hash = crypt_ra(password, setting, &data, &size);
  char *kept = hash ? strdup(hash) : NULL;
  if (data) explicit_bzero(data, size);
  free(data);
  return kept;
}

char *ccrypt_new_setting(void) { return crypt_gensalt_ra(NULL, 0, NULL, 0); }

int ccrypt_is_known(const char *setting) {
  int verdict = crypt_checksalt(setting);
  return verdict == CRYPT_SALT_OK || verdict == CRYPT_SALT_METHOD_LEGACY;
}
