/* SPDX-License-Identifier: MIT */
/*
 * faults.h - fault injection: count system calls, and make one of them fail.
 *
 * A program that has faults.c and wraps.c is linked with $(wrap_calls), so that
 * all calls of all rooms in it come here.  While disarmed nothing is counted
 * and nothing fails.  A call is a row of a table: its name and, where one call
 * does several jobs (fcntl, read, syscall), the job.
 */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

#include <stdint.h>

/* The rows of the table. */
enum {
	CALL_ACCESS,
	CALL_CHDIR,
	CALL_CLOSE,
	CALL_DUP,
	CALL_EPOLL_ADD,
	CALL_EPOLL_CREATE,
	CALL_EPOLL_WAIT,
	CALL_EVENTFD,
	CALL_EXECVE,
	CALL_FTRUNCATE,
	CALL_FALLOCATE,
	CALL_FORK,
	CALL_FSTAT,
	CALL_FSYNC,
	CALL_GETRANDOM,
	CALL_INOTIFY_ADD,
	CALL_INOTIFY_INIT,
	CALL_LOCK,
	CALL_LOCK_SOON,
	CALL_LSEEK,
	CALL_MEMFD,
	CALL_MKDIR,
	CALL_MKOSTEMP,
	CALL_OPEN,
	CALL_OPENDIR,
	CALL_PIDFD_OPEN,
	CALL_PIPE,
	CALL_PIPE_SIZE,
	CALL_POLL,
	CALL_PRCTL,
	CALL_PREAD,
	CALL_PWRITE,
	CALL_PWRITE_MEMORY,
	CALL_READ_FILE,
	CALL_READ_PIPE,
	CALL_READDIR,
	CALL_RECV,
	CALL_RECVMSG,
	CALL_RENAME,
	CALL_SEALS,
	CALL_SEND,
	CALL_SENDMSG,
	CALL_SETRLIMIT,
	CALL_SIGNALFD,
	CALL_SOCKETPAIR,
	CALL_SPAWN,
	CALL_SPAWN_DUP,
	CALL_SPAWN_INIT,
	CALL_TIMERFD,
	CALL_TMPFILE_OPEN,
	CALL_UNLINK,
	CALL_WAIT4,
	CALL_WAITID,
	CALL_WRITE_FILE,
	CALL_WRITE_PIPE,
	N_CALLS
};

/* An ERROR that is no errno: the call transfers one byte. */
#define FAULT_SHORT (-1)

#define FAULT_ALWAYS UINT64_MAX

/* What is known of an errno. */
#define FAULT_PASSING 1u  /* the caller tries again, so not for ever */
#define FAULT_HARMLESS 2u /* the outcome is as without it */

struct fault_error {
	int error;	    /* 0: end of the list */
	unsigned int flags; /* FAULT_* */
};

struct fault_call {
	const char *name;
	const struct fault_error *errors;
};

/* Indexed by CALL_*; ends with an entry that has no name. */
extern const struct fault_call fault_calls[];

struct fault {
	int call; /* CALL_* */
	int error;
	uint64_t at;	/* the number of the call that fails, from 1 */
	uint64_t times; /* how many calls fail, from that one on */
};

/* Count from 0, and fail as F says unless it is NULL. */
void faults_arm (const struct fault *f);

/* Stop counting.  Returns how many calls have failed. */
uint64_t faults_disarm (void);

/* How many calls have failed since faults_arm. */
uint64_t faults_failed (void);

/* Call FN, unless it is NULL, for each call that fails. */
void faults_on_fault (void (*fn) (void));

/* Neither count nor fail the calls that the test makes itself. */
void faults_pause (void);
void faults_resume (void);
int faults_on (void);

/* How many calls of row CALL there were since faults_arm. */
uint64_t faults_seen (int call);

/* The row of NAME, or -1. */
int faults_find (const char *name);

/* Was this process made by posix_spawn since faults_arm? */
int faults_spawned (int pid);
void faults_note_spawned (int pid);

/* What a wrapped call of row CALL has to do; FAIL: errno is set. */
enum fault_effect { PASS, FAIL, SHORT };
enum fault_effect faults_effect (int call);

#endif /* TESTS_FAULTS_H */
