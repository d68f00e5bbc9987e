/* A simulated disk from inside: its files, who has them open, and the memory that they share. */

#ifndef STELE_CSIM_DISK_H
#define STELE_CSIM_DISK_H

#include <sqlite3.h>

#include "content.h"
#include "csimulated_disk.h"

enum { CSIM_REGIONS_MAX = 64 };

typedef struct csim_node csim_node;
typedef struct csim_file csim_file;

/* The index of a write-ahead log, shared by its connections. */
typedef struct {
  unsigned char *regions[CSIM_REGIONS_MAX];
  int region_count;
  int region_bytes;
  int users;
  int shared[SQLITE_SHM_NLOCK];
  csim_file *exclusive[SQLITE_SHM_NLOCK];
  /* As the dead have left it, until they are buried. */
  unsigned char *saved;
  int saved_regions;
} csim_shm;

struct csim_node {
  char *path;
  csim_content content;
  int exists;
  /* Whether the directory's entry is durable: from the file's first sync. */
  int is_named;
  int shared;
  csim_file *reserved;
  csim_file *exclusive;
  csim_shm *shm;
  csim_node *next;
};

/* One opening of a file; SQLite allocates it. */
struct csim_file {
  sqlite3_file base;
  csim_disk *disk;
  csim_node *node;
  int process;
  int is_dead;
  int level;
  csim_shm *shm;
  unsigned shm_shared;
  unsigned shm_exclusive;
  csim_file *next;
};

struct csim_disk {
  char *directory;
  uint64_t random;
  csim_hook hook;
  void *context;
  int process;
  csim_node *nodes;
  csim_file *files;
  csim_disk *next;
};

/* The disk that has `path`, or NULL. Any thread may ask. */
csim_disk *csim_disk_of(const char *path);
csim_node *csim_node_at(csim_disk *disk, const char *path, int creates);

void csim_unlock(csim_file *file, int level);
void csim_shm_release(csim_file *file, unsigned mask);
void csim_shm_detach(csim_file *file);

#endif
