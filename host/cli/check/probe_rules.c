/* SPDX-License-Identifier: MIT */
/* probe_rules.c - rules about the probe, which chooses a plugin by a line. */
#include "config.h"

#include <string.h>

#include <linehook/plugin.h>

#include "cli/check/samples.h"
#include "cli/check/suite.h"
#include "common/macros.h"
#include "common/mem.h"

static const char *const no_lines[] = {
	"",
	"{",
	"}",
	"[]",
	"null",
	"\"\"",
	"{}",
	"npm warn deprecated",
	"\xff\xfe\x00{",
	"{\"type\":",
	"{\"type\":7}",
	"{\"type\":null}",
};

static void
ask_probe (struct check *c, const char *data, size_t len)
{
	char *copy = mem_zero (&mem_system, len + LHK_LINE_PADDING);
	int first, again;

	if (copy == NULL) {
		check_skip (c, "out of memory");
		return;
	}
	memcpy (copy, data, len);
	copy[len] = '\n';
	check_call->n_calls++;
	check_call->callback = "probe";
	first = c->plugin->probe (copy, len);
	memset (copy + len + 1, 0xa5, LHK_LINE_PADDING - 1);
	again = c->plugin->probe (copy, len);
	check_call->callback = NULL;
	if (first != 0 && first != 1)
		check_problem (c, "probe returns %d, expected 0 or 1", first);
	if (first != again)
		check_problem (c,
			       "probe returns %d and then %d for the same line",
			       first, again);
	if (memcmp (copy, data, len) != 0)
		check_problem (c, "probe changes the line");
	mem_free (&mem_system, copy, len + LHK_LINE_PADDING);
}

static int
has_probe (struct check *c)
{
	if (c->plugin->probe != NULL)
		return 1;
	check_skip (c, "there is no probe: `--plugin auto' cannot choose this "
		       "plugin by a line");
	return 0;
}

void
check_probe_answer (struct check *c)
{
	size_t i;

	if (!has_probe (c))
		return;
	for (i = 0; i < ARRAY_SIZE (no_lines); i++)
		ask_probe (c, no_lines[i], strlen (no_lines[i]));
	for (i = 0; i < c->input->n_lines; i++) {
		struct lhk_str line = transcript_line (c->input, i);

		ask_probe (c, line.ptr, line.len);
		ask_probe (c, line.ptr, line.len / 2);
	}
}

/* ---- lines of others ---- */

/* Does the plugin say that it reads the lines of PROVIDER? */
static int
serves (const struct lhk_plugin *p, const char *provider)
{
	const char *const *program = p->programs;

	if (strcmp (p->provider, provider) == 0
	    || strcmp (p->name, provider) == 0)
		return 1;
	while (program != NULL && *program != NULL
	       && strcmp (*program, provider) != 0)
		program++;
	return program != NULL && *program != NULL;
}

static void
offer_sample (struct check *c, const struct sample *s)
{
	size_t len = strlen (s->line);
	char *copy = mem_zero (&mem_system, len + LHK_LINE_PADDING);

	if (copy == NULL) {
		check_skip (c, "out of memory");
		return;
	}
	memcpy (copy, s->line, len);
	copy[len] = '\n';
	check_call->n_calls++;
	check_call->callback = "probe";
	if (c->plugin->probe (copy, len) == 1)
		check_problem (c,
			       "probe accepts a line of %s, expected 0: "
			       "'%.160s'",
			       s->provider, s->line);
	check_call->callback = NULL;
	mem_free (&mem_system, copy, len + LHK_LINE_PADDING);
}

void
check_probe_strict (struct check *c)
{
	size_t i;

	if (!has_probe (c))
		return;
	for (i = 0; samples[i].line != NULL; i++)
		if (!serves (c->plugin, samples[i].provider))
			offer_sample (c, &samples[i]);
}
