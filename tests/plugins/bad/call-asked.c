/* SPDX-License-Identifier: MIT */
/* call-asked.c - it makes the system call that it is asked for, once by its
 * number and so without a function that could be missing; and other things that
 * a plugin must not do. */
#include <sys/syscall.h>

#include <linehook/plugin.h>

#define ASKED_NAME "call-asked"

static void obey (const struct lhk_api *api, const char *word);

#include "asked.h"

static const struct {
	const char *name;
	long number;
} calls[] = {
	{ "openat", SYS_openat },
	{ "close", SYS_close },
	{ "socket", SYS_socket },
	{ "connect", SYS_connect },
	{ "clone", SYS_clone },
	{ "execve", SYS_execve },
	{ "kill", SYS_kill },
	{ "tgkill", SYS_tgkill },
	{ "ptrace", SYS_ptrace },
	{ "prctl", SYS_prctl },
	{ "ioctl", SYS_ioctl },
	{ "fcntl", SYS_fcntl },
	{ "dup", SYS_dup },
	{ "pipe2", SYS_pipe2 },
	{ "getpid", SYS_getpid },
	{ "getuid", SYS_getuid },
	{ "uname", SYS_uname },
	{ "chdir", SYS_chdir },
	{ "umask", SYS_umask },
	{ "setrlimit", SYS_prlimit64 },
	{ "rt_sigaction", SYS_rt_sigaction },
	{ "rt_sigprocmask", SYS_rt_sigprocmask },
	{ "seccomp", SYS_seccomp },
	{ "bpf", SYS_bpf },
	{ "memfd_create", SYS_memfd_create },
	{ "process_vm_readv", SYS_process_vm_readv },
	{ "unshare", SYS_unshare },
	{ "keyctl", SYS_keyctl },
	{ "nanosleep", SYS_nanosleep },
};

/* Arguments that a call could not do harm with, were it made. */
static int
make_call (const char *word)
{
	size_t i;

	for (i = 0; i < sizeof calls / sizeof calls[0]; i++)
		if (strcmp (calls[i].name, word) == 0) {
			syscall (calls[i].number, -1L, 0L, 0L, 0L, 0L, 0L);
			return 1;
		}
	return 0;
}

static void
spin (void)
{
	static volatile int forever = 1;

	while (forever)
		;
}

static void
hog (void)
{
	size_t i;

	for (i = 0; i < (size_t) 1 << 40; i += (size_t) 64 << 20) {
		volatile char *p = malloc ((size_t) 64 << 20);

		*p = 1;
	}
}

static void
obey (const struct lhk_api *api, const char *word)
{
	static const char noise[64] = "noise";
	static volatile char *volatile nowhere;

	(void) api;
	if (make_call (word))
		return;
	if (strcmp (word, "exit") == 0)
		exit (3);
	else if (strcmp (word, "stderr") == 0)
		(void) !write (2, noise, sizeof noise);
	else if (strcmp (word, "noise") == 0)
		(void) !write (1, noise, sizeof noise);
	else if (strcmp (word, "read") == 0)
		(void) !read (0, &(char[1]){ 0 }, 1);
	else if (strcmp (word, "null") == 0)
		*nowhere = 1;
	else if (strcmp (word, "spin") == 0)
		spin ();
	else if (strcmp (word, "hog") == 0)
		hog ();
}
