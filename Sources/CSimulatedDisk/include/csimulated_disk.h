/* A disk in memory, for SQLite: what was written and not synced is lost or torn when the power
 * goes. csim_install() makes its VFS the default one; files outside of a simulated disk's directory
 * go on to the VFS that was the default before, unharmed.
 *
 * A disk belongs to one thread at a time. Several may exist beside each other. */

#ifndef STELE_CSIMULATED_DISK_H
#define STELE_CSIMULATED_DISK_H

#include <stdint.h>

/* The unit in which a write is kept or lost, in bytes. */
enum { CSIM_SECTOR_BYTES = 512 };

/* What changes a file, or makes a change durable. */
typedef enum { CSIM_WRITE, CSIM_TRUNCATE, CSIM_SYNC, CSIM_DELETE } csim_operation;

/* Asked before every operation, with the process that wants it; `count` and `offset` of a write in
 * bytes, the new size as `offset` of a truncation. Answers one of the following, or an SQLite
 * result code with which the operation fails. It may use other files of the disk. */
typedef int (*csim_hook)(
    void *context, int process, csim_operation operation, const char *path, int64_t offset,
    int64_t count);
enum {
  CSIM_GO = 0,
  /* The sync fails, and the system forgets what it could not write: a later sync succeeds without
   * it. */
  CSIM_FORGET = -1,
  /* The sync succeeds and nothing becomes durable: a disk that lies, or a sync that was left out. */
  CSIM_LIE = -2
};

typedef struct csim_disk csim_disk;
/* What all files of a disk hold at one moment. */
typedef struct csim_image csim_image;

/* Makes the VFS the default, once. Returns SQLite's result code. Any thread may call it. */
int csim_install(void);

/* A disk for all files below `directory`, which need not exist; empty, or with what `image` holds,
 * durable. Chance follows `seed` alone. */
csim_disk *csim_disk_new(
    const char *directory, uint64_t seed, const csim_image *image, csim_hook hook, void *context);

/* No file of it may be open any more. */
void csim_disk_free(csim_disk *disk);

csim_image *csim_image_take(const csim_disk *disk);
void csim_image_free(csim_image *image);

/* Puts back what `image` holds of the files whose path ends in `suffix` ("" for all), durable; those
 * that it does not hold are gone. None of them may be open. */
void csim_restore(csim_disk *disk, const csim_image *image, const char *suffix);

/* Files that are opened from now on belong to `process`. */
void csim_set_process(csim_disk *disk, int process);

/* The process ends as by SIGKILL: its locks are free, nothing that it still does has any effect.
 * What it had written stays, synced or not. */
void csim_kill(csim_disk *disk, int process);

/* To be called when the connections of killed processes are closed: undoes what closing them did to
 * memory that they share with the living. */
void csim_bury(csim_disk *disk);

/* Every process is killed, and of each file remains what was durable, with any part of what was
 * written since: none, all, a beginning, or a choice of sectors. */
void csim_power_off(csim_disk *disk);

/* Files that no SQLite connection has open, through the same model. csim_read returns how many
 * bytes there were, or -1 when the file does not exist. */
int64_t csim_read(csim_disk *disk, const char *path, void *bytes, int64_t count, int64_t offset);
void csim_write(
    csim_disk *disk, const char *path, const void *bytes, int64_t count, int64_t offset);
void csim_sync(csim_disk *disk, const char *path);
/* A sync that fails: see CSIM_FORGET. */
void csim_forget(csim_disk *disk, const char *path);

/* Connections that have a file of the disk open. */
int csim_open_files(const csim_disk *disk);

#endif
