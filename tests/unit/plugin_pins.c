/* SPDX-License-Identifier: MIT */
/* plugin_pins.c - plugins.conf says which files of its directory are loaded. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/limits.h"
#include "common/sha256.h"
#include "plugin/load.h"
#include "lib/tempdir.h"
#include "lib/tap.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static struct tempdir p;

/* A directory with good.so, and the pin of its contents in PIN. */
static void
begin (char pin[2 * SHA256_SIZE + 1])
{
	unsigned char digest[SHA256_SIZE];
	static char image[1 << 20];
	const char *path;
	struct sha256 sum;
	size_t i;
	FILE *f;

	tempdir_init (&p);
	path = tempdir_put (&p, "good.so", bad_plugin_path ("good.so"), NULL,
			    0644);
	f = fopen (path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL (f);
	sha256_begin (&sum);
	sha256_add (&sum, image, fread (image, 1, sizeof image, f));
	CU_ASSERT (feof (f) != 0);
	fclose (f);
	sha256_end (&sum, digest);
	for (i = 0; i < sizeof digest; i++)
		snprintf (pin + 2 * i, 3, "%02x", digest[i]);
}

/* plugins.conf is TEXT; NULL: there is none. */
static void
pins (const char *text)
{
	(void) unlink (tempdir_path (&p, "plugins.conf"));
	if (text != NULL)
		tempdir_put (&p, "plugins.conf", NULL, text, 0644);
}

/* What is said of good.so: "" if it may be loaded. */
static void
says (int code, const char *part)
{
	struct lhk_error err = { 0 };
	int fd = -1;
	int r = plugin_trust_open (tempdir_path (&p, "good.so"), &fd, &err);

	TAP_EQ_INT (r, code);
	TAP_EQ_INT (err.code, code);
	TAP_EQ_INT (fd >= 0, code == LHK_OK);
	if (fd >= 0)
		close (fd);
	if (strstr (err.text, part) == NULL)
		tap_note ("found \"%s\", expected \"%s\" in it", err.text,
			  part);
	CU_ASSERT (strstr (err.text, part) != NULL);
	CU_ASSERT (strlen (err.text) < sizeof err.text - 1);
}

static void
pins_nothing (void)
{
	char pin[2 * SHA256_SIZE + 1];

	begin (pin);
	pins (NULL);
	says (LHK_OK, "");
	pins ("");
	says (LHK_OK, "");
	pins ("# a comment\n\n  \t\n#sha256 x y\n");
	says (LHK_OK, "");
	tempdir_done (&p);
}

static void
matches (void)
{
	static const struct {
		const char *before, *after;
	} forms[] = {
		{ "sha256 ", " good.so\n" },
		{ "sha256 ", "  good.so" },
		{ " \tsha256\t", " good.so \r\n# end\n" },
		{ "sha256 " ZEROS " good.so\nsha256 ", " good.so\n" },
		{ "sha256 ", " good.so\nsha256 " ZEROS " good.so\n" },
		{ "sha256 " ZEROS " other.so\nsha256 ", " good.so\n" },
	};
	char pin[2 * SHA256_SIZE + 1], text[512];
	size_t i;

	begin (pin);
	for (i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		snprintf (text, sizeof text, "%s%s%s", forms[i].before, pin,
			  forms[i].after);
		pins (text);
		says (LHK_OK, "");
	}
	for (i = 0; pin[i] != '\0'; i++)
		if (pin[i] >= 'a')
			pin[i] = (char) (pin[i] - 'a' + 'A');
	snprintf (text, sizeof text, "sha256 %s good.so\n", pin);
	pins (text);
	says (LHK_OK, "");
	tempdir_done (&p);
}

static void
does_not_match (void)
{
	char pin[2 * SHA256_SIZE + 1], text[512], part[64];

	begin (pin);
	pins ("sha256 " ZEROS " good.so\n");
	snprintf (part, sizeof part,
		  "its SHA-256 is %.12s.., but plugins.conf expects 00000",
		  pin);
	says (LHK_EREFUSED, part);
	snprintf (text, sizeof text, "sha256 %s good.so\n", pin);
	text[70] = text[70] == '0' ? '1' : '0';
	pins (text);
	says (LHK_EREFUSED, "its SHA-256 is ");
	/* Each file of the directory has its own. */
	snprintf (text, sizeof text, "sha256 %s other.so\n", pin);
	pins (text);
	says (LHK_EREFUSED, "pins other files, not this one: ");
	tempdir_done (&p);
}

/* What is not understood might be the pin of any file. */
static void
bad_lines (void)
{
	static const struct {
		const char *line, *part;
	} rows[] = {
		{ "md5 x good.so", "line 3: 'md5' is not a valid keyword" },
		{ "SHA256 " ZEROS " good.so", "'SHA256' is not a valid key" },
		{ "sha256", "'' is not a valid digest; expected 64" },
		{ "sha256 12 good.so", "'12' is not a valid digest" },
		{ "sha256 " ZEROS "0 good.so", "is not a valid digest" },
		{ "sha256 " ZEROS, "'' is not a valid file name; expected" },
		{ "sha256 " ZEROS " good", "'good' is not a valid file" },
		{ "sha256 " ZEROS " .so", "'.so' is not a valid file" },
		{ "sha256 " ZEROS " ./good.so", "'./good.so' is not a valid" },
		{ "sha256 " ZEROS " *good.so", "'*good.so' is not a valid" },
		{ "sha256 " ZEROS " a.so b.so", "'b.so' is more than" },
	};
	char pin[2 * SHA256_SIZE + 1], text[1024];
	size_t i, len;

	begin (pin);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		snprintf (text, sizeof text, "# first\nsha256 %s good.so\n%s\n",
			  pin, rows[i].line);
		pins (text);
		says (LHK_EREFUSED, rows[i].part);
	}
	/* It differs from '0' in the bit of lower case. */
	snprintf (text, sizeof text, "sha256 %s good.so\n", pin);
	text[7] = '\x10';
	pins (text);
	says (LHK_EREFUSED, "is not a valid digest");
	len = (size_t) snprintf (text, sizeof text, "sha256 %s good.so\n#",
				 pin);
	memset (text + len, 'x', 600);
	text[len + 600] = '\0';
	pins (text);
	says (LHK_EREFUSED, "line 2: it has more than 511 bytes");
	tempdir_done (&p);
}

static void
bad_bytes (void)
{
	static char text[LIMIT_PINS_FILE + 2];
	char pin[2 * SHA256_SIZE + 1];
	size_t i;
	int fd;

	begin (pin);
	pins ("# x\n");
	fd = open (tempdir_path (&p, "plugins.conf"), O_WRONLY | O_CLOEXEC);
	CU_ASSERT (write (fd, "#\0\n", 3) == 3);
	close (fd);
	says (LHK_EREFUSED, "line 1: it contains a NUL byte");
	for (i = 0; i + 2 < sizeof text; i += 2)
		memcpy (text + i, "#\n", 2);
	pins (text);
	says (LHK_OK, "");
	text[LIMIT_PINS_FILE] = '\n';
	pins (text);
	says (LHK_EREFUSED, "the file is longer than 65536 bytes");
	tempdir_done (&p);
}

static void
unsafe_pins (void)
{
	char pin[2 * SHA256_SIZE + 1], text[512];

	begin (pin);
	snprintf (text, sizeof text, "sha256 %s good.so\n", pin);
	tempdir_put (&p, "plugins.conf", NULL, text, 0664);
	says (LHK_EREFUSED, "list of pins '");
	says (LHK_EREFUSED, "the file can be written by its group");
	tempdir_put (&p, "pins", NULL, text, 0644);
	CU_ASSERT (unlink (tempdir_path (&p, "plugins.conf")) == 0);
	CU_ASSERT (symlink ("pins", tempdir_path (&p, "plugins.conf")) == 0);
	says (LHK_EREFUSED, "plugins.conf' is a symbolic link");
	CU_ASSERT (unlink (tempdir_path (&p, "plugins.conf")) == 0);
	CU_ASSERT (symlink ("gone", tempdir_path (&p, "plugins.conf")) == 0);
	says (LHK_EREFUSED, "plugins.conf' is a symbolic link");
	CU_ASSERT (unlink (tempdir_path (&p, "plugins.conf")) == 0);
	CU_ASSERT (mkfifo (tempdir_path (&p, "plugins.conf"), 0600) == 0);
	says (LHK_EREFUSED, "plugins.conf' is not a regular file");
	tempdir_done (&p);
}

static void
large_file (void)
{
	char pin[2 * SHA256_SIZE + 1];

	begin (pin);
	CU_ASSERT (truncate (tempdir_path (&p, "good.so"),
			     (off_t) LIMIT_PINNED_FILE + 1)
		   == 0);
	pins ("sha256 " ZEROS " other.so\n");
	says (LHK_EREFUSED, "not this one");
	pins ("sha256 " ZEROS " good.so\n");
	says (LHK_EREFUSED, "it has 268435457 bytes; a pinned file may have");
	tempdir_done (&p);
}

/* Another file takes the name of the one that was checked. */
static void
exchanged (void)
{
	char pin[2 * SHA256_SIZE + 1], text[512], other[512];
	struct lhk_plugin plugin = { 0 };
	struct lhk_error err = { 0 };
	int fd = -1;

	begin (pin);
	snprintf (text, sizeof text, "sha256 %s good.so\n", pin);
	pins (text);
	snprintf (other, sizeof other, "%s",
		  tempdir_put (&p, "other.so",
			       bad_plugin_path ("wrong-magic.so"), NULL, 0644));
	TAP_EQ_INT (plugin_trust_open (tempdir_path (&p, "good.so"), &fd, &err),
		    LHK_OK);
	CU_ASSERT (rename (other, tempdir_path (&p, "good.so")) == 0);
	TAP_EQ_INT (plugin_load_open (tempdir_path (&p, "good.so"), fd, &plugin,
				      &err),
		    LHK_OK);
	TAP_EQ_STR (plugin.name != NULL ? plugin.name : "none", "good");
	close (fd);
	says (LHK_EREFUSED, "its SHA-256 is ");
	tempdir_done (&p);
}

static const struct tap_case cases[] = {
	{ "pins_are_optional", pins_nothing },
	{ "pins_let_the_file_of_their_digest_be_loaded", matches },
	{ "pins_refuse_every_other_file_of_the_directory", does_not_match },
	{ "pins_that_are_not_understood_refuse_all_files", bad_lines },
	{ "pins_of_strange_bytes_and_sizes_refuse_all_files", bad_bytes },
	{ "pins_that_others_can_change_refuse_all_files", unsafe_pins },
	{ "pins_of_a_file_too_large_refuse_it_unread", large_file },
	{ "pins_are_of_the_very_file_that_is_loaded", exchanged },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("plugin_pins", cases);
}
