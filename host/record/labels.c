/* SPDX-License-Identifier: MIT */
/* labels.c - the labels of a record: members of an object in run.json. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

#include "common/fd.h"
#include "common/label.h"
#include "common/mem.h"
#include "record/labels.h"

/* The command of a run is in run.json: the kernel takes no longer one. */
#define RUN_JSON_MAX (16u << 20)

struct request {
	struct lhk_raw labels;
};

static const struct lhk_field request_fields[] = {
	LHK_FIELD ("labels", LHK_FIELD_RAW, struct request, labels),
};
LHK_FIELDS (request_table, struct request, request_fields);

/* ---- writing ---- */

/* Does a label of LABELS have the key of LABEL, which has LEN bytes? */
static int
has_key (const char *const *labels, const char *label, size_t len)
{
	for (; *labels != NULL; labels++)
		if (strncmp (*labels, label, len + 1) == 0)
			return 1;
	return 0;
}

void
record_labels_write (struct jw *w, const char *const *labels)
{
	char key[LABEL_KEY_MAX + 1];
	size_t len;

	if (labels == NULL || *labels == NULL)
		return;
	jw_object_begin (w, "labels");
	for (; *labels != NULL; labels++) {
		len = label_key_len (*labels);
		if (has_key (labels + 1, *labels, len))
			continue;
		memcpy (key, *labels, len);
		key[len] = '\0';
		jw_str (w, key, *labels + len + 1);
	}
	jw_object_end (w);
}

/* ---- reading ---- */

/* Is LABEL among the members of LABELS? */
static int
matches (const struct lhk_raw *labels, const char *label)
{
	size_t len = label_key_len (label);
	const char *value = label[len] == '=' ? label + len + 1 : NULL;
	struct lhk_json j;
	struct lhk_text key, text;
	int found = 0;

	if (len == 0 || labels->type != LHK_JSON_OBJECT)
		return 0;
	lhk_json_begin_raw (&j, labels);
	(void) lhk_json_enter (&j);
	/* Of duplicate keys the last counts. */
	while (lhk_json_key (&j, &key))
		if (lhk_text_is (&key, label, len))
			found = lhk_json_string (&j, &text)
				&& (value == NULL
				    || lhk_text_is (&text, value,
						    strlen (value)));
	return found;
}

/* Read the whole of FD into B, with what the reader wants behind a line.  1; 0:
 * it is too long; -1 with errno. */
static int
read_whole (struct strbuf *b, int fd)
{
	off_t size = record_file_end (fd);
	ssize_t n;

	if (size < 0 || size > (off_t) RUN_JSON_MAX)
		return size < 0 ? -1 : 0;
	if (strbuf_reserve (b, (size_t) size + LHK_LINE_PADDING) < 0) {
		errno = ENOMEM;
		return -1;
	}
	n = fd_pread_full (fd, b->data, (size_t) size, 0);
	if (n < 0)
		return -1;
	b->len = (size_t) n;
	while (b->len > 0 && b->data[b->len - 1] == '\n')
		b->len--;
	memset (b->data + b->len, 0, LHK_LINE_PADDING);
	b->data[b->len] = '\n';
	return 1;
}

int
record_labels_match (struct lhk_store *s, const char *id, const char *label)
{
	struct request request;
	struct strbuf b;
	int fd = record_store_open (s, id, RECORD_RUN);
	int r;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	strbuf_init (&b, s->alloc);
	r = read_whole (&b, fd);
	if (r > 0)
		r = lhk_json_line (b.data, b.len, &request_table, &request)
			    == LHK_OK
		    && matches (&request.labels, label);
	fd_close (&fd);
	strbuf_free (&b);
	return r;
}
