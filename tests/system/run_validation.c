/* SPDX-License-Identifier: MIT */
/* run_validation.c - SIGTERM reaches every process of a tree, once; a pause
 * stops every process. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/machine.h"
#include "lib/pidns.h"
#include "lib/trial.h"
#include "lib/monitor_driver.h"

#define LONG_MS 20000

static const int containments[] = { LHK_CONTAIN_CGROUP, LHK_CONTAIN_PIDNS,
				    LHK_CONTAIN_SUBREAPER };

#define N_CONTAINMENTS ((int) (sizeof containments / sizeof containments[0]))

/* Without it the case is a shorter one. */
static int
is_here (int tier)
{
	if (machine_has_containment (tier, geteuid ()))
		return 1;
	tap_skip (machine_lacks_containment (tier));
	return 0;
}

static int
count (const struct trial *t, const char *line)
{
	const char *p = t->text;
	int n = 0;

	while (p != NULL && (p = strstr (p, line)) != NULL) {
		n++;
		p += strlen (line);
	}
	return n;
}

/* Cancelled when UPS say "up"; the drain would take LONG_MS. */
static void
cancel (struct trial *t, int tier, int ups, const char *const *argv)
{
	t->opts.contain = tier;
	t->opts.drain_ms = LONG_MS;
	t->opts.grace_ms = LONG_MS;
	if (trial_start (t, argv) != LHK_OK)
		return;
	while (count (t, "up\n") < ups && lhk_run_result (t->run) == NULL)
		if (lhk_host_dispatch (t->host, LONG_MS) < 0)
			break;
	lhk_run_cancel (t->run, 0);
	if (trial_wait (t))
		TAP_EQ_INT (t->result->outcome.end_reason, LHK_END_CANCELED);
}

static void
check_polite (struct trial *t, int byes)
{
	TAP_EQ_INT (count (t, "bye\n"), byes);
	if (t->result == NULL)
		return;
	TAP_EQ_INT (t->result->outcome.flags, 0);
	TAP_EQ_INT (t->result->outcome.wall_ms < LONG_MS / 2, 1);
}

#define POLITE "onterm", "bye", "out", "up", "pause"

static void
other_sessions (void)
{
	struct trial t;
	int i;

	trial_begin (&t, 0);
	for (i = 0; i < N_CONTAINMENTS; i++) {
		if (!is_here (containments[i]))
			continue;
		/* Of the agent. */
		cancel (&t, containments[i], 2,
			AGENT ("fork", "(", "setsid", POLITE, ")", "out", "up",
			       "pause"));
		check_polite (&t, 1);
		/* Of an orphan, and of one whose parent has to go first. */
		cancel (&t, containments[i], 3,
			AGENT ("daemon", "(", "fork", "(", "setsid", POLITE,
			       ")", POLITE, ")", "fork", "(", "group", POLITE,
			       ")", "pause"));
		check_polite (&t, 3);
	}
	trial_end (&t);
}

/* Below one who stays: reached by the cgroup alone. */
static void
below_one_that_ignores (void)
{
	struct trial t;

	if (!is_here (LHK_CONTAIN_CGROUP))
		return;
	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_CGROUP;
	t.opts.drain_ms = 2000;
	if (trial_start (&t, AGENT ("daemon", "(", "fork", "(", "setsid",
				    POLITE, ")", "ignoreall", "out", "up",
				    "pause", ")", "pause"))
	    == LHK_OK) {
		while (count (&t, "up\n") < 2 && lhk_run_result (t.run) == NULL)
			if (lhk_host_dispatch (t.host, LONG_MS) < 0)
				break;
		lhk_run_cancel (t.run, 0);
		trial_wait (&t);
		TAP_EQ_INT (count (&t, "bye\n"), 1);
	}
	trial_end (&t);
}

/* A second signal means "now" to many agents. */
static void
once (void)
{
	static const char script[] =
		"trap 'echo got' TERM; echo up;"
		" while :; do read -r x <&- || sleep 0.05; done 2>/dev/null";
	const char *word[] = { "sh", "-c",
			       "setsid sh -c \"$0\" & sh -c \"$0\" & wait",
			       script, NULL };
	struct trial t;
	int i;

	trial_begin (&t, 0);
	for (i = 0; i < N_CONTAINMENTS; i++) {
		if (!is_here (containments[i]))
			continue;
		t.opts.contain = containments[i];
		t.opts.drain_ms = 2000;
		if (trial_start (&t, word) != LHK_OK)
			break;
		while (count (&t, "up\n") < 2 && lhk_run_result (t.run) == NULL)
			if (lhk_host_dispatch (t.host, LONG_MS) < 0)
				break;
		lhk_run_cancel (t.run, 0);
		trial_wait (&t);
		TAP_EQ_INT (count (&t, "got\n"), 2);
	}
	trial_end (&t);
}

/* ---- pausing ---- */

/* Is the agent stopped, or frozen in its cgroup? */
static int
is_still (const struct proto_report *r)
{
	char path[PROTO_DETAIL_SIZE + 64], text[512], state = '?';
	size_t n = 0;
	FILE *f;

	if (r->detail[0] != '\0') {
		snprintf (path, sizeof path, "%s/cgroup.events", r->detail);
		f = fopen (path, "r");
		if (f != NULL) {
			n = fread (text, 1, sizeof text - 1, f);
			fclose (f);
		}
		text[n] = '\0';
		return strstr (text, "frozen 1") != NULL;
	}
	snprintf (path, sizeof path, "/proc/%d/stat", r->pid);
	f = fopen (path, "r");
	if (f == NULL || fscanf (f, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	if (f != NULL)
		fclose (f);
	return state == 'T';
}

static void
await_still (const struct proto_report *r, int still)
{
	long long until = now_ms () + LONG_MS;

	while (is_still (r) != still && now_ms () < until)
		sleep_us (1000);
	TAP_EQ_INT (is_still (r), still);
}

/* Started and paused in one breath. */
static void
start_paused (struct monitor_client *h, int tier, struct proto_report *r)
{
	struct proto_start first = { .contain = tier };

	monitor_driver_start (h, AGENT ("daemon", "(", "pause", ")", "pause"));
	TAP_EQ_INT (monitor_driver_next (h, r), PROTO_HELLO);
	TAP_EQ_INT (monitor_client_send_start (h, &first), LHK_OK);
	monitor_client_send (h, PROTO_PAUSE, 0);
	TAP_EQ_INT (monitor_driver_next (h, r), PROTO_STARTED);
	await_still (r, 1);
}

static void
paused_at_start (void)
{
	struct proto_report r;
	struct monitor_client h;
	int i;

	for (i = 0; i < N_CONTAINMENTS; i++) {
		if (!is_here (containments[i]))
			continue;
		start_paused (&h, containments[i], &r);
		monitor_client_send (&h, PROTO_RESUME, 0);
		await_still (&r, 0);
		monitor_client_send (&h, PROTO_PAUSE, 0);
		await_still (&r, 1);
		monitor_client_send (&h, PROTO_KILL, 0);
		TAP_EQ_INT (monitor_driver_last (&h, &r), PROTO_EMPTY);
		TAP_EQ_INT (monitor_driver_end (&h), 0);
	}
}

/* Paused and resumed before there is anything to stop. */
static void
resumed_at_start (void)
{
	struct proto_start first = { .contain = CONTAIN_SUBREAPER };
	struct proto_report r;
	struct monitor_client h;

	monitor_driver_start (&h, AGENT ("exit", "3"));
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_HELLO);
	TAP_EQ_INT (monitor_client_send_start (&h, &first), LHK_OK);
	monitor_client_send (&h, PROTO_PAUSE, 0);
	monitor_client_send (&h, PROTO_RESUME, 0);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_STARTED);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_EXITED);
	TAP_EQ_INT (WEXITSTATUS (r.status), 3);
	TAP_EQ_INT (monitor_driver_last (&h, &r), PROTO_EMPTY);
	TAP_EQ_INT (monitor_driver_end (&h), 0);
}

/* Call FN with each containment that this machine has. */
static void
each_containment (void (*fn) (int contain))
{
	int i;

	for (i = 0; i < N_CONTAINMENTS; i++)
		if (is_here (containments[i]))
			fn (containments[i]);
}

static void
end_paused_by_term (int contain)
{
	struct proto_report r;
	struct monitor_client h;

	start_paused (&h, contain, &r);
	monitor_client_send (&h, PROTO_TERM, SIGTERM);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_EXITED);
	TAP_EQ_INT (WTERMSIG (r.status), SIGTERM);
	TAP_EQ_INT (monitor_driver_last (&h, &r), PROTO_EMPTY);
	TAP_EQ_INT (monitor_driver_end (&h), 0);
}

static void
end_paused_by_sweep (int contain)
{
	struct proto_report r;
	struct monitor_client h;

	start_paused (&h, contain, &r);
	monitor_client_send (&h, PROTO_SWEEP, 0);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_EXITED);
	TAP_EQ_INT (WTERMSIG (r.status), SIGKILL);
	TAP_EQ_INT (monitor_driver_last (&h, &r), PROTO_EMPTY);
	TAP_EQ_INT (monitor_driver_end (&h), 0);
}

static void
end_paused_by_host_death (int contain)
{
	struct proto_report r;
	struct monitor_client h;

	start_paused (&h, contain, &r);
	close (h.control);
	h.control = -1;
	TAP_EQ_INT (monitor_driver_end (&h), 0);
	TAP_EQ_INT (kill (r.pid, 0), -1);
}

static void
paused_term (void)
{
	each_containment (end_paused_by_term);
}

static void
paused_sweep (void)
{
	each_containment (end_paused_by_sweep);
}

static void
paused_host_death (void)
{
	each_containment (end_paused_by_host_death);
}

/* Who left the group stops too where there is a cgroup. */
static void
whole_tree_stops (void)
{
	struct proto_report r;
	struct monitor_client h;
	char path[64], line[256];
	long long seen[2];
	FILE *f;
	int i, n;

	if (!is_here (LHK_CONTAIN_CGROUP))
		return;
	monitor_driver_start (
		&h, AGENT ("daemon", "(", "hydra", "1", ")", "pause"));
	monitor_driver_begin (&h, CONTAIN_CGROUP, 0, &r);
	monitor_client_send (&h, PROTO_PAUSE, 0);
	await_still (&r, 1);
	snprintf (path, sizeof path, "/proc/loadavg");
	/* The last number given on this machine, twice: the world is ours. */
	for (i = 0; i < 2; i++) {
		for (n = 0; n < 50; n++)
			sleep_us (1000);
		f = fopen (path, "r");
		if (f == NULL || fgets (line, sizeof line, f) == NULL)
			line[0] = '\0';
		if (f != NULL)
			fclose (f);
		seen[i] = strrchr (line, ' ') == NULL
				  ? -1
				  : atoll (strrchr (line, ' '));
	}
	TAP_EQ_INT (seen[1], seen[0]);
	monitor_client_send (&h, PROTO_KILL, 0);
	TAP_EQ_INT (monitor_driver_last (&h, &r), PROTO_EMPTY);
	TAP_EQ_INT (monitor_driver_end (&h), 0);
}

static const struct tap_case cases[] = {
	{ "processes_in_sessions_of_their_own_get_sigterm_too",
	  other_sessions },
	{ "everybody_in_the_cgroup_is_asked", below_one_that_ignores },
	{ "no_process_gets_sigterm_twice", once },
	{ "a_pause_during_the_start_is_not_lost", paused_at_start },
	{ "a_pause_undone_during_the_start_stops_nothing", resumed_at_start },
	{ "a_paused_tree_ends_by_sigterm", paused_term },
	{ "a_paused_tree_ends_by_a_sweep", paused_sweep },
	{ "a_paused_tree_ends_when_its_host_dies", paused_host_death },
	{ "a_pause_stops_the_whole_cgroup", whole_tree_stops },
	{ NULL, NULL },
};

int
main (void)
{
	pidns_enter ();
	return tap_run ("run_asked", cases);
}
