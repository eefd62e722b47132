/* SPDX-License-Identifier: MIT */
/*
 * faults.c - fault injection: count system calls, and make one of them fail.
 *
 * The errors are those that the kernel returns for valid arguments.  Calls that
 * have none always pass: epoll_ctl to change or remove, timerfd_settime,
 * reading and writing timers and eventfds.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "lib/faults.h"

/* clang-format off */
#define HARD(e) { e, 0 }
/* clang-format on */
/* clang-format off */
#define MILD(e) { e, FAULT_HARMLESS }
/* clang-format on */
/* clang-format off */
#define AGAIN(e) { e, FAULT_HARMLESS | FAULT_PASSING }
/* clang-format on */
/* clang-format off */
#define BRIEF(e) { e, FAULT_PASSING }
/* clang-format on */
#define LIST(...) ((const struct fault_error[]){ __VA_ARGS__, { 0, 0 } })

const struct fault_call fault_calls[] = {
	[CALL_ACCESS] = { "access", LIST (HARD (EACCES), HARD (ENOMEM)) },
	[CALL_CHDIR] = { "chdir", LIST (HARD (EACCES), HARD (EIO)) },
	[CALL_CLOSE] = { "close", LIST (AGAIN (EINTR), MILD (EIO)) },
	[CALL_DUP] = { "dup", LIST (HARD (EMFILE)) },
	[CALL_EPOLL_ADD] = { "epoll_ctl", LIST (HARD (ENOMEM), HARD (ENOSPC)) },
	[CALL_EPOLL_CREATE] = { "epoll_create1",
				LIST (HARD (EMFILE), HARD (ENFILE),
				      HARD (ENOMEM)) },
	[CALL_EPOLL_WAIT] = { "epoll_wait", LIST (AGAIN (EINTR)) },
	[CALL_EVENTFD] = { "eventfd",
			   LIST (HARD (EMFILE), HARD (ENFILE), HARD (ENOMEM)) },
	[CALL_EXECVE] = { "execve",
			  LIST (HARD (ENOMEM), HARD (EIO), HARD (ENFILE),
				HARD (EAGAIN), HARD (E2BIG)) },
	[CALL_FALLOCATE] = { "fallocate",
			     LIST (MILD (EOPNOTSUPP), MILD (ENOSPC), MILD (EIO),
				   AGAIN (EINTR)) },
	[CALL_FTRUNCATE] = { "ftruncate", LIST (HARD (EIO), HARD (EPERM)) },
	[CALL_FORK] = { "fork", LIST (HARD (EAGAIN), HARD (ENOMEM)) },
	[CALL_FSTAT] = { "fstat", LIST (HARD (EIO), HARD (ENOMEM)) },
	[CALL_FSYNC] = { "fsync", LIST (HARD (EIO), HARD (ENOSPC)) },
	[CALL_GETRANDOM] = { "getrandom", LIST (MILD (EAGAIN), MILD (ENOSYS)) },
	[CALL_INOTIFY_ADD] = { "inotify_add_watch",
			       LIST (MILD (ENOSPC), MILD (ENOMEM),
				     MILD (EACCES)) },
	[CALL_INOTIFY_INIT] = { "inotify_init1",
				LIST (MILD (EMFILE), MILD (ENFILE),
				      MILD (ENOMEM)) },
	[CALL_LOCK] = { "fcntl-lock", LIST (HARD (ENOLCK)) },
	[CALL_LOCK_SOON] = { "fcntl-lock-wait",
			     LIST (AGAIN (EINTR), HARD (ENOLCK)) },
	[CALL_LSEEK] = { "lseek", LIST (HARD (ESPIPE)) },
	[CALL_MEMFD] = { "memfd_create",
			 LIST (MILD (EINVAL), MILD (ENOSYS), MILD (ENOMEM)) },
	[CALL_MKDIR] = { "mkdir", LIST (HARD (ENOSPC), HARD (EDQUOT),
					HARD (EIO), HARD (EACCES)) },
	[CALL_MKOSTEMP] = { "mkostemp", LIST (HARD (EMFILE), HARD (ENOSPC),
					      HARD (EEXIST)) },
	[CALL_OPEN] = { "open",
			LIST (AGAIN (EINTR), HARD (EMFILE), HARD (ENFILE),
			      HARD (ENOMEM), HARD (EACCES), HARD (EIO)) },
	[CALL_OPENDIR] = { "opendir", LIST (HARD (EMFILE), HARD (ENOMEM)) },
	[CALL_PIDFD_OPEN] = { "pidfd_open",
			      LIST (HARD (EMFILE), HARD (ENFILE), HARD (ENOMEM),
				    MILD (ENOSYS)) },
	[CALL_PIPE] = { "pipe2", LIST (HARD (EMFILE), HARD (ENFILE)) },
	[CALL_PIPE_SIZE] = { "fcntl-pipe-size",
			     LIST (MILD (EPERM), MILD (ENOMEM)) },
	[CALL_POLL] = { "poll", LIST (AGAIN (EINTR), BRIEF (ENOMEM)) },
	[CALL_PRCTL] = { "prctl", LIST (HARD (EPERM), HARD (EINVAL)) },
	[CALL_PREAD] = { "pread", LIST (AGAIN (EINTR), AGAIN (FAULT_SHORT),
					HARD (EIO), HARD (ENOMEM)) },
	[CALL_PWRITE] = { "pwrite",
			  LIST (AGAIN (EINTR), MILD (FAULT_SHORT),
				MILD (ENOSPC), MILD (EIO), MILD (EDQUOT)) },
	[CALL_PWRITE_MEMORY] = { "pwrite-memory",
				 LIST (AGAIN (EINTR), MILD (FAULT_SHORT),
				       HARD (ENOSPC), HARD (ENOMEM)) },
	[CALL_READ_FILE] = { "read-file",
			     LIST (AGAIN (EINTR), MILD (FAULT_SHORT),
				   HARD (EIO)) },
	[CALL_READ_PIPE] = { "read-pipe",
			     LIST (AGAIN (EINTR), AGAIN (EAGAIN),
				   MILD (FAULT_SHORT), HARD (EIO)) },
	[CALL_READDIR] = { "readdir", LIST (HARD (EIO)) },
	[CALL_RECV] = { "recv", LIST (AGAIN (EINTR), HARD (ENOMEM)) },
	[CALL_RECVMSG] = { "recvmsg", LIST (AGAIN (EINTR), BRIEF (ECONNRESET),
					    HARD (ENOMEM)) },
	[CALL_RENAME] = { "rename",
			  LIST (HARD (EIO), HARD (ENOSPC), HARD (EACCES)) },
	[CALL_SEALS] = { "fcntl-seals", LIST (MILD (EPERM), MILD (EINVAL)) },
	[CALL_SEND] = { "send", LIST (AGAIN (EINTR), HARD (ENOMEM),
				      HARD (ENOBUFS), HARD (EPIPE)) },
	[CALL_SENDMSG] = { "sendmsg",
			   LIST (AGAIN (EINTR), HARD (ENOMEM), HARD (ENOBUFS),
				 HARD (ETOOMANYREFS)) },
	[CALL_SETRLIMIT] = { "setrlimit", LIST (HARD (EPERM)) },
	[CALL_SIGNALFD] = { "signalfd", LIST (HARD (EMFILE), HARD (ENFILE),
					      HARD (ENOMEM)) },
	[CALL_SOCKETPAIR] = { "socketpair",
			      LIST (HARD (EMFILE), HARD (ENFILE), HARD (ENOMEM),
				    HARD (ENOBUFS)) },
	[CALL_SPAWN] = { "posix_spawn", LIST (HARD (EAGAIN), HARD (ENOMEM),
					      HARD (ENOENT), HARD (EACCES)) },
	[CALL_SPAWN_DUP] = { "posix_spawn_file_actions_adddup2",
			     LIST (HARD (ENOMEM)) },
	[CALL_SPAWN_INIT] = { "posix_spawn_file_actions_init",
			      LIST (HARD (ENOMEM)) },
	[CALL_TIMERFD] = { "timerfd_create",
			   LIST (HARD (EMFILE), HARD (ENFILE), HARD (ENOMEM)) },
	[CALL_TMPFILE_OPEN] = { "open-nameless",
				LIST (AGAIN (EINTR), MILD (EOPNOTSUPP),
				      MILD (EISDIR), HARD (EMFILE),
				      HARD (ENOSPC), HARD (EACCES),
				      HARD (EROFS)) },
	[CALL_UNLINK] = { "unlink", LIST (HARD (EIO)) },
	[CALL_WAIT4] = { "wait4", LIST (AGAIN (EINTR)) },
	[CALL_WAITID] = { "waitid", LIST (AGAIN (EINTR)) },
	[CALL_WRITE_FILE] = { "write-file",
			      LIST (AGAIN (EINTR), MILD (FAULT_SHORT),
				    HARD (ENOSPC), HARD (EIO), HARD (EDQUOT)) },
	[CALL_WRITE_PIPE] = { "write-pipe", LIST (AGAIN (EINTR), AGAIN (EAGAIN),
						  MILD (FAULT_SHORT),
						  HARD (EPIPE), HARD (EIO)) },
	[N_CALLS] = { NULL, NULL },
};

static struct fault plan;
static uint64_t seen[N_CALLS];
static uint64_t n_failed;
static int armed, paused;
static void (*told) (void);

/* The last so many processes. */
static int spawned[16];
static unsigned int n_spawned;

void
faults_arm (const struct fault *f)
{
	memset (seen, 0, sizeof seen);
	n_failed = 0;
	plan = f == NULL ? (struct fault){ -1, 0, 0, 0 } : *f;
	armed = 1;
}

uint64_t
faults_disarm (void)
{
	armed = 0;
	return n_failed;
}

uint64_t
faults_failed (void)
{
	return n_failed;
}

void
faults_on_fault (void (*fn) (void))
{
	told = fn;
}

void
faults_pause (void)
{
	paused = 1;
}

void
faults_resume (void)
{
	paused = 0;
}

int
faults_on (void)
{
	return armed && !paused;
}

uint64_t
faults_seen (int call)
{
	return seen[call];
}

void
faults_note_spawned (int pid)
{
	spawned[n_spawned++ % 16] = pid;
}

int
faults_spawned (int pid)
{
	int i;

	for (i = 0; i < 16; i++)
		if (spawned[i] == pid)
			return 1;
	return 0;
}

int
faults_find (const char *name)
{
	int i;

	for (i = 0; fault_calls[i].name != NULL; i++)
		if (strcmp (fault_calls[i].name, name) == 0)
			return i;
	return -1;
}

enum fault_effect
faults_effect (int call)
{
	uint64_t n;

	if (!faults_on ())
		return PASS;
	n = ++seen[call];
	if (call != plan.call || n < plan.at || n - plan.at >= plan.times)
		return PASS;
	n_failed++;
	if (told != NULL)
		told ();
	if (plan.error == FAULT_SHORT)
		return SHORT;
	errno = plan.error;
	return FAIL;
}
