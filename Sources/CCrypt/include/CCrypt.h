#pragma once

/// Hashes a password as `setting` says, which may be an older hash: then the result is that hash if
/// the password is the same. Takes time and memory by design. Returns NULL and sets errno on
/// failure; the caller frees the result. Any thread.
char *ccrypt_hash(const char *password, const char *setting);

/// A setting for a new hash: the method that the system prefers (yescrypt), with random salt.
/// Returns NULL and sets errno on failure; the caller frees the result.
char *ccrypt_new_setting(void);

/// Whether a hash or setting is one that `ccrypt_hash` can compute.
int ccrypt_is_known(const char *setting);
