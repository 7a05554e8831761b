#pragma once

#include <stddef.h>
#include <stdint.h>

/// The check sum of bytes (CRC-32, as in gzip).
uint32_t czlib_crc32(const uint8_t *bytes, size_t count);

/// The maximum number of bytes that `czlib_gzip` writes for `count` bytes of input.
size_t czlib_bound(size_t count);

/// Compresses as small as zlib can, in the format of gzip (RFC 1952), without name and time, so
/// that the same bytes always give the same. Returns the number of bytes written, or 0 on failure.
size_t czlib_gzip(const uint8_t *bytes, size_t count, uint8_t *target, size_t room);
