/* SPDX-License-Identifier: MIT */
/* records.c - where the store is, and what its subcommands have in common. */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/records/records.h"
#include "common/error.h"

#define STATUS_UNKNOWN 1

static const char *
check_path (const char *value)
{
	return *value != '\0' ? NULL : "empty (want a path)";
}

const char *
records_check_include (const char *value)
{
	return strcmp (value, "state") == 0
		       ? NULL
		       : "nothing that can be included (want state)";
}

/* clang-format off: a table */
const struct opt kept_store_opts[] = {
	{ .name = "run-dir",
	  .kind = OPT_TEXT,
	  .word = "DIR",
	  .offset = (uint32_t) offsetof (struct kept_options, run_dir),
	  .check = check_path,
	  .help = "store of the records (the user's state directory)" },
	{ .name = NULL },
};
/* clang-format on */

static char *
join (const char *a, const char *b)
{
	size_t size = strlen (a) + strlen (b) + 1;
	char *s = malloc (size);

	if (s != NULL)
		snprintf (s, size, "%s%s", a, b);
	return s;
}

static char *
beside_cwd (const char *dir)
{
	char cwd[PATH_MAX];
	char *s, *path;

	if (getcwd (cwd, sizeof cwd) == NULL)
		return NULL;
	s = join (cwd, "/");
	path = s == NULL ? NULL : join (s, dir);
	free (s);
	return path;
}

int
records_store_path (const char *run_dir, char **ret, struct lhk_error *err)
{
	const char *state = getenv ("XDG_STATE_HOME");
	const char *home = getenv ("HOME");

	if (run_dir != NULL)
		*ret = run_dir[0] == '/' ? join (run_dir, "")
					 : beside_cwd (run_dir);
	else if (state != NULL && state[0] == '/')
		*ret = join (state, "/linehook/runs");
	else if (home != NULL && home[0] == '/')
		*ret = join (home, "/.local/state/linehook/runs");
	else
		return error_set (err, LHK_EINVAL, 0,
				  "there is no place for kept"
				  " runs: neither XDG_STATE_HOME nor HOME is an"
				  " absolute path (want --run-dir DIR)");
	if (*ret == NULL)
		return error_set (err, LHK_ENOMEM, errno,
				  "cannot name the place"
				  " for kept runs: %s",
				  strerror (errno));
	return LHK_OK;
}

int
records_fail (const struct kept_call *c, const struct lhk_error *err)
{
	cli_say (c->self->name, "%s", err->text);
	switch (err->code) {
	case LHK_EINVAL:
		return STATUS_USAGE;
	case LHK_ENOTFOUND:
	case LHK_ESTATE:
		return STATUS_UNKNOWN;
	default:
		return STATUS_HOST;
	}
}

void
records_print (const struct lhk_str *text)
{
	stdout_put (text->ptr, text->len);
	stdout_put ("\n", 1);
}

static int
check_words (struct kept_call *c, int run)
{
	if (run && c->words.n == 0) {
		cli_say (c->self->name,
			 "a run is missing (want linehook %s"
			 " %s; linehook runs lists them)",
			 c->self->name, c->self->synopsis);
		return STATUS_USAGE;
	}
	if (c->words.n > (run ? 1 : 0)) {
		cli_say (c->self->name, "'%.200s': no %soperand is wanted",
			 c->words.items[run ? 1 : 0], run ? "second " : "");
		return STATUS_USAGE;
	}
	c->run = run ? c->words.items[0] : NULL;
	return -1;
}

int
records_begin (struct kept_call *c, const struct cli_command *self, int argc,
	       char **argv, void *target, int run)
{
	const struct kept_options *o = target;
	struct lhk_error err = { 0, 0, "" };
	char *dir = NULL;
	int status, r;

	memset (c, 0, sizeof *c);
	c->self = self;
	status = cli_parse (self, argc, argv, target, &c->words);
	if (status < 0)
		status = check_words (c, run);
	if (status >= 0)
		return status;
	r = records_store_path (o->run_dir, &dir, &err);
	if (r == LHK_OK)
		r = lhk_store_open (dir, NULL, &c->store, &err);
	free (dir);
	return r < 0 ? records_fail (c, &err) : -1;
}

void
records_end (struct kept_call *c)
{
	lhk_store_free (c->store);
	opt_operands_free (&c->words);
}
