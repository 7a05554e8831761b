#pragma once

/// A file system of SQLite's that does as the usual one does until it is told to fail or to hang.
typedef struct faulty_disk faulty_disk;

/// What a file system does that can fail.
enum faulty_disk_act { faulty_disk_write, faulty_disk_sync };

/// Registers one under a name of its own; it stays until the process ends. NULL: no memory. Any thread.
faulty_disk *faulty_disk_make(const char *name);

/// After `passed` further acts of that kind all fail with an SQLite code; 0: they work again. Any thread.
void faulty_disk_fail(faulty_disk *disk, enum faulty_disk_act act, int code, int passed);

/// Whether acts wait until this is called with 0. Any thread.
void faulty_disk_hang(faulty_disk *disk, int hangs);

/// Waits until somebody hangs. Any thread.
void faulty_disk_await(faulty_disk *disk);

/// How often that was done. Any thread.
int faulty_disk_count(faulty_disk *disk, enum faulty_disk_act act);
