/* The kernel's process descriptors for Swift, whose Glibc module has neither variadic functions
 * nor sys/pidfd.h. Nothing here decides anything. */

#ifndef STELE_CLINUX_SHIM_H
#define STELE_CLINUX_SHIM_H

#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Makes this process the parent of what its descendants leave behind; 0, or -1 and errno. */
static inline int clinux_adopt_orphans(void) {
  return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* A descriptor for one process and no later one of its number, readable when it has ended, closed
 * on exec; or -1 and errno. */
static inline int clinux_process_descriptor(pid_t pid) {
  return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* Signals the process behind a descriptor; 0, or -1 and errno. */
static inline int clinux_signal(int descriptor, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, descriptor, signal, (void *)0, 0);
}

/* Whether nothing keeps the kernel's clock right: 0 or 1, or -1 when it does not say. Only asks. */
static inline int clinux_clock_is_unsynchronized(void) {
  struct timex clock = {0};
  int state = adjtimex(&clock);
  return state < 0 ? -1 : state == TIME_ERROR || (clock.status & STA_UNSYNC) != 0;
}

/* No core of this process is ever written, and nobody but root looks into its memory; what it starts
 * is as it was. 0, or -1 and errno. */
static inline int clinux_forbid_dumps(void) {
  return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* Whether a path is on a file system that is in memory alone: 1 or 0, or -1 and errno. */
static inline int clinux_is_in_memory(const char *path) {
  struct statfs system;
  return statfs(path, &system) < 0 ? -1 : system.f_type == 0x01021994; /* TMPFS_MAGIC */
}

/* A new file in memory that no directory has, closed on exec; or -1 and errno. */
static inline int clinux_unnamed_file(const char *name) {
  return (int)syscall(SYS_memfd_create, name, 1u); /* MFD_CLOEXEC */
}

/* Glibc declares these two only for GNU sources. */
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

#endif
