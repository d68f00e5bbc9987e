/* A disk that can be made to fail: an SQLite VFS over the default one.
 *
 * cfaults_install() makes it the default, and every connection opened afterwards goes through it,
 * unharmed. Below a directory that is watched, operations are counted, and from a chosen one on
 * they fail. Only for tests; any thread may call anything. */

#ifndef STELE_CFAULTS_H
#define STELE_CFAULTS_H

#include <sys/types.h>

/* What SQLite asks of a file. Unlocking, unmapping and closing always succeed, as they do in the
 * kernel: a lock that could not be given back would be another process's, not a fault's. */
typedef enum {
  CFAULTS_OPEN,
  CFAULTS_DELETE,
  CFAULTS_ACCESS,
  CFAULTS_READ,
  CFAULTS_WRITE,
  CFAULTS_TRUNCATE,
  CFAULTS_SYNC,
  CFAULTS_SIZE,
  CFAULTS_LOCK,
  CFAULTS_SHM_MAP,
  CFAULTS_SHM_LOCK,
  CFAULTS_OPERATION_COUNT
} cfaults_operation;

typedef enum {
  /* That operation fails and does nothing; the ones after it work. */
  CFAULTS_FAILS_ONCE,
  /* The disk is gone: a write leaves some of its bytes or all, everything from it on fails. */
  CFAULTS_DIES,
  /* No space: a write leaves some of its bytes and says SQLITE_FULL, as does every later one. */
  CFAULTS_FILLS
} cfaults_effect;

typedef struct cfaults_disk cfaults_disk;

/* Makes the VFS the default, once. Returns SQLite's result code. */
int cfaults_install(void);

/* Watches every file that is opened below `directory` from now on; NULL when it does not exist.
 * Never freed before cfaults_unwatch() and the close of its last file. */
cfaults_disk *cfaults_watch(const char *directory);
void cfaults_unwatch(cfaults_disk *disk);

/* Counts anew from 0, and lets the `number`-th operation (from 0) of those whose bit
 * (1 << cfaults_operation) is in `operations` fail. */
void cfaults_arm(cfaults_disk *disk, unsigned operations, long number, cfaults_effect effect);

/* Counts anew from 0; nothing fails any more. */
void cfaults_lift(cfaults_disk *disk);

/* Whether a fault has struck since it was armed. */
int cfaults_has_struck(const cfaults_disk *disk);

/* The operation that was struck first; meaningless before. */
cfaults_operation cfaults_struck(const cfaults_disk *disk);

/* How many `operation`s there were since the last arming or lifting. */
long cfaults_count(const cfaults_disk *disk, cfaults_operation operation);

/* Bytes read since then. */
long cfaults_bytes_read(const cfaults_disk *disk);

/* Lets this thread alone reach files as another user would, and gives the previous one back.
 * Without the right to do so (an ordinary user's test run) nothing changes. */
uid_t cfaults_reach_files_as(uid_t user);

/* A pipe whose ends no child inherits, not even one that another thread starts meanwhile. Returns 0,
 * or -1 as pipe2() does. */
int cfaults_pipe(int ends[2]);

#endif
