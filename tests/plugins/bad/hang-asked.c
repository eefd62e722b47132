/* SPDX-License-Identifier: MIT */
/* hang-asked.c - does not return from a callback, or only after far too much. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linehook/plugin.h>

/* More than any callback may do, and few enough to come to an end. */
#define FLOOD 200000

static void
emit (const struct lhk_api *api)
{
	const struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_THOUGHT,
		.text = { "more", 4, LHK_TEXT_PLAIN, 0 },
	};

	(void) !api->emit (api->ctx, &text.ev);
}

static void
write_log (const struct lhk_api *api)
{
	api->log (api->ctx, LHK_LOG_WARN, "more");
}

static void
nap (const struct lhk_api *api)
{
	const struct timespec hour = { 3600, 0 };

	(void) api;
	nanosleep (&hour, NULL);
}

static void
spin (const struct lhk_api *api)
{
	(void) api;
}

/* Most of the time the lock of the allocator is held. */
static void
allocate (const struct lhk_api *api)
{
	char *volatile p = malloc (1 << 20);

	(void) api;
	free (p);
}

static const struct {
	const char *word;
	void (*step) (const struct lhk_api *api);
	int times; /* 0: for ever */
} words[] = {
	{ "spin", spin, 0 },
	{ "sleep", nap, 0 },
	{ "emit", emit, 0 },
	{ "log", write_log, 0 },
	{ "malloc", allocate, 0 },
	{ "flood-emit", emit, FLOOD },
	{ "flood-log", write_log, FLOOD },
};

static void
obey (const struct lhk_api *api, const char *word)
{
	size_t i;
	int n;

	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp (words[i].word, word) == 0)
			for (n = 0; words[i].times == 0 || n < words[i].times;
			     n += words[i].times != 0)
				words[i].step (api);
}

#define ASKED_NAME "hang-asked"
#include "asked.h"
