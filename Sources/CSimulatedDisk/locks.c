#include <stdlib.h>

#include "disk.h"
#include "locks.h"

/* MARK: Of the database file */

int csim_lock(csim_file *file, int level) {
  csim_node *node = file->node;
  if (file->level >= level) return SQLITE_OK;
  if (level == SQLITE_LOCK_SHARED) {
    if (node->exclusive) return SQLITE_BUSY;
    node->shared++;
  } else {
    if (node->reserved && node->reserved != file) return SQLITE_BUSY;
    node->reserved = file;
    if (level == SQLITE_LOCK_EXCLUSIVE) {
      node->exclusive = file;  /* From here on nobody new may read: what SQLite calls PENDING. */
      if (node->shared > 1) {
        file->level = SQLITE_LOCK_PENDING;
        return SQLITE_BUSY;
      }
    }
  }
  file->level = level;
  return SQLITE_OK;
}

void csim_unlock(csim_file *file, int level) {
  csim_node *node = file->node;
  if (file->level <= level) return;
  if (node->exclusive == file) node->exclusive = NULL;
  if (node->reserved == file) node->reserved = NULL;
  if (level == SQLITE_LOCK_NONE) node->shared--;
  file->level = level;
}

/* MARK: Of the log's index */

static int is_free(const csim_file *file, int slot, int exclusively) {
  const csim_shm *shm = file->shm;
  unsigned bit = 1u << slot;
  if (shm->exclusive[slot] && shm->exclusive[slot] != file) return 0;
  int mine = (file->shm_shared & bit) != 0;
  return !exclusively || shm->shared[slot] == mine;
}

int csim_shm_acquire(csim_file *file, int first, int count, int exclusively) {
  for (int slot = first; slot < first + count; slot++) {
    if (!is_free(file, slot, exclusively)) return SQLITE_BUSY;
  }
  for (int slot = first; slot < first + count; slot++) {
    unsigned bit = 1u << slot;
    if (exclusively) {
      file->shm->exclusive[slot] = file;
      file->shm_exclusive |= bit;
    } else if (!(file->shm_shared & bit)) {
      file->shm->shared[slot]++;
      file->shm_shared |= bit;
    }
  }
  return SQLITE_OK;
}

void csim_shm_release(csim_file *file, unsigned mask) {
  for (int slot = 0; slot < SQLITE_SHM_NLOCK; slot++) {
    unsigned bit = mask & (1u << slot);
    if (file->shm_shared & bit) file->shm->shared[slot]--;
    if (file->shm_exclusive & bit) file->shm->exclusive[slot] = NULL;
    file->shm_shared &= ~bit;
    file->shm_exclusive &= ~bit;
  }
}

int csim_shm_attach(csim_file *file) {
  if (file->shm) return SQLITE_OK;
  if (!file->node->shm) file->node->shm = calloc(1, sizeof *file->node->shm);
  if (!file->node->shm) return SQLITE_NOMEM;
  file->shm = file->node->shm;
  file->shm->users++;
  return SQLITE_OK;
}

void csim_shm_detach(csim_file *file) {
  csim_shm *shm = file->shm;
  if (!shm) return;
  csim_shm_release(file, ~0u);
  file->shm = NULL;
  if (--shm->users > 0) return;
  if (file->node->shm == shm) file->node->shm = NULL;
  for (int index = 0; index < shm->region_count; index++) free(shm->regions[index]);
  free(shm->saved);
  free(shm);
}
