#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "locks.h"

/* The VFS that was the default before. */
static sqlite3_vfs *beneath;

static csim_file *of(sqlite3_file *file) { return (csim_file *)file; }

static int ask(csim_file *file, csim_operation operation, int64_t offset, int64_t count) {
  if (file->is_dead) return SQLITE_IOERR;
  csim_disk *disk = file->disk;
  int answer = disk->hook(
      disk->context, file->process, operation, file->node->path, offset, count);
  /* The hook may have ended this very process. */
  return file->is_dead ? SQLITE_IOERR : answer;
}

/* MARK: One file */

static int file_close(sqlite3_file *base) {
  csim_file *file = of(base);
  csim_unlock(file, SQLITE_LOCK_NONE);
  csim_shm_detach(file);
  csim_file **link = &file->disk->files;
  while (*link != file) link = &(*link)->next;
  *link = file->next;
  return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *bytes, int count, sqlite3_int64 offset) {
  csim_file *file = of(base);
  if (file->is_dead) return SQLITE_IOERR_READ;
  int64_t got = csim_content_read(&file->node->content, bytes, count, offset);
  if (got == count) return SQLITE_OK;
  memset((char *)bytes + got, 0, (size_t)(count - got));
  return SQLITE_IOERR_SHORT_READ;
}

/* A write for which there is no space leaves its first half. */
static int file_write(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
  csim_file *file = of(base);
  int answer = ask(file, CSIM_WRITE, offset, count);
  int written = answer == CSIM_GO ? count : answer == SQLITE_FULL ? count / 2 : 0;
  if (written) csim_content_write(&file->node->content, bytes, written, offset);
  return answer;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size) {
  csim_file *file = of(base);
  int answer = ask(file, CSIM_TRUNCATE, size, 0);
  if (answer == CSIM_GO) csim_content_truncate(&file->node->content, size);
  return answer;
}

/* The first sync of a file also makes its name durable, as SQLite's own VFS does. */
static int file_sync(sqlite3_file *base, int flags) {
  (void)flags;
  csim_file *file = of(base);
  int answer = ask(file, CSIM_SYNC, 0, 0);
  switch (answer) {
    case CSIM_GO:
      csim_content_sync(&file->node->content);
      file->node->is_named = 1;
      return SQLITE_OK;
    case CSIM_LIE: return SQLITE_OK;
    case CSIM_FORGET:
      csim_content_forget(&file->node->content, &file->disk->random);
      return SQLITE_IOERR_FSYNC;
    default: return answer;
  }
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size) {
  if (of(base)->is_dead) return SQLITE_IOERR_FSTAT;
  *size = of(base)->node->content.cached.size;
  return SQLITE_OK;
}

static int file_lock(sqlite3_file *base, int level) {
  return of(base)->is_dead ? SQLITE_IOERR_LOCK : csim_lock(of(base), level);
}

static int file_unlock(sqlite3_file *base, int level) {
  csim_unlock(of(base), level);
  return SQLITE_OK;
}

static int file_is_reserved(sqlite3_file *base, int *result) {
  *result = of(base)->node->reserved != NULL;
  return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument) {
  (void)base, (void)operation, (void)argument;
  return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *base) {
  (void)base;
  return CSIM_SECTOR_BYTES;
}

static int file_traits(sqlite3_file *base) {
  (void)base;
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* MARK: The log's index */

static int shm_map(
    sqlite3_file *base, int region, int bytes, int extend, void volatile **memory) {
  csim_file *file = of(base);
  *memory = NULL;
  if (file->is_dead) return SQLITE_IOERR_SHMMAP;
  int status = csim_shm_attach(file);
  if (status != SQLITE_OK) return status;
  csim_shm *shm = file->shm;
  if (region >= shm->region_count && !extend) return SQLITE_OK;
  if (region >= CSIM_REGIONS_MAX) return SQLITE_IOERR_SHMSIZE;
  shm->region_bytes = bytes;
  while (shm->region_count <= region) {
    unsigned char *fresh = calloc(1, (size_t)bytes);
    if (!fresh) return SQLITE_NOMEM;
    shm->regions[shm->region_count++] = fresh;
  }
  *memory = shm->regions[region];
  return SQLITE_OK;
}

static int shm_lock(sqlite3_file *base, int first, int count, int flags) {
  csim_file *file = of(base);
  if (flags & SQLITE_SHM_UNLOCK) {
    csim_shm_release(file, ((1u << count) - 1) << first);
    return SQLITE_OK;
  }
  if (file->is_dead) return SQLITE_IOERR_SHMLOCK;
  return csim_shm_acquire(file, first, count, flags & SQLITE_SHM_EXCLUSIVE);
}

static void shm_barrier(sqlite3_file *base) { (void)base; }

static int shm_unmap(sqlite3_file *base, int deletes) {
  (void)deletes;
  csim_shm_detach(of(base));
  return SQLITE_OK;
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
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

/* MARK: All files */

static int vfs_open(
    sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *base, int flags, int *effective) {
  (void)vfs;
  csim_disk *disk = path ? csim_disk_of(path) : NULL;
  if (!disk) return beneath->xOpen(beneath, path, base, flags, effective);
  csim_node *node = csim_node_at(disk, path, flags & SQLITE_OPEN_CREATE);
  csim_file *file = of(base);
  memset(file, 0, sizeof *file);
  if (!node) return SQLITE_CANTOPEN;
  file->base.pMethods = &methods;
  file->disk = disk;
  file->node = node;
  file->process = disk->process;
  file->next = disk->files;
  disk->files = file;
  if (effective) *effective = flags;
  return SQLITE_OK;
}

/* A deletion is durable at once: nothing that a log in WAL mode needs is ever deleted. */
static int vfs_delete(sqlite3_vfs *vfs, const char *path, int syncs) {
  (void)vfs;
  csim_disk *disk = csim_disk_of(path);
  if (!disk) return beneath->xDelete(beneath, path, syncs);
  csim_node *node = csim_node_at(disk, path, 0);
  if (!node) return SQLITE_IOERR_DELETE_NOENT;
  int answer = disk->hook(disk->context, disk->process, CSIM_DELETE, path, 0, 0);
  if (answer != CSIM_GO) return answer;
  csim_content_set(&node->content, NULL, 0);
  node->exists = 0;
  node->is_named = 0;
  return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
  (void)vfs;
  csim_disk *disk = csim_disk_of(path);
  if (!disk) return beneath->xAccess(beneath, path, flags, result);
  csim_node *node = csim_node_at(disk, path, 0);
  *result = node && (flags != SQLITE_ACCESS_EXISTS || node->content.cached.size > 0);
  return SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *path, int count, char *full) {
  (void)vfs;
  if (!csim_disk_of(path)) return beneath->xFullPathname(beneath, path, count, full);
  sqlite3_snprintf(count, full, "%s", path);
  return SQLITE_OK;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int installed = SQLITE_ERROR;
static sqlite3_vfs simulated;

static void install(void) {
  if (sqlite3_initialize() != SQLITE_OK) return;
  beneath = sqlite3_vfs_find(NULL);
  if (!beneath) return;
  /* Everything not named here is the other one's: loading, chance, time and sleep. */
  simulated = *beneath;
  if (simulated.szOsFile < (int)sizeof(csim_file)) simulated.szOsFile = sizeof(csim_file);
  simulated.pNext = NULL;
  simulated.zName = "stele-simulation";
  simulated.xOpen = vfs_open;
  simulated.xDelete = vfs_delete;
  simulated.xAccess = vfs_access;
  simulated.xFullPathname = vfs_full_path;
  installed = sqlite3_vfs_register(&simulated, 1);
}

int csim_install(void) {
  pthread_once(&once, install);
  return installed;
}
