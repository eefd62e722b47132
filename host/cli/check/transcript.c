/* SPDX-License-Identifier: MIT */
/* transcript.c - the bytes that a plugin is tested with. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linehook/plugin.h>

#include "cli/check/transcript.h"
#include "common/error.h"
#include "common/mem.h"

#define FILE_MAX ((off_t) 256 << 20)

/* For a plugin without a transcript: lines of many forms, most of them of no
 * provider.  Hexadecimal escapes are raw bytes of the stream. */
static const char samples[] =
	"{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s-1\","
	"\"model\":\"m\",\"tools\":[\"a\",\"b\"],\"cwd\":\"/tmp\"}\n"
	"{\"type\":\"assistant\",\"message\":{\"id\":\"m1\",\"content\":"
	"[{\"type\":\"text\",\"text\":\"a \\u00e9 \\ud83d\\ude00 \\\"q\\\"\"}],"
	"\"usage\":{\"input_tokens\":3,\"output_tokens\":5}}}\n"
	"{\"type\":\"thread.started\",\"thread_id\":\"t-1\"}\r\n"
	"{\"type\":\"item.completed\",\"item\":{\"id\":\"i1\",\"type\":"
	"\"agent_message\",\"text\":\"line\\nline\\ttab\"}}\n"
	"{\"type\":\"message\",\"role\":\"assistant\",\"content\":\"h\","
	"\"delta\":true}\n"
	"{\"type\":\"text\",\"part\":{\"type\":\"text\",\"text\":\"x\"}}\n"
	"\n"
	"   \t \n"
	"plain words of a program that warns\n"
	"{\"type\":\"result\",\"is_error\":false,\"result\":\"ok\","
	"\"usage\":{\"input_tokens\":9007199254740993,"
	"\"output_tokens\":0}}\n"
	"{\"type\":\"result\",\"result\":{\"a\":[1,2.5e3,null,true]},"
	"\"type\":\"other\"}\n"
	"[1,2,3]\n"
	"null\n"
	"\"just a string\"\n"
	"{\"text\":\"control \x01 byte\"}\n"
	"{\"text\":\"bad utf-8 \xff\xc3\x28\"}\n"
	"{\"text\":\"lone \\ud800 half\"}\n"
	"{\"type\":\"text\",\"text\":\"\"}\n"
	"{\"type\":\"error\",\"error\":{\"message\":\"it failed\"}}\n"
	"{\"unfinished\":\"line";

static int
find_lines (struct transcript *t)
{
	size_t at = 0;

	while (at < t->len) {
		const char *nl = memchr (t->data + at, '\n', t->len - at);
		size_t end = nl == NULL ? t->len : (size_t) (nl - t->data) + 1;
		void *starts = t->starts;
		size_t content = end - at - (nl != NULL);

		if (mem_grow (&mem_system, &starts, &t->starts_cap,
			      t->n_lines + 2, sizeof t->starts[0])
		    < 0)
			return LHK_ENOMEM;
		t->starts = starts;
		t->starts[t->n_lines++] = at;
		t->starts[t->n_lines] = end;
		if (content > t->longest)
			t->longest = content;
		at = end;
	}
	return LHK_OK;
}

/* LEN bytes and padding in pages of their own; or NULL. */
static char *
map_bytes (struct transcript *t, size_t len)
{
	void *p;

	if (t->size == 0)
		t->size = len + LHK_LINE_PADDING;
	p = mmap (NULL, t->size, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

/* Make the second copy, in which each line ends with '\n', from BYTES. */
static int
make_lines (struct transcript *t, char *bytes)
{
	char *lines = map_bytes (t, t->len);
	size_t i;

	if (lines == NULL)
		return LHK_ENOMEM;
	memcpy (lines, bytes, t->len);
	for (i = 0; i + 1 < t->len; i++)
		if (lines[i] == '\r' && lines[i + 1] == '\n')
			lines[i] = '\n';
	lines[t->len] = '\n';
	t->lines = lines;
	/* Who writes to a line is found by that. */
	(void) mprotect (lines, t->size, PROT_READ);
	(void) mprotect (bytes, t->size, PROT_READ);
	return LHK_OK;
}

static int
set_read_error (const char *path, const char *why, struct lhk_error *err)
{
	return error_set (err, LHK_ESYS, errno, "cannot read '%.150s': %s",
			  path, why);
}

/* The file of FD in new memory. */
static int
read_file (struct transcript *t, int fd, const char *path, char **ret,
	   struct lhk_error *err)
{
	struct stat st;
	size_t at = 0;

	if (fstat (fd, &st) < 0)
		return set_read_error (path, strerror (errno), err);
	if (!S_ISREG (st.st_mode) || st.st_size > FILE_MAX)
		return set_read_error (
			path, "wanted a regular file of at most 256M", err);
	t->len = (size_t) st.st_size;
	*ret = map_bytes (t, t->len);
	if (*ret == NULL)
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	t->data = *ret;
	while (at < t->len) {
		ssize_t n = read (fd, *ret + at, t->len - at);

		if (n < 0 && errno != EINTR)
			return set_read_error (path, strerror (errno), err);
		if (n == 0)
			break;
		if (n > 0)
			at += (size_t) n;
	}
	t->len = at;
	return LHK_OK;
}

static int
read_path (struct transcript *t, const char *path, char **ret,
	   struct lhk_error *err)
{
	int fd = open (path, O_RDONLY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return set_read_error (path, strerror (errno), err);
	r = read_file (t, fd, path, ret, err);
	close (fd);
	return r;
}

int
transcript_load (struct transcript *t, const char *path, struct lhk_error *err)
{
	char *bytes = NULL;
	int r;

	memset (t, 0, sizeof *t);
	t->name = path == NULL ? "built-in samples" : path;
	if (path == NULL) {
		t->len = sizeof samples - 1;
		bytes = map_bytes (t, t->len);
		t->data = bytes;
		if (bytes != NULL)
			memcpy (bytes, samples, t->len);
	} else {
		r = read_path (t, path, &bytes, err);
		if (r < 0)
			return r;
	}
	r = bytes == NULL ? LHK_ENOMEM : make_lines (t, bytes);
	if (r == LHK_OK)
		r = find_lines (t);
	return r == LHK_OK ? r : error_set (err, r, 0, "out of memory");
}

static void
unmap (const char *data, size_t size)
{
	if (data != NULL)
		munmap ((void *) (uintptr_t) data, size);
}

void
transcript_free (struct transcript *t)
{
	unmap (t->data, t->size);
	unmap (t->lines, t->size);
	mem_free (&mem_system, t->starts, t->starts_cap * sizeof t->starts[0]);
	memset (t, 0, sizeof *t);
}

struct transcript
transcript_head (const struct transcript *t, size_t max)
{
	struct transcript head = *t;
	size_t i;

	head.n_lines = 0;
	head.len = 0;
	head.longest = 0;
	for (i = 0; i < t->n_lines && t->starts[i + 1] <= max; i++) {
		size_t len = transcript_line (t, i).len;

		head.n_lines = i + 1;
		head.len = t->starts[i + 1];
		if (len > head.longest)
			head.longest = len;
	}
	return head;
}

int
transcript_had_cr (const struct transcript *t, size_t i)
{
	const char *end = t->data + t->starts[i + 1];

	return t->starts[i + 1] - t->starts[i] >= 2 && end[-1] == '\n'
	       && end[-2] == '\r';
}

struct lhk_str
transcript_line (const struct transcript *t, size_t i)
{
	struct lhk_str line = {
		t->lines + t->starts[i],
		t->starts[i + 1] - t->starts[i],
	};

	if (t->data[t->starts[i + 1] - 1] == '\n')
		line.len -= 1u + (size_t) transcript_had_cr (t, i);
	return line;
}
