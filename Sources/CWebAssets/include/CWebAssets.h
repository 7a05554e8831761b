#pragma once

#include <stddef.h>

/// A file of the browser's client, as it lies in the folder `client`.
struct cwebassets_file {
  const char *name;
  const unsigned char *bytes;
  size_t count;
};

/// All of them, `cwebassets_count` in number.
const struct cwebassets_file *cwebassets_table(void);

extern const size_t cwebassets_count;
