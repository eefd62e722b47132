/* SPDX-License-Identifier: MIT */
/* brief.c - values of a list of runs in as few columns as they can have. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/records/brief.h"
#include "json/text_reader.h"

#define MS_PER_S INT64_C (1000)
#define S_PER_MIN 60
#define S_PER_HOUR 3600
#define S_PER_DAY 86400

#define NANO_PER_CENT 10000000

#define ELLIPSIS "\xe2\x80\xa6"

/* The length of a ULID, and its characters. */
#define MADE_ID_LEN 26
#define MADE_ID_CHARS "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

void
brief_duration (int64_t ms, char text[BRIEF_SIZE])
{
	long long s = ms / MS_PER_S;

	if (ms < MS_PER_S)
		snprintf (text, BRIEF_SIZE, "%lldms",
			  (long long) (ms > 0 ? ms : 0));
	else if (s < 10)
		snprintf (text, BRIEF_SIZE, "%lld.%llds", s,
			  (long long) (ms % MS_PER_S / 100));
	else if (s < S_PER_MIN)
		snprintf (text, BRIEF_SIZE, "%llds", s);
	else if (s < S_PER_HOUR)
		snprintf (text, BRIEF_SIZE, "%lldm%02llds", s / S_PER_MIN,
			  s % S_PER_MIN);
	else if (s < S_PER_DAY)
		snprintf (text, BRIEF_SIZE, "%lldh%02lldm", s / S_PER_HOUR,
			  s % S_PER_HOUR / S_PER_MIN);
	else
		snprintf (text, BRIEF_SIZE, "%lldd%02lldh", s / S_PER_DAY,
			  s % S_PER_DAY / S_PER_HOUR);
}

void
brief_count (int64_t n, char text[BRIEF_SIZE])
{
	static const char units[] = { 'k', 'M', 'G', 'T', 'P', 'E' };
	long long whole = n, tenth = 0;
	size_t i;

	for (i = 0; whole >= 1000; i++) {
		tenth = whole % 1000 / 100;
		whole /= 1000;
	}
	if (i == 0)
		snprintf (text, BRIEF_SIZE, "%lld", whole);
	else if (whole < 10)
		snprintf (text, BRIEF_SIZE, "%lld.%lld%c", whole, tenth,
			  units[i - 1]);
	else
		snprintf (text, BRIEF_SIZE, "%lld%c", whole, units[i - 1]);
}

void
brief_cost (int64_t nano_usd, char text[BRIEF_SIZE])
{
	long long cents = nano_usd / NANO_PER_CENT
			  + (nano_usd % NANO_PER_CENT >= NANO_PER_CENT / 2);

	if (nano_usd > 0 && cents == 0)
		snprintf (text, BRIEF_SIZE, "<$0.01");
	else
		snprintf (text, BRIEF_SIZE, "$%lld.%02lld", cents / 100,
			  cents % 100);
}

void
brief_time (int64_t unix_ms, int64_t now_ms, char text[BRIEF_SIZE])
{
	time_t at = (time_t) (unix_ms / MS_PER_S);
	time_t now = (time_t) (now_ms / MS_PER_S);
	struct tm t = { .tm_mday = 1 }, today = { .tm_mday = 1 };
	size_t len;

	localtime_r (&at, &t);
	localtime_r (&now, &today);
	if (t.tm_year != today.tm_year)
		len = strftime (text, BRIEF_SIZE, "%Y-%m", &t);
	else if (t.tm_yday != today.tm_yday)
		len = strftime (text, BRIEF_SIZE, "%b %e", &t);
	else
		len = strftime (text, BRIEF_SIZE, "%H:%M", &t);
	if (len == 0)
		text[0] = '\0';
}

void
brief_id (const char *id, char *text, size_t size)
{
	int is_made = strlen (id) == MADE_ID_LEN
		      && strspn (id, MADE_ID_CHARS) == MADE_ID_LEN;

	snprintf (text, size, "%.*s", is_made ? BRIEF_ID : (int) size, id);
}

/* Is PATH in the directory HOME, of LEN bytes? */
static int
is_below (const char *path, const char *home, size_t len)
{
	return len > 1 && strncmp (path, home, len) == 0
	       && (path[len] == '/' || path[len] == '\0');
}

/* Does a character of UTF-8 begin with the byte C? */
static int
is_first_byte (char c)
{
	return ((unsigned char) c & 0xc0) != 0x80;
}

/* The rest of TEXT behind its first N characters. */
static const char *
skip_chars (const char *text, size_t n)
{
	for (; *text != '\0' && (n > 0 || !is_first_byte (*text)); text++)
		n -= (size_t) is_first_byte (*text);
	return text;
}

void
brief_path (const char *path, const char *home, size_t max, char *text,
	    size_t size)
{
	size_t len = home == NULL ? 0 : strlen (home);
	const char *front = "";
	size_t chars = 0;
	const char *p;

	if (is_below (path, home, len)) {
		front = "~";
		path += len;
	}
	for (p = path; *p != '\0'; p++)
		chars += (size_t) is_first_byte (*p);
	if (chars + strlen (front) > max) {
		front = ELLIPSIS;
		path = skip_chars (path, chars - (max - 1));
	}
	snprintf (text, size, "%s%s", front, path);
}

void
brief_line (const struct lhk_text *from, char *text, size_t size)
{
	struct text_reader r;
	char *at, *to = text;
	size_t len;

	text_reader_init (&r, from);
	len = text_reader_plain (&r, text, size - 1);
	text[len] = '\0';
	for (at = text; *at != '\0'; at++) {
		if (strchr (" \t\r\n", *at) == NULL)
			*to++ = *at;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
}
