/* SPDX-License-Identifier: MIT */
/*
 * cmd_doctor.c - `linehook doctor': what this machine can do for a run.
 *
 * All of it is bounded in time, needs no privilege and leaves nothing behind.
 */
#include "config.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/doctor/doctor.h"
#include "cli/output/stdout.h"
#include "cli/output/terminal_caps.h"
#include "common/clock.h"

/* Time limit from the first probe to the verdict. */
#define ALL_MS 12000

/* No run is possible. */
#define STATUS_BAD 1

struct doctor_options {
	struct options common; /* first */
	int32_t json;
	int32_t no_run;
	int32_t verbose;
};

/* clang-format off: a table */
static const struct opt doctor_opts[] = {
	{ .name = "json",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct doctor_options, json),
	  .help = "print one JSON object" },
	{ .name = "no-run",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct doctor_options, no_run),
	  .help = "start no program: neither a test run nor the agents" },
	{ .name = "verbose",
	  .letter = 'v',
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct doctor_options, verbose),
	  .help = "list every check, including those that found nothing wrong" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group doctor_groups[] = {
	{ "Options:", doctor_opts },
	{ "Plugins:", options_dirs },
	{ NULL, NULL },
};

static size_t
count_open (void)
{
	DIR *dir = opendir ("/proc/self/fd");
	size_t n = 0;

	if (dir == NULL)
		return 3;
	while (readdir (dir) != NULL)
		n++;
	closedir (dir);
	return n < 6 ? 3 : n - 3; /* ".", "..", and this one */
}

/* Called before the first child, whose status needs SIGCHLD. */
static void
read_start (struct doctor_start *s)
{
	const char *monitor = getenv ("LINEHOOK_EXEC");
	const char *spool = getenv ("TMPDIR");
	struct sigaction chld;

	s->sigchld_ignored = sigaction (SIGCHLD, NULL, &chld) == 0
			     && chld.sa_handler == SIG_IGN;
	signal (SIGCHLD, SIG_DFL);
	s->secure = getauxval (AT_SECURE) != 0;
	s->pid = getpid ();
	s->uid = geteuid ();
	s->open_files = count_open ();
	s->spool_dir = spool != NULL && spool[0] == '/' ? spool : "/tmp";
	s->monitor_named = monitor != NULL && monitor[0] != '\0';
	s->monitor = s->monitor_named ? monitor : LHK_MONITOR;
}

static int
prepare (struct doctor *d, struct log *log, struct lhk_error *err)
{
	d->until_ms = clock_now_ms () + ALL_MS;
	read_start (&d->start);
	d->plugins = doctor_shared_memory (sizeof *d->plugins);
	d->programs = doctor_shared_memory (sizeof *d->programs);
	d->scratch = doctor_shared_memory (sizeof *d->scratch);
	if (d->plugins == NULL || d->programs == NULL || d->scratch == NULL) {
		err->code = LHK_ENOMEM;
		strcpy (err->text, "out of memory");
		return LHK_ENOMEM;
	}
	return doctor_open_host (d, log, err);
}

static int
show (const struct doctor *d)
{
	static struct outbuf out;
	struct doctor_verdict verdict;

	outbuf_init (&out, stdout_write, NULL);
	if (d->json)
		doctor_write_json (d, &out);
	else
		doctor_show_text (d, terminal_columns_if_any (STDOUT_FILENO));
	outbuf_flush (&out);
	doctor_get_verdict (d, &verdict);
	return verdict.status == DOCTOR_BAD ? STATUS_BAD : 0;
}

static int
examine (const struct cli_command *self, const struct doctor_options *o,
	 struct log *log)
{
	static struct doctor d;
	struct lhk_error err = { 0, 0, "" };
	int status;

	d.opts = &o->common;
	d.json = o->json;
	d.no_run = o->no_run;
	d.verbose = o->verbose;
	if (prepare (&d, log, &err) < 0) {
		cli_say (self->name, "%s", err.text);
		lhk_host_free (d.host);
		return err.code == LHK_EINVAL ? STATUS_USAGE : STATUS_HOST;
	}
	doctor_list_plugins (&d);
	doctor_try_containments (&d);
	doctor_run_checks (&d);
	doctor_find_programs (&d);
	doctor_run_programs (&d);
	status = show (&d);
	lhk_host_free (d.host);
	return status;
}

static int
run_doctor (const struct cli_command *self, int argc, char **argv)
{
	static struct log log;
	struct doctor_options o = { .common = OPTIONS_INIT };
	struct opt_operands operands = { NULL, 0 };
	int status = cli_parse (self, argc, argv, &o, &operands);
	int fd = STDERR_FILENO;

	if (status < 0) {
		log_init (&log, LOG_OFF, LHK_LOG_ERROR, log_to_fd, &fd);
		status = examine (self, &o, &log);
	}
	opt_operands_free (&operands);
	options_free (&o.common);
	return status;
}

const struct cli_command cmd_doctor = {
	"doctor",
	"[--json] [--no-run] [-v]",
	"Check whether agents can run here, and say how to fix what is missing.",
	run_doctor,
	doctor_groups,
	NULL,
	OPT_MIXED | OPT_NO_OPERAND,
	"linehook doctor",
	NULL,
};
