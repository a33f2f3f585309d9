/* Makes one write to the files of one folder fail.
 *
 * FAIL_FOLDER  paths that begin with this are watched
 * FAIL_LOG     where each watched call is written down, a line each: its name
 * FAIL_AT      the number of the call that fails, from 1; 0: none
 * FAIL_HOW     enospc, eio or short (a write that writes half)
 * FAIL_ON      if set, every later call fails, too
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static long counted = 0;

static int watched_path(const char *path) {
  const char *folder = getenv("FAIL_FOLDER");
  return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int watched(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n <= 0) return 0;
  path[n] = 0;
  return watched_path(path);
}

/* Whether this call is to fail. */
static int falls(const char *name) {
  long here = __atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST);
  const char *log = getenv("FAIL_LOG");
  if (log) {
    static int (*real_open)(const char *, int, ...);
    static ssize_t (*real_write)(int, const void *, size_t);
    if (!real_open) real_open = dlsym(RTLD_NEXT, "open");
    if (!real_write) real_write = dlsym(RTLD_NEXT, "write");
    int fd = real_open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd >= 0) {
      char line[64];
      int n = snprintf(line, sizeof line, "%s\n", name);
      if (real_write(fd, line, n) != n) abort();
      close(fd);
    }
  }
  const char *at = getenv("FAIL_AT");
  long wanted = at ? atol(at) : 0;
  if (wanted <= 0) return 0;
  return getenv("FAIL_ON") ? here >= wanted : here == wanted;
}

static int is_short(void) {
  const char *how = getenv("FAIL_HOW");
  return how && strcmp(how, "short") == 0;
}

static int fail(void) {
  const char *how = getenv("FAIL_HOW");
  errno = how && strcmp(how, "enospc") == 0 ? ENOSPC : EIO;
  return -1;
}

#define REAL(type, name, ...)                              \
  static type (*real)(__VA_ARGS__);                        \
  if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name);

ssize_t write(int fd, const void *from, size_t n) {
  REAL(ssize_t, "write", int, const void *, size_t)
  if (!watched(fd) || !falls("write")) return real(fd, from, n);
  return is_short() ? real(fd, from, n / 2) : fail();
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t at) {
  REAL(ssize_t, "pwrite", int, const void *, size_t, off_t)
  if (!watched(fd) || !falls("pwrite")) return real(fd, from, n, at);
  return is_short() ? real(fd, from, n / 2, at) : fail();
}

ssize_t pwrite64(int fd, const void *from, size_t n, off64_t at) {
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t)
  if (!watched(fd) || !falls("pwrite64")) return real(fd, from, n, at);
  return is_short() ? real(fd, from, n / 2, at) : fail();
}

ssize_t writev(int fd, const struct iovec *from, int n) {
  REAL(ssize_t, "writev", int, const struct iovec *, int)
  if (!watched(fd) || !falls("writev")) return real(fd, from, n);
  return is_short() ? real(fd, from, n > 1 ? n / 2 : n) : fail();
}

/* What cannot be short fails with an I/O error. */
int fsync(int fd) {
  REAL(int, "fsync", int)
  return watched(fd) && falls("fsync") ? fail() : real(fd);
}

int fdatasync(int fd) {
  REAL(int, "fdatasync", int)
  return watched(fd) && falls("fdatasync") ? fail() : real(fd);
}

int ftruncate(int fd, off_t n) {
  REAL(int, "ftruncate", int, off_t)
  return watched(fd) && falls("ftruncate") ? fail() : real(fd, n);
}

int ftruncate64(int fd, off64_t n) {
  REAL(int, "ftruncate64", int, off64_t)
  return watched(fd) && falls("ftruncate64") ? fail() : real(fd, n);
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *)
  return watched_path(to) && falls("rename") ? fail() : real(from, to);
}

int linkat(int from_in, const char *from, int to_in, const char *to, int flags) {
  REAL(int, "linkat", int, const char *, int, const char *, int)
  return watched_path(to) && falls("linkat") ? fail() : real(from_in, from, to_in, to, flags);
}
