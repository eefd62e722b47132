/* SPDX-License-Identifier: MIT */
/*
 * agent.c - a mock agent: does what its words say, one after the other.
 *
 *	agent out TEXT err TEXT exit 3
 *
 *	out TEXT, err TEXT	write it and a newline
 *	bytes N, errbytes N	N bytes of one line without its newline
 *	flood MIB, errflood MIB	so many MiB, no newline
 *	lines N			N numbered lines
 *	hurry MIB		non-blocking stdout: try once, leave what stays
 *	sleep MS, pause		wait; wait for ever
 *	ticks MS		a line each MS, for ever
 *	exit N, raise SIGNO, stop
 *	ignore SIGNO, ignoreall, onterm TEXT (write it and exit 0)
 *	fork ( WORDS )		a child does the words and ends; not waited for
 *	setsid, close FD, wait
 *	daemon ( WORDS )	forked twice, in its own session
 *	hydra MS		a new process each MS, the old one ends; for 60 s
 *	cat, eof		copy stdin to stdout; read it to its end
 *	fds, env NAME, argv, signals, cwd, limit, ids
 *				show: open descriptors, a variable, the words
 *				left, masks, directory, NOFILE, pid sid pgid
 *	pidfile PATH		append the pid as a line
 *	killparent, stopparent	SIGKILL, SIGSTOP to the parent
 *	and those of agent_odd.h
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "system/agent_odd.h"

#define MIB (1 << 20)

static const char *term_text;

static void
put (int fd, const char *p, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write (fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			exit (99);
		p += n;
		len -= (size_t) n;
	}
}

static void
put_line (int fd, const char *text)
{
	char buf[65536];
	int n = snprintf (buf, sizeof buf, "%s\n", text);

	put (fd, buf, (size_t) n < sizeof buf ? (size_t) n : sizeof buf - 1);
}

static void
fill (int fd, size_t len)
{
	static char block[65536];
	size_t n;

	memset (block, 'x', sizeof block);
	for (; len > 0; len -= n) {
		n = len < sizeof block ? len : sizeof block;
		put (fd, block, n);
	}
}

/* As a runtime that queues output and does not wait for it at its end. */
static void
hurry (size_t len)
{
	static char block[65536];

	memset (block, 'y', sizeof block);
	fcntl (1, F_SETFL, fcntl (1, F_GETFL) | O_NONBLOCK);
	for (; len > 0; len -= sizeof block)
		if (write (1, block, sizeof block) != (ssize_t) sizeof block)
			_exit (0);
	put (1, "\n", 1);
}

static void
number_lines (int n)
{
	char buf[32];
	int i;

	for (i = 1; i <= n; i++) {
		snprintf (buf, sizeof buf, "line %d", i);
		put_line (1, buf);
	}
}

static void
nap (long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep (&ts, &ts) < 0 && errno == EINTR)
		;
}

static void
say_and_go (int signo)
{
	(void) signo;
	put_line (1, term_text);
	_exit (0);
}

static void
copy_stdin (int to)
{
	char buf[65536];
	ssize_t n;

	while ((n = read (0, buf, sizeof buf)) > 0)
		if (to >= 0)
			put (to, buf, (size_t) n);
}

static void
show_fds (void)
{
	DIR *d = opendir ("/proc/self/fd");
	struct dirent *e;
	char line[4096] = "fds";

	while (d != NULL && (e = readdir (d)) != NULL)
		if (e->d_name[0] != '.' && atoi (e->d_name) != dirfd (d))
			snprintf (line + strlen (line),
				  sizeof line - strlen (line), " %.8s",
				  e->d_name);
	put_line (1, line);
}

static void
show_signals (void)
{
	FILE *f = fopen ("/proc/self/status", "r");
	char line[256];

	while (f != NULL && fgets (line, sizeof line, f) != NULL) {
		line[strcspn (line, "\n")] = '\0';
		if (strncmp (line, "SigBlk", 6) == 0
		    || strncmp (line, "SigIgn", 6) == 0
		    || strncmp (line, "SigCgt", 6) == 0
		    || strncmp (line, "SigPnd", 6) == 0)
			put_line (1, line);
	}
	if (f != NULL)
		fclose (f);
}

static void
show_limit (void)
{
	struct rlimit rl;
	char line[64];

	getrlimit (RLIMIT_NOFILE, &rl);
	snprintf (line, sizeof line, "nofile %lld %lld",
		  (long long) rl.rlim_cur, (long long) rl.rlim_max);
	put_line (1, line);
}

static void
show_ids (void)
{
	char line[96];

	snprintf (line, sizeof line, "ids %d %d %d", (int) getpid (),
		  (int) getsid (0), (int) getpgrp ());
	put_line (1, line);
}

static void
show_cwd (void)
{
	char path[PATH_MAX];

	put_line (1, getcwd (path, sizeof path) == NULL ? "?" : path);
}

static void
note_pid (const char *path)
{
	char line[16];
	int fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	snprintf (line, sizeof line, "%d", (int) getpid ());
	put_line (fd, line);
	close (fd);
}

/* Processes of a hydra that nobody has reaped yet.  With more, some hydras and
 * a reaper that a busy machine does not run would take all pids there are. */
#define HYDRA_UNREAPED_MAX 256

/* How long a hydra waits for the reaper, in ms, before it goes on. */
#define HYDRA_WAIT_MS 100

/* How long it lives, in s: nobody may be left to end it. */
#define HYDRA_LIFE_S 60

static void
hydra (long ms)
{
	static pid_t old[HYDRA_UNREAPED_MAX];
	const time_t end = time (NULL) + HYDRA_LIFE_S;
	int i = 0, waited;

	while (time (NULL) < end) {
		nap (ms);
		for (waited = 0; waited < HYDRA_WAIT_MS && old[i] != 0
				 && kill (old[i], 0) == 0;
		     waited++)
			nap (1);
		old[i] = getpid ();
		i = (i + 1) % HYDRA_UNREAPED_MAX;
		if (fork () > 0)
			break;
	}
	_exit (0);
}

static void
tick (long ms)
{
	for (;;) {
		put_line (1, "tick");
		nap (ms);
	}
}

/* The words behind a "(" up to its ")"; returns the place behind it. */
static char **
behind (char **w)
{
	int depth = 0;

	do {
		if (strcmp (*w, "(") == 0)
			depth++;
		else if (strcmp (*w, ")") == 0)
			depth--;
		w++;
	} while (depth > 0);
	return w;
}

static void obey (char **w);

static char **
branch (char **w, int twice)
{
	if (fork () == 0) {
		if (twice) {
			setsid ();
			if (fork () > 0)
				_exit (0);
		}
		obey (w + 1);
		_exit (0);
	}
	return behind (w);
}

static int
obey_alone (const char *word)
{
	int signo;

	if (strcmp (word, "pause") == 0)
		for (;;)
			pause ();
	else if (strcmp (word, "stop") == 0)
		raise (SIGSTOP);
	else if (strcmp (word, "ignoreall") == 0)
		for (signo = 1; signo < 65; signo++)
			signal (signo, SIG_IGN);
	else if (strcmp (word, "setsid") == 0)
		setsid ();
	else if (strcmp (word, "wait") == 0)
		while (wait (NULL) > 0 || errno == EINTR)
			;
	else if (strcmp (word, "cat") == 0)
		copy_stdin (1);
	else if (strcmp (word, "eof") == 0)
		copy_stdin (-1);
	else if (strcmp (word, "fds") == 0)
		show_fds ();
	else if (strcmp (word, "signals") == 0)
		show_signals ();
	else if (strcmp (word, "limit") == 0)
		show_limit ();
	else if (strcmp (word, "ids") == 0)
		show_ids ();
	else if (strcmp (word, "cwd") == 0)
		show_cwd ();
	else if (strcmp (word, "killparent") == 0)
		kill (getppid (), SIGKILL);
	else if (strcmp (word, "stopparent") == 0)
		kill (getppid (), SIGSTOP);
	else
		return 0;
	return 1;
}

static int
obey_text (const char *word, const char *arg)
{
	const char *value;

	if (strcmp (word, "out") == 0) {
		put_line (1, arg);
	} else if (strcmp (word, "err") == 0) {
		put_line (2, arg);
	} else if (strcmp (word, "env") == 0) {
		value = getenv (arg);
		put_line (1, value == NULL ? "(unset)" : value);
	} else if (strcmp (word, "pidfile") == 0) {
		note_pid (arg);
	} else if (strcmp (word, "onterm") == 0) {
		term_text = arg;
		signal (SIGTERM, say_and_go);
	} else {
		return 0;
	}
	return 1;
}

static int
obey_number (const char *word, long n)
{
	if (strcmp (word, "bytes") == 0)
		fill (1, (size_t) n);
	else if (strcmp (word, "errbytes") == 0)
		fill (2, (size_t) n);
	else if (strcmp (word, "flood") == 0)
		fill (1, (size_t) n * MIB);
	else if (strcmp (word, "errflood") == 0)
		fill (2, (size_t) n * MIB);
	else if (strcmp (word, "hurry") == 0)
		hurry ((size_t) n * MIB);
	else if (strcmp (word, "lines") == 0)
		number_lines ((int) n);
	else if (strcmp (word, "sleep") == 0)
		nap (n);
	else if (strcmp (word, "ticks") == 0)
		tick (n);
	else if (strcmp (word, "exit") == 0)
		_exit ((int) n);
	else if (strcmp (word, "raise") == 0)
		raise ((int) n);
	else if (strcmp (word, "ignore") == 0)
		signal ((int) n, SIG_IGN);
	else if (strcmp (word, "close") == 0)
		close ((int) n);
	else if (strcmp (word, "hydra") == 0)
		hydra (n);
	else
		return 0;
	return 1;
}

static void
obey (char **w)
{
	char **next;

	while (*w != NULL && strcmp (*w, ")") != 0) {
		if (strcmp (*w, "argv") == 0) {
			while (*++w != NULL)
				put_line (1, *w);
			return;
		}
		if (strcmp (*w, "fork") == 0 || strcmp (*w, "daemon") == 0) {
			w = branch (w + 1, **w == 'd');
		} else if (obey_alone (*w)) {
			w++;
		} else if (w[1] != NULL
			   && (obey_text (*w, w[1])
			       || obey_number (*w, atol (w[1])))) {
			w += 2;
		} else if ((next = odd_obey (w, obey, behind)) != NULL) {
			w = next;
		} else {
			fprintf (stderr, "agent: what is '%s'?\n", *w);
			_exit (98);
		}
	}
}

int
main (int argc, char **argv)
{
	if (argc < 2)
		return 0;
	obey (argv + 1);
	return 0;
}
