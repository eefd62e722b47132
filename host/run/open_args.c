/* SPDX-License-Identifier: MIT */
/* open_args.c - copies of what a stream was opened with. */
#include "config.h"

#include <string.h>

#include "common/mem.h"
#include "run/open_args.h"

/* Bytes that are written one behind the other; without OUT they are counted. */
struct packer {
	char *out;
	size_t at;
};

/* Where the copy of LEN bytes lies. */
static const char *
pack (struct packer *p, const char *data, size_t len)
{
	const char *copy = NULL;

	if (p->out != NULL) {
		copy = p->out + p->at;
		if (len > 0)
			memcpy (p->out + p->at, data, len);
	}
	p->at += len;
	return copy;
}

static void
pack_text (struct packer *p, const struct lhk_text *from, struct lhk_text *to)
{
	if (from->ptr == NULL)
		return;
	*to = *from;
	to->ptr = pack (p, from->ptr, from->len);
}

/* Copy all strings, or count their bytes. */
static void
pack_all (struct packer *p, struct open_args *a,
	  const struct lhk_ev_run *header, const struct lhk_option *options)
{
	size_t i;

	pack_text (p, &header->id, &a->header.id);
	pack_text (p, &header->plugin, &a->header.plugin);
	pack_text (p, &header->provider, &a->header.provider);
	pack_text (p, &header->started, &a->header.started);
	pack_text (p, &header->cwd, &a->header.cwd);
	for (i = 0; i < header->n_argv; i++)
		pack_text (p, &header->argv[i], &a->argv[i]);
	for (i = 0; i < a->n_options; i++) {
		a->options[i].key =
			pack (p, options[i].key, strlen (options[i].key) + 1);
		a->options[i].value = pack (p, options[i].value,
					    strlen (options[i].value) + 1);
	}
}

/* The header as far as the caller's version of it has members. */
static void
read_header (struct lhk_ev_run *ret, const struct lhk_ev_run *given)
{
	memset (ret, 0, sizeof *ret);
	if (given == NULL)
		return;
	memcpy (ret, given,
		given->ev.size < sizeof *ret ? given->ev.size : sizeof *ret);
	ret->ev.size = sizeof *ret;
}

int
open_args_copy (struct open_args *a, const struct lhk_alloc *alloc,
		const struct lhk_ev_run *given,
		const struct lhk_option *options, size_t n_options)
{
	struct packer p = { NULL, 0 };
	struct lhk_ev_run header;

	memset (a, 0, sizeof *a);
	read_header (&header, given);
	a->alloc = alloc;
	a->header = header;
	a->n_options = n_options;
	a->argv = mem_zero (alloc, (header.n_argv + 1) * sizeof *a->argv);
	a->options = mem_zero (alloc, (n_options + 1) * sizeof *a->options);
	if (a->argv == NULL || a->options == NULL)
		return LHK_ENOMEM;
	a->header.argv = a->argv;
	pack_all (&p, a, &header, options);
	a->size = p.at + 1;
	a->bytes = mem_new (alloc, a->size);
	if (a->bytes == NULL)
		return LHK_ENOMEM;
	p.out = a->bytes;
	p.at = 0;
	pack_all (&p, a, &header, options);
	return LHK_OK;
}

void
open_args_free (struct open_args *a)
{
	if (a->alloc == NULL)
		return;
	mem_free (a->alloc, a->argv, (a->header.n_argv + 1) * sizeof *a->argv);
	mem_free (a->alloc, a->options,
		  (a->n_options + 1) * sizeof *a->options);
	mem_free (a->alloc, a->bytes, a->size);
	memset (a, 0, sizeof *a);
}
