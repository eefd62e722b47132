/* SPDX-License-Identifier: MIT */
/* golden.c - transcripts of a plugin against the events on file. */
#include "config.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "lib/collect.h"
#include "lib/tap.h"

#define PATH_ROOM 4096

/* NUL-terminated; NULL: cannot be read. */
static char *
read_file (const char *path, size_t *ret_len)
{
	FILE *f = fopen (path, "rb");
	char *data = NULL;
	size_t len = 0;
	size_t n;

	if (f == NULL)
		return NULL;
	do {
		data = realloc (data, len + 65536 + 1);
		if (data == NULL)
			abort ();
		n = fread (data + len, 1, 65536, f);
		len += n;
	} while (n);
	fclose (f);
	data[len] = '\0';
	*ret_len = len;
	return data;
}

static int
write_file (const char *path, const char *text)
{
	FILE *f = fopen (path, "wb");
	int ok;

	if (f == NULL)
		return 0;
	ok = fputs (text, f) >= 0;
	return fclose (f) == 0 && ok;
}

/* The first line that differs. */
static void
show_difference (const char *stem, const char *found, const char *wanted)
{
	unsigned int line = 1;
	size_t f, w;

	for (;;) {
		f = strcspn (found, "\n");
		w = strcspn (wanted, "\n");
		if (f != w || memcmp (found, wanted, f) != 0 || !*found)
			break;
		found += f + (found[f] != '\0');
		wanted += w + (wanted[w] != '\0');
		line++;
	}
	tap_note ("%s.events:%u differs", stem, line);
	tap_note ("  found  %.*s", (int) f, found);
	tap_note ("  wanted %.*s", (int) w, wanted);
}

int
collect_golden (const struct lhk_plugin *plugin, const char *stem)
{
	char path[PATH_ROOM];
	char *data, *wanted, *found;
	size_t len, wanted_len;
	int same;

	snprintf (path, sizeof (path), "%s.ndjson", stem);
	data = read_file (path, &len);
	if (data == NULL) {
		tap_note ("%s cannot be read", path);
		return 0;
	}
	found = collect_text (plugin, data, len, NULL);
	free (data);
	snprintf (path, sizeof (path), "%s.events", stem);
	if (getenv ("UPDATE") != NULL) {
		same = write_file (path, found);
		free (found);
		return same;
	}
	wanted = read_file (path, &wanted_len);
	same = wanted != NULL && strcmp (found, wanted) == 0;
	if (!same)
		show_difference (stem, found, wanted ? wanted : "");
	free (wanted);
	free (found);
	return same;
}

static int
is_transcript (const struct dirent *entry)
{
	size_t len = strlen (entry->d_name);

	return len > 7 && strcmp (entry->d_name + len - 7, ".ndjson") == 0;
}

int
collect_golden_dir (const struct lhk_plugin *plugin, const char *dir,
		    int *ret_bad)
{
	struct dirent **list;
	char stem[PATH_ROOM];
	int n, i;

	*ret_bad = 0;
	n = scandir (dir, &list, is_transcript, alphasort);
	if (n < 0) {
		tap_note ("%s cannot be read", dir);
		return 0;
	}
	for (i = 0; i < n; i++) {
		snprintf (stem, sizeof (stem), "%s/%.*s", dir,
			  (int) (strlen (list[i]->d_name) - 7),
			  list[i]->d_name);
		*ret_bad += !collect_golden (plugin, stem);
		free (list[i]);
	}
	free (list);
	return n;
}
