#include "CFaultyDisk.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct faulty_disk {
  sqlite3_vfs system;
  sqlite3_vfs *real;

  // Guards what follows.
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int code[2];
  int passed[2];
  int count[2];
  int hangs;
  int hanging;
};

struct file {
  sqlite3_file base;
  faulty_disk *disk;
  // In the same piece of memory, behind this.
  sqlite3_file *real;
};

#define REAL(file) (((struct file *)(file))->real)
#define METHODS(file) (REAL(file)->pMethods)

static int act(sqlite3_file *file, enum faulty_disk_act kind) {
  faulty_disk *disk = ((struct file *)file)->disk;
  pthread_mutex_lock(&disk->lock);
  disk->hanging++;
  pthread_cond_broadcast(&disk->changed);
  while (disk->hangs) pthread_cond_wait(&disk->changed, &disk->lock);
  disk->hanging--;
  disk->count[kind]++;
  int code = disk->code[kind];
  if (code != SQLITE_OK && disk->passed[kind] > 0) {
    disk->passed[kind]--;
    code = SQLITE_OK;
  }
  pthread_mutex_unlock(&disk->lock);
  return code;
}

static int file_close(sqlite3_file *file) { return METHODS(file)->xClose(REAL(file)); }

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  return METHODS(file)->xRead(REAL(file), bytes, count, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  int code = act(file, faulty_disk_write);
  return code != SQLITE_OK ? code : METHODS(file)->xWrite(REAL(file), bytes, count, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
  return METHODS(file)->xTruncate(REAL(file), size);
}

static int file_sync(sqlite3_file *file, int flags) {
  int code = act(file, faulty_disk_sync);
  return code != SQLITE_OK ? code : METHODS(file)->xSync(REAL(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  return METHODS(file)->xFileSize(REAL(file), size);
}

static int file_lock(sqlite3_file *file, int level) { return METHODS(file)->xLock(REAL(file), level); }

static int file_unlock(sqlite3_file *file, int level) {
  return METHODS(file)->xUnlock(REAL(file), level);
}

static int file_check(sqlite3_file *file, int *result) {
  return METHODS(file)->xCheckReservedLock(REAL(file), result);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
  return METHODS(file)->xFileControl(REAL(file), operation, argument);
}

static int file_sector(sqlite3_file *file) { return METHODS(file)->xSectorSize(REAL(file)); }

static int file_character(sqlite3_file *file) {
  return METHODS(file)->xDeviceCharacteristics(REAL(file));
}

static int file_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
  return METHODS(file)->xShmMap(REAL(file), page, size, extend, memory);
}

static int file_shared_lock(sqlite3_file *file, int offset, int count, int flags) {
  return METHODS(file)->xShmLock(REAL(file), offset, count, flags);
}

static void file_barrier(sqlite3_file *file) { METHODS(file)->xShmBarrier(REAL(file)); }

static int file_unmap(sqlite3_file *file, int removes) {
  return METHODS(file)->xShmUnmap(REAL(file), removes);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_character,
    .xShmMap = file_map,
    .xShmLock = file_shared_lock,
    .xShmBarrier = file_barrier,
    .xShmUnmap = file_unmap,
};

static int system_open(
    sqlite3_vfs *system, const char *name, sqlite3_file *file, int flags, int *granted) {
  faulty_disk *disk = (faulty_disk *)system;
  struct file *own = (struct file *)file;
  own->disk = disk;
  own->real = (sqlite3_file *)(own + 1);
  int code = disk->real->xOpen(disk->real, name, own->real, flags, granted);
  // Without methods nobody closes it.
  own->base.pMethods = own->real->pMethods != NULL ? &methods : NULL;
  return code;
}

faulty_disk *faulty_disk_make(const char *name) {
  sqlite3_vfs *real = sqlite3_vfs_find(NULL);
  faulty_disk *disk = calloc(1, sizeof *disk);
  if (real == NULL || disk == NULL) return NULL;
  disk->system = *real;
  disk->system.zName = strdup(name);
  disk->system.pNext = NULL;
  disk->system.szOsFile = (int)sizeof(struct file) + real->szOsFile;
  disk->system.xOpen = system_open;
  disk->real = real;
  pthread_mutex_init(&disk->lock, NULL);
  pthread_cond_init(&disk->changed, NULL);
  return sqlite3_vfs_register(&disk->system, 0) == SQLITE_OK ? disk : NULL;
}

void faulty_disk_fail(faulty_disk *disk, enum faulty_disk_act act, int code, int passed) {
  pthread_mutex_lock(&disk->lock);
  disk->code[act] = code;
  disk->passed[act] = passed;
  pthread_mutex_unlock(&disk->lock);
}

void faulty_disk_hang(faulty_disk *disk, int hangs) {
  pthread_mutex_lock(&disk->lock);
  disk->hangs = hangs;
  pthread_cond_broadcast(&disk->changed);
  pthread_mutex_unlock(&disk->lock);
}

void faulty_disk_await(faulty_disk *disk) {
  pthread_mutex_lock(&disk->lock);
  while (disk->hanging == 0) pthread_cond_wait(&disk->changed, &disk->lock);
  pthread_mutex_unlock(&disk->lock);
}

int faulty_disk_count(faulty_disk *disk, enum faulty_disk_act act) {
  pthread_mutex_lock(&disk->lock);
  int count = disk->count[act];
  pthread_mutex_unlock(&disk->lock);
  return count;
}
