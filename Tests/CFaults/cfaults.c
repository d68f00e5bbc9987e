#define _GNU_SOURCE
#include "cfaults.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/fsuid.h>
#endif

/* A watched directory. Shared by its files: freed when the last of them is closed. */
struct cfaults_disk {
  char directory[PATH_MAX];
  long holders;
  unsigned operations;
  long number; /* -1 when nothing is to fail */
  cfaults_effect effect;
  long passed; /* operations of those that may be struck */
  int has_struck;
  cfaults_operation struck;
  long counts[CFAULTS_OPERATION_COUNT];
  long bytes_read;
  struct cfaults_disk *next;
};

/* One open file: SQLite's part, whose it is, and behind it the real VFS's part. */
typedef struct {
  sqlite3_file base;
  cfaults_disk *disk; /* NULL for a file that nobody watches */
} watched_file;

/* Guards the list and everything in every disk: tests do not wait for it noticeably. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static cfaults_disk *disks;
static sqlite3_vfs *real;

static sqlite3_file *real_file(sqlite3_file *file) {
  return (sqlite3_file *)((watched_file *)file + 1);
}

/* ---- Disks */

/* Takes the disk that `path` is on, or NULL; drop() gives it back. */
static cfaults_disk *take(const char *path) {
  if (path == NULL) return NULL;
  pthread_mutex_lock(&mutex);
  cfaults_disk *disk = disks;
  for (; disk != NULL; disk = disk->next) {
    size_t length = strlen(disk->directory);
    if (strncmp(path, disk->directory, length) == 0 && path[length] == '/') break;
  }
  if (disk != NULL) disk->holders += 1;
  pthread_mutex_unlock(&mutex);
  return disk;
}

static void drop(cfaults_disk *disk) {
  if (disk == NULL) return;
  pthread_mutex_lock(&mutex);
  int is_last = --disk->holders == 0;
  pthread_mutex_unlock(&mutex);
  if (is_last) free(disk);
}

cfaults_disk *cfaults_watch(const char *directory) {
  cfaults_disk *disk = calloc(1, sizeof(cfaults_disk));
  if (disk == NULL || realpath(directory, disk->directory) == NULL) {
    free(disk);
    return NULL;
  }
  disk->holders = 1;
  disk->number = -1;
  pthread_mutex_lock(&mutex);
  disk->next = disks;
  disks = disk;
  pthread_mutex_unlock(&mutex);
  return disk;
}

void cfaults_unwatch(cfaults_disk *disk) {
  pthread_mutex_lock(&mutex);
  cfaults_disk **link = &disks;
  while (*link != disk) link = &(*link)->next;
  *link = disk->next;
  disk->number = -1;
  pthread_mutex_unlock(&mutex);
  drop(disk);
}

static void start(cfaults_disk *disk, unsigned operations, long number, cfaults_effect effect) {
  pthread_mutex_lock(&mutex);
  disk->operations = operations;
  disk->number = number;
  disk->effect = effect;
  disk->passed = 0;
  disk->has_struck = 0;
  memset(disk->counts, 0, sizeof disk->counts);
  disk->bytes_read = 0;
  pthread_mutex_unlock(&mutex);
}

void cfaults_arm(cfaults_disk *disk, unsigned operations, long number, cfaults_effect effect) {
  start(disk, operations, number, effect);
}

void cfaults_lift(cfaults_disk *disk) { start(disk, 0, -1, CFAULTS_FAILS_ONCE); }

/* Reads one value of a disk that other threads may be changing. */
#define READING(expression)          \
  pthread_mutex_lock(&mutex);        \
  __typeof__(expression) value = (expression); \
  pthread_mutex_unlock(&mutex);      \
  return value

int cfaults_has_struck(const cfaults_disk *disk) { READING(disk->has_struck); }

cfaults_operation cfaults_struck(const cfaults_disk *disk) { READING(disk->struck); }

long cfaults_count(const cfaults_disk *disk, cfaults_operation operation) {
  READING(disk->counts[operation]);
}

long cfaults_bytes_read(const cfaults_disk *disk) { READING(disk->bytes_read); }

/* ---- Deciding */

typedef enum { PASSES, FAILS, IS_TORN, IS_FULL } verdict;

static verdict struck_by(const cfaults_disk *disk, int is_first) {
  switch (disk->effect) {
    case CFAULTS_FAILS_ONCE: return is_first ? FAILS : PASSES;
    case CFAULTS_DIES: return is_first ? IS_TORN : FAILS;
    case CFAULTS_FILLS: return IS_FULL;
  }
  return PASSES;
}

/* Counts an operation and says what becomes of it. */
static verdict judge(cfaults_disk *disk, cfaults_operation operation, int bytes_read) {
  if (disk == NULL) return PASSES;
  pthread_mutex_lock(&mutex);
  disk->counts[operation] += 1;
  disk->bytes_read += bytes_read;
  verdict verdict = PASSES;
  if (disk->number >= 0 && (disk->operations & (1u << operation)) != 0) {
    long number = disk->passed++;
    if (number >= disk->number) {
      if (number == disk->number) {
        disk->has_struck = 1;
        disk->struck = operation;
      }
      verdict = struck_by(disk, number == disk->number);
    }
  }
  pthread_mutex_unlock(&mutex);
  return verdict;
}

/* Judges an operation that either happens or does not. */
static int stops(sqlite3_file *file, cfaults_operation operation) {
  return judge(((watched_file *)file)->disk, operation, 0) != PASSES;
}

/* ---- Files */

static int close_file(sqlite3_file *file) {
  int code = real_file(file)->pMethods->xClose(real_file(file));
  drop(((watched_file *)file)->disk);
  return code;
}

static int read_file(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  if (judge(((watched_file *)file)->disk, CFAULTS_READ, count) != PASSES) {
    return SQLITE_IOERR_READ;
  }
  return real_file(file)->pMethods->xRead(real_file(file), bytes, count, offset);
}

/* How much of a struck write is there afterwards: half, all but a byte, all, or a byte, in turn with
 * the number of the operation that was struck. */
static int torn_size(const cfaults_disk *disk, int count) {
  switch (disk->number % 4) {
    case 0: return count / 2;
    case 1: return count - 1;
    case 2: return count;
    default: return 1;
  }
}

static int write_file(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  const sqlite3_io_methods *methods = real_file(file)->pMethods;
  cfaults_disk *disk = ((watched_file *)file)->disk;
  verdict verdict = judge(disk, CFAULTS_WRITE, 0);
  if (verdict == PASSES) return methods->xWrite(real_file(file), bytes, count, offset);
  if (verdict != FAILS) methods->xWrite(real_file(file), bytes, torn_size(disk, count), offset);
  return verdict == IS_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
  if (stops(file, CFAULTS_TRUNCATE)) return SQLITE_IOERR_TRUNCATE;
  return real_file(file)->pMethods->xTruncate(real_file(file), size);
}

/* On a watched disk a sync is only counted: nobody pulls the plug, and thousands would take minutes.
 */
static int sync_file(sqlite3_file *file, int flags) {
  if (stops(file, CFAULTS_SYNC)) return SQLITE_IOERR_FSYNC;
  if (((watched_file *)file)->disk != NULL) return SQLITE_OK;
  return real_file(file)->pMethods->xSync(real_file(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  if (stops(file, CFAULTS_SIZE)) return SQLITE_IOERR_FSTAT;
  return real_file(file)->pMethods->xFileSize(real_file(file), size);
}

static int lock_file(sqlite3_file *file, int level) {
  if (stops(file, CFAULTS_LOCK)) return SQLITE_IOERR_LOCK;
  return real_file(file)->pMethods->xLock(real_file(file), level);
}

static int unlock_file(sqlite3_file *file, int level) {
  return real_file(file)->pMethods->xUnlock(real_file(file), level);
}

static int check_reserved_lock(sqlite3_file *file, int *is_reserved) {
  return real_file(file)->pMethods->xCheckReservedLock(real_file(file), is_reserved);
}

static int control_file(sqlite3_file *file, int operation, void *argument) {
  return real_file(file)->pMethods->xFileControl(real_file(file), operation, argument);
}

static int sector_size(sqlite3_file *file) {
  return real_file(file)->pMethods->xSectorSize(real_file(file));
}

static int characteristics(sqlite3_file *file) {
  return real_file(file)->pMethods->xDeviceCharacteristics(real_file(file));
}

static int map_shared(
    sqlite3_file *file, int region, int size, int extends, void volatile **memory) {
  verdict verdict = judge(((watched_file *)file)->disk, CFAULTS_SHM_MAP, 0);
  if (verdict == IS_FULL && extends) return SQLITE_IOERR_SHMSIZE;
  if (verdict == FAILS || verdict == IS_TORN) return SQLITE_IOERR_SHMMAP;
  return real_file(file)->pMethods->xShmMap(real_file(file), region, size, extends, memory);
}

static int lock_shared(sqlite3_file *file, int offset, int count, int flags) {
  if ((flags & SQLITE_SHM_LOCK) != 0 && stops(file, CFAULTS_SHM_LOCK)) {
    return SQLITE_IOERR_SHMLOCK;
  }
  return real_file(file)->pMethods->xShmLock(real_file(file), offset, count, flags);
}

static void shared_barrier(sqlite3_file *file) {
  real_file(file)->pMethods->xShmBarrier(real_file(file));
}

static int unmap_shared(sqlite3_file *file, int deletes) {
  return real_file(file)->pMethods->xShmUnmap(real_file(file), deletes);
}

/* Version 2: with shared memory, which the write-ahead log needs, without memory mapping. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = shared_barrier,
    .xShmUnmap = unmap_shared,
};

/* ---- The VFS */

static int open_file(
    sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *file, int flags, int *effective) {
  (void)vfs;
  watched_file *watched = (watched_file *)file;
  watched->base.pMethods = NULL;
  watched->disk = take(path);
  int code = judge(watched->disk, CFAULTS_OPEN, 0) == PASSES
                 ? real->xOpen(real, path, real_file(file), flags, effective)
                 : SQLITE_CANTOPEN;
  if (code == SQLITE_OK) {
    watched->base.pMethods = &methods;
  } else {
    drop(watched->disk);
  }
  return code;
}

/* Judges an operation on a path rather than an open file. */
static verdict judge_path(const char *path, cfaults_operation operation) {
  cfaults_disk *disk = take(path);
  verdict verdict = judge(disk, operation, 0);
  drop(disk);
  return verdict;
}

static int delete_file(sqlite3_vfs *vfs, const char *path, int syncs) {
  (void)vfs;
  if (judge_path(path, CFAULTS_DELETE) != PASSES) return SQLITE_IOERR_DELETE;
  return real->xDelete(real, path, syncs);
}

static int access_file(sqlite3_vfs *vfs, const char *path, int flags, int *answer) {
  (void)vfs;
  if (judge_path(path, CFAULTS_ACCESS) != PASSES) return SQLITE_IOERR_ACCESS;
  return real->xAccess(real, path, flags, answer);
}

static sqlite3_vfs faulty;
static int installed = SQLITE_ERROR;

static void install(void) {
  real = sqlite3_vfs_find(NULL);
  if (real == NULL) return;
  /* Everything that is not about files stays the real one's, its private data included. */
  faulty = *real;
  faulty.zName = "stele-faults";
  faulty.pNext = NULL;
  faulty.szOsFile = (int)sizeof(watched_file) + real->szOsFile;
  faulty.xOpen = open_file;
  faulty.xDelete = delete_file;
  faulty.xAccess = access_file;
  installed = sqlite3_vfs_register(&faulty, 1);
}

int cfaults_install(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  return installed;
}

uid_t cfaults_reach_files_as(uid_t user) {
#ifdef __linux__
  return (uid_t)setfsuid(user);
#else
  return user;
#endif
}

int cfaults_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }
