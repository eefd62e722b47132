/* SPDX-License-Identifier: MIT */
/*
 * faults.h - system calls that are counted, and fail when they are told to.
 *
 * A program that has faults.c and wraps.c is linked with $(wrap_calls), so
 * that all rooms in it call through here.  While disarmed nothing is counted
 * and nothing fails.  A call is known by its row in the table: its name, and
 * where one call does several jobs (fcntl, read, syscall) the job too.
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

/* What ERROR may be besides an errno: the call does one byte only. */
#define FAULT_SHORT (-1)

#define FAULT_ALWAYS UINT64_MAX

/* Of an errno. */
#define FAULT_PASSING 1u  /* never for ever: the caller is to try again */
#define FAULT_HARMLESS 2u /* what is done comes out as without it */

struct fault_error {
	int error;	    /* 0: end of the list */
	unsigned int flags; /* FAULT_* */
};

struct fault_call {
	const char *name;
	const struct fault_error *errors;
};

/* By CALL_*; the last has no name. */
extern const struct fault_call fault_calls[];

struct fault {
	int call; /* CALL_* */
	int error;
	uint64_t at;	/* this call, from 1 */
	uint64_t times; /* and so many in all */
};

/* Count from 0; and fail as F says, unless it is NULL. */
void faults_arm (const struct fault *f);

/* Calls that were made to fail. */
uint64_t faults_disarm (void);

/* Called for each; or NULL. */
void faults_tell (void (*fn) (void));

/* Stop for a while, and go on: for what the test itself does. */
void faults_pause (void);
void faults_resume (void);
int faults_on (void);

/* Calls of row CALL since faults_arm. */
uint64_t faults_seen (int call);

/* The row of NAME, or -1. */
int faults_find (const char *name);

/* Was this process made by posix_spawn since faults_arm? */
int faults_spawned (int pid);
void faults_note_spawned (int pid);

/* For wraps.c: what this call of row CALL is to do; FAIL sets errno. */
enum strike { PASS, FAIL, SHORT };
enum strike faults_strike (int call);

#endif /* TESTS_FAULTS_H */
