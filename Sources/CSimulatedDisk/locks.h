/* Who may read and write a simulated file; all calls on the disk's one thread. */

#ifndef STELE_CSIM_LOCKS_H
#define STELE_CSIM_LOCKS_H

#include "disk.h"

int csim_lock(csim_file *file, int level);
int csim_shm_attach(csim_file *file);
int csim_shm_acquire(csim_file *file, int first, int count, int exclusively);

#endif
