/* SPDX-License-Identifier: MIT */
/* list_table.c - a list of runs for people, as wide as their terminal. */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/records/brief.h"
#include "cli/records/list_table.h"
#include "common/macros.h"

/* Bytes of a prompt or a command that are shown at most. */
#define PROMPT_SIZE 1024

#define AGENT_SIZE 64

/* The part of the line that a directory may take. */
#define DIRECTORY_PART 10

/* clang-format off: a table */
static const struct table_column columns[] = {
	{ "RUN", 0, BRIEF_ID },	    { "STATUS", 0, 7 },
	{ "AGENT", TABLE_CUT, 6 },  { "STARTED", 0, 7 },
	{ "TIME", TABLE_RIGHT, 5 }, { "TOKENS", TABLE_RIGHT, 8 },
	{ "COST", TABLE_RIGHT, 5 }, { "DIR", TABLE_CUT, 0 },
	{ "PROMPT", TABLE_CUT, 0 },
};
/* clang-format on */

const struct table_layout list_table_layout = {
	.columns = columns,
	.n_columns = ARRAY_SIZE (columns),
	.gap = 1,
};

const char *
list_table_status (int status)
{
	static const char *const words[] = {
		[LHK_RECORD_RUNNING] = "running",
		[LHK_RECORD_ENDED] = "ended",
		[LHK_RECORD_LOST] = "lost",
		[LHK_RECORD_DAMAGED] = "damaged",
	};

	return words[status];
}

/* "IN/OUT", with a dash for one that is absent. */
static void
tokens_text (const struct runs_sum *sum, char text[2 * BRIEF_SIZE])
{
	char input[BRIEF_SIZE] = "-", output[BRIEF_SIZE] = "-";

	text[0] = '\0';
	if ((sum->has & RUNS_INPUT) != 0)
		brief_count (sum->input, input);
	if ((sum->has & RUNS_OUTPUT) != 0)
		brief_count (sum->output, output);
	if ((sum->has & (RUNS_INPUT | RUNS_OUTPUT)) != 0)
		snprintf (text, 2 * BRIEF_SIZE, "%s/%s", input, output);
}

/* The provider, or the program that no provider is known of. */
static void
agent_text (const struct runs_row *row, char text[AGENT_SIZE])
{
	struct lhk_text program = { NULL, 0, 0, 0 };
	char path[PATH_MAX];
	const char *base;
	struct lhk_json j;

	snprintf (text, AGENT_SIZE, "%s", row->info->provider);
	if (strcmp (text, "raw") != 0 || row->argv.type != LHK_JSON_ARRAY)
		return;
	lhk_json_begin_raw (&j, &row->argv);
	(void) lhk_json_enter (&j);
	if (!lhk_json_element (&j) || !lhk_json_string (&j, &program))
		return;
	brief_line (&program, path, sizeof path);
	base = strrchr (path, '/');
	snprintf (text, AGENT_SIZE, "%.*s", AGENT_SIZE - 1,
		  base == NULL || base[1] == '\0' ? path : base + 1);
}

static void
directory_text (const struct runs_row *row, unsigned int width,
		char text[PATH_MAX])
{
	char path[PATH_MAX];

	text[0] = '\0';
	if (row->cwd.ptr == NULL)
		return;
	brief_line (&row->cwd, path, sizeof path);
	brief_path (path, getenv ("HOME"), width / DIRECTORY_PART, text,
		    PATH_MAX);
}

void
list_table_add (struct table *t, const struct runs_row *row, unsigned int width,
		int64_t now_ms)
{
	const struct lhk_record_info *k = row->info;
	char id[LHK_RECORD_ID_MAX + 1], agent[AGENT_SIZE], started[BRIEF_SIZE],
		time[BRIEF_SIZE] = "", tokens[2 * BRIEF_SIZE],
		cost[BRIEF_SIZE] = "", directory[PATH_MAX], prompt[PROMPT_SIZE];
	const char *const cells[ARRAY_SIZE (columns)] = {
		id,
		k->status == LHK_RECORD_ENDED ? lhk_verdict_name (k->verdict)
					      : list_table_status (k->status),
		agent,
		started,
		time,
		tokens,
		cost,
		directory,
		prompt,
	};

	brief_id (k->id, id, sizeof id);
	agent_text (row, agent);
	brief_time (k->started_ms, now_ms, started);
	if (row->wall_ms >= 0)
		brief_duration (row->wall_ms, time);
	else if (k->status == LHK_RECORD_RUNNING)
		brief_duration (now_ms - k->started_ms, time);
	tokens_text (&row->sum, tokens);
	if (row->sum.has_cost)
		brief_cost (row->sum.cost_nano, cost);
	directory_text (row, width, directory);
	if (row->prompt.len > 0)
		brief_line (&row->prompt, prompt, sizeof prompt);
	else
		runs_row_command (row, prompt, sizeof prompt);
	table_add (t, cells, ARRAY_SIZE (cells));
}
