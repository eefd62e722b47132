/* SPDX-License-Identifier: MIT */
/* request_options.c - what the words of `tool' ask for: texts from files, lists. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/signals.h"
#include "cli/tool/cmd_tool.h"
#include "common/error.h"
#include "common/mem.h"

#define PIECE ((size_t) 64 << 10)

/* A text is in memory as it is, and once more in the request. */
#define TEXT_MAX ((size_t) 256 << 20)

/* All of FD.  *RET is its first SIZE bytes of memory, LEN of them used. */
static int
read_all (int fd, const char *what, const char *name, char **ret, size_t *size,
	  size_t *len, struct lhk_error *err)
{
	for (;;) {
		void *data = *ret;
		ssize_t n;

		if (*len > TEXT_MAX)
			return error_set (err, LHK_EINVAL, 0,
					  "'--%s %.120s': more "
					  "than 256M",
					  what, name);
		if (mem_grow (&mem_system, &data, size, *len + PIECE, 1) < 0)
			return error_set (err, LHK_ENOMEM, 0, "out of memory");
		*ret = data;
		n = signals_read (fd, *ret + *len, PIECE);
		if (n == 0)
			break;
		if (n < 0 && errno == EINTR)
			return LHK_AGAIN;
		if (n < 0)
			return error_set (err, LHK_EINVAL, errno,
					  "'--%s %.120s': "
					  "%s",
					  what, name, strerror (errno));
		*len += (size_t) n;
	}
	if (*len == 0)
		return error_set (err, LHK_EINVAL, 0,
				  "'--%s %.120s': empty (want "
				  "a JSON object, or null)",
				  what, name);
	return LHK_OK;
}

static int
take_text (const char *what, const char *name, char **ret, size_t *size,
	   struct lhk_str *text, struct lhk_error *err)
{
	int is_ours = name != NULL && strcmp (name, "-") == 0;
	int fd = STDIN_FILENO;
	int r;

	if (name == NULL)
		return LHK_OK;
	if (is_ours && isatty (fd))
		cli_say ("tool", "reading standard input to its end (Ctrl-D)");
	if (!is_ours)
		fd = open (name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 && errno == EINTR)
		return LHK_AGAIN;
	if (fd < 0)
		return error_set (err, LHK_EINVAL, errno, "'--%s %.120s': %s",
				  what, name, strerror (errno));
	text->len = 0;
	r = read_all (fd, what, name, ret, size, &text->len, err);
	if (!is_ours)
		close (fd);
	if (r != LHK_OK)
		text->len = 0;
	text->ptr = r == LHK_OK ? *ret : NULL;
	return r;
}

/* The words of a list with a NULL behind them. */
static int
take_env (const struct opt_list *from, struct tool_texts *texts)
{
	texts->env_size = (from->n + 1) * sizeof texts->env[0];
	texts->env = mem_zero (&mem_system, texts->env_size);
	if (texts->env == NULL)
		return LHK_ENOMEM;
	if (from->n > 0)
		memcpy (texts->env, from->items,
			from->n * sizeof texts->env[0]);
	return LHK_OK;
}

int
tool_request_opts_parse (const struct tool_options *o, const char *const *words,
			 struct tool_texts *texts,
			 struct tool_request_opts *ret, struct lhk_error *err)
{
	int r;

	memset (texts, 0, sizeof *texts);
	memset (ret, 0, sizeof *ret);
	tool_id_of (words[0] == NULL ? "" : words[0], texts->id);
	ret->id = o->id != NULL ? o->id : texts->id;
	ret->id_derived = o->id == NULL;
	ret->exec_id = o->exec_id;
	ret->argv = words[0] == NULL ? NULL : words;
	ret->timeout_ms = o->timeout_ms;
	if (take_env (&o->env, texts) < 0)
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	ret->env = texts->env;
	r = take_text ("input", o->input, &texts->input, &texts->input_size,
		       &ret->input, err);
	if (r == LHK_OK)
		r = take_text ("config", o->config, &texts->config,
			       &texts->config_size, &ret->config, err);
	return r;
}

void
tool_texts_free (struct tool_texts *texts)
{
	mem_free (&mem_system, texts->input, texts->input_size);
	mem_free (&mem_system, texts->config, texts->config_size);
	mem_free (&mem_system, texts->env, texts->env_size);
	memset (texts, 0, sizeof *texts);
}
