#include "disk.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t disks_lock = PTHREAD_MUTEX_INITIALIZER;
static csim_disk *disks;

struct csim_image {
  char *path;
  unsigned char *bytes;
  int64_t count;
  csim_image *next;
};

/* MARK: Disks */

csim_disk *csim_disk_of(const char *path) {
  pthread_mutex_lock(&disks_lock);
  csim_disk *disk = disks;
  for (; disk; disk = disk->next) {
    size_t length = strlen(disk->directory);
    if (strncmp(path, disk->directory, length) == 0 && path[length] == '/') break;
  }
  pthread_mutex_unlock(&disks_lock);
  return disk;
}

csim_disk *csim_disk_new(
    const char *directory, uint64_t seed, const csim_image *image, csim_hook hook, void *context) {
  csim_disk *disk = calloc(1, sizeof *disk);
  if (!disk) abort();
  disk->directory = strdup(directory);
  disk->random = seed;
  disk->hook = hook;
  disk->context = context;
  csim_restore(disk, image, "");
  pthread_mutex_lock(&disks_lock);
  disk->next = disks;
  disks = disk;
  pthread_mutex_unlock(&disks_lock);
  return disk;
}

void csim_disk_free(csim_disk *disk) {
  pthread_mutex_lock(&disks_lock);
  csim_disk **link = &disks;
  while (*link && *link != disk) link = &(*link)->next;
  if (*link) *link = disk->next;
  pthread_mutex_unlock(&disks_lock);
  for (csim_node *node = disk->nodes, *next; node; node = next) {
    next = node->next;
    csim_content_free(&node->content);
    free(node->path);
    free(node);
  }
  free(disk->directory);
  free(disk);
}

void csim_set_process(csim_disk *disk, int process) { disk->process = process; }

int csim_open_files(const csim_disk *disk) {
  int count = 0;
  for (const csim_file *file = disk->files; file; file = file->next) count++;
  return count;
}

/* MARK: Files */

csim_node *csim_node_at(csim_disk *disk, const char *path, int creates) {
  csim_node *node = disk->nodes;
  while (node && strcmp(node->path, path) != 0) node = node->next;
  if (!node && creates) {
    node = calloc(1, sizeof *node);
    if (!node) abort();
    node->path = strdup(path);
    node->next = disk->nodes;
    disk->nodes = node;
  }
  if (node && creates) node->exists = 1;
  return node && node->exists ? node : NULL;
}

int64_t csim_read(csim_disk *disk, const char *path, void *bytes, int64_t count, int64_t offset) {
  csim_node *node = csim_node_at(disk, path, 0);
  return node ? csim_content_read(&node->content, bytes, count, offset) : -1;
}

void csim_write(
    csim_disk *disk, const char *path, const void *bytes, int64_t count, int64_t offset) {
  csim_content_write(&csim_node_at(disk, path, 1)->content, bytes, count, offset);
}

void csim_sync(csim_disk *disk, const char *path) {
  csim_node *node = csim_node_at(disk, path, 0);
  if (!node) return;
  csim_content_sync(&node->content);
  node->is_named = 1;
}

void csim_forget(csim_disk *disk, const char *path) {
  csim_node *node = csim_node_at(disk, path, 0);
  if (node) csim_content_forget(&node->content, &disk->random);
}

/* MARK: Images */

csim_image *csim_image_take(const csim_disk *disk) {
  /* An empty first one, so that a disk without files has an image too. */
  csim_image *image = calloc(1, sizeof *image);
  if (!image) abort();
  for (const csim_node *node = disk->nodes; node; node = node->next) {
    if (!node->exists) continue;
    csim_image *file = calloc(1, sizeof *file);
    if (!file) abort();
    file->path = strdup(node->path + strlen(disk->directory));
    file->count = node->content.cached.size;
    file->bytes = malloc((size_t)file->count + 1);
    if (!file->bytes) abort();
    csim_content_read(&node->content, file->bytes, file->count, 0);
    file->next = image->next;
    image->next = file;
  }
  return image;
}

void csim_image_free(csim_image *image) {
  for (csim_image *next; image; image = next) {
    next = image->next;
    free(image->path);
    free(image->bytes);
    free(image);
  }
}

static int ends_in(const char *path, const char *suffix) {
  size_t length = strlen(path), wanted = strlen(suffix);
  return length >= wanted && strcmp(path + length - wanted, suffix) == 0;
}

void csim_restore(csim_disk *disk, const csim_image *image, const char *suffix) {
  for (csim_node *node = disk->nodes; node; node = node->next) {
    if (!ends_in(node->path, suffix)) continue;
    csim_content_set(&node->content, NULL, 0);
    node->exists = 0;
  }
  for (; image; image = image->next) {
    if (!image->path || !ends_in(image->path, suffix)) continue;
    char path[4096];
    sqlite3_snprintf(sizeof path, path, "%s%s", disk->directory, image->path);
    csim_node *node = csim_node_at(disk, path, 1);
    csim_content_set(&node->content, image->bytes, image->count);
    node->is_named = 1;
  }
}

/* MARK: Deaths */

static int living_users(const csim_disk *disk, const csim_shm *shm) {
  int count = 0;
  for (const csim_file *file = disk->files; file; file = file->next) {
    count += file->shm == shm && !file->is_dead;
  }
  return count;
}

static void save(csim_shm *shm) {
  if (shm->saved) return;
  shm->saved_regions = shm->region_count;
  shm->saved = malloc((size_t)shm->region_count * (size_t)shm->region_bytes + 1);
  if (!shm->saved) abort();
  for (int index = 0; index < shm->region_count; index++) {
    memcpy(
        shm->saved + index * shm->region_bytes, shm->regions[index], (size_t)shm->region_bytes);
  }
}

/* Memory that only the dead have is gone with them; what the living share stays as it is now. */
static void part_memory(csim_disk *disk) {
  for (csim_node *node = disk->nodes; node; node = node->next) {
    if (!node->shm) continue;
    int living = living_users(disk, node->shm);
    if (living == 0) node->shm = NULL;
    else if (living < node->shm->users) save(node->shm);
  }
}

static void end(csim_file *file) {
  csim_unlock(file, SQLITE_LOCK_NONE);
  csim_shm_release(file, ~0u);
  file->is_dead = 1;
}

void csim_kill(csim_disk *disk, int process) {
  for (csim_file *file = disk->files; file; file = file->next) {
    if (file->process == process && !file->is_dead) end(file);
  }
  part_memory(disk);
}

void csim_bury(csim_disk *disk) {
  for (csim_node *node = disk->nodes; node; node = node->next) {
    csim_shm *shm = node->shm;
    if (!shm || !shm->saved) continue;
    for (int index = 0; index < shm->saved_regions; index++) {
      memcpy(
          shm->regions[index], shm->saved + index * shm->region_bytes, (size_t)shm->region_bytes);
    }
    free(shm->saved);
    shm->saved = NULL;
  }
}

void csim_power_off(csim_disk *disk) {
  for (csim_file *file = disk->files; file; file = file->next) {
    if (!file->is_dead) end(file);
  }
  part_memory(disk);
  for (csim_node *node = disk->nodes; node; node = node->next) {
    csim_content_lose(&node->content, &disk->random);
    if (node->is_named || !node->exists) continue;
    if (csim_random(&disk->random) & 1) {
      node->is_named = 1;
    } else {
      csim_content_set(&node->content, NULL, 0);
      node->exists = 0;
    }
  }
}
