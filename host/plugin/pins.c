/* SPDX-License-Identifier: MIT */
/* pins.c - plugins.conf: which files of its directory may be loaded. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "plugin/pins.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/limits.h"
#include "common/plugin_name.h"
#include "common/sha256.h"
#include "common/trusted_path.h"

#define FILE_NAME "plugins.conf"
#define KEYWORD "sha256"
#define BLANKS " \t\r"

/* Bytes of a line; a name of a plugin file is shorter than 256. */
#define LINE_MAX_BYTES 512

/* Bytes of a word that a sentence shows, and of a digest. */
#define WORD_SHOWN 40
#define DIGEST_SHOWN 6

struct pins {
	const char *path; /* of the plugin */
	const char *name; /* in it */
	int fd;
	unsigned int line;
	unsigned int n, n_of_name; /* pins */
	int matches;
	unsigned char expected[SHA256_SIZE]; /* the last one of the name */
	unsigned char found[SHA256_SIZE];    /* once N_OF_NAME is not 0 */
	struct lhk_error *err;
};

/* ---- sentences ---- */

static int bad_line (const struct pins *p, const char *fmt, ...)
	LHK_PRINTF (2, 3);

static int
bad_line (const struct pins *p, const char *fmt, ...)
{
	char fault[128];
	va_list args;

	va_start (args, fmt);
	vsnprintf (fault, sizeof fault, fmt, args);
	va_end (args);
	return error_set (p->err, LHK_EREFUSED, 0,
			  "plugin '%s': " FILE_NAME
			  " of its directory, line %u: %s",
			  trusted_path_tail (p->path), p->line, fault);
}

static const char *
hex (const unsigned char *digest, char text[2 * DIGEST_SHOWN + 1])
{
	int i;

	for (i = 0; i < DIGEST_SHOWN; i++)
		snprintf (text + 2 * i, 3, "%02x", digest[i]);
	return text;
}

static int
refuse (const struct pins *p)
{
	char found[2 * DIGEST_SHOWN + 1], expected[2 * DIGEST_SHOWN + 1];

	if (p->n_of_name == 0)
		return error_set (
			p->err, LHK_EREFUSED, 0,
			"plugin '%s': " FILE_NAME
			" of its directory pins other files, not this one: "
			"check it, and pin what sha256sum prints",
			trusted_path_tail (p->path));
	return error_set (
		p->err, LHK_EREFUSED, 0,
		"plugin '%s': its SHA-256 is %s.., but " FILE_NAME
		" expects %s..: install the expected file, or pin what "
		"sha256sum prints",
		trusted_path_tail (p->path), hex (p->found, found),
		hex (p->expected, expected));
}

/* ---- the digest of the file ---- */

static int
cannot_read (const struct pins *p, const char *what)
{
	return error_set (p->err, LHK_ESYS, errno,
			  "plugin '%s': cannot read %s: %s",
			  trusted_path_tail (p->path), what, strerror (errno));
}

static int
digest_file (struct pins *p)
{
	char data[16384];
	struct sha256 sum;
	struct stat st;
	uint64_t at = 0;
	ssize_t n;

	if (fstat (p->fd, &st) < 0)
		return cannot_read (p, "it");
	if ((uint64_t) st.st_size > LIMIT_PINNED_FILE)
		return error_set (p->err, LHK_EREFUSED, 0,
				  "plugin '%s': it has %lld bytes; a pinned "
				  "file may have %lld",
				  trusted_path_tail (p->path),
				  (long long) st.st_size,
				  (long long) LIMIT_PINNED_FILE);
	sha256_begin (&sum);
	while (at < (uint64_t) st.st_size
	       && (n = fd_pread_full (p->fd, data, sizeof data, at)) != 0) {
		if (n < 0)
			return cannot_read (p, "it");
		sha256_add (&sum, data, (size_t) n);
		at += (uint64_t) n;
	}
	sha256_end (&sum, p->found);
	return LHK_OK;
}

/* ---- a line ---- */

/* The value of a hexadecimal digit, or -1. */
static int
digit (char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c == '\0' ? NULL : strchr (digits, c);
	int value = at == NULL ? -1 : (int) (at - digits);

	return value < 16 ? value : value - 6;
}

static int
parse_digest (const char *word, unsigned char digest[SHA256_SIZE])
{
	size_t i;

	if (strlen (word) != 2 * SHA256_SIZE)
		return -1;
	for (i = 0; i < SHA256_SIZE; i++) {
		int high = digit (word[2 * i]), low = digit (word[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		digest[i] = (unsigned char) (high << 4 | low);
	}
	return 0;
}

static int
is_file_name (const char *word)
{
	size_t len = strlen (word);

	return len > 3 && strcmp (word + len - 3, ".so") == 0
	       && plugin_name_is_valid (word, len - 3);
}

static int
add_pin (struct pins *p, const char *digest, const char *name)
{
	unsigned char expected[SHA256_SIZE];
	int r;

	if (parse_digest (digest, expected) < 0)
		return bad_line (p,
				 "'%.*s' is not a valid digest; expected 64 "
				 "hexadecimal digits",
				 WORD_SHOWN, digest);
	if (!is_file_name (name))
		return bad_line (p,
				 "'%.*s' is not a valid file name; expected "
				 "NAME.so",
				 WORD_SHOWN, name);
	p->n++;
	if (strcmp (name, p->name) != 0)
		return LHK_OK;
	r = p->n_of_name++ == 0 ? digest_file (p) : LHK_OK;
	memcpy (p->expected, expected, sizeof expected);
	p->matches |= memcmp (p->found, expected, sizeof expected) == 0;
	return r;
}

/* Take the next word off *TEXT; "" at the end. */
static char *
next_word (char **text)
{
	char *word = *text + strspn (*text, BLANKS);
	char *end = word + strcspn (word, BLANKS);

	*text = *end == '\0' ? end : end + 1;
	*end = '\0';
	return word;
}

static int
read_line (struct pins *p, char *line)
{
	char *keyword = next_word (&line);
	char *digest = next_word (&line);
	char *name = next_word (&line);
	char *more = next_word (&line);

	if (keyword[0] == '\0' || keyword[0] == '#')
		return LHK_OK;
	if (strcmp (keyword, KEYWORD) != 0)
		return bad_line (p,
				 "'%.*s' is not a valid keyword; expected "
				 "'" KEYWORD "'",
				 WORD_SHOWN, keyword);
	if (more[0] != '\0')
		return bad_line (
			p, "'%.*s' is more than '" KEYWORD " DIGEST NAME.so'",
			WORD_SHOWN, more);
	return add_pin (p, digest, name);
}

/* ---- the file ---- */

static int
read_pins (struct pins *p, int conf)
{
	char line[LINE_MAX_BYTES + 1];
	uint64_t at = 0;
	ssize_t n;
	size_t len;
	int r = LHK_OK;

	while (r == LHK_OK
	       && (n = fd_pread_full (conf, line, LINE_MAX_BYTES, at)) != 0) {
		if (n < 0)
			return cannot_read (p, FILE_NAME " of its directory");
		p->line++;
		line[n] = '\0';
		len = strcspn (line, "\n");
		if (len == LINE_MAX_BYTES)
			return bad_line (p, "it has more than %d bytes",
					 LINE_MAX_BYTES - 1);
		if (line[len] != '\n' && len < (size_t) n)
			return bad_line (p, "it contains a NUL byte");
		line[len] = '\0';
		at += len + 1;
		r = at > LIMIT_PINS_FILE
			    ? bad_line (p,
					"the file is longer than %d bytes, "
					"which are the most",
					LIMIT_PINS_FILE)
			    : read_line (p, line);
	}
	return r;
}

int
pins_check (const char *path, int fd, const char *installed,
	    struct lhk_error *err)
{
	const char *name = strrchr (path, '/');
	struct pins p = { .path = path, .fd = fd, .err = err };
	struct lhk_error why = { 0, 0, "" };
	char conf[PATH_MAX + sizeof FILE_NAME];
	AUTO_CLOSE int conf_fd = -1;
	int r;

	p.name = name + 1;
	snprintf (conf, sizeof conf, "%.*s" FILE_NAME, (int) (p.name - path),
		  path);
	r = trusted_path_open ("list of pins", conf, installed, O_RDONLY, 0,
			       &conf_fd, &why);
	if (r == LHK_ENOTFOUND)
		return LHK_OK;
	if (r < 0)
		return error_set (err, r, why.sys_errno, "%s", why.text);
	r = read_pins (&p, conf_fd);
	if (r == LHK_OK && p.n > 0 && !p.matches)
		r = refuse (&p);
	return r;
}
