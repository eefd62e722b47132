/* SPDX-License-Identifier: MIT */
/* scenario.c - run a scenario with a fault, check its outcome, find leaks. */
#include "config.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/mock_plugin.h"
#include "lib/faults.h"
#include "lib/leaks.h"
#include "lib/scenario.h"
#include "lib/tap.h"

/* A scenario that takes longer hangs, on slow machines and with sanitizers,
 * too. */
#define ALARM_S 120

/* What outlives its monitor is killed by the kernel within this time. */
#define GONE_MS 10000

void
scenario_init (void)
{
	prctl (PR_SET_CHILD_SUBREAPER, 1);
}

uint64_t
scenario_next_call (uint64_t k, int far)
{
	if (k < 3 || tap_is_exhaustive ())
		return k + 1;
	return far ? k + 5 : UINT64_MAX;
}

/* ---- leaks ---- */

struct state {
	int fds, threads;
	sigset_t mask;
	struct sigaction actions[65];
};

static void
get_state (struct state *s)
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

/* So that the next scenario starts without them. */
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

/* Reap the orphans of the scenario; kill one that does not end by itself. */
static const char *
reap (void)
{
	long long until = now_ms () + GONE_MS;
	const char *complaint = NULL;
	siginfo_t info;

	for (;;) {
		info.si_pid = 0;
		if (waitid (P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
			return complaint;
		if (info.si_pid != 0) {
			if (faults_spawned (info.si_pid))
				complaint = "a monitor was not reaped";
			waitpid (info.si_pid, NULL, 0);
		} else if (now_ms () > until) {
			complaint = "a process is left";
			kill_children ();
			until += GONE_MS;
		} else {
			sleep_us (1000);
		}
	}
}

static const char *
find_leak (const struct scenario_env *env, const struct state *before)
{
	struct state now;
	const char *complaint = reap ();

	get_state (&now);
	if (complaint != NULL)
		return complaint;
	if (now.fds != before->fds)
		return now.fds > before->fds
			       ? "a descriptor is left"
			       : "a descriptor that was not ours is closed";
	if (now.threads != before->threads)
		return "a thread is left";
	if (!same_signals (before, &now))
		return "signals are not as before";
	if (!failing_clean (&env->memory))
		return "memory is left, or was given back wrongly";
	if (mock_plugin_open_handles != 0)
		return "a plugin was not closed";
	return is_empty (env->tmp.dir) ? NULL : "a file is left";
}

/* ---- one scenario ---- */

static int
open_host (struct scenario_env *env)
{
	struct lhk_host_opts o = LHK_HOST_OPTS_INIT;
	struct lhk_plugin filed = plain_plugin;
	int r;

	filed.name = "filed";
	filed.flags = LHK_PLUGIN_STDOUT_FILE;
	o.alloc = &env->memory.alloc;
	o.monitor = env->monitor;
	r = lhk_host_new (&o, &env->host, &env->observed.err);
	if (r == LHK_OK)
		r = lhk_host_add_plugin (env->host, &plain_plugin,
					 &env->observed.err);
	if (r == LHK_OK)
		r = lhk_host_add_plugin (env->host, &filed, &env->observed.err);
	if (r == LHK_OK)
		r = lhk_host_plugin (env->host, "plain", &env->plugin,
				     &env->observed.err);
	env->observed.code = r;
	env->observed.where = "making the host";
	return r;
}

static int
same (const struct observed *a, const struct observed *b)
{
	return a->code == b->code && a->has_result == b->has_result
	       && a->verdict == b->verdict && a->end_reason == b->end_reason
	       && a->text_len == b->text_len && a->text_sum == b->text_sum
	       && a->n_final == b->n_final && strcmp (a->step, b->step) == 0;
}

/* Unless all is exhaustive, a second run after every fourth will do. */
static int
is_due_again (void)
{
	static unsigned int n;

	return tap_is_exhaustive () || n++ % 4 == 0;
}

/* Run the scenario once more without a fault.  1: it went as always. */
static int
run_again (struct scenario_env *env, const struct scenario *scenario)
{
	static const struct scenario *known;
	static struct observed baseline;

	memset (&env->observed, 0, sizeof env->observed);
	if (lhk_host_plugin (env->host, "plain", &env->plugin, NULL) == LHK_OK)
		scenario->run (env);
	lhk_run_free (env->run);
	env->run = NULL;
	if (known != scenario) {
		known = scenario;
		baseline = env->observed;
	}
	return same (&env->observed, &baseline);
}

const char *
scenario_run (const struct scenario *scenario, const struct scenario_fault *f,
	      struct observed *ret)
{
	struct scenario_env env = { .host = NULL };
	const char *complaint = NULL, *left;
	struct state before;

	failing_init (&env.memory);
	tempdir_init (&env.tmp);
	env.monitor =
		f->monitor != NULL ? f->monitor : getenv ("LINEHOOK_EXEC");
	get_state (&before);
	alarm (ALARM_S);
	f->arm (&env, f->user);
	env.has_host = open_host (&env) == LHK_OK;
	if (env.has_host)
		scenario->run (&env);
	lhk_run_free (env.run);
	env.run = NULL;
	f->disarm (&env, f->user);
	*ret = env.observed;
	complaint = env.observed.complaint;
	if (env.has_host && is_due_again () && !run_again (&env, scenario)
	    && complaint == NULL)
		complaint = "the next run on this host is not as usual";
	lhk_host_free (env.host);
	alarm (0);
	left = find_leak (&env, &before);
	tempdir_done (&env.tmp);
	return left != NULL ? left : complaint;
}

/* ---- what may come of a fault ---- */

static const char *
check_code (const struct observed *s, int error)
{
	static const int codes[] = { LHK_ENOMEM, LHK_ESYS, LHK_ENOTFOUND,
				     LHK_EABI };
	size_t i, n = sizeof codes / sizeof codes[0];

	for (i = 0; i < n && codes[i] != s->code; i++)
		;
	if (i == n)
		return "a code that does not fit the fault";
	if (error == 0 && s->code != LHK_ENOMEM)
		return "a lack of memory is reported as something else";
	/* These calls have no struct lhk_error. */
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
check_result (const struct observed *s, const struct observed *baseline)
{
	int as_usual = s->verdict == baseline->verdict
		       && s->end_reason == baseline->end_reason;
	int text = s->text_len == baseline->text_len
		   && s->text_sum == baseline->text_sum;

	if (s->has_result && s->n_final != 1)
		return s->n_final == 0 ? "no final result among the events"
				       : "more than one final result";
	if (s->after_final != 0)
		return "the final result is not the last event";
	if (s->verdict == LHK_VERDICT_SPAWN_FAILED && s->step[0] == '\0')
		return "a start that failed, and no step";
	if (as_usual && text)
		return NULL;
	/* Text is missing, so a notice or a flag must say so. */
	if (s->n_notices <= baseline->n_notices
	    && (s->flags & (LHK_FLAG_DEGRADED | LHK_FLAG_STDIN_FAILED)) == 0
	    && s->verdict != LHK_VERDICT_SPAWN_FAILED)
		return "something is missing, and nothing says so";
	if (!as_usual && s->verdict != LHK_VERDICT_SPAWN_FAILED
	    && s->verdict != LHK_VERDICT_HOST_ERROR)
		return "a verdict that does not fit the fault";
	return NULL;
}

const char *
scenario_check (const struct observed *s, const struct observed *baseline,
		int error, int harmless)
{
	if (harmless && !same (s, baseline))
		return "a fault that does no harm, and yet";
	if (s->code < 0)
		return check_code (s, error);
	return check_result (s, baseline);
}

const char *
scenario_describe (const struct observed *s)
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
