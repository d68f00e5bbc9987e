#include "content.h"

#include <stdlib.h>
#include <string.h>

#include "csimulated_disk.h"

/* SplitMix64. */
uint64_t csim_random(uint64_t *state) {
  uint64_t mixed = *state += 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 31);
}

static void resize(csim_bytes *file, int64_t size) {
  if (size > file->capacity) {
    int64_t capacity = file->capacity ? file->capacity : 65536;
    while (capacity < size) capacity *= 2;
    file->bytes = realloc(file->bytes, (size_t)capacity);
    if (!file->bytes) abort();
    file->capacity = capacity;
  }
  if (size > file->size) memset(file->bytes + file->size, 0, (size_t)(size - file->size));
  file->size = size;
}

static void put(csim_bytes *file, const void *bytes, int64_t count, int64_t offset) {
  if (count <= 0) return;
  if (offset + count > file->size) resize(file, offset + count);
  memcpy(file->bytes + offset, bytes, (size_t)count);
}

static void copy(csim_bytes *to, const csim_bytes *from) {
  resize(to, from->size);
  if (from->size) memcpy(to->bytes, from->bytes, (size_t)from->size);
}

static void drop_changes(csim_content *content) {
  for (int index = 0; index < content->changed; index++) free(content->changes[index].bytes);
  content->changed = 0;
}

static csim_change *add_change(csim_content *content) {
  if (content->changed == content->capacity) {
    content->capacity = content->capacity ? 2 * content->capacity : 64;
    content->changes =
        realloc(content->changes, (size_t)content->capacity * sizeof *content->changes);
    if (!content->changes) abort();
  }
  return &content->changes[content->changed++];
}

static void apply(csim_bytes *file, const csim_change *change) {
  if (change->bytes) put(file, change->bytes, change->count, change->offset);
  else resize(file, change->offset);
}

/* Where the sector of `offset` ends, or the change if that is earlier. */
static int64_t sector_end(const csim_change *change, int64_t offset) {
  int64_t next = (offset / CSIM_SECTOR_BYTES + 1) * CSIM_SECTOR_BYTES;
  int64_t end = change->offset + change->count;
  return next < end ? next : end;
}

/* Any choice of the change's sectors. One that is lost beyond the old end may hold anything. */
static void apply_some(csim_bytes *file, const csim_change *change, uint64_t *random) {
  if (!change->bytes) {
    if (csim_random(random) & 1) resize(file, change->offset);
    return;
  }
  int64_t end = change->offset + change->count;
  for (int64_t at = change->offset, next; at < end; at = next) {
    next = sector_end(change, at);
    uint64_t chance = csim_random(random);
    if (chance & 1) {
      put(file, change->bytes + (at - change->offset), next - at, at);
    } else if (at >= file->size && (chance & 6) == 0) {
      unsigned char garbage[CSIM_SECTOR_BYTES];
      memset(garbage, (int)(chance >> 8), sizeof garbage);
      put(file, garbage, next - at, at);
    }
  }
}

static void apply_beginning(csim_content *content, uint64_t *random) {
  int whole = (int)(csim_random(random) % (uint64_t)(content->changed + 1));
  for (int index = 0; index < whole; index++) apply(&content->durable, &content->changes[index]);
  if (whole < content->changed) apply_some(&content->durable, &content->changes[whole], random);
}

static void apply_all(csim_content *content) {
  for (int index = 0; index < content->changed; index++) {
    apply(&content->durable, &content->changes[index]);
  }
}

static void apply_choice(csim_content *content, uint64_t *random) {
  for (int index = 0; index < content->changed; index++) {
    apply_some(&content->durable, &content->changes[index], random);
  }
}

void csim_content_set(csim_content *content, const void *bytes, int64_t count) {
  drop_changes(content);
  resize(&content->cached, 0);
  put(&content->cached, bytes, count, 0);
  copy(&content->durable, &content->cached);
}

void csim_content_free(csim_content *content) {
  drop_changes(content);
  free(content->changes);
  free(content->cached.bytes);
  free(content->durable.bytes);
}

int64_t csim_content_read(
    const csim_content *content, void *bytes, int64_t count, int64_t offset) {
  int64_t there = content->cached.size - offset;
  if (there <= 0) return 0;
  if (there > count) there = count;
  memcpy(bytes, content->cached.bytes + offset, (size_t)there);
  return there;
}

void csim_content_write(
    csim_content *content, const void *bytes, int64_t count, int64_t offset) {
  if (count <= 0) return;
  put(&content->cached, bytes, count, offset);
  csim_change *change = add_change(content);
  change->bytes = malloc((size_t)count);
  if (!change->bytes) abort();
  memcpy(change->bytes, bytes, (size_t)count);
  change->offset = offset;
  change->count = count;
}

void csim_content_truncate(csim_content *content, int64_t size) {
  resize(&content->cached, size);
  *add_change(content) = (csim_change){.bytes = NULL, .offset = size, .count = 0};
}

void csim_content_sync(csim_content *content) {
  apply_all(content);
  drop_changes(content);
}

void csim_content_forget(csim_content *content, uint64_t *random) {
  apply_choice(content, random);
  drop_changes(content);
}

void csim_content_lose(csim_content *content, uint64_t *random) {
  switch (csim_random(random) % 4) {
    case 0: break;
    case 1: apply_all(content); break;
    case 2: apply_beginning(content, random); break;
    default: apply_choice(content, random); break;
  }
  drop_changes(content);
  copy(&content->cached, &content->durable);
}
