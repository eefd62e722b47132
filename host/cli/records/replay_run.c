/* SPDX-License-Identifier: MIT */
/* replay_run.c - what a record says of the run that is replayed. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/records/replay.h"
#include "format/event_json.h"
#include "common/error.h"
#include "json/member.h"

/* The greatest that there are. */
#define EXIT_CODE_MAX 255
#define SIGNAL_MAX 64
#define ERRNO_MAX 4095

/* The member `outcome' of a final result.  1; 0: there is none. */
static int
read_outcome (json_object *result, struct lhk_outcome *ret)
{
	json_object *how;
	int64_t number = 0;
	int32_t i;

	if (result == NULL
	    || !json_object_object_get_ex (result, "outcome", &how))
		return 0;
	ret->size = sizeof *ret;
	for (i = LHK_END_EXITED; i <= LHK_END_HOST_ERROR; i++)
		if (strcmp (format_json_end_reason (i),
			    json_member_word (how, "how"))
		    == 0)
			ret->end_reason = i;
	ret->has_exit =
		json_member_number (how, "exit_code", EXIT_CODE_MAX, &number);
	ret->exit_code = ret->has_exit ? (int32_t) number : 0;
	if (json_member_number (how, "signal", SIGNAL_MAX, &number))
		ret->signal = (int32_t) number;
	if (json_member_number (how, "errno", ERRNO_MAX, &number))
		ret->sys_errno = (int32_t) number;
	ret->oom = strcmp (json_member_word (result, "verdict"), "oom") == 0;
	return ret->end_reason != 0;
}

static void
read_counters (struct replay_run *run)
{
	json_object *counters;

	run->n_bytes = -1;
	if (run->result != NULL
	    && json_object_object_get_ex (run->result, "counters", &counters))
		(void) json_member_number (counters, "bytes", INT64_MAX,
					   &run->n_bytes);
}

/* Plugins are given the arguments of the command as options.  What is no text was
 * no argument. */
static int
read_argv (struct replay_run *run)
{
	json_object *argv, *word;
	size_t i, n;

	if (!json_object_object_get_ex (run->request, "argv", &argv)
	    || !json_object_is_type (argv, json_type_array))
		return 0;
	n = json_object_array_length (argv);
	run->options = calloc (n + 1, sizeof *run->options);
	if (run->options == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		word = json_object_array_get_idx (argv, i);
		if (!json_object_is_type (word, json_type_string))
			continue;
		run->options[run->n_options].key = "arg";
		run->options[run->n_options++].value =
			json_object_get_string (word);
	}
	return 0;
}

static void
read_request (struct replay_run *run)
{
	const char *oversize = json_member_word (run->request, "oversize");
	int64_t line_max = 0;

	run->plugin = json_member_word (run->request, "plugin");
	run->detect = json_object_get_boolean (
		json_object_object_get (run->request, "detect"));
	if (json_member_number (run->request, "line_max", LHK_LINE_MAX_MAX,
				&line_max)
	    && line_max >= LHK_LINE_MAX_MIN)
		run->line_max = (uint64_t) line_max;
	run->oversize = strcmp (oversize, "raw") == 0	 ? LHK_OVERSIZE_RAW
			: strcmp (oversize, "head") == 0 ? LHK_OVERSIZE_HEAD
							 : LHK_OVERSIZE_DROP;
}

/* The answer of show is the result of a run that has ended; run.json is a
 * member of it. */
int
replay_run_read (struct replay_run *run, struct lhk_store *store,
		 const char *id, struct lhk_error *err)
{
	json_object *answer, *request = NULL;
	struct lhk_str text;
	int status = 0;
	int r = lhk_store_show (store, id, LHK_INCLUDE_REQUEST, &text, &status,
				err);

	memset (run, 0, sizeof *run);
	if (r < 0)
		return r;
	answer = json_tokener_parse (text.ptr);
	json_object_object_get_ex (answer, "request", &request);
	run->request = json_object_get (request);
	if (status == LHK_RECORD_ENDED)
		run->result = json_object_get (answer);
	json_object_put (answer);
	if (run->request == NULL)
		return error_set (
			err, LHK_EPARSE, 0,
			"the raw output of run '%s' cannot be read again, "
			"because its run.json is missing or damaged; use "
			"linehook filter -p PLUGIN",
			id);
	read_request (run);
	run->has_outcome = read_outcome (run->result, &run->outcome);
	read_counters (run);
	return read_argv (run) < 0 ? error_set (err, LHK_ENOMEM, 0,
						"no memory for run '%s'", id)
				   : LHK_OK;
}

void
replay_run_free (struct replay_run *run)
{
	free (run->options);
	json_object_put (run->request);
	json_object_put (run->result);
}
