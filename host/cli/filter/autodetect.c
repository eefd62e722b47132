/* SPDX-License-Identifier: MIT */
/* autodetect.c - offer the first lines to the probes of all plugins. */
#include "config.h"

#include <string.h>

#include "cli/filter/autodetect.h"
#include "common/mem.h"

#define BOM "\xef\xbb\xbf"
#define BOM_LEN 3

void
autodetect_init (struct autodetect *a, size_t limit)
{
	memset (a, 0, sizeof *a);
	a->limit = limit;
}

/* Room for LEN more bytes and the padding that probes may read. */
static int
reserve (struct autodetect *a, size_t len)
{
	size_t need = a->len + len + LHK_LINE_PADDING;
	size_t cap = a->cap == 0 ? need : a->cap;
	char *p;

	if (need <= a->cap)
		return LHK_OK;
	while (cap < need)
		cap *= 2;
	if (cap > a->limit + LHK_LINE_PADDING)
		cap = need > a->limit + LHK_LINE_PADDING
			      ? need
			      : a->limit + LHK_LINE_PADDING;
	p = mem_resize (&mem_system, a->data, a->cap, cap);
	if (p == NULL)
		return LHK_ENOMEM;
	a->data = p;
	a->cap = cap;
	return LHK_OK;
}

/* Offer the line of LEN bytes at a->at to the probes.  A newline is put behind
 * it, instead of the byte that is there. */
static int
probe_line (struct autodetect *a, struct lhk_host *host, size_t len,
	    const struct lhk_plugin_ref **ret)
{
	char *line = a->data + a->at;
	char saved;
	int r;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (a->at == 0 && len >= BOM_LEN && memcmp (line, BOM, BOM_LEN) == 0) {
		line += BOM_LEN;
		len -= BOM_LEN;
	}
	saved = line[len];
	line[len] = '\n';
	r = lhk_host_plugin_for_line (host, line, len, ret);
	line[len] = saved;
	return r == LHK_OK;
}

int
autodetect_feed (struct autodetect *a, struct lhk_host *host, const char *data,
		 size_t len, const struct lhk_plugin_ref **ret)
{
	if (reserve (a, len) < 0) {
		*ret = NULL;
		return LHK_ENOMEM;
	}
	memcpy (a->data + a->len, data, len);
	a->len += len;
	memset (a->data + a->len, 0, LHK_LINE_PADDING);
	while (a->n_lines < AUTO_LINES) {
		char *nl = memchr (a->data + a->scanned, '\n',
				   a->len - a->scanned);
		size_t end = nl == NULL ? a->len : (size_t) (nl - a->data);

		a->scanned = end;
		/* Bytes behind the limit are ignored, since how many of them
		 * are here depends on the size of the reads. */
		if (end > a->limit)
			break;
		if (nl == NULL)
			return LHK_AGAIN;
		if (probe_line (a, host, end - a->at, ret))
			return LHK_OK;
		a->n_lines++;
		a->at = end + 1;
		a->scanned = a->at;
	}
	*ret = NULL;
	return LHK_OK;
}

int
autodetect_end (struct autodetect *a, struct lhk_host *host,
		const struct lhk_plugin_ref **ret)
{
	if (a->len == a->at || !probe_line (a, host, a->len - a->at, ret))
		*ret = NULL;
	return LHK_OK;
}

void
autodetect_free (struct autodetect *a)
{
	mem_free (&mem_system, a->data, a->cap);
	a->data = NULL;
	a->len = 0;
	a->cap = 0;
}
