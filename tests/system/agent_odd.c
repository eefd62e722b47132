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
#include <sys/resource.h>
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

static void
put_result (const char *what, int r)
{
	char line[80];
	int n = snprintf (line, sizeof line, "%s %s\n", what,
			  r == 0 ? "done" : "refused");

	if (write (1, line, (size_t) n) != n)
		_exit (97);
}

/* The parent of PID; 0: nobody that we see. */
static pid_t
parent_of (pid_t pid)
{
	char path[32], text[512] = "";
	const char *p;
	FILE *f;
	int parent = 0;

	snprintf (path, sizeof path, "/proc/%d/stat", (int) pid);
	f = fopen (path, "r");
	if (f == NULL)
		return 0;
	if (fread (text, 1, sizeof text - 1, f) > 0
	    && (p = strrchr (text, ')')) != NULL)
		sscanf (p, ") %*c %d", &parent);
	fclose (f);
	return parent;
}

/* Everything that the kernel lets a process of the same user set of PID without
 * a signal; of the limits, CPU only if it is asked for.  0: something was. */
static int
choke (pid_t pid, int with_cpu)
{
	static const struct sched_param zero;
	static const struct rlimit none;
	unsigned long cpus[16] = { 1 };
	int resource, done = 0;
	pid_t group;

	if (pid <= 0)
		return -1;
	/* 0 is a group of another pid namespace, as an argument our own. */
	group = getpgid (pid);
	for (resource = 0; resource < 16; resource++)
		if ((with_cpu || resource != RLIMIT_CPU)
		    && prlimit (pid, resource, &none, NULL) == 0)
			done++;
	done += syscall (SYS_sched_setaffinity, pid, sizeof cpus, cpus) >= 0;
	done += sched_setscheduler (pid, SCHED_BATCH, &zero) == 0;
	done += sched_setparam (pid, &zero) == 0;
	done += setpriority (PRIO_PROCESS, (id_t) pid, 10) == 0;
	done += group > 0 && setpriority (PRIO_PGRP, (id_t) group, 10) == 0;
	done += syscall (SYS_ioprio_set, 1, pid, 3 << 13) == 0;
	done += group > 0 && syscall (SYS_ioprio_set, 2, group, 3 << 13) == 0;
	return done > 0 ? 0 : -1;
}

/* What a program may do: to itself, its children and its threads. */
static int
set_own (void)
{
	static const struct sched_param zero;
	static const struct rlimit none;
	struct rlimit rl;
	unsigned long cpus[16];
	long n = syscall (SYS_sched_getaffinity, 0, sizeof cpus, cpus);
	pid_t pid = fork ();
	int bad;

	if (pid == 0)
		for (;;)
			pause ();
	bad = prlimit (getpid (), RLIMIT_CORE, &none, NULL) != 0;
	bad += prlimit (pid, RLIMIT_CORE, &none, NULL) != 0;
	bad += prlimit (getppid (), RLIMIT_CORE, NULL, &rl) != 0;
	bad += syscall (SYS_sched_setaffinity, pid, (size_t) n, cpus) < 0;
	bad += sched_setscheduler (pid, SCHED_BATCH, &zero) != 0;
	bad += setpriority (PRIO_PROCESS, (id_t) pid, 19) != 0;
	bad += setpriority (PRIO_PGRP, 0, 19) != 0;
	kill (pid, SIGKILL);
	waitpid (pid, NULL, 0);
	return bad;
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
	if (strcmp (*w, "setown") == 0)
		put_result ("own", set_own ());
	else if (strcmp (*w, "chokeparent") == 0)
		put_result ("parent", choke (getppid (), 0));
	else if (strcmp (*w, "chokehost") == 0)
		put_result ("host", choke (parent_of (getppid ()), 0));
	else if (strcmp (*w, "starveparent") == 0)
		put_result ("parent", choke (getppid (), 1));
	else if (strcmp (*w, "reniceuser") == 0)
		put_result ("user", setpriority (PRIO_USER, getuid (), 10));
	else
		return 0;
	return 1;
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
