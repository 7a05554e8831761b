#include "CZlib.h"

#include <zlib.h>

uint32_t czlib_crc32(const uint8_t *bytes, size_t count) {
  return (uint32_t)crc32_z(0, bytes, count);
}

size_t czlib_bound(size_t count) { return compressBound(count) + 18; }

size_t czlib_gzip(const uint8_t *bytes, size_t count, uint8_t *target, size_t room) {
  z_stream stream = {0};
  // 15 bits of window, and 16 more for the frame of gzip in the place of zlib's own.
  if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
  stream.next_in = (Bytef *)bytes;
  stream.avail_in = (uInt)count;
  stream.next_out = target;
  stream.avail_out = (uInt)room;
  int code = deflate(&stream, Z_FINISH);
  size_t written = stream.total_out;
  deflateEnd(&stream);
  return code == Z_STREAM_END ? written : 0;
}
