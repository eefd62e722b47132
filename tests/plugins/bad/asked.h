/* SPDX-License-Identifier: MIT */
/*
 * asked.h - a plugin that does something bad when a word asks for it.
 *
 *	#define ASKED_NAME "hang-asked"
 *	static void obey (const struct lhk_api *api, const char *word);
 *	#include "asked.h"
 *
 * A line "do WORD" asks for it in line_hook, and every line is a text.  The
 * words of the command ask for it in another callback: "open:WORD".  The line
 * {"probe":"WORD"} does so in the probe.  Before it obeys, it makes the file that
 * the variable ASKED_MARK names.
 */
#ifndef TESTS_ASKED_H
#define TESTS_ASKED_H

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linehook/plugin.h>

#define ASKED_WORD 32

struct asked {
	const struct lhk_api *api;
	char flush[ASKED_WORD], exited[ASKED_WORD], close[ASKED_WORD];
};

static void
asked_begin (const struct lhk_api *api, const char *word)
{
	const char *mark = getenv ("ASKED_MARK");
	int fd = -1;

	if (*word == '\0')
		return;
	if (mark != NULL)
		fd = open (mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0)
		close (fd);
	obey (api, word);
}

static void
asked_copy (char to[ASKED_WORD], const char *from, size_t len)
{
	if (len >= ASKED_WORD)
		len = ASKED_WORD - 1;
	memcpy (to, from, len);
	to[len] = '\0';
}

/* The rest of an option that begins with KEY. */
static void
asked_option (char to[ASKED_WORD], const char *value, const char *key)
{
	size_t len = strlen (key);

	if (strncmp (value, key, len) == 0)
		asked_copy (to, value + len, strlen (value + len));
}

static int
asked_open (const struct lhk_api *api, const struct lhk_option *options,
	    size_t n_options, void **ret)
{
	struct asked *a = calloc (1, sizeof *a);
	char word[ASKED_WORD] = "";
	size_t i;

	if (a == NULL)
		return LHK_ENOMEM;
	a->api = api;
	for (i = 0; i < n_options; i++) {
		asked_option (word, options[i].value, "open:");
		asked_option (a->flush, options[i].value, "flush:");
		asked_option (a->exited, options[i].value, "exited:");
		asked_option (a->close, options[i].value, "close:");
	}
	*ret = a;
	asked_begin (api, word);
	return LHK_OK;
}

static int
asked_line_hook (void *handle, const struct lhk_line *line)
{
	struct asked *a = handle;
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.text = { line->data, line->len, LHK_TEXT_PLAIN, 0 },
	};
	char word[ASKED_WORD];

	if (line->len > 3 && memcmp (line->data, "do ", 3) == 0) {
		asked_copy (word, line->data + 3, line->len - 3);
		asked_begin (a->api, word);
	}
	return a->api->emit (a->api->ctx, &text.ev);
}

static int
asked_flush (void *handle)
{
	struct asked *a = handle;

	asked_begin (a->api, a->flush);
	return LHK_OK;
}

static int
asked_exited (void *handle, const struct lhk_exit *how)
{
	struct asked *a = handle;

	(void) how;
	asked_begin (a->api, a->exited);
	return LHK_OK;
}

static void
asked_close (void *handle)
{
	struct asked *a = handle;

	asked_begin (a->api, a->close);
	free (a);
}

/* {"probe":"WORD"} */
static int
asked_probe (const char *data, size_t len)
{
	static const char key[] = "{\"probe\":\"";
	char word[ASKED_WORD];

	if (len < sizeof key || memcmp (data, key, sizeof key - 1) != 0)
		return 0;
	asked_copy (word, data + sizeof key - 1, len - sizeof key - 1);
	asked_begin (NULL, word);
	return 1;
}

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,
	.name = ASKED_NAME,
	.provider = "test",
	.version = "1",
	.summary = "does what it is asked for",
	.probe = asked_probe,
	.open = asked_open,
	.line_hook = asked_line_hook,
	.flush = asked_flush,
	.exited = asked_exited,
	.close = asked_close,
};

#endif /* TESTS_ASKED_H */
