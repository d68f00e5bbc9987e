/* The bytes of one simulated file: as its readers see them, and as they survive. */

#ifndef STELE_CSIM_CONTENT_H
#define STELE_CSIM_CONTENT_H

#include <stdint.h>

typedef struct {
  unsigned char *bytes;
  int64_t size;
  int64_t capacity;
} csim_bytes;

/* A change that no sync has made durable; a truncation has no bytes. */
typedef struct {
  unsigned char *bytes;
  int64_t offset;
  int64_t count;
} csim_change;

typedef struct {
  /* The page cache: what every process reads. */
  csim_bytes cached;
  /* What is on the disk for certain. */
  csim_bytes durable;
  /* Since the last sync, in order. */
  csim_change *changes;
  int changed;
  int capacity;
} csim_content;

uint64_t csim_random(uint64_t *state);

void csim_content_set(csim_content *content, const void *bytes, int64_t count);
void csim_content_free(csim_content *content);
/* Copies up to `count` bytes; returns how many there were. */
int64_t csim_content_read(
    const csim_content *content, void *bytes, int64_t count, int64_t offset);
void csim_content_write(
    csim_content *content, const void *bytes, int64_t count, int64_t offset);
void csim_content_truncate(csim_content *content, int64_t size);
void csim_content_sync(csim_content *content);
/* A failed sync: any part of the changes is durable, and the rest never will be. */
void csim_content_forget(csim_content *content, uint64_t *random);
/* The power goes: readers see what is durable, with any part of the changes. */
void csim_content_lose(csim_content *content, uint64_t *random);

#endif
