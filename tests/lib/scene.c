/* SPDX-License-Identifier: MIT */
/* scene.c - a scene is played, judged, and what it left is looked for. */
#include "config.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/mock_plugin.h"
#include "lib/faults.h"
#include "lib/leaks.h"
#include "lib/scene.h"

/* A play that takes longer hangs; slow machines and sanitizers included. */
#define ALARM_S 120

/* What the monitor's death leaves behind dies within this. */
#define GONE_MS 10000

void
scene_init (void)
{
	prctl (PR_SET_CHILD_SUBREAPER, 1);
}

int
scene_whole (void)
{
	const char *value = getenv ("LINEHOOK_TORTURE");

	return value != NULL && value[0] == '1';
}

uint64_t
scene_next (uint64_t k, int far)
{
	if (k < 3 || scene_whole ())
		return k + 1;
	return far ? k + 5 : UINT64_MAX;
}

/* ---- what this process is, and what is left ---- */

struct state {
	int fds, threads;
	sigset_t mask;
	struct sigaction actions[65];
};

static void
take_state (struct state *s)
{
	int i;

	memset (s, 0, sizeof *s);
	s->fds = count_fds ();
	s->threads = count_threads ();
	sigprocmask (SIG_SETMASK, NULL, &s->mask);
	for (i = 1; i < 65; i++)
		sigaction (i, NULL, &s->actions[i]);
}

static int
same_signals (const struct state *a, const struct state *b)
{
	int i;

	for (i = 1; i < 65; i++)
		if (a->actions[i].sa_handler != b->actions[i].sa_handler
		    || sigismember (&a->mask, i) != sigismember (&b->mask, i))
			return 0;
	return 1;
}

static int
is_empty (const char *path)
{
	DIR *d = opendir (path);
	int n = 0;

	while (d != NULL && readdir (d) != NULL)
		n++;
	if (d != NULL)
		closedir (d);
	return n == 2;
}

/* For those who come after. */
static void
kill_children (void)
{
	FILE *f = fopen ("/proc/thread-self/children", "r");
	int pid;

	while (f != NULL && fscanf (f, "%d", &pid) == 1)
		kill (pid, SIGKILL);
	if (f != NULL)
		fclose (f);
}

/* Reap what was orphaned to us; what does not end by itself is killed. */
static const char *
reap (void)
{
	static const struct timespec ms = { 0, 1000000 };
	long long until = now_ms () + GONE_MS;
	const char *fault = NULL;
	siginfo_t info;

	for (;;) {
		info.si_pid = 0;
		if (waitid (P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
			return fault;
		if (info.si_pid != 0) {
			if (faults_spawned (info.si_pid))
				fault = "a monitor was not reaped";
			waitpid (info.si_pid, NULL, 0);
		} else if (now_ms () > until) {
			fault = "a process is left";
			kill_children ();
			until += GONE_MS;
		} else {
			nanosleep (&ms, NULL);
		}
	}
}

static const char *
what_is_left (const struct stage_set *w, const struct state *before)
{
	struct state now;
	const char *fault = reap ();

	take_state (&now);
	if (fault != NULL)
		return fault;
	if (now.fds != before->fds)
		return now.fds > before->fds
			       ? "a descriptor is left"
			       : "a descriptor that was not ours is closed";
	if (now.threads != before->threads)
		return "a thread is left";
	if (!same_signals (before, &now))
		return "signals are not as before";
	if (!failing_clean (&w->memory))
		return "memory is left, or was given back wrongly";
	if (mock_plugin_open_handles != 0)
		return "a plugin was not closed";
	return is_empty (w->place.dir) ? NULL : "a file is left";
}

/* ---- a play ---- */

static int
open_host (struct stage_set *w)
{
	struct lhk_host_opts o = LHK_HOST_OPTS_INIT;
	struct lhk_plugin filed = plain_plugin;
	int r;

	filed.name = "filed";
	filed.flags = LHK_PLUGIN_STDOUT_FILE;
	o.alloc = &w->memory.alloc;
	o.monitor = w->monitor;
	r = lhk_host_new (&o, &w->host, &w->seen.err);
	if (r == LHK_OK)
		r = lhk_host_add_plugin (w->host, &plain_plugin, &w->seen.err);
	if (r == LHK_OK)
		r = lhk_host_add_plugin (w->host, &filed, &w->seen.err);
	if (r == LHK_OK)
		r = lhk_host_plugin (w->host, "plain", &w->plugin,
				     &w->seen.err);
	w->seen.code = r;
	w->seen.where = "making the host";
	return r;
}

static int
same (const struct seen *a, const struct seen *b)
{
	return a->code == b->code && a->has_result == b->has_result
	       && a->verdict == b->verdict && a->end_reason == b->end_reason
	       && a->text_len == b->text_len && a->text_sum == b->text_sum
	       && a->n_final == b->n_final && strcmp (a->step, b->step) == 0;
}

/* Not after each of some thousand. */
static int
is_time_for_another (void)
{
	static unsigned int n;

	return scene_whole () || n++ % 4 == 0;
}

/* Once more with nothing failing; 1: as it should be. */
static int
play_again (struct stage_set *w, const struct scene *scene)
{
	static const struct scene *known;
	static struct seen whole;

	memset (&w->seen, 0, sizeof w->seen);
	if (lhk_host_plugin (w->host, "plain", &w->plugin, NULL) == LHK_OK)
		scene->play (w);
	lhk_run_free (w->run);
	w->run = NULL;
	if (known != scene) {
		known = scene;
		whole = w->seen;
	}
	return same (&w->seen, &whole);
}

const char *
scene_play (const struct scene *scene, const struct scene_fault *f,
	    struct seen *ret)
{
	struct stage_set w = { .host = NULL };
	const char *fault = NULL, *left;
	struct state before;

	failing_init (&w.memory);
	tempdir_init (&w.place);
	w.monitor = f->monitor != NULL ? f->monitor : getenv ("LINEHOOK_EXEC");
	take_state (&before);
	alarm (ALARM_S);
	f->arm (&w, f->user);
	w.made = open_host (&w) == LHK_OK;
	if (w.made)
		scene->play (&w);
	lhk_run_free (w.run);
	w.run = NULL;
	f->disarm (&w, f->user);
	*ret = w.seen;
	fault = w.seen.fault;
	if (w.made && is_time_for_another () && !play_again (&w, scene)
	    && fault == NULL)
		fault = "the next run on this host is not as usual";
	lhk_host_free (w.host);
	alarm (0);
	left = what_is_left (&w, &before);
	tempdir_done (&w.place);
	return left != NULL ? left : fault;
}

/* ---- what may come of it ---- */

static const char *
judge_code (const struct seen *s, int error)
{
	static const int codes[] = { LHK_ENOMEM, LHK_ESYS, LHK_ENOTFOUND,
				     LHK_EABI };
	size_t i, n = sizeof codes / sizeof codes[0];

	for (i = 0; i < n && codes[i] != s->code; i++)
		;
	if (i == n)
		return "this code is not said for that";
	if (error == 0 && s->code != LHK_ENOMEM)
		return "no memory is said as something else";
	/* Calls without a sentence. */
	if (strcmp (s->where, "lhk_host_add_plugin_dir") == 0
	    || strcmp (s->where, "lhk_host_list_plugins") == 0
	    || strcmp (s->where, "lhk_host_plugin_for_command") == 0
	    || strcmp (s->where, "lhk_run_next_json") == 0)
		return NULL;
	if (s->err.code != s->code || s->err.text[0] == '\0')
		return "no sentence";
	if (error != 0 && s->code != LHK_ENOMEM && s->err.sys_errno != error)
		return "the errno is lost";
	if (s->code == LHK_ESYS
	    && strstr (s->err.text, strerror (error)) == NULL)
		return "the sentence does not say why";
	return NULL;
}

static const char *
judge_result (const struct seen *s, const struct seen *whole)
{
	int as_usual = s->verdict == whole->verdict
		       && s->end_reason == whole->end_reason;
	int text = s->text_len == whole->text_len
		   && s->text_sum == whole->text_sum;

	if (s->has_result && s->n_final != 1)
		return s->n_final == 0 ? "no final result among the events"
				       : "more than one final result";
	if (s->after_final != 0)
		return "the final result is not the last event";
	if (s->verdict == LHK_VERDICT_SPAWN_FAILED && s->step[0] == '\0')
		return "a start that failed, and no step";
	if (as_usual && text)
		return NULL;
	/* Something is missing, and must have been said. */
	if (s->n_notices <= whole->n_notices
	    && (s->flags & LHK_FLAG_DEGRADED) == 0
	    && s->verdict != LHK_VERDICT_SPAWN_FAILED)
		return "something is missing, and nothing says so";
	if (!as_usual && s->verdict != LHK_VERDICT_SPAWN_FAILED
	    && s->verdict != LHK_VERDICT_HOST_ERROR)
		return "this verdict is not for that";
	return NULL;
}

const char *
scene_judge (const struct seen *s, const struct seen *whole, int error,
	     int harmless)
{
	if (harmless && !same (s, whole))
		return "a fault that does no harm, and yet";
	if (s->code < 0)
		return judge_code (s, error);
	return judge_result (s, whole);
}

const char *
scene_text (const struct seen *s)
{
	static char text[600];

	if (s->code < 0)
		snprintf (text, sizeof text, "%s: %s: %s (errno %d)", s->where,
			  lhk_strerror (s->code), s->err.text,
			  s->err.sys_errno);
	else
		snprintf (text, sizeof text,
			  "%s, how %d, step '%s', errno %d,"
			  " flags 0x%x, %llu bytes, %llu notices, %d final",
			  lhk_verdict_name (s->verdict), s->end_reason, s->step,
			  s->sys_errno, s->flags,
			  (unsigned long long) s->text_len,
			  (unsigned long long) s->n_notices, s->n_final);
	return text;
}
