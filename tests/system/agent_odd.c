/* SPDX-License-Identifier: MIT */
/* agent_odd.c - words of the mock agent that few agents obey. */
#include "config.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "system/agent_odd.h"

static void
say_up_and_stay (void)
{
	if (write (1, "up\n", 3) < 0)
		_exit (97);
	for (;;)
		pause ();
}

static void
spray (long n)
{
	for (; n > 0; n--) {
		if (fork () != 0)
			continue;
		setsid ();
		if (fork () == 0)
			say_up_and_stay ();
		_exit (0);
	}
}

/* No newline. */
static void
put_text (const char *text)
{
	size_t len = strlen (text);

	if (write (1, text, len) != (ssize_t) len)
		_exit (97);
}

static void
enter (const char *dir)
{
	char path[1024];
	int fd;

	snprintf (path, sizeof path, "%s/cgroup.procs", dir);
	fd = open (path, O_WRONLY);
	if (fd < 0 || write (fd, "0", 1) < 0)
		_exit (97);
	close (fd);
}

static void
eat (long mib)
{
	size_t len = (size_t) mib << 20;
	char *p = mmap (NULL, len, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		_exit (96);
	memset (p, 'm', len);
}

static void
burn (long ms)
{
	struct timespec ts;

	do
		clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &ts);
	while (ts.tv_sec * 1000 + ts.tv_nsec / 1000000 < ms);
}

static void
burn_apart (long ms)
{
	pid_t pid = fork ();

	if (pid == 0) {
		burn (ms);
		_exit (0);
	}
	waitpid (pid, NULL, 0);
}

/* A raw clone, as fork does, with FLAGS. */
static pid_t
fork_with (unsigned long flags)
{
	return (pid_t) syscall (SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

static int
obey_alone (char **w)
{
	char c;

	if (strcmp (*w, "go") == 0)
		return read (0, &c, 1) >= 0;
	if (strcmp (*w, "group") == 0)
		return setpgid (0, 0) == 0;
	if (strcmp (*w, "reaper") == 0)
		return prctl (PR_SET_CHILD_SUBREAPER, 1) == 0;
	if (strcmp (*w, "bare") == 0) {
		/* Argument 0 has been read. */
		execve ("/proc/self/exe", w, (char *[]){ NULL });
		_exit (97);
	}
	if (strcmp (*w, "killinit") == 0)
		return kill (1, SIGKILL) | 1;
	if (strcmp (*w, "stopinit") == 0)
		return kill (1, SIGSTOP) | 1;
	return 0;
}

static int
obey_number (const char *word, const char *arg)
{
	if (strcmp (word, "spray") == 0)
		spray (atol (arg));
	else if (strcmp (word, "put") == 0)
		put_text (arg);
	else if (strcmp (word, "enter") == 0)
		enter (arg);
	else if (strcmp (word, "eat") == 0)
		eat (atol (arg));
	else if (strcmp (word, "burn") == 0)
		burn (atol (arg));
	else if (strcmp (word, "childburn") == 0)
		burn_apart (atol (arg));
	else
		return 0;
	return 1;
}

char **
odd_obey (char **w, void (*obey) (char **w), char **(*behind) (char **w))
{
	unsigned long flags = strcmp (*w, "sibling") == 0 ? CLONE_PARENT
			      : strcmp (*w, "inside") == 0
				      ? CLONE_NEWUSER | CLONE_NEWPID
				      : 0;
	pid_t pid;

	if (flags != 0) {
		pid = fork_with (flags);
		if (pid < 0)
			_exit (97);
		if (pid > 0)
			return behind (w + 1);
		obey (w + 2);
		_exit (0);
	}
	if (obey_alone (w))
		return w + 1;
	if (w[1] != NULL && obey_number (*w, w[1]))
		return w + 2;
	return NULL;
}
